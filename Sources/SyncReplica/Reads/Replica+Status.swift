import GRDB
import SyncModel

extension Replica {
    /// The changes that wait or were refused, oldest first. Of a retired laptop's, which hears of no more than that the
    /// office has them, those that it has still to hand in.
    public func outbox() throws -> [OutboxEntry] {
        try read { db, meta in
            var found: [OutboxEntry] = []
            let heads = Dictionary(uniqueKeysWithValues: try Log.heads(db).map { ($0.place, $0) })
            var places: [Int64] = []
            let condition = meta.isSealed ? Self.unsent : "state IN (0, 3, 7)"
            try SQL(db, "SELECT place FROM sync_change WHERE \(condition) ORDER BY place")
                .each([]) { places.append($0.integer(0)) }
            for place in places {
                guard let entry = try Log.entry(db, at: place), let head = heads[entry.incarnation] else {
                    continue
                }
                found.append(try OutboxEntry(entry, of: head))
            }
            return found
        }
    }

    /// How this replica stands.
    public func status() throws -> ReplicaStatus {
        try read { db, meta in
            let (waiting, quarantined, oldest) = try openFigures(db, meta)
            let (withdrawing, untold) = try withdrawalFigures(db)
            return ReplicaStatus(
                waiting: waiting, oldestWaitingMicroseconds: oldest,
                lastSyncMicroseconds: meta.synced, lastFailure: meta.failure,
                lastFailureMicroseconds: meta.failed, quarantined: quarantined,
                withdrawing: withdrawing, untold: untold, conflicts: try conflictCount(db),
                skewMicroseconds: meta.skew, keys: meta.keys,
                epoch: meta.epoch, enrolment: try present(db, meta), isSealed: meta.isSealed,
                incarnation: try Log.current(db).id, kept: try keptCount(db))
        }
    }

    /// What waits to be handed in once a laptop is retired: no answer says any more what became of a change.
    private static let unsent = """
        state = 0 AND n > (SELECT acknowledged FROM sync_incarnation WHERE place = sync_change.incarnation)
        """

    private func openFigures(
        _ db: Database, _ meta: Meta
    ) throws -> (waiting: Int, quarantined: Int, oldest: Int64?) {
        let row = try SQL(
            db,
            """
            SELECT count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 3),
                min(written) FILTER (WHERE state = 0)
            FROM sync_change WHERE \(meta.isSealed ? Self.unsent : "state IN (0, 3)")
            """
        ).first { (Int($0.integer(0)), Int($0.integer(1)), $0.optionalInteger(2)) }
        return row ?? (0, 0, nil)
    }

    private func withdrawalFigures(_ db: Database) throws -> (withdrawing: Int, untold: Int) {
        let row = try SQL(db, "SELECT count(*), ifnull(sum(told = 0), 0) FROM sync_change WHERE state = 7")
            .first { (Int($0.integer(0)), Int($0.integer(1))) }
        return row ?? (0, 0)
    }

    /// The records that are held since before the server was restored, and that it has not sent since.
    private func keptCount(_ db: Database) throws -> Int {
        let count = try SQL(db, "SELECT count(*) FROM sync_record WHERE keyset <= 0").first { $0.integer(0) }
        return Int(count ?? 0)
    }

    /// The records in which a person has to decide something.
    private func conflictCount(_ db: Database) throws -> Int {
        var count: Int64 = 0
        for table in domain.schema.tables where table.asksForDecisions {
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

extension OutboxEntry {
    init(_ entry: LogEntry, of head: LogHead) throws {
        let change = try entry.change()
        self.init(
            number: entry.place, dot: change.dot, table: change.table, record: change.record,
            writes: change.writes, author: change.author,
            writtenMicroseconds: change.clock.wallMicroseconds, transaction: change.transaction,
            wasOffered: entry.n <= max(head.offered, head.acknowledged), outcome: entry.outcome,
            wasTaken: entry.wasTaken, creates: entry.creates, refusal: entry.refusal,
            withdrawal: entry.withdrawal)
    }
}
