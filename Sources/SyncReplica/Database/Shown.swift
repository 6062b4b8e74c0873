import GRDB
import SyncModel
import SyncWire

/// A record as it is shown: what is confirmed, and over it what is open.
struct Shown {
    let state: RecordState
    /// What no server has judged is part of it.
    let isWaiting: Bool

    static func decode(_ bytes: [UInt8]) throws -> RecordState {
        do { return try StateCodec.decode(bytes) } catch { throw Failures.damaged }
    }

    /// What the server said of a record.
    static func confirmed(_ db: Database, _ record: RecordID) throws -> RecordState? {
        try SQL(db, "SELECT state FROM sync_record WHERE id = ?").first(.id(record)) {
            try decode($0.blob(0))
        }
    }

    /// A record as it is shown, deleted or not; `nil` when it is not on this laptop.
    ///
    /// An open change of a record that has left shows nothing by itself, unless it made the record: nobody
    /// is shown three fields of a person they no longer have.
    ///
    /// - Parameter left: an open change that is left out.
    static func load(_ db: Database, _ record: RecordID, without left: Dot? = nil) throws -> Shown? {
        var state = try confirmed(db, record)
        var open: [(LogEntry, Change)] = []
        for entry in try openEntries(db, record) {
            let change = try entry.change()
            if change.dot != left { open.append((entry, change)) }
        }
        guard state != nil || open.contains(where: { $0.0.creates }),
            let table = state?.table ?? open.first?.1.table
        else { return nil }
        for (_, change) in open {
            let live = LiveChange(change, effective: nil)
            state = merge(state ?? RecordState(table: table), RecordState(table: table, live: [live]))
        }
        return state.map { Shown(state: $0, isWaiting: open.contains { $0.0.state == .waiting }) }
    }

    private static func openEntries(_ db: Database, _ record: RecordID) throws -> [LogEntry] {
        try Log.entries(db, of: record).filter(\.state.isOpen)
    }

    /// A record with its table, as people see it; `nil` for one that is not here or of an unknown table.
    static func view(_ db: Database, _ record: RecordID, _ schema: Schema) throws -> RecordView? {
        guard let shown = try load(db, record), let table = schema.table(shown.state.table) else {
            return nil
        }
        return RecordView(id: record, state: shown.state, table: table)
    }
}
