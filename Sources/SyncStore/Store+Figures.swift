import Crypto
import GRDB
import SyncModel

/// The store in figures, for the metrics page.
public struct StoreFigures: Hashable, Sendable {
    /// Records that hold anything.
    public let records: Int
    /// Changes ever taken.
    public let changes: Int
    /// Changes in quarantine.
    public let quarantined: Int
    /// Changes that stood beside another value when they were taken.
    public let conflicts: Int
    /// Devices enrolled and not retired.
    public let devices: Int
    /// The epoch.
    public let epoch: UInt64
    /// The head of the feed.
    public let position: Int64
    /// Bytes of the database file.
    public let databaseBytes: Int64
}

extension Store {
    /// Counts.
    public func figures() throws -> StoreFigures {
        try StoreFailure.translated {
            try database.read { db in
                let heads = try SQLiteTransaction(db).heads()
                func count(_ sql: String) throws -> Int { try Int.fetchOne(db, sql: sql) ?? 0 }
                let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
                let size = try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0
                return StoreFigures(
                    records: try count("SELECT count(*) FROM feed WHERE \"key\" = 1"),
                    changes: try count("SELECT count(*) FROM change"),
                    quarantined: try count("SELECT count(*) FROM change WHERE outcome = 2"),
                    conflicts: try count("SELECT count(*) FROM change WHERE outcome = 1"),
                    devices: try count("SELECT count(*) FROM device WHERE number > 1 AND retired_at IS NULL"),
                    epoch: heads.epoch, position: heads.feed, databaseBytes: pages * size)
            }
        }
    }

    /// The digest of all records, as ``StateDigest`` defines it: equal to that of a replica that holds
    /// everything.
    public func digest() throws -> String {
        try StoreFailure.translated {
            try database.read { db in
                var digest = StateDigest()
                let rows = try Row.fetchCursor(
                    db, sql: "SELECT id, \"table\", state FROM record WHERE length(state) > 0 ORDER BY id")
                while let row = try rows.next() {
                    guard
                        let id = try row.withUnsafeData(named: "id", { $0.flatMap { Identifier(bytes: $0) } })
                    else { continue }
                    let state = try row.withUnsafeData(named: "state") { $0.map { Array($0) } ?? [] }
                    digest.add(id: id, table: row["table"], state: state)
                }
                return digest.text
            }
        }
    }
}
