import PeerSupport
import SyncModel
import SyncReplica

/// Takes a decision back: what had been shown before it stands again, and whoever decided is told.
struct Undoing {
    let desk: Desk

    /// Undoes the decision of this id.
    func undo(_ typed: String, reason: String) throws {
        let view = try desk.record(typed, in: "decision")
        guard let decision = Decision(view) else { throw Self.none("this is no decision") }
        let replica = try desk.replica()
        guard let subject = try replica.view(decision.subject), let token = try replica.token(for: subject.id)
        else {
            throw Self.none("what was decided is not on this laptop any more")
        }
        if try OpenConflicts.decisions(in: replica).contains(where: {
            $0.answers == decision.id && $0.kind == .undo
        }) {
            throw Self.none("this decision was taken back already")
        }
        let me = try desk.enrolment().staff
        let before = decision.before.map(DecidedValue.read) ?? []
        var made: RecordID?
        try replica.edit(token: token, resolving: true) { edit in
            try restore(decision, before, subject, edit)
            let record = DecisionRecord(
                kind: .undo, subject: subject.id, register: decision.register, other: decision.other,
                answers: decision.id, by: me, at: desk.time.now, reason: reason, before: decision.after,
                after: before.first.map { DecidedValue.text([$0]) })
            made = try record.write(to: edit, telling: [decision.by].filter { $0 != me })
        }
        var teller = ChangeTeller(desk)
        let title = try teller.title(subject.table.name, subject.id)
        let stands = try before.first.flatMap { first in
            try decision.register.map {
                try teller.contents(subject.table.name, [RegisterWrite($0, first.values)])
            }
        }
        desk.show([
            "record": .text(subject.id.text), "undone": .text(decision.id.text),
            "decision": .optional(made?.text), "stands": .optional(stands),
        ]) { page in
            page.line("taken back: \(title)\(stands.map { ": \($0) stands again" } ?? "")", .good)
        }
    }

    private func restore(
        _ decision: Decision, _ before: [DecidedValue], _ subject: RecordView, _ edit: Edit
    ) throws {
        switch decision.kind {
        case .resolve, .undo, .renumber:
            guard let register = decision.register, let first = before.first else {
                throw Self.none("what stood there before is not known here")
            }
            try edit.write(subject.id, [RegisterWrite(register, first.values)])
        case .merge:
            try edit.write(subject.id, [RegisterWrite("redirect", [.none, .none, .none])])
        case .unmerge, .distinct, .accept:
            throw Self.none("a decision of this kind is not taken back but made anew")
        }
    }

    private static func none(_ what: String) -> SyncError {
        SyncError(
            .nothing, what, means: "nothing was changed",
            advice: "`porchlight conflicts export` lists the decisions with their ids")
    }
}
