import GRDB
import SyncModel
import SyncWire

/// One incarnation of this replica and how far its log has come.
struct LogHead {
    /// Its place in the order in which they were taken.
    let place: Int64
    let id: Incarnation
    /// The number of its newest change, and the chain's hash there.
    var newest: UInt64
    var hash: ChainHash
    /// Up to which number changes may have left this laptop.
    var offered: UInt64
    /// Up to which number the server is known to have them.
    var acknowledged: UInt64
    /// The next number to offer again after the server was restored; `nil` when there is none.
    var healing: UInt64?
    /// The number of the event with which it was cut back last; 0 for never. What was shown before may name changes under
    /// numbers that stand for another copy's since.
    var cut: Int64
}

/// One change of the own log.
struct LogEntry {
    let place: Int64
    let incarnation: Int64
    let n: UInt64
    let record: RecordID
    let creates: Bool
    let bytes: [UInt8]
    let hash: ChainHash
    var state: State
    var effective: EffectiveTime?
    var refusal: Refusal?
    /// That its author took it back after it was refused; it stays when the server has heard of it.
    var withdrawal: OwnWithdrawal?

    /// What became of it. The raw values stand in the database.
    enum State: Int64 {
        case waiting = 0
        case applied = 1
        case conflict = 2
        case quarantined = 3
        case withdrawn = 4
        case released = 5
        case taken = 6
        /// Refused, and taken back by its author; the server has not confirmed that yet.
        case withdrawing = 7

        /// Whether it is shown over what is confirmed.
        var isOpen: Bool { self == .waiting || self == .quarantined }

        /// Whether it is part of its record, or will be as far as is known.
        var isTaken: Bool {
            switch self {
            case .waiting, .applied, .conflict, .released, .taken: true
            case .quarantined, .withdrawn, .withdrawing: false
            }
        }
    }

    /// Whether it had been part of its record once: only a server that was restored since has it in quarantine then.
    var wasTaken: Bool { effective != nil && state == .quarantined }

    /// What the change says.
    func change() throws -> Change { try FrozenCodec.decode(bytes).change }
}

/// The own log: incarnations, and their changes in frozen bytes.
enum Log {
    private static let headColumns = "place, id, newest, hash, offered, acknowledged, healing, cut"
    private static let entryColumns =
        "place, incarnation, n, record, creates, bytes, hash, state, effective, estimated, code, reason, "
        + "withdrawn, withdrawn_why"

    /// Takes a fresh incarnation, under which everything is numbered from now on.
    @discardableResult
    static func open(_ db: Database, _ id: Incarnation) throws -> LogHead {
        try SQL(
            db,
            """
            INSERT INTO sync_incarnation (id, newest, hash, offered, acknowledged) VALUES (?, 0, ?, 0, 0)
            """
        ).run(.id(id), .blob(ChainHash.zero.bytes))
        return try current(db)
    }

    /// The incarnation under which this replica writes now.
    static func current(_ db: Database) throws -> LogHead {
        let sql = "SELECT \(headColumns) FROM sync_incarnation ORDER BY place DESC LIMIT 1"
        guard let head = try SQL(db, sql).first(read: head) else { throw Failures.damaged }
        return head
    }

    static func heads(_ db: Database) throws -> [LogHead] {
        var found: [LogHead] = []
        try SQL(db, "SELECT \(headColumns) FROM sync_incarnation ORDER BY place").each([]) {
            found.append(try head($0))
        }
        return found
    }

    private static func head(_ row: SQL) throws -> LogHead {
        guard let hash = ChainHash(row.blob(3)) else { throw Failures.damaged }
        return LogHead(
            place: row.integer(0), id: try row.id(1), newest: row.word(2), hash: hash,
            offered: row.word(4), acknowledged: row.word(5),
            healing: row.optionalInteger(6).map { UInt64(bitPattern: $0) }, cut: row.integer(7))
    }

    static func save(_ db: Database, _ head: LogHead) throws {
        try SQL(
            db,
            """
            UPDATE sync_incarnation SET newest = ?, hash = ?, offered = ?, acknowledged = ?, healing = ?,
                cut = ?
            WHERE place = ?
            """
        ).run(
            .word(head.newest), .blob(head.hash.bytes), .word(head.offered),
            .word(head.acknowledged), head.healing.map { .word($0) } ?? .null,
            .integer(head.cut), .integer(head.place))
    }

    /// Appends one change at the head, which moves on by one; gives the number of its octets.
    @discardableResult
    static func append(
        _ db: Database, _ change: Change, creates: Bool, to head: inout LogHead, seed: [UInt8],
        at place: Int64? = nil
    ) throws -> Int {
        let (frozen, bytes) = try FrozenCodec.encode(change, seed: seed)
        head.newest = change.dot.n
        head.hash = frozen.hash(after: head.hash)
        try SQL(
            db,
            """
            INSERT OR REPLACE INTO sync_change (place, incarnation, n, record, tbl, creates, bytes, hash,
                state, txn, author, written)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)
            """
        ).run(
            .optional(place), .integer(head.place), .word(change.dot.n), .id(change.record),
            .text(change.table), .flag(creates), .blob(bytes), .blob(head.hash.bytes),
            change.transaction.map { .id($0) } ?? .null, .text(change.author),
            .integer(change.clock.wallMicroseconds))
        return bytes.count
    }

    /// The changes of an incarnation from a number on, oldest first, until `body` says stop.
    static func each(
        _ db: Database, _ head: LogHead, from n: UInt64, through last: UInt64 = UInt64(Int64.max),
        _ body: (LogEntry, TransactionID?) throws -> Bool
    ) throws {
        let row = try SQL(
            db,
            """
            SELECT \(entryColumns), txn FROM sync_change
            WHERE incarnation = ? AND n >= ? AND n <= ? ORDER BY n
            """)
        row.bind(1, .integer(head.place))
        row.bind(2, .word(n))
        row.bind(3, .word(last))
        defer { row.reset() }
        while try row.step() {
            guard try body(try entry(row), row.isNull(14) ? nil : row.id(14)) else { return }
        }
    }

    static func entry(_ db: Database, _ place: Int64, _ n: UInt64) throws -> LogEntry? {
        try SQL(db, "SELECT \(entryColumns) FROM sync_change WHERE incarnation = ? AND n = ?")
            .first(.integer(place), .word(n), read: entry)
    }

    /// A change by its place, which is its number in the outbox.
    static func entry(_ db: Database, at place: Int64) throws -> LogEntry? {
        try SQL(db, "SELECT \(entryColumns) FROM sync_change WHERE place = ?").first(
            .integer(place), read: entry)
    }

    /// The changes in a state, oldest first, at most so many.
    static func entries(_ db: Database, in state: LogEntry.State, limit: Int) throws -> [LogEntry] {
        var found: [LogEntry] = []
        // The state stands in the text, so that its index is used.
        try SQL(
            db,
            "SELECT \(entryColumns) FROM sync_change WHERE state = \(state.rawValue) ORDER BY place LIMIT ?"
        ).each([.integer(Int64(limit))]) { found.append(try entry($0)) }
        return found
    }

    /// What was entered together, oldest first.
    static func entries(
        _ db: Database, of transaction: TransactionID, in incarnation: Int64
    ) throws -> [LogEntry] {
        var found: [LogEntry] = []
        try SQL(db, "SELECT \(entryColumns) FROM sync_change WHERE incarnation = ? AND txn = ? ORDER BY n")
            .each([.integer(incarnation), .id(transaction)]) { found.append(try entry($0)) }
        return found
    }

    /// All of a record's own changes, oldest first.
    static func entries(_ db: Database, of record: RecordID) throws -> [LogEntry] {
        var found: [LogEntry] = []
        try SQL(db, "SELECT \(entryColumns) FROM sync_change WHERE record = ? ORDER BY place")
            .each([.id(record)]) { found.append(try entry($0)) }
        return found
    }

    /// The changes that made records of a table, oldest first.
    static func made(_ db: Database, in table: String) throws -> [LogEntry] {
        var found: [LogEntry] = []
        try SQL(db, "SELECT \(entryColumns) FROM sync_change WHERE creates = 1 AND tbl = ? ORDER BY place")
            .each([.text(table)]) { found.append(try entry($0)) }
        return found
    }

    /// The changes that made records of whatever table, oldest first.
    static func made(_ db: Database) throws -> [LogEntry] {
        var found: [LogEntry] = []
        try SQL(db, "SELECT \(entryColumns) FROM sync_change WHERE creates = 1 ORDER BY place")
            .each([]) { found.append(try entry($0)) }
        return found
    }

    /// The hash of an incarnation's chain at a number; all zero before the first.
    static func hash(_ db: Database, _ head: LogHead, at n: UInt64) throws -> ChainHash {
        if n == head.newest { return head.hash }
        guard n > 0 else { return .zero }
        guard let entry = try entry(db, head.place, n) else { throw Failures.damaged }
        return entry.hash
    }

    /// Writes what became of a change.
    static func judge(_ db: Database, _ entry: LogEntry) throws {
        try SQL(
            db,
            """
            UPDATE sync_change SET state = ?, effective = ?, estimated = ?, code = ?, reason = ?,
                withdrawn = ?, withdrawn_why = ?
            WHERE place = ?
            """
        ).run(
            .integer(entry.state.rawValue), .optional(entry.effective?.microseconds),
            entry.effective.map { .flag($0.isEstimated) } ?? .null, .optional(entry.refusal?.code),
            .optional(entry.refusal?.reason), .optional(entry.withdrawal?.microseconds),
            .optional(entry.withdrawal?.reason), .integer(entry.place))
    }

    static func remove(_ db: Database, place: Int64) throws {
        try SQL(db, "DELETE FROM sync_change WHERE place = ?").run(.integer(place))
    }

    /// The records over which something open is shown.
    static func openRecords(_ db: Database) throws -> Set<RecordID> {
        var found = Set<RecordID>()
        try SQL(db, "SELECT record FROM sync_change WHERE state IN (0, 3)").each([]) {
            found.insert(try $0.id(0))
        }
        return found
    }

    private static func entry(_ row: SQL) throws -> LogEntry {
        guard let hash = ChainHash(row.blob(6)), let state = LogEntry.State(rawValue: row.integer(7))
        else { throw Failures.damaged }
        return LogEntry(
            place: row.integer(0), incarnation: row.integer(1), n: row.word(2),
            record: try row.id(3), creates: row.integer(4) != 0, bytes: row.blob(5), hash: hash,
            state: state,
            effective: row.optionalInteger(8).map {
                EffectiveTime(microseconds: $0, isEstimated: row.integer(9) != 0)
            },
            refusal: row.optionalText(10).map { Refusal(code: $0, reason: row.text(11)) },
            withdrawal: row.optionalInteger(12).map {
                OwnWithdrawal(microseconds: $0, reason: row.text(13))
            })
    }
}

extension LogEntry {
    /// The state as it is told to people.
    var outcome: OwnOutcome {
        switch state {
        case .waiting: .waiting
        case .applied: .applied
        case .conflict: .conflict
        case .quarantined: .quarantined(refusal ?? Refusal(code: "unknown", reason: ""))
        case .withdrawn: .withdrawn
        case .withdrawing: .withdrawing
        case .released: .released
        case .taken: .taken
        }
    }
}
