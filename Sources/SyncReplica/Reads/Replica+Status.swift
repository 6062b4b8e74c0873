import GRDB
import SyncModel

extension Replica {
    /// The changes that wait or were refused, oldest first.
    public func outbox() throws -> [OutboxEntry] {
        try read { db, _ in
            var found: [OutboxEntry] = []
            var heads: [Int64: LogHead] = [:]
            for head in try Log.heads(db) { heads[head.place] = head }
            let places = try SQL(
                db, "SELECT incarnation, n FROM sync_change WHERE state IN (0, 3) ORDER BY place")
            var dots: [(Int64, UInt64)] = []
            try places.each([]) { dots.append(($0.integer(0), $0.word(1))) }
            for (place, n) in dots {
                guard let entry = try Log.entry(db, place, n), let head = heads[place] else { continue }
                let change = try entry.change()
                found.append(
                    OutboxEntry(
                        number: entry.place, dot: change.dot, table: change.table,
                        record: change.record, writes: change.writes, author: change.author,
                        writtenMicroseconds: change.clock.wallMicroseconds,
                        transaction: change.transaction,
                        wasOffered: n <= max(head.offered, head.acknowledged), outcome: entry.outcome))
            }
            return found
        }
    }

    /// How this replica stands.
    public func status() throws -> ReplicaStatus {
        try read { db, meta in
            let (waiting, quarantined, oldest) = try openFigures(db)
            return ReplicaStatus(
                waiting: waiting, oldestWaitingMicroseconds: oldest,
                lastSyncMicroseconds: meta.synced, lastFailure: meta.failure,
                lastFailureMicroseconds: meta.failed, quarantined: quarantined,
                conflicts: try conflictCount(db), skewMicroseconds: meta.skew, keys: meta.keys,
                epoch: meta.epoch, enrolment: meta.enrolment, isSealed: meta.isSealed,
                incarnation: try Log.current(db).id)
        }
    }

    private func openFigures(_ db: Database) throws -> (waiting: Int, quarantined: Int, oldest: Int64?) {
        let row = try SQL(
            db,
            """
            SELECT sum(state = 0), sum(state = 3), min(CASE state WHEN 0 THEN written END)
            FROM sync_change WHERE state IN (0, 3)
            """
        ).first { (Int($0.integer(0)), Int($0.integer(1)), $0.optionalInteger(2)) }
        return row ?? (0, 0, nil)
    }

    private func conflictCount(_ db: Database) throws -> Int {
        var count: Int64 = 0
        for table in domain.schema.tables {
            let sql = "SELECT count(*) FROM \(VisibleTables.quoted(table.name)) WHERE clash IS NOT NULL"
            count += try SQL(db, sql).first { $0.integer(0) } ?? 0
        }
        return Int(count)
    }

    /// One hash over all confirmed records, as ``StateDigest`` defines it. Two replicas of one scope that
    /// have heard the same say the same, and so does a server of which they hold everything.
    public func digest() throws -> String {
        try readRecords { db, _ in
            var digest = StateDigest()
            try SQL(db, "SELECT id, tbl, state FROM sync_record ORDER BY id").each([]) { row in
                digest.add(id: try row.id(0), table: row.text(1), state: row.blob(2))
            }
            return digest.text
        }
    }
}
