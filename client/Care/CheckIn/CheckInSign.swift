import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct CheckInSign: Verb {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign a note. From then on it can be amended or voided, and never changed.",
        discussion: """
            To correct a signed note: porchlight checkin amend ID

            Example: porchlight checkin sign 4be1a0c2
            """)

    @Argument(help: "Its id, or the end of it.")
    var checkIn: String

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let view = try desk.record(checkIn, in: "check_in")
        guard view["signed_at"].isNone else {
            throw SyncError(
                .nothing, "this note is signed already", means: "nothing was changed",
                advice: "porchlight checkin show \(view.id.short)")
        }
        guard view["voided_at"].isNone else {
            throw SyncError(.nothing, "this check-in is void", means: "nothing was changed")
        }
        let replica = try desk.replica()
        let writes = try Writes("check_in", over: view, ["signed_at": .integer(desk.time.now)])
        // Signed is what was read: what comes in meanwhile becomes a conflict, in which the signed text stands.
        try replica.edit(token: try replica.token(for: view.id)) { edit in
            try edit.write(view.id, writes.registers)
        }
        guard let after = try replica.view(view.id) else { return }
        let people = People(replica)
        let me = try desk.enrolment().staff
        let time = desk.time
        try desk.show(people.json(after)) { page in
            page.line("Signed:", .good)
            let who = try after["participant"].reference.map(people.name) ?? ""
            CheckInReadBack.show(after, who: who, me: me, on: &page, time)
        }
    }
}
