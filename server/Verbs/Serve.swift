import ArgumentParser
import Foundation
import Logging
import SyncHTTP
import SyncModel
import SyncStore

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the laptops until told to stop.",
        discussion: """
            Prints `listening on URL` once it is ready. SIGTERM and SIGINT stop it: what is running is \
            finished first. One server serves a folder at a time; backup, verify, audit, quarantine and device work \
            beside it.
            """)

    @OptionGroup var data: DataFolder
    @Option(help: "The address to listen on.") var host = "127.0.0.1"
    @Option(help: "The port to listen on; 0 takes a free one.") var port = 8443
    @Option(help: ArgumentHelp("The certificate chain, PEM.", valueName: "file")) var certificate: String?
    @Option(help: ArgumentHelp("The certificate's private key, PEM.", valueName: "file")) var key: String?
    @Flag(help: "No TLS. Only on a loopback address, for trying things out.") var plainHttp = false
    @Option(help: "How log lines are written: text or json.") var log = LogForm.text
    @Option(help: ArgumentHelp("A file to write the URL to once it is ready.", valueName: "file"))
    var readyFile: String?
    @OptionGroup var output: Output

    func validate() throws {
        guard plainHttp != (certificate != nil && key != nil), plainHttp == (certificate == nil),
            plainHttp == (key == nil)
        else {
            throw ValidationError("Give --certificate FILE and --key FILE, or --plain-http.")
        }
    }

    func run() async throws {
        let privacy: Listening.Privacy =
            if let certificate, let key { .tls(certificate: certificate, key: key) } else { .plain }
        let listening = try Listening(host: host, port: port, privacy: privacy)
        let store = try data.open()
        do {
            try store.serveAlone()
        } catch {
            try? store.close()
            throw error
        }
        let log = LineLog.logger(log)
        if let epoch = store.begunEpoch {
            log.warning(
                "the database is older than the journal in its folder; a new epoch begins",
                metadata: ["epoch": "\(epoch)"])
        }
        let server = SyncServer(store: store, listening: listening, world: .real, log: log)
        try await server.run { url in
            try output.print(["listening": url], lines: "listening on \(url)")
            if let readyFile { try Self.tell(url, in: readyFile) }
        }
    }

    /// Writes where the server is reached, whole or not at all.
    private static func tell(_ url: String, in file: String) throws {
        do {
            try Data("\(url)\n".utf8).write(to: URL(filePath: file), options: .atomic)
        } catch {
            let code = (error as? CocoaError)?.code
            throw SyncError(
                code == .fileWriteOutOfSpace ? .diskFull : .readOnly, "the ready file could not be written",
                means: "the server stopped again; its records are as they were",
                advice: "check the disk and the folder of --ready-file, or leave it out")
        }
    }
}

extension World {
    /// The machine's clocks and dice.
    fileprivate static var real: World {
        World(
            now: { porchlightd.now() },
            elapsed: {
                var time = timespec()
                clock_gettime(CLOCK_MONOTONIC, &time)
                return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
            },
            pause: { try await Task.sleep(for: .microseconds($0)) },
            random: {
                var generator = SystemRandomNumberGenerator()
                return generator.next()
            })
    }
}
