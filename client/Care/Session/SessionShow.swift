import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct SessionShow: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one session whole: who came, who did not, what was written down.",
        discussion: """
            Example: porchlight session show 4be1a0c2
            """)

    @Argument(help: "Its id, or the end of it.")
    var session: String

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let view = try desk.record(session, in: "session")
        let replica = try desk.replica()
        let people = People(replica)
        let roll = try SessionRoll(of: view, people, in: replica)
        let clashes = try SideBySide.all(of: [view], in: replica)
        // What was kept apart is said with the list, and how it is settled.
        let apart = Set(roll.apart.flatMap(\.lines).map(\.line.row.id))
        let others = try SideBySide.all(of: roll.views, in: replica).filter {
            $0.register != "void" || !apart.contains($0.record.id)
        }
        let me = try desk.enrolment().staff
        let complete = try desk.completeness()
        let time = desk.time
        try desk.show(
            JSON(view).adding("attendance", roll.json(people)).adding("clashes", .list(clashes.map(\.json)))
        ) { page in
            SessionReadBack.show(view, roll, me: me, on: &page, time)
            for clash in clashes { try clash.show(on: &page, time) }
            for clash in others {
                let name = try clash.record["participant"].reference.map(people.name) ?? ""
                try clash.show(on: &page, time, of: "the attendance of \(name)")
            }
            page.line(complete, .faint)
        }
    }
}
