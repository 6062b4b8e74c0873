import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct EscalationAcknowledge: Verb {
    static let configuration = CommandConfiguration(
        commandName: "acknowledge",
        abstract: "Take an escalation up, and say what you do about it.",
        discussion: """
            Example: porchlight escalation acknowledge 4be1a0c2 "visiting this afternoon"
            """)

    @Argument(help: "Its id, or the end of it.")
    var escalation: String

    @Argument(help: "What you do about it.")
    var response: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let view = try desk.record(escalation, in: "escalation")
        let replica = try desk.replica()
        if let by = view["acknowledged_by"].text {
            throw SyncError(
                .nothing, "\(by) has taken this up already", means: "nothing was recorded",
                advice: "porchlight escalation show \(view.id.short)")
        }
        if let void = Voiding.sentence(view, desk.time) {
            throw SyncError(
                .nothing, "this escalation does not count. \(void)", means: "nothing was recorded",
                advice:
                    "porchlight escalation show \(view.id.short); if it matters all the same, escalate it anew"
            )
        }
        if let response, response.trimmed.isEmpty {
            throw SyncError(
                .badValue, "the answer is empty", means: "nothing was recorded",
                advice: "say what you do about it, or leave it out: it cannot be added later")
        }
        let writes = try Writes(
            "escalation", over: view,
            [
                "acknowledged_by": .text(try desk.enrolment().staff),
                "acknowledged_at": .integer(desk.time.now), "response": .typed(response),
            ])
        try replica.edit { edit in try edit.write(view.id, writes.registers) }
        guard let after = try replica.view(view.id), let row = Escalation(after) else { return }
        let delivery = try Delivery(of: view.id, in: replica)
        let people = People(replica)
        let time = desk.time
        try desk.show(people.json(after).adding("delivery", delivery.json)) { page in
            EscalationReadBack.show(
                row, delivery, nil, who: try people.name(row.participant), on: &page, time)
            page.line(
                "Whoever saw it learns of this after the next sync of this laptop and of theirs.", .faint)
        }
    }
}
