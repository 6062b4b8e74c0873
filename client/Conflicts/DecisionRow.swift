import PeerSupport
import SyncModel
import SyncReplica

/// A decision as the register has it.
struct DecisionRow {
    static let headers = [
        "decision_id", "kind", "table", "record", "record_name", "field", "before", "after", "decided_by",
        "decided_at", "reason", "answers", "contested_by", "contested_at", "contest_reason", "question_id",
        "participant", "participant_name",
    ]

    /// When, seconds since 1970.
    let at: Int64
    private let id: String
    private let kind: String
    private let table: String
    private let record: RecordID
    private let name: String
    private let register: String?
    private let before: String
    private let after: String
    private let by: String
    private let reason: String
    private let answers: String?
    private let contest: (by: String?, at: Int64?, reason: String?)
    /// The first decision about the same question; `nil` of what was decided about quarantine.
    private let question: String?
    /// Whose record it is, or whom it is about; `nil` of what is about nobody, or not on this laptop.
    private let participant: (id: RecordID, name: String)?

    /// A decision about a record, or several that are one answer. `nil` of none.
    ///
    /// - Parameter answered: those that it decides anew or takes back.
    init?(_ group: [Decision], _ chains: DecisionChains, answering answered: [RecordID], _ desk: Desk) throws
    {
        guard let decision = group.first else { return nil }
        // As in the columns beside them.
        var teller = ChangeTeller(desk, clock: .utc(now: desk.time.now, says: true))
        id = group.map(\.id.text).joined(separator: " | ")
        kind = decision.kind.rawValue
        record = decision.subject
        let view = try desk.replica().view(decision.subject)
        table = view?.table.name ?? ""
        name = table.isEmpty ? "not on this laptop any more" : try teller.title(table, decision.subject)
        register = decision.register
        let words = try DecidedWords(decision, in: table, chains, anew: answered, &teller)
        (before, after) = (words.before, words.after)
        by = decision.by
        at = decision.at
        reason = decision.reason
        // Where one of them was taken back, what had taken it back, each of several, stands between the two.
        let closed = answered.flatMap { id in
            let undos = chains[id].map { chains.undos(of: $0, before: decision).map(\.id) } ?? []
            return undos.isEmpty ? [id] : undos
        }
        answers = closed.isEmpty ? nil : closed.map(\.text).joined(separator: " | ")
        let wishes = try group.flatMap { try Contest.all(of: $0, in: desk.replica()) }
        contest = (
            wishes.isEmpty ? nil : wishes.map(\.by).joined(separator: " | "), wishes.compactMap(\.at).max(),
            wishes.isEmpty ? nil : wishes.map(\.reason).joined(separator: " | ")
        )
        question = chains.first(of: decision).text
        participant = try Self.participant(view, &teller)
    }

    /// A decision about a change in quarantine. It is named by its entry in the server's audit log.
    init(_ change: ClosedChange, _ desk: Desk) throws {
        var teller = ChangeTeller(desk)
        let decision = change.decision
        id = "\(decision.entry)"
        table = change.table
        record = change.record
        let view = try desk.replica().view(change.record)
        name = view == nil ? "not on this laptop" : try teller.title(table, change.record)
        register = nil
        let why = change.refusal.map { "refused: \($0.reason) (\($0.code))" } ?? "not judged"
        before = "change \(change.id) by \(change.staff) from \(change.device) | \(why)"
        (kind, after) =
            switch decision.closing {
            case .released: ("release", "part of the record")
            case .discarded: ("discard", "no part of any record")
            case .withdrawn: ("withdrawal", "taken back by its author")
            }
        by = decision.by
        at = floorSeconds(decision.at)
        reason = decision.reason
        answers = nil
        contest = (nil, nil, nil)
        question = nil
        participant = try Self.participant(view, &teller)
    }

    private static func participant(
        _ view: RecordView?, _ teller: inout ChangeTeller
    ) throws -> (id: RecordID, name: String)? {
        guard let view else { return nil }
        let id = view.table.name == "participant" ? view.id : view["participant"].reference
        return try id.map { (id: $0, name: try teller.known($0)) }
    }

    var cells: [String] {
        [
            id, kind, table, record.text, name, field, before, after, by, Instant.text(at), reason,
            answers ?? "", contest.by ?? "", contest.at.map { Instant.text($0) } ?? "", contest.reason ?? "",
            question ?? "", participant?.id.text ?? "", participant?.name ?? "",
        ]
    }

    /// The field for people. What was decided about a time is in no field: it names the change.
    private var field: String {
        guard let register else { return "" }
        return ConflictFinder.isClockTopic(register) ? "time of writing" : register
    }

    var json: JSON {
        [
            "decision": .text(id), "kind": .text(kind), "table": .text(table), "record": .text(record.text),
            "name": .text(name), "register": .optional(register), "before": .text(before),
            "after": .text(after), "decided_by": .text(by), "decided_at": .moment(at * 1_000_000),
            "reason": .text(reason), "answers": .optional(answers), "contested_by": .optional(contest.by),
            "contested_at": .moment(contest.at.map { $0 * 1_000_000 }),
            "contest_reason": .optional(contest.reason), "question": .optional(question),
            "participant": .optional(participant?.id.text), "participant_name": .optional(participant?.name),
        ]
    }
}
