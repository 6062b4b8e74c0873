import GRDB
import SyncModel
import SyncWire

/// Recomputes the chain of every incarnation from the frozen bytes, and from those the log's hash at every position
/// that was noted. Row by row: however long the log, one change is held at a time.
struct LogVerification {
    private let db: Database

    init(_ db: Database) { self.db = db }

    func run(_ report: inout VerificationReport) throws {
        let incarnations = try RawStatement(
            db,
            """
            SELECT incarnation.number, incarnation.incarnation, device.code, mark, hash FROM incarnation
            LEFT JOIN device ON device.number = incarnation.device ORDER BY incarnation.number
            """
        )
        .all { row in
            Log(
                number: row.integer(0), incarnation: Identifier(bytes: row.blob(1)), device: row.text(2),
                mark: row.integer(3), hash: ChainHash(row.blob(4)) ?? .zero)
        }
        for log in incarnations {
            try follow(log, &report)
            report.incarnations += 1
        }
        let orphan = try Int64.fetchOne(
            db,
            sql:
                "SELECT position FROM change WHERE incarnation NOT IN (SELECT number FROM incarnation) LIMIT 1"
        )
        if let orphan {
            throw StoreCheck.damaged("the change at log position \(orphan) is of no known laptop")
        }
        try positions(&report)
    }

    /// What the database says of one incarnation's log, apart from its changes.
    private struct Log {
        let number: IncarnationNumber
        let incarnation: Incarnation?
        let device: String
        let mark: Int64
        let hash: ChainHash

        func altered(_ n: Int64, _ position: Int64) -> SyncError {
            StoreCheck.damaged("change \(n) of a log of \(device) was altered (log position \(position))")
        }
    }

    private func follow(_ log: Log, _ report: inout VerificationReport) throws {
        var (n, hash) = (Int64(0), ChainHash.zero)
        let rows = try Row.fetchCursor(
            db, sql: "SELECT n, position, hash, bytes, record FROM change WHERE incarnation = ? ORDER BY n",
            arguments: [log.number])
        while let row = try rows.next() {
            let position: Int64 = row["position"]
            guard row["n"] == n + 1 else {
                throw StoreCheck.damaged("change \(n + 1) of a log of \(log.device) is missing")
            }
            n += 1
            let bytes = try row.withUnsafeData(named: "bytes") { $0.map { Array($0) } ?? [] }
            let stored = try row.withUnsafeData(named: "hash") { $0.flatMap { ChainHash(Array($0)) } }
            guard let (frozen, change) = try? FrozenCodec.decode(bytes),
                let incarnation = log.incarnation, change.dot == Dot(incarnation, UInt64(n)),
                stored == frozen.hash(after: hash)
            else { throw log.altered(n, position) }
            hash = frozen.hash(after: hash)
            try belongs(change, to: row["record"], position)
            report.changes += 1
        }
        guard n == log.mark else {
            throw StoreCheck.damaged(
                "a log of \(log.device) ends at change \(n), and had reached \(log.mark)")
        }
        guard hash == log.hash else {
            throw StoreCheck.damaged(
                "a log of \(log.device) is not the one that it was known to be up to change \(n): another hash was noted"
            )
        }
    }

    private func belongs(_ change: Change, to record: RecordNumber, _ position: Int64) throws {
        let id = try RawStatement(db, "SELECT id FROM record WHERE number = ?").bind(1, record)
            .first { $0.blob(0) }
        guard id == change.record.bytes else {
            throw StoreCheck.damaged("the change at log position \(position) was put under another record")
        }
    }

    /// Numbers of the log that are no change's and of nothing brought back are what became of a change; they do
    /// not enter its hash.
    private func positions(_ report: inout VerificationReport) throws {
        var (hash, before) = (ChainHash.zero, Int64(0))
        let untimed = try untimed()
        // Files of the first version have no table of what was brought back.
        let brought =
            try db.tableExists("brought")
            ? "SELECT position, state AS hash, at FROM brought"
            : "SELECT 0 AS position, NULL AS hash, 0 AS at WHERE 0"
        let rows = try Row.fetchCursor(
            db,
            sql: """
                WITH taken AS (SELECT position, hash, received_at AS at FROM change UNION ALL \(brought))
                SELECT taken.position AS position, taken.hash AS hash, at, log.position AS noted, log.hash AS log
                FROM taken LEFT JOIN log ON log.position = taken.position
                UNION ALL
                SELECT position, NULL, 0, position, hash FROM log
                WHERE position NOT IN (SELECT position FROM taken)
                ORDER BY 1
                """)
        while let row = try rows.next() {
            let position: Int64 = row["position"]
            if let change = try row.withUnsafeData(named: "hash", { $0.map { Array($0) } }) {
                hash = hash.appending(position > untimed ? Heads.entry(change, at: row["at"]) : change)
            }
            guard (row["noted"] as Int64?) != nil else { continue }
            guard try row.withUnsafeData(named: "log", { $0.map { Array($0) } }) == hash.bytes else {
                throw StoreCheck.damaged(
                    "the log between positions \(before + 1) and \(position) is not the one that was taken then"
                )
            }
            before = position
            report.positions += 1
        }
    }

    /// Up to where the hash goes over the entries alone: everywhere in a file of an older version.
    private func untimed() throws -> Int64 {
        guard try db.columns(in: "agency").contains(where: { $0.name == "untimed" }) else { return .max }
        return try Int64.fetchOne(db, sql: "SELECT untimed FROM agency WHERE id = 1") ?? .max
    }
}
