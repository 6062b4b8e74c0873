import Foundation

/// An authority, and certificates it signed, in a folder that goes away with this.
final class Certificates: Sendable {
    let folder: URL

    /// Whether the command that makes them is here.
    static let isPossible = FileManager.default.isExecutableFile(atPath: openssl)

    private static let openssl = "/usr/bin/openssl"

    struct Failure: Error {}

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("porchlight-tls-\(ProcessInfo.processInfo.globallyUniqueString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try run("-subj", "/CN=Test authority", "-keyout", path("ca.key"), "-out", path("ca.pem"))
        try run(
            "-subj", "/CN=Another authority", "-keyout", path("other-ca.key"), "-out", path("other-ca.pem"))
        try sign("server", names: "IP:127.0.0.1,DNS:localhost")
        try sign("elsewhere", names: "DNS:sync.example.org")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    private func sign(_ name: String, names: String) throws {
        try run(
            "-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-subj", "/CN=\(name)", "-addext",
            "subjectAltName=\(names)", "-addext", "basicConstraints=CA:FALSE", "-keyout", path("\(name).key"),
            "-out", path("\(name).pem"))
    }

    private func run(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.openssl)
        process.arguments =
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
            + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure() }
    }
}
