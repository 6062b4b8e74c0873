import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct Assign: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Hand a participant to a peer, or end that.",
        discussion: """
            A hand-over ends one stretch of working together and begins another; nothing is erased, and the \
            participant's records go along. Supervisors and administrators hand over from one peer to another. \
            A peer takes somebody on themselves (--to with their own code), and ends that (--end); to hand somebody \
            over they ask their supervisor, or send a referral: the other peer accepts it and takes them on, then \
            the first one ends it.

            Example: porchlight assign P0142 --to PS09 --from PS07
            Example: porchlight assign P0142 --end
            Example: porchlight referral add P0142 --to-peer PS09 --need "take over from me"
            """)

    @Argument(help: "Code, name or id of the participant.")
    var participant: String

    @Option(help: "Staff code of the peer who takes them on.")
    var to: String?

    @Option(help: "Staff code of the peer who hands them over.")
    var from: String?

    @Option(help: "How it came about: referral, own or team.")
    var basis: String?

    @Option(help: "Who decided, for a team decision.")
    var decidedBy: String?

    @Option(help: "From which day; otherwise today.")
    var on: String?

    @Flag(help: "End it, without anybody else.")
    var end = false

    @OptionGroup var confirm: ConfirmOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if end == (to != nil) { throw ValidationError("say either --to or --end") }
    }

    func run(at desk: Desk) throws {
        let person = try desk.participant(participant)
        let replica = try desk.replica()
        let day = try desk.began(on, yes: confirm.yes)
        let open = try replica.find(Query.openAssignments([replica.isAbout(person.id)]))
        let ending = try end || from != nil ? ending(open, person, desk) : []
        if !ending.isEmpty, day > desk.time.today {
            // Who holds what is decided by the records alone, which know no clock.
            throw SyncError(
                .badValue, "\(day.friendly) lies ahead, and an end takes effect as soon as it is synced",
                means: "nothing was recorded, and nobody has lost anybody from their laptop",
                advice:
                    "record it on that day; whoever begins can be given the person now: --to without --from")
        }
        var made: RecordID?
        let beginning = try to.map { try begin(person, $0, day, open, ending, desk) }
        try replica.edit { edit in
            for one in ending {
                try edit.write(one.id, Writes("assignment", over: one, ["to_date": .day(day)]).registers)
            }
            if let beginning { made = try edit.create("assignment", beginning.registers) }
        }
        let old = try ending.first.flatMap { try replica.view($0.id) }
        let new = try made.flatMap { try replica.view($0) }
        let people = People(replica)
        let time = desk.time
        try desk.show([
            "ended": try old.map(people.json) ?? .null, "begun": try new.map(people.json) ?? .null,
        ]) { page in
            if let peer = old?["peer"].text {
                page.line("Ended: \(person.label) with \(peer), \(time.said(day)).", .good)
            }
            if let row = new.flatMap({ Assignment($0) }) {
                page.line(
                    "Begun: \(person.label) with \(row.peer), \(time.said(row.from)) (\(row.basis.spaced)).",
                    .good)
                if row.from > time.today {
                    page.line(
                        "It begins later, but \(row.peer)'s laptop holds the records from the next sync on.",
                        .warning)
                }
                page.line(
                    "It takes effect on other laptops with the next sync of this one and of theirs.", .faint)
            }
        }
    }

    /// The stretches to end: with the peer that was named, or the only one there is. A person of several records may be
    /// on a caseload with each of them, and whoever hands them over hands all of that over; the record under which the
    /// person is shown comes first.
    private func ending(_ open: [RecordView], _ person: Participant, _ desk: Desk) throws -> [RecordView] {
        // A peer who has left the directory may still be named, so only the stretches themselves are asked.
        // A peer ends only their own.
        let code = try from?.trimmed ?? (desk.isRole(.peer) ? desk.enrolment().staff : nil)
        let fitting = open.filter { view in
            code.map { view["peer"].text?.lowercased() == $0.lowercased() } ?? true
        }
        guard !fitting.isEmpty else {
            let who = code ?? "anybody"
            throw SyncError(
                .nothing, "\(person.code) is not on the caseload of \(who), as far as this laptop knows",
                means: "nothing was recorded", advice: "porchlight participant show \(person.code)")
        }
        let peers = Set(fitting.compactMap { $0["peer"].text }).sorted()
        guard peers.count == 1 else {
            throw SyncError(
                .ambiguous, "\(person.code) is on several caseloads: \(peers.joined(separator: ", "))",
                means: "nothing was recorded",
                advice: "say which one with --from")
        }
        let isShown: (RecordView) -> Bool = { $0["participant"] == .reference(person.id) }
        return fitting.filter(isShown) + fitting.filter { !isShown($0) }
    }

    private func begin(
        _ person: Participant, _ to: String, _ day: CivilDate, _ open: [RecordView],
        _ ending: [RecordView], _ desk: Desk
    ) throws -> Writes {
        let staff = try desk.named(to, in: "staff")
        guard staff["role"].text == Role.peer.rawValue, let peer = staff["code"].text else {
            throw SyncError(
                .badValue, "a caseload is a peer specialist's, and \(Wording.label(of: staff)) is not one",
                means: "nothing was recorded", advice: "`porchlight staff list` shows the peers")
        }
        let me = try desk.enrolment().staff
        if try desk.isRole(.peer), peer != me {
            throw SyncError(
                .notPermitted, "a peer takes nobody on for another peer", means: "nothing was recorded",
                advice: "ask a supervisor, or: porchlight referral add \(person.code) --to-peer \(peer)")
        }
        let ends = Set(ending.map(\.id))
        let others = open.filter { $0["participant"] == .reference(person.id) && !ends.contains($0.id) }
        if others.contains(where: { $0["peer"].text == peer }) {
            throw SyncError(
                .nothing, "\(person.code) is on the caseload of \(peer) already",
                means: "nothing was recorded")
        }
        let usual = peer == me ? "own" : "team_decision"
        return try Writes(
            "assignment",
            [
                "participant": .reference(person.id), "peer": .text(peer),
                "basis": try .word(basis ?? usual, of: Words.bases, called: "basis"),
                "decided_by": .typed(decidedBy), "from_date": .day(day),
            ])
    }
}
