import GRDB
import SyncModel
import SyncWire

extension Replica {
    /// Looks whether all is well, and changes nothing.
    ///
    /// - Returns: what was found, a line for every area; all `fine` on a sound replica.
    public func doctor() throws -> [Finding] {
        try read { db, meta in
            try fileFindings(db) + placeFindings(db, meta) + logFindings(db) + (try recordFindings(db))
                + tableFindings(db, meta) + leaseFindings(db)
        }
    }

    private func fileFindings(_ db: Database) throws -> [Finding] {
        var found: [Finding] = []
        try SQL(db, "PRAGMA integrity_check(10)").each([]) { row in
            let text = row.text(0)
            guard text != "ok" else { return }
            found.append(Finding(area: "file", gravity: .grave, text: "the file is damaged: \(text)"))
        }
        return found.isEmpty ? [Finding(area: "file", gravity: .fine, text: "the file is sound")] : found
    }

    /// Whether this is a copy or was put back, as the file beside it tells. Nothing is noted before something is
    /// recorded, and whoever asks in between is told what is known.
    private func placeFindings(_ db: Database, _ meta: Meta) throws -> [Finding] {
        let current = try Log.current(db)
        guard !meta.isSealed, try isForeign(db, meta, current) else {
            return [
                Finding(
                    area: "place", gravity: .fine,
                    text:
                        "nothing here says that the file was copied or put back. A copy of the whole folder cannot be told "
                        + "from it here: the server notices once both have sent something")
            ]
        }
        let due = current.acknowledged == current.newest ? "" : ", once nothing in it waits to be sent,"
        return [
            Finding(
                area: "place", gravity: .notice,
                text:
                    "this file is a copy, or was put back from an older one, or the small file \(path)-id is "
                    + "missing. With the next entry\(due) it takes a name of its own, so that no entry is "
                    + "mistaken for one of another copy. What had been synced is not lost, and comes back with "
                    + "a sync. What was recorded since this copy was made and never sent is in the file that "
                    + "was replaced or left behind: it is not here")
        ]
    }

    private func logFindings(_ db: Database) throws -> [Finding] {
        var found: [Finding] = []
        var count = 0
        for head in try Log.heads(db) {
            let name = String(head.id.text.prefix(8))
            func grave(_ area: String, _ text: String) {
                found.append(Finding(area: area, gravity: .grave, text: "log \(name): \(text)"))
            }
            if head.offered > head.newest || head.acknowledged > head.newest {
                grave("counters", "more was sent than was ever written")
            }
            var expected: UInt64 = 1
            var hash = ChainHash.zero
            try Log.each(db, head, from: 0) { entry, _ in
                count += 1
                guard entry.n == expected else {
                    grave("log", "change \(expected) is missing")
                    return false
                }
                guard let frozen = try? FrozenCodec.decode(entry.bytes),
                    frozen.change.dot == Dot(head.id, entry.n), frozen.change.record == entry.record
                else {
                    grave("log", "change \(entry.n) cannot be read")
                    return false
                }
                hash = frozen.frozen.hash(after: hash)
                guard hash == entry.hash else {
                    grave("log", "change \(entry.n) is not what was written")
                    return false
                }
                expected += 1
                return true
            }
            if expected != head.newest + 1 || hash != head.hash {
                grave("log", "it ends at \(expected - 1) and should end at \(head.newest)")
            }
        }
        return found.isEmpty
            ? [
                Finding(area: "log", gravity: .fine, text: "\(count) changes of this laptop, none altered"),
                Finding(area: "counters", gravity: .fine, text: "the counters agree with the log"),
            ] : found
    }

    private func recordFindings(_ db: Database) throws -> [Finding] {
        var broken = 0
        var count = 0
        try SQL(db, "SELECT tbl, state FROM sync_record").each([]) { row in
            count += 1
            let state = try? StateCodec.decode(row.blob(1))
            if state?.table != row.text(0) { broken += 1 }
        }
        return broken == 0
            ? [Finding(area: "records", gravity: .fine, text: "\(count) records, all readable")]
            : [
                Finding(
                    area: "records", gravity: .grave, text: "\(broken) of \(count) records cannot be read")
            ]
    }

    /// Builds the visible tables a second time beside the real ones, and compares.
    private func tableFindings(_ db: Database, _ meta: Meta) throws -> [Finding] {
        var found: [Finding] = []
        let visible = VisibleTables(domain.schema)
        if meta.print != visible.print {
            return [
                Finding(
                    area: "tables", gravity: .repairable,
                    text: "the visible tables are of another version of the program")
            ]
        }
        let twin = try DatabaseQueue()
        for table in domain.schema.tables {
            let wrong = try difference(db, twin, table)
            if wrong > 0 {
                found.append(
                    Finding(
                        area: "tables", gravity: .repairable,
                        text: "\(wrong) rows of \(table.name) are not what the records say"))
            }
        }
        return found.isEmpty
            ? [Finding(area: "tables", gravity: .fine, text: "the visible tables show what the records say")]
            : found
    }

    /// How many rows of a table differ from what the records say, counted in a database in memory.
    private func difference(_ db: Database, _ twin: DatabaseQueue, _ table: Table) throws -> Int {
        let open = try Log.openRecords(db)
        let name = VisibleTables.quoted(table.name)
        var wrong = 0
        try twin.write { other in
            for statement in VisibleTables.statements(table) { try other.execute(sql: statement) }
            let writer = try VisibleRow(other, table)
            try SQL(db, "SELECT id, state FROM sync_record WHERE tbl = ?").each([.text(table.name)]) { row in
                let id = try row.id(0)
                guard !open.contains(id) else { return }
                try writer.put(id, try Shown.decode(row.blob(1)), isWaiting: false)
            }
            for id in open {
                guard let shown = try Shown.load(db, id), shown.state.table == table.name else { continue }
                try writer.put(id, shown.state, isWaiting: shown.isWaiting)
            }
            let real = try Row.fetchCursor(db, sql: "SELECT * FROM \(name) ORDER BY id")
            let made = try Row.fetchCursor(other, sql: "SELECT * FROM \(name) ORDER BY id")
            var left = try real.next()?.copy()
            var right = try made.next()?.copy()
            while left != nil || right != nil {
                let a: String? = left?["id"]
                let b: String? = right?["id"]
                if let a, let b, a == b {
                    if left != right { wrong += 1 }
                    left = try real.next()?.copy()
                    right = try made.next()?.copy()
                } else if let a, b.map({ a < $0 }) ?? true {
                    wrong += 1
                    left = try real.next()?.copy()
                } else {
                    wrong += 1
                    right = try made.next()?.copy()
                }
            }
        }
        return wrong
    }

    private func leaseFindings(_ db: Database) throws -> [Finding] {
        let clock = surroundings.clock()
        guard let lease = try Lease.load(db) else {
            return [Finding(area: "sync", gravity: .fine, text: "no sync is running")]
        }
        return lease.isLive(at: clock, surroundings)
            ? [Finding(area: "sync", gravity: .notice, text: "a sync is running")]
            : [
                Finding(
                    area: "sync", gravity: .notice, text: "a sync was broken off; the next one resumes it")
            ]
    }
}
