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

    /// Makes a folder in this one, and gives its path.
    func folder(_ name: String) throws -> String {
        let path = file(name)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

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

    /// What of a server's folder outlives its process and matters to the next one: not the locks, nor what SQLite
    /// makes anew, nor the databases that restores set aside.
    private static func isLasting(_ name: String) -> Bool {
        !name.hasSuffix("-shm") && !name.hasSuffix(".lock") && !name.contains("-replaced-")
    }

    /// Copies a server's folder as it lies on the disk.
    static func copyServer(_ source: String, to target: String) throws {
        try? FileManager.default.removeItem(atPath: target)
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        for name in try FileManager.default.contentsOfDirectory(atPath: source) where isLasting(name) {
            try FileManager.default.copyItem(atPath: "\(source)/\(name)", toPath: "\(target)/\(name)")
        }
    }

    /// Cuts off the end of a file, within its last line: what the disk had not confirmed.
    static func tear(_ path: String, by octets: Int) throws {
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        let line = whole.dropLast().lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        try whole.prefix(max(line, whole.count - octets)).write(to: URL(fileURLWithPath: path))
    }

    /// A server's folder as octets. Its database's log must have been written into it before.
    static func readServer(_ path: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where isLasting(name) {
            files[name] = try read("\(path)/\(name)")
        }
        return files
    }

    /// A database's file as octets. Its log must have been written into it before.
    static func read(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    static func write(_ octets: Data, to path: String) throws {
        try octets.write(to: URL(fileURLWithPath: path))
    }
}
