import SyncModel
import SyncWire

/// A record in the hands of a transaction.
final class WorkingRecord {
    /// As it is stored, kept current as the rules go.
    var stored: StoredRecord
    /// Its state, decoded.
    var state: RecordState
    /// Where it stood in the feed before this transaction, and under which keys.
    let positionBefore: Int64
    let keysBefore: [KeyNumber]
    /// Whether its siblings have changed.
    var isChanged = false
    /// Whose changes this transaction took into it.
    var writers: Set<Incarnation> = []
    /// Whether anything about it has changed that those who hold it must hear of.
    var isMoved = false
    /// Whether the database has never seen it.
    let isNew: Bool

    init(_ stored: StoredRecord, state: RecordState, isNew: Bool) {
        self.stored = stored
        self.state = state
        self.isNew = isNew
        positionBefore = stored.position
        keysBefore = stored.keys
    }

    /// Whether any change of it was ever taken, as opposed to others having named it.
    var exists: Bool { !state.live.isEmpty }
}

/// The records that a transaction has met, each read once and written once. Bounded by the limits on one exchange.
final class WorkingSet {
    let transaction: any StoreTransaction
    let schema: Schema
    private var byID: [RecordID: WorkingRecord] = [:]
    private var byNumber: [RecordNumber: WorkingRecord] = [:]
    /// In the order in which they were first changed, so that the same exchange gives the same positions.
    private(set) var moved: [WorkingRecord] = []
    /// Records that were made known by name here, in the order of their numbers.
    private(set) var named: [WorkingRecord] = []
    private var newest: RecordNumber?
    /// The decisions that became part of their records, in that order.
    var decisions: [NotedDecision] = []
    /// What had waited in quarantine and was taken, for the audit log.
    private(set) var admissions: [NotedAdmission] = []

    init(_ transaction: any StoreTransaction, schema: Schema) {
        self.transaction = transaction
        self.schema = schema
    }

    /// Notes what had waited in quarantine and was taken. What came one after the other is noted as one.
    func note(_ admission: NotedAdmission) {
        if let last = admissions.last, last.device == admission.device, last.staff == admission.staff,
            last.first + last.count == admission.first
        {
            admissions[admissions.count - 1].count += admission.count
        } else {
            admissions.append(admission)
        }
    }

    /// A record, if it is known at least by name.
    func find(_ id: RecordID) throws -> WorkingRecord? {
        if let known = byID[id] { return known }
        return try transaction.record(id).map { try take($0, isNew: false) }
    }

    /// A record, made known by name if it is not.
    func reach(_ id: RecordID) throws -> WorkingRecord {
        if let known = try find(id) { return known }
        let number = try (newest ?? transaction.newestRecord()) + 1
        newest = number
        let record = try take(
            StoredRecord(
                number: number, id: id, table: "", state: [], position: 0, keys: [], gifts: [], origin: 0,
                isDisputed: nil),
            isNew: true)
        named.append(record)
        return record
    }

    /// A record by its number.
    func find(number: RecordNumber) throws -> WorkingRecord? {
        if let known = byNumber[number] { return known }
        return try transaction.record(number: number).map { try take($0, isNew: false) }
    }

    /// A record by its number, if this transaction has met it.
    func met(number: RecordNumber) -> WorkingRecord? { byNumber[number] }

    /// What people are shown of a record; `nil` if it holds nothing or its table is unknown here.
    func view(_ record: WorkingRecord) -> RecordView? {
        guard record.exists, let table = schema.table(record.state.table) else { return nil }
        return RecordView(id: record.stored.id, state: record.state, table: table)
    }

    /// What people are shown of a record by its id.
    func view(_ id: RecordID) throws -> RecordView? { try find(id).flatMap(view) }

    /// Notes that those who hold a record must hear of it.
    func move(_ record: WorkingRecord) {
        guard !record.isMoved else { return }
        record.isMoved = true
        moved.append(record)
    }

    private func take(_ stored: StoredRecord, isNew: Bool) throws -> WorkingRecord {
        let state =
            stored.state.isEmpty
            ? RecordState(table: stored.table) : try StateCodec.decode(stored.state)
        let record = WorkingRecord(stored, state: state, isNew: isNew)
        byID[stored.id] = record
        byNumber[stored.number] = record
        return record
    }
}
