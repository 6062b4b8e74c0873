import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct CheckInVoid: Verb {
    static let configuration = CommandConfiguration(
        commandName: "void",
        abstract: "Say that a check-in does not count, and why.",
        discussion: """
            Nothing is erased: it stays readable, marked as void. Whoever else recorded it has a notice with the reason, and can \
            ask for another look. To correct one: porchlight checkin amend.

            Example: porchlight checkin void 4be1a0c2 --reason "recorded for the wrong person"
            """)

    @Argument(help: "Its id, or the end of it.")
    var checkIn: String

    @Option(help: "Why it should not count.")
    var reason: String

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let view = try desk.record(checkIn, in: "check_in")
        let replica = try desk.replica()
        guard view["voided_at"].isNone else {
            throw Voiding.already("check-in", show: "porchlight checkin show \(view.id.short)")
        }
        try Voiding.refuseIfAsked(view, in: replica)
        let mark = try Voiding.mark(reason, at: desk)
        let decision = try Voiding.decision(mark, of: view, at: desk)
        var made: RecordID?
        try replica.edit { edit in
            try edit.write(view.id, mark)
            made = try decision.map { try $0.record.write(to: edit, telling: $0.told) }
        }
        guard let after = try replica.view(view.id) else { return }
        let people = People(replica)
        let me = try desk.enrolment().staff
        let time = desk.time
        let told = decision?.told ?? []
        try desk.show(
            people.json(after).adding("decision", .optional(made?.text)).adding("told", .told(told))
        ) { page in
            page.line("Void now, and kept:", .good)
            let who = try after["participant"].reference.map(people.name) ?? ""
            CheckInReadBack.show(after, who: who, me: me, on: &page, time)
            page.told(told)
            if let made { page.wayBack(WayBack(undoing: [made], at: desk)) }
        }
    }
}
