import Foundation

/// A folder for one run, on a RAM disk where there is one, so that WAL, reopening and copying are real and fast.
final class Folder: Sendable {
    let path: String

    init(_ name: String) throws {
        let shared = "/dev/shm"
        let base =
            FileManager.default.isWritableFile(atPath: shared)
            ? URL(fileURLWithPath: shared) : FileManager.default.temporaryDirectory
        let unique = "\(name)-\(ProcessInfo.processInfo.globallyUniqueString)"
        path = base.appendingPathComponent(unique).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Copies a database as it lies on the disk: its file, the log in front of it, and the file with its incarnation
    /// beside it, which is another's if `beside` says so.
    static func copy(_ source: String, to target: String, beside: String? = nil) throws {
        for suffix in ["", "-wal", "-shm", "-id"] {
            try? FileManager.default.removeItem(atPath: target + suffix)
        }
        try FileManager.default.copyItem(atPath: source, toPath: target)
        for (from, suffix) in [(source, "-wal"), (beside ?? source, "-id")]
        where FileManager.default.fileExists(atPath: from + suffix) {
            try FileManager.default.copyItem(atPath: from + suffix, toPath: target + suffix)
        }
    }

    /// A database's file as octets. Its log must have been written into it before.
    static func read(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    static func write(_ octets: Data, to path: String) throws {
        try octets.write(to: URL(fileURLWithPath: path))
    }
}
