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
    private let marks: [Mark]
    private let void: [Value]
    private let me: String
    private let now: Int64

    /// What becomes of the void mark of one answer.
    private struct Mark {
        let record: RecordID
        let author: String
        let isKept: Bool
        /// The decisions about it that are open again: all of them are answered.
        let open: [Decision]
        let told: Set<String>
    }

    private static let reason = "on the list of this session twice"

    /// `nil` where there are not several.
    init?(_ lines: [SessionRoll.Line], status: String, at desk: Desk) throws {
        guard lines.count > 1, let kept = lines.first(where: { $0.row.status == status }) ?? lines.first
        else { return nil }
        let replica = try desk.replica()
        let ids = lines.map(\.row.id)
        let open = try OpenConflicts.chains(in: replica, about: ids).open(register: "void")
        let me = try desk.enrolment().staff
        self.kept = kept
        self.me = me
        now = desk.time.now
        void = try Voiding.mark(Self.reason, at: desk).first?.values ?? []
        marks = try ids.compactMap { id in
            let anew = open.filter { $0.subject == id }
            let isKept = id == kept.row.id
            // Of the one that stays nothing is decided, unless something about it waits.
            if isKept, anew.isEmpty { return nil }
            let author = try replica.siblings(id, of: "status").first?.change.author ?? ""
            let asked = try Contest.concerned(by: anew.filter(\.isContested), in: replica)
            return Mark(
                record: id, author: author, isKept: isKept, open: anew,
                told: Set([author] + asked).subtracting([me, ""]))
        }
        told = Set(marks.flatMap(\.told)).sorted()
    }

    /// `, and the other answer is void`
    var words: String { ", and the other \(voided == 1 ? "answer is" : "answers are") void" }

    private var voided: Int { marks.count { !$0.isKept } }

    /// Writes the void marks, the decisions and the notices.
    mutating func write(to edit: Edit) throws {
        let nothing = void.map { _ in Value.none }
        for mark in marks {
            let after = mark.isKept ? nothing : void
            try edit.write(mark.record, [RegisterWrite("void", after)])
            let answered = mark.open.isEmpty ? [nil] : mark.open.map { Optional($0.id) }
            for (place, answers) in answered.enumerated() {
                let decision = DecisionRecord(
                    kind: .resolve, subject: mark.record, register: "void",
                    other: mark.isKept ? nil : kept.row.id, answers: answers, by: me, at: now,
                    reason: Self.reason,
                    before: DecidedValue.text([
                        DecidedValue(author: mark.author, effective: nil, values: nothing)
                    ]), after: DecidedValue.text([DecidedValue(author: me, effective: nil, values: after)]))
                made.append(try decision.write(to: edit, telling: place == 0 ? mark.told.sorted() : []))
            }
        }
    }
}
