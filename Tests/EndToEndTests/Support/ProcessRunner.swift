import Foundation
import Glibc

/// What a finished process left.
struct Outcome: Equatable {
    var exit: Exit
    var output: String
    var errors: String
}

/// Runs programs as a person with a fresh account would: a home folder of its own, and an environment that holds
/// nothing else of the machine's.
final class ProcessRunner {
    private let scratch = Result { try TemporaryFolder() }
    private var started = 0
    /// What the programs find in their environment, `HOME` aside.
    var environment: [String: String]

    init(environment: [String: String] = [:]) {
        let here = ProcessInfo.processInfo.environment
        let kept = here.filter { ["PATH", "LD_LIBRARY_PATH", "TMPDIR"].contains($0.key) }
        self.environment = kept.merging(["LANG": "C.UTF-8", "TZ": "UTC", "TERM": "dumb"]) { $1 }
            .merging(environment) { $1 }
    }

    /// The home folder, empty at first. It is also where programs run.
    var home: URL {
        get throws { try scratch.get().folder("home") }
    }

    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - program: Its path, or its name if it is the system's; `Products.path(of:)` has those of this package.
    ///   - input: What it reads; nothing, at its end already, unless given.
    ///   - timeout: When it is killed and the test fails.
    func run(
        _ program: String, _ arguments: [String] = [], input: String = "",
        environment: [String: String] = [:], timeout: Duration = .seconds(60)
    ) async throws -> Outcome {
        let process = try start(program, arguments, input: input, environment: environment)
        return try await process.outcome(timeout)
    }

    /// Starts a program that goes on: a server, or one that is to be interrupted.
    func start(
        _ program: String, _ arguments: [String] = [], input: String = "",
        environment: [String: String] = [:]
    ) throws -> BackgroundProcess {
        started += 1
        let files = try scratch.get().folder("streams/\(started)")
        let inputFile = files.appending(path: "input")
        try Data(input.utf8).write(to: inputFile)
        let spawn = try spawn(
            program, arguments, environment, input: .init(path: inputFile.path, flags: O_RDONLY),
            output: Self.file(files, "output"), errors: Self.file(files, "errors"))
        return try BackgroundProcess(process: RunningProcess(spawn), files: files)
    }

    /// Starts a program at a terminal of its own, for what it asks of a person.
    func startAtTerminal(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:],
        columns: UInt16 = 80, rows: UInt16 = 24
    ) throws -> TerminalSession {
        let terminal = try Terminal(columns: columns, rows: rows)
        let stream = Spawn.Stream(path: terminal.path, flags: O_RDWR)
        let variables = ["TERM": "xterm-256color"].merging(environment) { $1 }
        var spawn = try spawn(program, arguments, variables, input: stream, output: stream, errors: stream)
        spawn.ownsTerminal = true
        return TerminalSession(process: try RunningProcess(spawn), terminal: terminal)
    }

    // Files and not pipes: they never fill up, and a grandchild that keeps one open keeps nobody waiting.
    private static func file(_ folder: URL, _ name: String) -> Spawn.Stream {
        .init(path: folder.appending(path: name).path, flags: O_WRONLY | O_CREAT | O_APPEND)
    }

    private func spawn(
        _ program: String, _ arguments: [String], _ variables: [String: String],
        input: Spawn.Stream, output: Spawn.Stream, errors: Spawn.Stream
    ) throws -> Spawn {
        let home = try home.path
        if program.contains("/"), access(program, X_OK) != 0 { throw Failure.notBuilt(program) }
        return Spawn(
            command: [program] + arguments,
            environment: ["HOME": home].merging(environment) { $1 }.merging(variables) { $1 },
            folder: home, input: input, output: output, errors: errors)
    }
}

/// A program that was started and goes on. It is killed when the test lets go of it.
final class BackgroundProcess {
    private let process: RunningProcess
    private let files: URL

    fileprivate init(process: RunningProcess, files: URL) {
        self.process = process
        self.files = files
    }

    /// What it has written to standard output so far.
    var output: String { text("output") }
    /// What it has written to standard error so far.
    var errors: String { text("errors") }
    /// Its process id.
    var id: Int32 { process.id }
    /// Whether it has not ended yet.
    var isRunning: Bool { process.poll() == nil }

    private func text(_ name: String) -> String {
        let data = try? Data(contentsOf: files.appending(path: name))
        return String(decoding: data ?? Data(), as: UTF8.self)
    }

    /// Waits until a text is in its output or its errors.
    func said(_ text: String, timeout: Duration = .seconds(60)) async throws {
        let found = try await Waiting(timeout).until { () -> Bool? in
            // The end is looked for first, so that nothing is written between the two looks.
            let ended = !isRunning
            let isThere = output.contains(text) || errors.contains(text)
            return isThere ? true : ended ? false : nil
        }
        guard found == true else {
            throw Failure.neverSaid(text, command: process.command, output: output + errors)
        }
    }

    /// Sends it a signal, such as `SIGTERM`.
    func send(signal: Int32) {
        process.send(signal: signal)
    }

    /// Waits for its end.
    func outcome(_ timeout: Duration = .seconds(60)) async throws -> Outcome {
        let exit = try await process.wait(timeout) { output + errors }
        return Outcome(exit: exit, output: output, errors: errors)
    }
}
