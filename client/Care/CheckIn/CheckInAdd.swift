import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct CheckInAdd: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Record a check-in, in one line.",
        discussion: """
            Who and what are enough. Without --at it is now; with --minutes and without --at it has just ended. \
            What was recorded is read back.

            Example: porchlight checkin add P0142 "walked to the pharmacy, talked about sleep" \\
                       --at "yesterday 10:05" --minutes 25 --mode residence --next "call Friday"
            """)

    @Argument(help: "Code, name or id of the participant.")
    var participant: String

    @Argument(help: "What we did, in plain words.")
    var text: String

    @Option(help: "When it began: \"yesterday 10:05\", \"last friday 3pm\", \"2026-03-02 14:30\".")
    var at: String?

    @Option(help: "How long it took.")
    var minutes: Int?

    @Option(help: "phone, video, text, in_person; or residence, office, clinic, community.")
    var mode: String?

    @Option(help: "Code of the site.")
    var site: String?

    @Option(help: "What they said.")
    var said: String?

    @Option(help: "The next step.")
    var next: String?

    @Option(help: "walk, accompany, resources, … ; otherwise check_in.")
    var activity: String = "check_in"

    @Option(help: "The staff code of the peer, if not you.")
    var peer: String?

    @Option(help: "The check-in that this one corrects; it is voided.")
    var amends: String?

    @Flag(help: "Sign the note: from then on it can be amended or voided, not changed.")
    var sign = false

    @OptionGroup var confirm: ConfirmOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if let minutes, !(0...1440).contains(minutes) {
            throw ValidationError("--minutes must lie between 0 and 1440")
        }
    }

    func run(at desk: Desk) throws {
        try desk.mustRecord("check_in")
        let person = try desk.participant(participant)
        let replica = try desk.replica()
        let time = desk.time
        let moment = try start(of: person, desk)
        let old = try amends.map { try desk.record($0, in: "check_in") }
        if let twin = try DoubleEntry.find(
            of: person.id, at: moment.instant, except: old?.id, in: replica)
        {
            let when = "\(twin.peer) recorded one \(time.said(twin.start))"
            try desk.confirm(
                "This may be there already: \(when)\(twin.did.map { ", \"\(TextWidth.cut($0, to: 50))\"" } ?? ""). "
                    + "Record it as well?",
                yes: confirm.yes,
                doubt: SyncError(
                    .ambiguous, "this check-in may be there already: \(when) (\(twin.id.short))",
                    means: "nothing was recorded, so that it does not count twice",
                    advice: "add --yes if it was another contact"))
        }
        let (made, decision, told) = try record(person, moment, old, desk)
        guard let view = try replica.view(made) else {
            throw SyncError(.internalFault, "the check-in is not shown after being recorded")
        }
        let me = try desk.enrolment().staff
        try desk.show(
            People(replica).json(view).adding("decision", .optional(decision?.text))
                .adding("told", .told(told))
        ) { page in
            page.line("Recorded (\(made.short)):", .good)
            CheckInReadBack.show(view, who: person.label, me: me, on: &page, time)
            if !moment.hasTime { page.line("No time was given, so it counts from 12:00.", .faint) }
            guard let old else { return }
            page.line("The one it corrects (\(old.id.short)) is void now.", .faint)
            page.signature(view, correcting: old)
            page.told(told)
            if let decision { page.wayBack(WayBack(undoing: [decision], at: desk)) }
        }
    }

    private func start(of person: Participant, _ desk: Desk) throws -> Moment {
        let moment = try desk.happened(at, with: [person], yes: confirm.yes)
        guard at == nil, let minutes else { return moment }
        return Moment(instant: moment.instant - Int64(minutes) * 60, hasTime: true)
    }

    private func record(
        _ person: Participant, _ moment: Moment, _ old: RecordView?, _ desk: Desk
    ) throws -> (RecordID, decision: RecordID?, told: [String]) {
        let me = try desk.enrolment().staff
        let place = try mode.map { try Place($0) }
        let writes = try Writes(
            "check_in",
            [
                "participant": .reference(person.id), "peer": .text(try peer.map(desk.staffCode) ?? me),
                "activity": try .word(activity, of: Words.activities, called: "activity"),
                "amends": old.map { .reference($0.id) },
                "start_at": .integer(moment.instant),
                "end_at": minutes.map { .integer(moment.instant + Int64($0) * 60) },
                "minutes": .number(minutes),
                "mode": (place?.mode ?? (site == nil ? nil : "in_person")).map { .text($0) },
                "place_note": place?.note.map { .text($0) },
                "site": try site.map { try desk.named($0, in: "site")["code"] },
                "did": .typed(text), "said": .typed(said), "next_step": .typed(next),
                "signed_at": sign ? .integer(desk.time.now) : nil,
            ])
        let correction = try old.flatMap { old in
            old["voided_at"].isNone
                ? try CorrectionRecord(of: old, reason: VoidedCorrections.reason, at: desk) : nil
        }
        guard let text = Value.typed(text), !text.isNone else {
            throw SyncError(.badValue, "the text is empty", means: "nothing was recorded")
        }
        var made: RecordID?
        var decision: RecordID?
        try desk.replica().edit { edit in
            let id = try edit.create("check_in", writes.registers)
            decision = try correction?.write(to: edit, made: id)
            made = id
        }
        guard let made else { throw SyncError(.internalFault, "the check-in got no id") }
        return (made, decision, correction?.told ?? [])
    }
}
