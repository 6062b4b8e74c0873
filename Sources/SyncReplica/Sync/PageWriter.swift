import GRDB
import GRDBSQLite
import SyncModel
import SyncWire

/// Writes one answer into the tables, within one transaction.
final class PageWriter {
    private let db: Database
    private let schema: Schema
    private let rows: VisibleRows
    private let put: SQL
    private var open: Set<RecordID> = []
    /// Records whose visible row is to be written again, with their tables.
    private var stale: [RecordID: String] = [:]
    private var keysets: [[ScopeKey]: Int64] = [:]
    /// Records of which the server has said something beside their states: those in conflict, and few.
    private var noted: Set<RecordID>

    init(_ db: Database, _ schema: Schema) throws {
        self.db = db
        self.schema = schema
        rows = try VisibleRows(db, schema)
        put = try SQL(db, "INSERT OR REPLACE INTO sync_record (id, tbl, state, keyset) VALUES (?, ?, ?, ?)")
        open = try Log.openRecords(db)
        noted = try Notes.records(db)
    }

    // MARK: What became of one's own changes

    /// Notes what became of changes. What is part of its record joins the confirmed state at once, so that
    /// a person goes on reading their own writes until the record itself comes.
    func dispose(_ dispositions: [Disposition], heads: [LogHead], _ report: inout SyncReport) throws {
        var places: [Incarnation: Int64] = [:]
        for head in heads { places[head.id] = head.place }
        var joined: [RecordID: (table: String, live: [LiveChange])] = [:]
        for disposition in dispositions {
            guard let place = places[disposition.dot.incarnation],
                var entry = try Log.entry(db, place, disposition.dot.n)
            else { continue }
            let before = entry
            entry.state = LogEntry.State(disposition.outcome)
            entry.effective = disposition.effective ?? entry.effective
            entry.refusal = disposition.outcome.refusal
            reconcile(&entry)
            guard !entry.says(before) else { continue }
            try Log.judge(db, entry)
            let change = try entry.change()
            count(disposition, before, change.table, &report)
            stale[change.record] = change.table
            if entry.state == .applied || entry.state == .conflict {
                joined[change.record, default: (change.table, [])].live
                    .append(LiveChange(change, effective: entry.effective))
            } else if entry.state == .taken {
                // Out of scope as the answer was written. A server that was restored, or that let the record
                // go before its first page, knows of no leave to say.
                try SQL(db, "DELETE FROM sync_record WHERE id = ?").run(.id(change.record))
            }
        }
        for (record, own) in joined.sorted(by: { $0.key < $1.key }) {
            let mine = RecordState(table: own.table, live: own.live)
            let state = try Shown.confirmed(db, record).map { merge($0, mine) } ?? mine
            try SQL(
                db,
                """
                INSERT INTO sync_record (id, tbl, state) VALUES (?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET state = excluded.state
                """
            ).run(.id(record), .text(state.table), .blob(StateCodec.encode(state)))
        }
        if !stale.isEmpty { open = try Log.openRecords(db) }
    }

    /// What its author took back stays so if the server still has it in quarantine: it was not told yet, or was restored
    /// and has forgotten. What was released or taken before the server heard of it, stands. Should the release be
    /// forgotten by a restore, it is said again that its author took it back: no part of any record has this number.
    private func reconcile(_ entry: inout LogEntry) {
        guard entry.withdrawal != nil else { return }
        switch entry.state {
        case .quarantined: entry.state = .withdrawing
        case .withdrawn, .withdrawing, .released: break
        case .waiting, .applied, .conflict, .taken: entry.withdrawal = nil
        }
    }

    private func count(
        _ disposition: Disposition, _ before: LogEntry, _ table: String, _ report: inout SyncReport
    ) {
        if before.state == .withdrawing {
            switch disposition.outcome {
            case .withdrawn: report.withdrawn += 1
            case .quarantined: break
            case .applied, .conflict, .released, .taken: report.overtaken += 1
            }
        }
        guard before.state == .waiting else { return }
        switch disposition.outcome {
        case .applied, .taken: report.applied += 1
        case .conflict:
            report.applied += 1
            if schema.table(table)?.asksForDecisions == true { report.conflicts += 1 }
        case .quarantined: report.quarantined.append(disposition.dot)
        case .released, .withdrawn: break
        }
    }

    // MARK: The page

    /// Writes a record as the server has it.
    func put(_ record: PageRecord) throws {
        let keyset = try keyset(record.keys)
        try note(record)
        switch record.body {
        case .state(let bytes):
            let state = try decode(bytes)
            try store(record.id, state.table, bytes, keyset)
            if open.contains(record.id) {
                stale[record.id] = state.table
            } else {
                if !stale.isEmpty { stale[record.id] = nil }
                try rows.put(record.id, state, isWaiting: false)
            }
        case .own:
            // What is held from before a restore is not what this server can have meant.
            let known = try SQL(
                db, "UPDATE sync_record SET keyset = ? WHERE id = ? AND ifnull(keyset, 1) > 0 RETURNING tbl"
            ).first(.integer(keyset), .id(record.id)) { $0.text(0) }
            guard known == nil else { return }
            try restoreOwn(record.id, keyset)
        }
    }

    /// Keeps what the server says of a record's conflicts in the place of what it had said before.
    private func note(_ record: PageRecord) throws {
        if let notes = record.notes {
            try Notes.put(db, record.id, notes)
            noted.insert(record.id)
        } else if noted.remove(record.id) != nil {
            try Notes.remove(db, record.id)
        }
    }

    /// A record that should be put together from what is here, of which only the own log is left.
    private func restoreOwn(_ record: RecordID, _ keyset: Int64) throws {
        let own = try Log.entries(db, of: record).filter { $0.state == .applied || $0.state == .conflict }
        let changes = try own.map { (entry: $0, change: try $0.change()) }
        guard let table = changes.first?.change.table else { throw malformed }
        let live = changes.map { LiveChange($0.change, effective: $0.entry.effective) }
        let state = RecordState(table: table, live: live)
        try store(record, table, StateCodec.encode(state), keyset)
        stale[record] = table
    }

    /// Removes a record that is in this device's scope no more. What was not sent yet still goes up.
    func leave(_ record: RecordID) throws {
        let table = try SQL(db, "DELETE FROM sync_record WHERE id = ? RETURNING tbl")
            .first(.id(record)) { $0.text(0) }
        guard let table else { return }
        stale[record] = table
    }

    /// Removes the records none of whose keys is still received.
    ///
    /// One that is here only because its own change was taken has no keys yet: if it is still in scope, its page
    /// is still to come, and if it is not, nobody will say that it leaves.
    func drop(exceptUnder keys: [ScopeKey]) throws {
        if keys.contains("all") { return }
        try SQL(db, "DELETE FROM sync_record WHERE keyset IS NULL RETURNING id, tbl")
            .each([]) { stale[try $0.id(0)] = $0.text(1) }
        var gone: [Int64] = []
        try SQL(db, "SELECT id, keys FROM sync_keyset").each([]) { row in
            if Set(Meta.names(row.text(1))).isDisjoint(with: keys) { gone.append(row.integer(0)) }
        }
        for keyset in gone {
            try SQL(db, "DELETE FROM sync_record WHERE keyset IN (?1, -?1) RETURNING id, tbl")
                .each([.integer(keyset)]) { stale[try $0.id(0)] = $0.text(1) }
            try SQL(db, "DELETE FROM sync_keyset WHERE id = ?").run(.integer(keyset))
        }
    }

    /// Writes the visible rows that are not yet as they should be.
    func finish() throws {
        for (record, table) in stale.sorted(by: { $0.key < $1.key }) {
            try rows.refresh(record, of: table)
        }
        stale = [:]
        if !noted.isEmpty { try Notes.removeOrphans(db) }
    }

    // MARK: Below

    private func decode(_ bytes: [UInt8]) throws -> RecordState {
        do { return try StateCodec.decode(bytes) } catch { throw malformed }
    }

    private var malformed: SyncError {
        SyncError(
            .malformed, "the server sent a record that cannot be read",
            means: "nothing of the answer was taken, and nothing is lost",
            advice: "check that both sides run a current Porchlight")
    }

    /// The hot path: state bytes are stored as they came, and nothing is copied on the way.
    private func store(_ id: RecordID, _ table: String, _ bytes: [UInt8], _ keyset: Int64) throws {
        let handle = put.handle
        var table = table
        var octets = (id.high.bigEndian, id.low.bigEndian)
        try withUnsafeBytes(of: &octets) { id in
            try table.withUTF8 { name in
                try bytes.withUnsafeBytes { state in
                    sqlite3_bind_blob(handle, 1, id.baseAddress, Int32(id.count), nil)
                    _ = name.withMemoryRebound(to: CChar.self) {
                        sqlite3_bind_text(handle, 2, $0.baseAddress, Int32($0.count), nil)
                    }
                    sqlite3_bind_blob(handle, 3, state.baseAddress, Int32(state.count), nil)
                    sqlite3_bind_int64(handle, 4, keyset)
                    defer { put.reset() }
                    _ = try put.step()
                }
            }
        }
    }

    /// The number of a set of keys.
    private func keyset(_ keys: [ScopeKey]) throws -> Int64 {
        if let known = keysets[keys] { return known }
        let text = keys.joined(separator: "\n")
        let found =
            try SQL(db, "SELECT id FROM sync_keyset WHERE keys = ?").first(.text(text)) { $0.integer(0) }
            ?? SQL(db, "INSERT INTO sync_keyset (keys) VALUES (?) RETURNING id")
            .first(.text(text)) { $0.integer(0) }
        guard let found else { throw Failures.damaged }
        keysets[keys] = found
        return found
    }
}

extension LogEntry {
    /// Whether another reading of the same change says the same became of it.
    func says(_ other: LogEntry) -> Bool {
        state == other.state && effective == other.effective && refusal == other.refusal
    }
}

extension LogEntry.State {
    init(_ outcome: Disposition.Outcome) {
        self =
            switch outcome {
            case .applied: .applied
            case .conflict: .conflict
            case .quarantined: .quarantined
            case .released: .released
            case .withdrawn: .withdrawn
            case .taken: .taken
            }
    }
}

extension Disposition.Outcome {
    fileprivate var refusal: Refusal? { if case .quarantined(let refusal) = self { refusal } else { nil } }
}
