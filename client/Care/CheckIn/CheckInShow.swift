import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct CheckInShow: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one check-in whole.",
        discussion: """
            Example: porchlight checkin show 4be1a0c2
            """)

    @Argument(help: "Its id, or the end of it.")
    var checkIn: String

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let view = try desk.record(checkIn, in: "check_in")
        let replica = try desk.replica()
        let people = People(replica)
        let clashes = try SideBySide.all(of: [view], in: replica)
        let me = try desk.enrolment().staff
        let time = desk.time
        let parted = try RecordedWhile(view, in: replica)
        let corrections = try CheckInCorrection.all(of: view, in: replica)
        try desk.show(
            try people.json(view).adding("clashes", .list(clashes.map(\.json)))
                .adding("recorded_while", parted?.json ?? .null)
                .adding("corrections", .list(corrections.map(\.json)))
        ) { page in
            let who = try view["participant"].reference.map(people.name) ?? ""
            CheckInReadBack.show(view, who: who, me: me, on: &page, time)
            for one in corrections { page.line(one.sentence(in: view.id, time)) }
            if let parted {
                var teller = ChangeTeller(desk)
                page.line(try parted.sentence(&teller, time), .warning)
            }
            for clash in clashes { try clash.show(on: &page, time) }
        }
    }
}
