import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct EscalationShow: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one escalation: whether it was sent, who was told, who took it up.",
        discussion: """
            Example: porchlight escalation show 4be1a0c2
            """)

    @Argument(help: "Its id, or the end of it.")
    var escalation: String

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let view = try desk.record(escalation, in: "escalation")
        let replica = try desk.replica()
        let people = People(replica)
        let delivery = try Delivery(of: view.id, in: replica)
        let void = try Delivery(ofVoiding: view, in: replica)
        let clashes = try SideBySide.all(of: [view], in: replica)
        let time = desk.time
        try desk.show(
            people.json(view).adding("delivery", delivery.json).adding("void_delivery", void.json)
                .adding("clashes", .list(clashes.map(\.json)))
        ) { page in
            guard let row = Escalation(view) else { return }
            EscalationReadBack.show(
                row, delivery, void, who: try people.name(row.participant), on: &page, time)
            for clash in clashes { try clash.show(on: &page, time) }
        }
    }
}
