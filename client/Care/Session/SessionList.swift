import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct SessionList: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List sessions and who came, the latest first.",
        discussion: """
            Those who came and those who missed it are named by their codes; `porchlight session show` has their names.

            Example: porchlight session list --since 2026-11-01
            """)

    @Option(help: "Only from this day on.")
    var since: String?

    @Option(help: "Only of this peer.")
    var peer: String?

    @Option(help: "How many at the most.")
    var limit = 30

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit must be 1 or more") }
    }

    func run(at desk: Desk) throws {
        var conditions: [Query.Condition] = []
        if let peer { conditions.append(.equals("peer", .text(try desk.staffCode(peer)))) }
        if let since {
            let day = try desk.day(since)
            conditions.append(.atLeast("start_at", .integer(try desk.time.instant(day, minute: 0))))
        }
        let replica = try desk.replica()
        let found = try replica.find(
            Query(
                "session", where: conditions, order: [Query.Order("start_at", descending: true)], limit: limit
            ))
        let people = People(replica)
        let rolls = try found.map { try SessionRoll(of: $0, people, in: replica) }
        let time = desk.time
        try desk.show(
            [
                "sessions": .list(
                    try zip(found, rolls).map { view, roll in
                        JSON(view).adding("attendance", try roll.json(people))
                    })
            ]
        ) { page in
            guard !found.isEmpty else {
                page.line("No sessions fit.")
                return
            }
            page.table(
                ["id", "when", "session", "peer", "site", "came", "missed"],
                zip(found, rolls).compactMap { view, roll -> [Page.Cell]? in
                    guard let row = Session(view) else { return nil }
                    let name = row.number.map { "\($0)\(row.makesUp == nil ? "" : " (make-up)")" }
                    return [
                        Page.Cell(row.id.short, .faint), Page.Cell(time.text(of: row.start)),
                        Page.Cell(name ?? row.activity?.spaced ?? ""), Page.Cell(row.peer),
                        Page.Cell(row.site),
                        row.counts ? Page.Cell(roll.came) : Page.Cell("VOID", .warning),
                        Page.Cell(row.counts ? roll.missed : ""),
                    ]
                })
        }
    }
}
