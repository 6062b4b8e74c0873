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
    /// Whose answer is void, by staff code, sorted; and where people had kept different ones apart all of these.
    let told: [String]
    /// Whether people had kept different ones apart: then that is decided by it too.
    let isApart: Bool
    private let marks: [Mark]
    private let me: String
    private let now: Int64

    /// What becomes of the void mark of one answer.
    fileprivate struct Mark {
        let record: RecordID
        let isKept: Bool
        /// What stood there, and what stands from now on.
        let before: [DecidedValue]
        let after: [Value]
        /// The decisions about it that are open again, or were made apart: all of them are answered.
        let answering: [(RecordID?, besides: [RecordID])]
        let told: Set<String>
    }

    private static let reason = "on the list of this session twice"

    /// `nil` where there are not several.
    ///
    /// - Parameters:
    ///   - standing: what counts of somebody at a session.
    ///   - apart: what people had kept apart of the same.
    init?(_ standing: [SessionRoll.Line], apart: [SessionRoll.Line], status: String, at desk: Desk) throws {
        let known = Set(standing.map(\.row.id))
        let lines = (standing + apart.filter { !known.contains($0.row.id) })
            .sorted { $0.row.id < $1.row.id }
        guard lines.count > 1, let kept = lines.first(where: { $0.row.status == status }) ?? lines.first
        else { return nil }
        let replica = try desk.replica()
        let chains = try OpenConflicts.chains(in: replica, about: lines.map(\.row.id))
        let me = try desk.enrolment().staff
        let void = try Voiding.mark(Self.reason, at: desk).first?.values ?? []
        let doubtful = Set(apart.map(\.row.id))
        self.kept = kept
        self.me = me
        now = desk.time.now
        isApart = !apart.isEmpty
        marks = try lines.compactMap { line in
            let id = line.row.id
            let isKept = id == kept.row.id
            let anew = chains.standing(.register(id, "void")).filter {
                doubtful.contains(id) || chains.isOpen($0)
            }
            // Of the one that stays nothing is decided, unless something about it waits.
            if isKept, anew.isEmpty { return nil }
            return try Mark(
                id, isKept: isKept, answering: anew, isApart: doubtful.contains(id), void: void, besides: me,
                at: desk)
        }
        told = Set(marks.flatMap(\.told)).sorted()
    }

    /// `, and the other answer is void`
    var words: String { ", and the other \(voided == 1 ? "answer is" : "answers are") void" }

    private var voided: Int { marks.count { !$0.isKept } }

    /// Writes the void marks, the decisions and the notices.
    mutating func write(to edit: Edit) throws {
        for mark in marks {
            try edit.write(mark.record, [RegisterWrite("void", mark.after)])
            for (place, answer) in mark.answering.enumerated() {
                let decision = DecisionRecord(
                    kind: .resolve, subject: mark.record, register: "void",
                    other: mark.isKept ? nil : kept.row.id, answers: answer.0, by: me, at: now,
                    reason: Self.reason, before: DecidedValue.text(mark.before),
                    after: DecidedValue.text([
                        DecidedValue(author: me, effective: nil, values: mark.after)
                    ]), besides: answer.besides)
                made.append(try decision.write(to: edit, telling: place == 0 ? mark.told.sorted() : []))
            }
        }
    }
}

extension TwiceOnListChoice.Mark {
    /// - Parameters:
    ///   - anew: the decisions about it that are answered.
    ///   - isApart: whether people had kept it and voided it apart: what voids it stands there already, and whoever voided it,
    ///     and whoever decided so, is told what became of it.
    fileprivate init(
        _ id: RecordID, isKept: Bool, answering anew: [Decision], isApart: Bool, void: [Value],
        besides me: String, at desk: Desk
    ) throws {
        let replica = try desk.replica()
        let nothing = void.map { _ in Value.none }
        let author = try replica.siblings(id, of: "status").first?.change.author ?? ""
        let marks = try replica.siblings(id, of: "void")
        record = id
        self.isKept = isKept
        self.answering = try DecisionRecord.answering(anew.map(\.id), at: desk)
        guard isApart else {
            before = [DecidedValue(author: author, effective: nil, values: nothing)]
            after = isKept ? nothing : void
            let asked = try Contest.concerned(by: anew, in: replica)
            told = Set([author] + asked).subtracting([me, ""])
            return
        }
        let maker = try replica.siblings(id, of: "what").first?.change.author ?? ""
        before = marks.map { mark in
            DecidedValue(
                author: mark.values == nothing ? maker : mark.change.author,
                effective: mark.change.effective?.microseconds, values: mark.values)
        }
        let standing = marks.first { $0.values != nothing }?.values
        after = isKept ? nothing : standing ?? void
        let concerned = try Contest.concerned(by: anew, in: replica)
        told = Set([author, maker] + marks.map(\.change.author) + concerned).subtracting([me, ""])
    }
}
