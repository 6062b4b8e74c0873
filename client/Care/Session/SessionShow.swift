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
        let clashes = try SideBySide.all(of: view, in: replica)
        let others = try roll.views.flatMap { try SideBySide.all(of: $0, in: replica) }
        let me = try desk.enrolment().staff
        let complete = try desk.completeness()
        let time = desk.time
        try desk.show(
            JSON(view).adding("attendance", roll.json(people)).adding("clashes", .list(clashes.map(\.json)))
        ) { page in
            SessionReadBack.show(view, roll, me: me, on: &page, time)
            for clash in clashes + others { try clash.show(on: &page, time) }
            page.line(complete, .faint)
        }
    }
}
