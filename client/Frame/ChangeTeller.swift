import PeerSupport
import SyncModel
import SyncReplica

/// Puts changes into plain words, naming participants by their codes. Remembers the names it has looked up.
struct ChangeTeller {
    private let desk: Desk
    private let clock: LocalTime?
    private var labels: [RecordID: String] = [:]

    /// - Parameter clock: in which times are said; without it as they are here.
    init(_ desk: Desk, clock: LocalTime? = nil) {
        self.desk = desk
        self.clock = clock
    }

    /// What a record is called: `P0142 Maria Lopez`, `check-in 4f2a90c1`.
    mutating func label(_ record: RecordID) throws -> String {
        if let known = labels[record] { return known }
        let view = try? desk.replica().view(record)
        let label = view.map { Wording.label(of: $0) } ?? record.short
        labels[record] = label
        return label
    }

    /// A record as it is shown; `nil` when it is not on this laptop.
    func view(_ record: RecordID) throws -> RecordView? { try desk.replica().view(record) }

    /// Of a change whose time was decided about what its laptop had said and when it counts as written; `nil` where it has
    /// been replaced since.
    func times(ofChange topic: String, in record: RecordID) throws -> (laptop: String, counts: String)? {
        let live = try desk.replica().state(record)?.live ?? []
        guard let change = live.first(where: { ConflictFinder.clockTopic($0) == topic }),
            let effective = change.effective
        else { return nil }
        let time = clock ?? desk.time
        return (
            time.text(of: floorSeconds(change.deviceMicroseconds)),
            time.text(of: floorSeconds(effective.microseconds))
        )
    }

    /// What a record is called, and of one that is not on this laptop that it is not.
    mutating func known(_ record: RecordID) throws -> String {
        try desk.replica().view(record) == nil ? "a record that is not on this laptop" : label(record)
    }

    /// `check-in 4f2a90c1: participant P0142 Maria Lopez, start 2026-03-02 14:30, …`
    mutating func summary(_ table: String, _ record: RecordID, _ writes: [RegisterWrite]) throws -> String {
        "\(try title(table, record)): \(try contents(table, writes))"
    }

    /// `check-in 4f2a90c1`, `participant P0142 Maria Lopez`
    mutating func title(_ table: String, _ record: RecordID) throws -> String {
        let label = try label(record)
        let kind = Wording.table(table)
        return label.hasPrefix(kind) ? label : "\(kind) \(label)"
    }

    /// A check-in with what it says: `check-in 4f2a90c1 (start 2026-03-02 14:30, minutes 25, what we did walked)`.
    mutating func checkIn(_ record: RecordID) throws -> String {
        guard let view = try desk.replica().view(record) else { return try known(record) }
        return "\(try label(record)) (\(try contents(view.table.name, ConflictText.writes(of: view))))"
    }

    /// `start 2026-03-02 14:30, minutes 25`
    mutating func contents(_ table: String, _ writes: [RegisterWrite]) throws -> String {
        let fields = try Wording.fields(writes, in: table, clock ?? desk.time) { try label($0) }
        if fields.isEmpty {
            return writes.map { Wording.emptied($0.register, in: table) }.joined(separator: ", ")
        }
        return fields.map { field in
            guard field.label == Wording.field(deletedRegister) else { return "\(field.label) \(field.text)" }
            return field.text == "no" ? "not deleted" : "deleted"
        }
        .joined(separator: ", ")
    }

    /// What became of a change of one's own, in plain words.
    static func words(_ outcome: OwnOutcome) -> String {
        switch outcome {
        case .waiting: "waits"
        case .applied: "confirmed"
        case .conflict: "confirmed, with a clash"
        case .quarantined(let refusal): "not taken: \(refusal.reason)"
        case .released: "not taken at first, then released by an administrator"
        case .withdrawn: "withdrawn"
        case .withdrawing: "withdrawn, not told to the server yet"
        case .taken: "confirmed; the record is no longer on this laptop"
        }
    }

    /// The same as a sentence. What the server says of a refusal ends with a full stop, as a rule.
    static func sentence(_ outcome: OwnOutcome) -> String {
        let words = words(outcome)
        return words.last == "." ? words : words + "."
    }

    /// The stable word for it.
    static func code(_ outcome: OwnOutcome) -> String {
        switch outcome {
        case .waiting: "waiting"
        case .applied: "applied"
        case .conflict: "conflict"
        case .quarantined: "quarantined"
        case .released: "released"
        case .withdrawn: "withdrawn"
        case .withdrawing: "withdrawing"
        case .taken: "taken"
        }
    }

    /// An entry of the outbox.
    static func json(_ entry: OutboxEntry, showsContent: Bool = true) -> JSON {
        [
            "number": .integer(entry.number), "table": .text(entry.table), "record": .text(entry.record.text),
            "author": .text(entry.author), "written": .moment(entry.writtenMicroseconds),
            "transaction": .optional(entry.transaction?.text), "offered": .flag(entry.wasOffered),
            "outcome": .text(code(entry.outcome)), "code": .optional(entry.refusal?.code),
            "reason": .optional(entry.refusal?.reason),
            "withdrawn": .moment(entry.withdrawal?.microseconds),
            "writes": JSON(showsContent ? entry.writes : [], in: entry.table),
        ]
    }
}
