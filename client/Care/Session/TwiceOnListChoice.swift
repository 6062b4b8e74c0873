import PeerSupport
import SyncModel
import SyncReplica

/// Of several answers about one person on a session's list one stays, and the others are void. Each that is void by it has
/// a decision of its own, which can be taken back, and its author is told.
struct TwiceOnListChoice {
    /// The one that stays: the first that says what is right, or otherwise the oldest, which is put right.
    let kept: SessionRoll.Line
    /// The decisions, once they are written.
    private(set) var made: [RecordID] = []
    /// Whose answer is void, by staff code, sorted.
    let told: [String]
    private let others: [Other]
    private let mark: [Value]
    private let me: String
    private let now: Int64

    private struct Other {
        let record: RecordID
        let author: String
        let answers: RecordID?
    }

    private static let reason = "on the list of this session twice"

    /// `nil` where there are not several.
    init?(_ lines: [SessionRoll.Line], status: String, at desk: Desk) throws {
        guard lines.count > 1, let kept = lines.first(where: { $0.row.status == status }) ?? lines.first
        else { return nil }
        let replica = try desk.replica()
        let rest = lines.map(\.row.id).filter { $0 != kept.row.id }
        // What was decided about one of them and is open again is answered by this.
        let open = try OpenConflicts.chains(in: replica, about: rest).open(register: "void")
        let me = try desk.enrolment().staff
        self.kept = kept
        self.me = me
        now = desk.time.now
        mark = try Voiding.mark(Self.reason, at: desk).first?.values ?? []
        others = try rest.map { id in
            Other(
                record: id, author: try replica.siblings(id, of: "status").first?.change.author ?? "",
                answers: open.last { $0.subject == id }?.id)
        }
        told = Set(others.map(\.author)).subtracting([me, ""]).sorted()
    }

    /// `, and the other answer is void`
    var words: String { ", and the other \(others.count == 1 ? "answer is" : "answers are") void" }

    /// Writes the void marks, the decisions and the notices.
    mutating func write(to edit: Edit) throws {
        for other in others {
            try edit.write(other.record, [RegisterWrite("void", mark)])
            let decision = DecisionRecord(
                kind: .resolve, subject: other.record, register: "void", other: kept.row.id,
                answers: other.answers, by: me, at: now, reason: Self.reason,
                before: DecidedValue.text([
                    DecidedValue(author: other.author, effective: nil, values: mark.map { _ in .none })
                ]),
                after: DecidedValue.text([DecidedValue(author: me, effective: nil, values: mark)]))
            made.append(
                try decision.write(to: edit, telling: Set([other.author]).subtracting([me, ""]).sorted()))
        }
    }
}
