import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct SessionRecord: Verb {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Record a session and who came, in one entry.",
        discussion: """
            The session and everybody's attendance are recorded together or not at all. A make-up session is one of \
            its own: --make-up-of 6.

            Example: porchlight session record --number 6 --at "mon 14:00" --minutes 60 --present P0142,P0188 \\
                       --excused P0190 --no-show P0191 --weight P0142=81.5kg --active P0142=90
            """)

    @OptionGroup var session: SessionOptions
    @OptionGroup var sheet: SheetOptions
    @OptionGroup var confirm: ConfirmOptions
    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let replica = try desk.replica()
        let sheet = try sheet.read { try desk.participant($0) }
        let draft = try SessionDraft(session, sheet, at: desk, yes: confirm.yes)
        try askAboutTwin(draft, desk)
        var made: RecordID?
        try replica.edit { edit in
            let id = try edit.create("session", draft.writes)
            for line in sheet.lines {
                let writes = try line.writes(
                    session: id, peer: draft.peer, day: draft.day, number: draft.number)
                try edit.create("attendance", writes)
            }
            made = id
        }
        guard let made, let view = try replica.view(made) else {
            throw SyncError(.internalFault, "the session is not shown after being recorded")
        }
        let people = People(replica)
        let roll = try SessionRoll(of: view, people, in: replica)
        let me = try desk.enrolment().staff
        let time = desk.time
        try desk.show(JSON(view).adding("attendance", roll.json(people))) { page in
            page.line("Recorded (\(made.short)):", .good)
            SessionReadBack.show(view, roll, me: me, on: &page, time)
        }
    }

    /// A session of one's own that begins at nearly the same time is probably this one.
    private func askAboutTwin(_ draft: SessionDraft, _ desk: Desk) throws {
        let twins = try desk.replica().find(
            Query(
                "session",
                where: [
                    .equals("peer", .text(draft.peer)),
                    .atLeast("start_at", .integer(draft.start - DoubleEntry.seconds)),
                    .below("start_at", .integer(draft.start + DoubleEntry.seconds + 1)),
                ])
        ).compactMap { Session($0) }.filter(\.counts)
        guard let twin = twins.first else { return }
        let when = "\(twin.peer) recorded a session \(desk.time.said(twin.start))"
        try desk.confirm(
            "This may be there already: \(when). Record it as well?", yes: confirm.yes,
            doubt: SyncError(
                .ambiguous, "this session may be there already: \(when) (\(twin.id.short))",
                means: "nothing was recorded, so that it does not count twice",
                advice: "add --yes if it was another session"))
    }
}

/// Who came.
struct SheetOptions: ParsableArguments {
    @Option(help: "Who came: codes, with commas between.")
    var present: [String] = []

    @Option(help: "Who was excused.")
    var excused: [String] = []

    @Option(help: "Who did not come.")
    var noShow: [String] = []

    @Option(help: "For whom it was cancelled.")
    var cancelled: [String] = []

    @Option(help: ArgumentHelp("Weights, with their unit. Never required.", valueName: "P0142=81.5kg"))
    var weight: [String] = []

    @Option(help: ArgumentHelp("Minutes of activity since the last session.", valueName: "P0142=90"))
    var active: [String] = []

    func validate() throws {
        if [present, excused, noShow, cancelled].allSatisfy({ SessionSheet.split($0).isEmpty }) {
            throw ValidationError(
                "name who came: --present P0142,P0188 (or --excused, --no-show, --cancelled)")
        }
    }

    /// The sheet, with everybody looked up.
    func read(_ find: (String) throws -> Participant) throws -> SessionSheet {
        var sheet = SessionSheet()
        try sheet.add(present, as: "attended", find: find)
        try sheet.add(excused, as: "excused", find: find)
        try sheet.add(noShow, as: "no_show", find: find)
        try sheet.add(cancelled, as: "cancelled", find: find)
        try sheet.weigh(weight, find: find)
        try sheet.move(active, find: find)
        return sheet
    }
}
