import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct Reopen: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Ask for another look at a decision.",
        discussion: """
            The conflict is open again, with the value that was not kept beside the one that is shown, until somebody \
            decides it anew. `porchlight notices` names the decision.

            Example: porchlight reopen 7c0d11e9 --reason "she gave me the number herself"
            """)

    @Argument(help: "The decision, as a notice names it.")
    var decision: String

    @Option(help: "Why somebody should look again.")
    var reason: String

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let reason = try SyncError.reason(reason)
        let view = try desk.record(decision, in: "decision")
        guard let decision = Decision(view) else {
            throw SyncError(.nothing, "this is no decision", means: "nothing was changed")
        }
        let replica = try desk.replica()
        let answers = try OpenConflicts.decisions(in: replica, answering: decision.id)
        guard !decision.isContested || !answers.isEmpty else {
            throw SyncError(
                .nothing, "\(decision.contestedBy ?? "somebody") asked for another look already",
                means: "nothing was changed", advice: "it waits in `porchlight conflicts`")
        }
        if answers.contains(where: { $0.kind != .undo }) {
            throw SyncError(
                .nothing, "this was decided anew since", means: "nothing was changed",
                advice: "`porchlight conflicts export` has the newer decision; reopen that one")
        }
        let me = try desk.enrolment().staff
        let writes = try Writes(
            "decision", over: view,
            [
                "contested_by": .text(me), "contested_at": .integer(desk.time.now),
                "contest_reason": .text(reason),
            ])
        try replica.edit { edit in try edit.write(view.id, writes.registers) }
        var teller = ChangeTeller(desk)
        let title = try replica.view(decision.subject).map { try teller.title($0.table.name, $0.id) }
        desk.show([
            "decision": .text(decision.id.text), "record": .text(decision.subject.text),
            "contested_by": .text(me),
        ]) { page in
            page.line("open again: \(title ?? "the record")", .good)
            page.line("It waits in `porchlight conflicts` until somebody decides it anew.", .faint)
        }
    }
}
