import Foundation
import SyncModel

/// A small append-only file beside the database, one JSON object a line, which a restore does not overwrite.
///
/// What ``append(_:)`` has returned from is on the disk. A last line without its end was being written when the
/// machine broke off: nobody was told of it, and it counts for nothing.
struct Journal<Entry: Codable & Sendable>: Sendable {
    let path: String
    /// Called when lines are written, and the disk has not confirmed them.
    let written: @Sendable () throws -> Void

    /// Everything in it, oldest first; nothing if there is no file yet.
    ///
    /// - Throws: `SyncError` with code `damaged` for a line that is none of ours: a decision that cannot be read
    ///   must not be taken for one that was never made.
    func entries() throws -> [Entry] {
        let bytes: [UInt8]
        do {
            bytes = try OpenFile(path, O_RDONLY).bytes()
        } catch let fault as FileFault where fault.number == ENOENT {
            return []
        }
        let decoder = JSONDecoder()
        let whole = bytes.prefix(Self.wholeLines(bytes))
        return try whole.split(separator: UInt8(ascii: "\n")).enumerated().map { index, line in
            do {
                return try decoder.decode(Entry.self, from: Data(line))
            } catch {
                throw SyncError(
                    .damaged, "line \(index + 1) of \(StorePlace.name(of: path)) cannot be read",
                    means: "it may hold a decision that must stand, so nothing is served before it is read",
                    advice: "put the line back as it was, or run the porchlightd that wrote it")
            }
        }
    }

    /// Whether it does not end with a whole line.
    func isTorn() throws -> Bool {
        do {
            let bytes = try OpenFile(path, O_RDONLY).bytes()
            return Self.wholeLines(bytes) < bytes.count
        } catch let fault as FileFault where fault.number == ENOENT {
            return false
        }
    }

    /// Adds lines, and returns when they are on the disk.
    func append(_ entries: [Entry]) throws {
        guard !entries.isEmpty else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var lines: [UInt8] = []
        for entry in entries { lines += try encoder.encode(entry) + [UInt8(ascii: "\n")] }
        let file = try OpenFile(path, O_RDWR | O_CREAT | O_APPEND)
        try file.lock()
        let before = try file.bytes()
        let whole = Self.wholeLines(before)
        if whole < before.count { try file.truncate(to: whole) }
        try file.put(lines)
        try written()
        try file.sync()
        if before.isEmpty { try OpenFile.sync(StorePlace.folder(of: path)) }
    }

    private static func wholeLines(_ bytes: [UInt8]) -> Int {
        bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    }
}

/// How journals write an instant: ISO 8601, UTC, to the second.
func journalTime(_ microseconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(microseconds / 1_000_000)).formatted(.iso8601)
}

/// The instant that ``journalTime(_:)`` wrote, microseconds; `nil` for anything else.
func journalMicroseconds(_ text: String) -> Int64? {
    (try? Date(text, strategy: .iso8601)).map { Int64($0.timeIntervalSince1970) * 1_000_000 }
}
