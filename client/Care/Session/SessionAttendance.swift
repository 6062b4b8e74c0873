import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct SessionAttendance: Verb {
    static let configuration = CommandConfiguration(
        commandName: "attendance",
        abstract: "Correct whether one person came to a session.",
        discussion: """
            Changes what stands there of them. Whoever was left out, or whose attendance was voided, is put on the list. Of \
            somebody whom two people put on it who did not know of each other, the answer that is given stays, and the others \
            are void; their authors are told. So it is where people who did not know of each other each kept another answer.

            Example: porchlight session attendance 4be1a0c2 P0142 --status excused
            """)

    @Argument(help: "The session's id, or the end of it.")
    var session: String

    @Argument(help: "Code, name or id of the participant.")
    var participant: String

    @Option(help: "attended, excused, no_show or cancelled.")
    var status: String

    @Option(help: ArgumentHelp("Their weight, with its unit. Never required.", valueName: "81.5kg"))
    var weight: String?

    @Option(help: "Minutes of activity since the last session.")
    var active: Int?

    @OptionGroup var confirm: ConfirmOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if let active, !(0...10_080).contains(active) {
            throw ValidationError("--active must lie between 0 and 10080, the minutes of a week")
        }
    }

    func run(at desk: Desk) throws {
        let view = try desk.record(session, in: "session")
        let person = try desk.participant(participant)
        let replica = try desk.replica()
        let people = People(replica)
        let word = try Words.find(status, in: Words.attendance, called: "way to attend")
        guard view["voided_at"].isNone, let row = Session(view) else {
            throw SyncError(
                .nothing, "this session is void, and nobody's attendance counts",
                means: "nothing was recorded",
                advice: "record it anew: porchlight session record")
        }
        let roll = try SessionRoll(of: view, people, in: replica)
        let line = try line(of: person, word, desk)
        let here = roll.of(person.id)
        let apart = roll.keptApart(person.id)
        if here.isEmpty, apart.isEmpty { try askWhetherAdded(person, roll, desk) }
        var choice = try TwiceOnListChoice(here, apart: apart, status: word, at: desk)
        let before = choice?.kept ?? here.first
        let old = before.flatMap { before in roll.views.first { $0.id == before.row.id } }
        let corrections = try old.map(line.corrections) ?? []
        // What else was written apart is decided by itself.
        let isSettled =
            choice?.isApart ?? false
            && !corrections.contains { old?.conflicts.contains($0.register) ?? false }
        try replica.edit(resolving: isSettled) { edit in
            if let old {
                try edit.write(old.id, corrections)
            } else {
                try edit.create(
                    "attendance",
                    line.writes(
                        session: view.id, peer: row.peer, day: desk.time.date(of: row.start),
                        number: row.number))
            }
            try choice?.write(to: edit)
        }
        let after = try SessionRoll(of: view, people, in: replica)
        let me = try desk.enrolment().staff
        let time = desk.time
        let told = choice?.told ?? []
        try desk.show(
            JSON(view).adding("attendance", after.json(people)).adding("told", .told(told))
                .adding("decisions", .list((choice?.made ?? []).map { .text($0.text) }))
        ) { page in
            let was = before.map { ", before: \($0.row.status.spaced)" } ?? ", put on the list"
            page.line("\(person.label): \(word.spaced)\(choice.map(\.words) ?? was).", .good)
            SessionReadBack.show(view, after, me: me, on: &page, time)
            guard let choice else { return }
            page.told(told)
            page.wayBack(WayBack(undoing: choice.made, at: desk))
        }
    }

    private func line(of person: Participant, _ status: String, _ desk: Desk) throws -> SessionSheet.Line {
        var sheet = SessionSheet()
        try sheet.add([person.id.text], as: status) { _ in person }
        if let weight { try sheet.weigh(["\(person.id.text)=\(weight)"]) { _ in person } }
        var line = sheet.lines[0]
        line.minutesActive = active
        return line
    }

    /// Whoever was never on the list may have been mistaken for another.
    private func askWhetherAdded(_ person: Participant, _ roll: SessionRoll, _ desk: Desk) throws {
        if roll.voided.contains(where: { $0.row.participant == person.id }) { return }
        try desk.confirm(
            "\(person.label) is not on the list of this session. Put them on it?", yes: confirm.yes,
            doubt: SyncError(
                .ambiguous, "\(person.label) is not on the list of this session",
                means: "nothing was recorded",
                advice: "add --yes to put them on it, or check who is meant"))
    }
}
