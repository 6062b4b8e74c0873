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
        try check(decision, desk)
        let me = try desk.enrolment().staff
        let writes = try Writes(
            "decision", over: view,
            [
                "contested_by": .text(me), "contested_at": .integer(desk.time.now),
                "contest_reason": .text(reason),
            ])
        try replica.edit { edit in try edit.write(view.id, writes.registers) }
        var teller = ChangeTeller(desk)
        let title =
            try replica.view(decision.subject).map { try teller.title($0.table.name, $0.id) } ?? "the record"
        let asking = try OpenConflicts(in: replica).asking(about: [decision])
        desk.show([
            "decision": .text(decision.id.text), "record": .text(decision.subject.text),
            "contested_by": .text(me), "asked": .optional(asking?.name),
        ]) { page in
            guard let asking else {
                page.line("noted: \(title)", .good)
                page.line("What was decided about is not on this laptop as it was, so nothing is asked here.")
                return
            }
            page.line("open again: \(title)", .good)
            page.line(
                "It waits until somebody decides it anew: porchlight conflicts show \(asking.name)", .faint)
        }
    }

    /// Whether there is anything to look at again: not where it waits already, nor where it was decided anew.
    private func check(_ decision: Decision, _ desk: Desk) throws {
        let about = [decision.subject, decision.other].compactMap { $0 }
        let chains = try OpenConflicts.chains(in: desk.replica(), about: about)
        if let newer = chains.newer(than: decision) {
            // Decided apart from it, and not since: then it waits as it is.
            if chains.closer(of: decision) == nil,
                let asking = try OpenConflicts(in: desk.replica()).asking(about: [decision])
            {
                guard chains.areApart(newer, decision) else {
                    throw SyncError(
                        .nothing,
                        "\(newer.by) decided about it again \(desk.time.ago(newer.at)), and it is being asked",
                        means: "nothing was changed", advice: "porchlight conflicts show \(asking.name)")
                }
                throw SyncError.beingAsked(asking)
            }
            throw SyncError(
                .nothing, "this was decided anew since by \(newer.by) \(desk.time.ago(newer.at))",
                means: "nothing was changed",
                advice: chains.isOpen(newer)
                    ? "it is open again: \(try Self.asking(newer, desk))"
                    : "if that is wrong: porchlight reopen \(newer.id.short) --reason \"…\"")
        }
        guard !chains.isClosed(decision) else {
            throw SyncError(
                .nothing, "this was decided anew since, and by whom is not on this laptop",
                means: "nothing was changed", advice: "ask a supervisor or an administrator about it")
        }
        guard decision.kind != .undo else {
            throw SyncError(
                .nothing, "this took a decision back, and that one is open", means: "nothing was changed",
                advice: try Self.asking(chains.answered(by: decision) ?? decision, desk))
        }
        guard !decision.isContested else {
            throw SyncError(
                .nothing,
                "\(decision.contestedBy ?? "somebody") asked for another look already, and it is open",
                means: "nothing was changed", advice: try Self.asking(decision, desk))
        }
        if let undo = chains.undos(of: decision).last,
            let asking = try OpenConflicts(in: desk.replica()).asking(about: [decision])
        {
            throw SyncError(
                .nothing, "\(undo.by) took it back, and it is open", means: "nothing was changed",
                advice: "porchlight conflicts show \(asking.name)")
        }
    }

    /// The command that shows what asks about a decision that is open.
    private static func asking(_ decision: Decision, _ desk: Desk) throws -> String {
        try OpenConflicts(in: desk.replica()).asking(about: [decision])
            .map { "porchlight conflicts show \($0.name)" } ?? "it waits in `porchlight conflicts`"
    }
}

extension SyncError {
    /// What somebody decided was decided otherwise by people who did not know of it, and waits for a decision.
    static func beingAsked(_ conflict: Conflict) -> SyncError {
        SyncError(
            .nothing, "this was decided otherwise by somebody who did not know of it, and is being asked",
            means: "nothing was changed, and what each of you decided is kept",
            advice: "porchlight conflicts show \(conflict.name)")
    }
}
