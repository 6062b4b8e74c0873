import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct SessionMakeUps: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "makeups",
        abstract: "List who missed a session and has not made it up, the longest waiting first.",
        discussion: """
            A session is made up by one that says so: `porchlight session record --make-up-of 6 --present P0190`. From \
            then on it is not listed any more.

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
                page.line("Nobody who missed a session has still to make it up.")
                page.line(complete, .faint)
                return
            }
            page.table(
                ["participant", "missed session", "on", "because"],
                try due.map { row in
                    [
                        Page.Cell(try people.name(row.participant)), Page.Cell(String(row.number)),
                        Page.Cell(row.missed.friendly), Page.Cell(row.status.spaced),
                    ]
                })
            if let first = due.first {
                page.line(
                    "Made up: porchlight session record --make-up-of \(first.number) --present CODE", .faint)
            }
            page.line(complete, .faint)
        }
    }
}
