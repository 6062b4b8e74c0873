import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct CheckInAmend: Verb {
    static let configuration = CommandConfiguration(
        commandName: "amend",
        abstract:
            "Correct a check-in, also a signed one: a new one takes its place, and the old one stays readable.",
        discussion: """
            What you do not name is taken over. The old check-in is void from then on, and the new one says which it \
            corrects. It is unsigned without --sign, also where the old one was signed. Whoever else recorded the old one has a \
            notice with the reason, and can ask for another look.

            Example: porchlight checkin amend 4be1a0c2 --did "walked to the clinic, not the pharmacy"
            """)

    @Argument(help: "The check-in to correct: its id, or the end of it.")
    var checkIn: String

    @Option(help: "What we did.")
    var did: String?

    @Option(help: "What they said; empty clears it.")
    var said: String?

    @Option(help: "The next step; empty clears it.")
    var next: String?

    @Option(help: "When it began.")
    var at: String?

    @Option(help: "How long it took.")
    var minutes: Int?

    @Option(help: "Why it is corrected.")
    var reason = VoidedCorrections.reason

    @Flag(help: "Sign the new one.")
    var sign = false

    @OptionGroup var confirm: ConfirmOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if did == nil, said == nil, next == nil, at == nil, minutes == nil {
            throw ValidationError("say what is to be corrected: --did, --said, --next, --at or --minutes")
        }
        if let minutes, !(0...1440).contains(minutes) {
            throw ValidationError("--minutes must lie between 0 and 1440")
        }
    }

    func run(at desk: Desk) throws {
        let old = try desk.record(checkIn, in: "check_in")
        guard old["voided_at"].isNone else {
            throw Voiding.already("check-in", show: "porchlight checkin show \(old.id.short)")
        }
        let me = try desk.enrolment().staff
        let new = try corrected(old, desk)
        let replica = try desk.replica()
        let correction = try CorrectionRecord(of: old, reason: reason, at: desk)
        var made: RecordID?
        var decision: RecordID?
        try replica.edit { edit in
            let id = try edit.create("check_in", new.registers)
            decision = try correction.write(to: edit, made: id)
            made = id
        }
        guard let view = try made.flatMap({ try replica.view($0) }) else { return }
        let people = People(replica)
        let time = desk.time
        try desk.show(
            people.json(view).adding("decision", .optional(decision?.text))
                .adding("told", .told(correction.told))
        ) { page in
            page.line("Corrected (\(view.id.short)); the old one (\(old.id.short)) is void now:", .good)
            let who = try view["participant"].reference.map(people.name) ?? ""
            CheckInReadBack.show(view, who: who, me: me, on: &page, time)
            page.signature(view, correcting: old)
            page.told(correction.told)
            if let decision { page.wayBack(WayBack(undoing: [decision], at: desk)) }
        }
    }

    /// The old one's fields with those that were named.
    private func corrected(_ old: RecordView, _ desk: Desk) throws -> Writes {
        var new = try Writes("check_in")
        let kept = [
            "participant", "peer", "activity", "mode", "site", "place_note", "did", "said", "next_step",
            "start_at", "end_at", "minutes",
        ]
        for field in kept where !old[field].isNone { new.set(field, old[field]) }
        new.set("amends", .reference(old.id))
        new.set("did", .typed(did))
        new.set("said", .typed(said))
        new.set("next_step", .typed(next))
        if sign { new.set("signed_at", .integer(desk.time.now)) }
        guard at != nil || minutes != nil else { return new }
        let start =
            try at.map { try desk.happened($0, yes: confirm.yes).instant } ?? old["start_at"].integer ?? 0
        let length = minutes.map { Int64($0) } ?? old["minutes"].integer
        new.set("start_at", .integer(start))
        new.set("end_at", length.map { .integer(start + $0 * 60) } ?? Value.none)
        new.set("minutes", length.map { .integer($0) } ?? Value.none)
        return new
    }
}

extension Page {
    /// That a check-in which corrects a signed one has to be signed itself, where it is not.
    mutating func signature(_ new: RecordView, correcting old: RecordView) {
        guard !old["signed_at"].isNone, new["signed_at"].isNone else { return }
        line(
            "The old one was signed, and the new one is not: porchlight checkin sign \(new.id.short)",
            .warning)
    }
}
