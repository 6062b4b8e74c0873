import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct EscalationVoid: Verb {
    static let configuration = CommandConfiguration(
        commandName: "void",
        abstract: "Say that an escalation does not count, and why.",
        discussion: """
            Nothing is erased: it stays readable, marked as void, and nobody is asked to take it up any more. Whoever \
            was told learns of that after the next sync of this laptop and of theirs; if they were phoned, phone again. \
            Whoever else raised it or took it up has a notice with the reason, and can ask for another look.

            Example: porchlight escalation void 4be1a0c2 --reason "recorded for the wrong person"
            """)

    @Argument(help: "Its id, or the end of it.")
    var escalation: String

    @Option(help: "Why it should not count.")
    var reason: String

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let view = try desk.record(escalation, in: "escalation")
        let replica = try desk.replica()
        guard view["voided_at"].isNone else {
            throw Voiding.already("escalation", show: "porchlight escalation show \(view.id.short)")
        }
        let mark = try Voiding.mark(reason, at: desk)
        let decision = try Voiding.decision(mark, of: view, at: desk)
        var made: RecordID?
        try replica.edit { edit in
            try edit.write(view.id, mark)
            made = try decision.map { try $0.record.write(to: edit, telling: $0.told) }
        }
        guard let after = try replica.view(view.id), let row = Escalation(after) else { return }
        let delivery = try Delivery(of: view.id, in: replica)
        let void = try Delivery(ofVoiding: after, in: replica)
        let people = People(replica)
        let time = desk.time
        let told = decision?.told ?? []
        try desk.show(
            people.json(after).adding("delivery", delivery.json).adding("void_delivery", void.json)
                .adding("decision", .optional(made?.text)).adding("told", .told(told))
        ) { page in
            page.line("Void now, and kept:", .good)
            EscalationReadBack.show(
                row, delivery, void, who: try people.name(row.participant), on: &page, time)
            page.told(told)
            if let made { page.wayBack(WayBack(undoing: [made], at: desk)) }
        }
    }
}
