import Foundation
import GRDB

/// Whole copies of a database, each put together under another name, checked, and only then given its own.
///
/// Copies are made by `VACUUM INTO` and not by SQLite's backup interface. Both read one moment of a database that
/// others go on writing. This one reads every table from its root, so a broken one is noticed while it is
/// copied; it leaves out freed pages, in which what was once deleted can still be read; and it makes one file
/// that needs no log beside it, so that it can be read from where nothing may be written.
/// See <https://www.sqlite.org/lang_vacuum.html#vacuuminto>.
enum DatabaseCopy {
    /// What a copy holds.
    struct Contents {
        let heads: Heads
        let bytes: Int64
    }

    /// Copies a database to a path where nothing is, or an empty file, and returns when the copy is on the disk and checked.
    static func make(from source: some DatabaseWriter, to path: String) throws -> Contents {
        do {
            try source.writeWithoutTransaction { db in
                try db.execute(sql: "VACUUM INTO ?", arguments: [path])
            }
            // SQLite does not wait for the disk here: a copy that a crash may lose can simply be made again.
            try OpenFile.sync(path)
            return try contents(of: path)
        } catch {
            StorePlace.discard(path)
            throw error
        }
    }

    /// Reads a database that nobody writes, and checks it.
    static func contents(of path: String) throws -> Contents {
        var configuration = Configuration()
        configuration.readonly = true
        let copy = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? copy.close() }
        let heads = try copy.read { db in
            try StoreCheck.whole(db)
            return try StoreCheck.heads(db)
        }
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64
        return Contents(heads: heads, bytes: size ?? 0)
    }
}
