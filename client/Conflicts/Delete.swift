import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct Delete: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Take a record away that should never have been made.",
        discussion: """
            For mistakes: somebody entered who does not exist, a referral on the wrong person. What happened and should \
            not count is voided instead, by the verb of its kind. Nothing is erased: `history` still has it, and what \
            somebody writes on the record without knowing of this becomes a conflict. `resolve --undo` takes it back.

            Example: porchlight delete P0191 --reason "entered by mistake, nobody of this name"
            """)

    @Argument(help: "The record: a participant's code or name, or the id of any record or its last digits.")
    var record: String

    @Option(help: "Why. Whoever wrote it will read it.")
    var reason: String

    @OptionGroup var confirm: ConfirmOptions
    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let reason = try SyncError.reason(reason)
        let replica = try desk.replica()
        let view = try desk.anyRecord(record)
        try check(view, desk)
        guard let state = try replica.state(view.id), let token = try replica.token(for: view.id) else {
            throw SyncError(.unknownRecord, "this record is not on this laptop", means: "nothing was deleted")
        }
        var teller = ChangeTeller(desk)
        let title = try teller.title(view.table.name, view.id)
        try desk.confirm(
            "Delete \(title)?", yes: confirm.yes || !desk.screen.isInteractive,
            doubt: SyncError(.nothing, "nothing was deleted"))
        let me = try desk.enrolment().staff
        let told = try Self.concerned(view, state, replica).subtracting([me]).sorted()
        let maker = state.live.first?.author ?? ""
        let caseload = try OpenCaseload(of: view.id, in: replica)
        var made: RecordID?
        do {
            try replica.edit(token: token) { edit in
                try edit.delete(view.id)
                try caseload.read(by: edit)
                let decision = DecisionRecord(
                    kind: .resolve, subject: view.id, register: deletedRegister, other: nil, answers: nil,
                    by: me, at: desk.time.now, reason: reason, before: Self.said(0, by: maker),
                    after: Self.said(1, by: me))
                made = try decision.write(to: edit, telling: told)
            }
        } catch let error as SyncError where error.code == .notPermitted {
            throw SyncError(
                .notPermitted, error.what, means: "nothing was deleted",
                advice: "ask \(desk.whoSettles(deletedRegister, of: view))")
        }
        guard let made else { throw SyncError(.internalFault, "the decision got no id") }
        desk.show([
            "record": .text(view.id.text), "decision": .text(made.text),
            "told": .told(told),
        ]) { page in
            page.line("deleted (\(made.short)): \(title)", .good)
            page.told(told)
            page.wayBack(WayBack(undoing: [made]))
        }
    }

    private static func said(_ deleted: Int64, by author: String) -> String {
        DecidedValue.text([DecidedValue(author: author, effective: nil, values: [.integer(deleted)])])
    }

    /// The verbs by which what happened is taken out of the count.
    private static let voids = [
        "check_in": "porchlight checkin void", "session": "porchlight session void",
        "escalation": "porchlight escalation void",
    ]

    /// What must not go this way: what is voided, what is part of the directory or of the record of decisions, and
    /// somebody about whom anything was recorded.
    private func check(_ view: RecordView, _ desk: Desk) throws {
        let table = view.table
        if let gone = try Deleted(view, at: desk) {
            var error = try gone.error(desk.time, means: "it is deleted already, and nothing was changed")
            error.code = .nothing
            throw error
        }
        if table.place(of: "voided_at") != nil {
            throw SyncError(
                .badValue, "\(Labels.aTable(table.name)) is voided, and not deleted",
                means: "nothing was deleted",
                advice: Self.voids[table.name].map { "\($0) \(view.id.short) --reason \"…\"" }
                    ?? "porchlight --help")
        }
        guard ["participant", "assignment", "enrollment", "referral", "consult"].contains(table.name) else {
            throw SyncError(
                .badValue, "\(Labels.aTable(table.name)) is not deleted", means: "nothing was deleted",
                advice: "what is out of use is ended with a date: porchlight staff --help")
        }
        if table.name == "participant",
            let refusal = try Dependents(of: view.id, in: desk.replica()).refusal("nothing was deleted")
        {
            throw refusal
        }
    }

    /// Whoever wrote in the record, and whoever has the person on their caseload.
    private static func concerned(_ view: RecordView, _ state: RecordState, _ replica: Replica) throws
        -> Set<String>
    {
        try Set(state.live.map(\.author) + OpenCaseload(of: view.id, in: replica).peers).subtracting([""])
    }
}
