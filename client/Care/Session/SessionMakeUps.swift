import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct SessionMakeUps: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "makeups",
        abstract: "List who has a session to make up, the longest waiting first.",
        discussion: """
            Example: porchlight session makeups
            """)

    @Option(help: "Only of this peer's caseload.")
    var peer: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let replica = try desk.replica()
        let due = try Needs.makeUps(peer: try peer.map(desk.staffCode), in: replica)
        let people = People(replica)
        let complete = try desk.completeness()
        try desk.show(["make_ups": .list(due.map { try Needs.json($0, people) })]) { page in
            guard !due.isEmpty else {
                page.line("Nobody has a session to make up.")
                page.line(complete, .faint)
                return
            }
            page.table(
                ["participant", "session", "missed on", "why"],
                try due.map { row in
                    [
                        Page.Cell(try people.name(row.participant)), Page.Cell(String(row.number)),
                        Page.Cell(row.missed.friendly), Page.Cell(row.status.spaced),
                    ]
                })
            page.line(complete, .faint)
        }
    }
}
