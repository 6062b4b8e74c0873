import PeerSupport
import SyncModel
import SyncReplica

/// A decision as it is written.
struct DecisionRecord {
    var kind: DecisionKind
    var subject: RecordID
    var register: String?
    var other: RecordID?
    var answers: RecordID?
    var by: String
    var at: Int64
    var reason: String
    var before: String?
    var after: String?
    /// Others that it answers as well: they are marked as decided anew by it.
    var besides: [RecordID] = []

    /// Writes the decision and the notices of it.
    ///
    /// - Parameter theirs: of a decision about two records, the one that somebody works with, where it is not the subject:
    ///   the other may leave their laptop by it, and a notice about a record that has left says next to nothing.
    func write(to edit: Edit, telling staff: [String], about theirs: [String: RecordID] = [:]) throws
        -> RecordID
    {
        var writes = try Writes(
            "decision",
            [
                "kind": .text(kind.rawValue), "subject": .reference(subject), "decided_by": .text(by),
                "decided_at": .integer(at), "reason": .text(reason),
            ])
        writes.set("subject_register", register.map { .text($0) })
        writes.set("other", other.map { .reference($0) })
        writes.set("answers", answers.map { .reference($0) })
        writes.set("before", before.map { .text($0) })
        writes.set("after", after.map { .text($0) })
        let made = try edit.create("decision", writes.registers)
        try close(with: made, edit)
        for id in besides { try edit.write(id, [RegisterWrite("closed", [.reference(made)])]) }
        let whose = theirs.isEmpty ? nil : "redirect"
        for one in staff {
            var notice = try Writes(
                "notice",
                [
                    "to_staff": .text(one), "decision": .reference(made),
                    "subject": .reference(theirs[one] ?? subject), "at": .integer(at),
                ])
            notice.set("subject_register", (register ?? whose).map { .text($0) })
            _ = try edit.create("notice", notice.registers)
        }
        return made
    }

    /// Of several decisions that one answer closes, what each decision that is made then answers, and what it closes beside
    /// that: one for all, where whoever decides may mark the others, and otherwise one for each.
    static func answering(_ closed: [RecordID], at desk: Desk) throws -> [(RecordID?, besides: [RecordID])] {
        guard closed.count > 1 else { return [(closed.first, [])] }
        let role = try Role(rawValue: desk.enrolment().role)
        let mayMark =
            role.map { Permissions.standard.of($0, table: "decision", register: "closed").edit == .any }
            ?? false
        return mayMark ? [(closed[0], Array(closed.dropFirst()))] : closed.map { ($0, []) }
    }

    /// Decisions about two records lie with either of them, and whoever holds only one must see the end of what is asked
    /// there: so what this one closes with the other record is marked as closed, and what it closes with a third.
    private func close(with made: RecordID, _ edit: Edit) throws {
        guard let decision = try edit.view(made).flatMap({ Decision($0) }), decision.saysOne != nil else {
            return
        }
        for id in decision.closes {
            guard let closed = try edit.view(id).flatMap({ Decision($0) }), closed.closedBy == nil,
                closed.subject != subject || closed.other != other
            else { continue }
            try edit.write(id, [RegisterWrite("closed", [.reference(made)])])
        }
    }
}
