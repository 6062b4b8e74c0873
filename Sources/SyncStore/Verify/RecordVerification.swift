import GRDB
import SyncModel
import SyncWire

/// Puts every record together from its history, and compares. One record is held at a time.
struct RecordVerification {
    private let db: Database

    init(_ db: Database) { self.db = db }

    func run(_ report: inout VerificationReport) throws {
        let transaction = SQLiteTransaction(db)
        let rows = try Row.fetchCursor(
            db, sql: "SELECT number, id, \"table\", state FROM record ORDER BY number")
        while let row = try rows.next() {
            let state = try row.withUnsafeData(named: "state") { $0.map { Array($0) } ?? [] }
            let id = try row.withUnsafeData(named: "id") { $0.flatMap { Identifier(bytes: $0) } }
            let table: String = row["table"]
            guard let id else { throw StoreCheck.damaged("record \(row["number"] as Int64) has lost its id") }
            var merged = try merge(transaction.history(of: row["number"]))
            for state in try brought(row["number"]) {
                merged = SyncModel.merge(merged, try StateCodec.decode(state))
            }
            let expected = merged.live.isEmpty ? [] : StateCodec.encode(merged)
            guard state == expected, merged.live.isEmpty || merged.table == table else {
                throw StoreCheck.damaged("the state of record \(id.text) is not what its changes make it")
            }
            if !state.isEmpty { report.records += 1 }
        }
    }

    /// What others brought back of the record after a restore. Files of the first version have no such table.
    private func brought(_ record: RecordNumber) throws -> [[UInt8]] {
        guard try db.tableExists("brought") else { return [] }
        return try RawStatement(db, "SELECT state FROM brought WHERE record = ? ORDER BY position")
            .bind(1, record).all { $0.blob(0) }
    }

    private func merge(_ history: [(bytes: [UInt8], effective: EffectiveTime?)]) throws -> RecordState {
        var state = RecordState(table: "")
        for (bytes, effective) in history {
            let change = try FrozenCodec.decode(bytes).change
            if state.live.isEmpty { state = RecordState(table: change.table) }
            state.merge(LiveChange(change, effective: effective))
        }
        return state
    }
}
