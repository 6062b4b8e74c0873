import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct CheckInList: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List check-ins, the latest first.",
        discussion: """
            Example: porchlight checkin list P0142 --since mon
            """)

    @Argument(help: "Code, name or id of a participant; otherwise everybody on this laptop.")
    var participant: String?

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
        if let participant {
            conditions.append(try desk.replica().isAbout(try desk.participant(participant).id))
        }
        if let peer { conditions.append(.equals("peer", .text(try desk.staffCode(peer)))) }
        if let since {
            let day = try desk.day(since)
            conditions.append(.atLeast("start_at", .integer(try desk.time.instant(day, minute: 0))))
        }
        let replica = try desk.replica()
        let query = Query(
            "check_in", where: conditions, order: [Query.Order("start_at", descending: true)], limit: limit)
        let found = try replica.find(query)
        let count = try replica.count(Query("check_in", where: conditions))
        let people = People(replica)
        let time = desk.time
        let parted = try RecordedWhile.all(of: found, in: replica)
        let json = try found.map { view in
            try people.json(view).adding("recorded_while", parted[view.id]?.json ?? .null)
        }
        try desk.show(["check_ins": .list(json), "count": .count(count)]) { page in
            guard !found.isEmpty else {
                page.line("No check-ins fit.")
                return
            }
            page.table(
                ["id", "when", "participant", "peer", "how", "what we did", "next step"],
                try found.compactMap { CheckIn($0) }.map { row in
                    [
                        Page.Cell(row.id.short, .faint), Page.Cell(time.text(of: row.start)),
                        Page.Cell(
                            try people.name(row.participant)
                                + (parted[row.id] == nil ? "" : RecordedWhile.mark)),
                        Page.Cell(row.peer),
                        Page.Cell(row.mode?.spaced ?? ""),
                        row.voidedAt == nil
                            ? Page.Cell(TextWidth.cut(row.did ?? "", to: 44)) : Page.Cell("VOID", .warning),
                        Page.Cell(TextWidth.cut(row.nextStep ?? "", to: 30)),
                    ]
                })
            if let note = RecordedWhile.note(found.map(\.id).filter { parted[$0] != nil }) {
                page.line(note, .warning)
            }
            if count > found.count { page.line("\(found.count) of \(count); --limit shows more", .faint) }
        }
    }
}
