import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct EscalationList: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List escalations, open ones unless --all, the most urgent first.",
        discussion: """
            Example: porchlight escalation list
            """)

    @Argument(help: "Code, name or id of a participant; otherwise everybody on this laptop.")
    var participant: String?

    @Flag(help: "Those that were taken up or voided, too.")
    var all = false

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        var conditions: [Query.Condition] =
            all ? [] : [.isNone("acknowledged_at"), .isNone("voided_at")]
        if let participant {
            conditions.append(try desk.replica().isAbout(try desk.participant(participant).id))
        }
        let replica = try desk.replica()
        let found = try replica.find(
            Query("escalation", where: conditions, order: [Query.Order("seen_at", descending: true)]))
        let rows = found.compactMap { Escalation($0) }
        let ordered = Today.openEscalations(rows) + rows.filter { !$0.isOpen }
        let views = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
        let people = People(replica)
        let listed = try ordered.map { (row: $0, delivery: try Delivery(of: $0.id, in: replica)) }
        let time = desk.time
        try desk.show([
            "escalations": .list(
                try listed.compactMap { row, delivery in
                    try views[row.id].map { try people.json($0).adding("delivery", delivery.json) }
                })
        ]) { page in
            guard !listed.isEmpty else {
                page.line(all ? "No escalations." : "No open escalations.")
                return
            }
            page.table(
                ["", "id", "priority", "participant", "what was seen", "when", "told", "taken up"],
                try listed.map { row, delivery in
                    [
                        row.voidedAt == nil ? delivery.cell : Page.Cell("VOID", .warning),
                        Page.Cell(row.id.short, .faint), Page.Cell(row.priority),
                        Page.Cell(try people.name(row.participant)),
                        Page.Cell(TextWidth.cut(row.saw ?? "", to: 40)), Page.Cell(time.ago(row.seenAt)),
                        Page.Cell(row.toldWhom ?? ""),
                        Page.Cell(row.acknowledgedBy ?? (row.isOpen ? "open" : "")),
                    ]
                })
        }
    }
}
