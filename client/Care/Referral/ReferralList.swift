import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct ReferralList: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List referrals, open ones unless --all.",
        discussion: """
            One of which people said apart where it stands is open until somebody has decided, whatever is shown.

            Example: porchlight referral list --peer PS07
            """)

    @Argument(help: "Code, name or id of a participant; otherwise everybody on this laptop.")
    var participant: String?

    @Option(help: "Only those addressed to this peer.")
    var peer: String?

    @Option(help: "Only in this state: sent, accepted, visit_set, …")
    var status: String?

    @Flag(help: "Those that are over, too.")
    var all = false

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        var conditions: [Query.Condition] = []
        if let participant {
            conditions.append(try desk.replica().isAbout(try desk.participant(participant).id))
        }
        if let peer { conditions.append(.equals("to_peer", .text(try desk.staffCode(peer)))) }
        if let status {
            let words = ReferralState.allCases.map(\.rawValue)
            conditions.append(.equals("status", .text(try Words.find(status, in: words, called: "state"))))
        }
        let replica = try desk.replica()
        let newest = Query.Order("status_at", descending: true)
        let found =
            status == nil && !all
            ? try replica.openReferrals(conditions)
            : try replica.find(Query("referral", where: conditions, order: [newest]))
        let people = People(replica)
        let time = desk.time
        try desk.show(["referrals": .list(try found.map(people.json))]) { page in
            guard !found.isEmpty else {
                page.line("No referrals fit.")
                return
            }
            page.table(
                ["id", "participant", "from", "to", "stands", "since", "need"],
                try found.compactMap { Referral($0) }.map { row in
                    [
                        Page.Cell(row.id.short, .faint), Page.Cell(try people.name(row.participant)),
                        Page.Cell(row.fromStaff ?? row.fromTeam ?? ""),
                        Page.Cell(row.toPeer ?? row.toTeam ?? ""),
                        row.conflicts.isEmpty
                            ? Page.Cell(row.status.plain) : Page.Cell("\(row.status.plain), clash", .warning),
                        Page.Cell(row.statusAt.map { time.date(of: $0).text } ?? ""),
                        Page.Cell(TextWidth.cut(row.need ?? "", to: 36)),
                    ]
                })
        }
    }
}
