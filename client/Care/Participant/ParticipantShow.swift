import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct ParticipantShow: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a participant's card.",
        discussion: """
            The focus first, then contacts, the programme, open referrals and escalations, and clashes with both \
            values side by side.

            Example: porchlight participant show P0142
            """)

    @Argument(help: "Code, name or id.")
    var participant: String

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let card = try ParticipantCard(try desk.participant(participant), at: desk)
        let complete = try desk.completeness()
        try desk.show(Self.json(card, desk)) { page in
            try Self.show(card, on: &page, desk.time)
            page.line(complete, .faint)
        }
    }

    static func show(_ card: ParticipantCard, on page: inout Page, _ time: LocalTime) throws {
        let person = card.person
        page.line(person.label, .strong)
        for other in card.others {
            let differing = card.differing(other)
            page.line(
                "Also recorded as \(Wording.label(of: other))\(differing.isEmpty ? "" : ", there with: \(differing)")",
                .faint)
        }
        if let focus = person.focus {
            let by =
                person.focusSetBy.map { " (\($0)\(person.focusSetOn.map { ", \($0.text)" } ?? ""))" } ?? ""
            page.line("Focus: \(focus)\(by)", .strong)
        } else {
            page.line("Focus: none set yet", .faint)
        }
        if let goals = person.goals { page.line("Goals: \(goals)") }
        for view in card.escalations {
            guard let row = Escalation(view) else { continue }
            let sent = card.unsent.contains(row.id) ? "NOT SENT " : ""
            page.line("\(sent)Open escalation \(row.id.short), \(row.priority): \(row.saw ?? "")", .bad)
        }
        page.line()
        page.pairs(ParticipantCard.facts(person) + [("caseload", Page.Cell(caseload(card)))])
        programme(card, on: &page)
        contacts(card, on: &page, time)
        for view in card.referrals {
            guard let row = Referral(view) else { continue }
            let to = row.toPeer ?? row.toTeam ?? ""
            page.line(
                "Referral \(row.id.short) to \(to): \(row.status.plain)\(row.need.map { ", \($0)" } ?? "")")
        }
        for clash in card.clashes {
            page.line()
            try clash.show(on: &page, time)
        }
        if !card.clashes.isEmpty {
            page.line("Both values are kept until somebody decides: porchlight conflicts", .faint)
        }
    }

    private static func caseload(_ card: ParticipantCard) -> String {
        card.assignments.isEmpty
            ? "nobody's"
            : card.assignments.map { "\($0.peer) since \($0.from.text) (\($0.basis.spaced))" }
                .joined(separator: ", ")
    }

    private static func programme(_ card: ParticipantCard, on page: inout Page) {
        for (view, week, next) in card.enrollments {
            guard let year = Enrollment(view) else { continue }
            page.line("\(year.program): \(place(year, week: week, next: next))")
        }
    }

    /// `week 6, session 6 next`.
    static func place(_ year: Enrollment, week: Int?, next: Int?) -> String {
        guard year.isActive else { return "\(year.status ?? "ended"), began \(year.start.text)" }
        let session = next.map { "session \($0) next" } ?? "all sessions held"
        guard let week else { return "begins \(year.start.text), \(session)" }
        return "week \(week), \(session)"
    }

    private static func contacts(_ card: ParticipantCard, on page: inout Page, _ time: LocalTime) {
        page.line()
        guard !card.contacts.isEmpty else {
            page.line("No check-ins on this laptop.")
            return
        }
        page.line("Check-ins (\(card.contactCount), the latest first):")
        page.table(
            ["when", "peer", "how", "what we did", "next step"],
            card.contacts.compactMap { CheckIn($0) }.map { row in
                [
                    Page.Cell(
                        time.text(of: row.start)
                            + (card.recordedWhile[row.id] == nil ? "" : RecordedWhile.mark)),
                    Page.Cell(row.peer),
                    Page.Cell(row.mode?.spaced ?? ""), Page.Cell(TextWidth.cut(row.did ?? "", to: 46)),
                    Page.Cell(TextWidth.cut(row.nextStep ?? "", to: 30)),
                ]
            })
        let marked = card.contacts.map(\.id).filter { card.recordedWhile[$0] != nil }
        if let note = RecordedWhile.note(marked) { page.line(note, .warning) }
        page.line()
    }

    static func json(_ card: ParticipantCard, _ desk: Desk) throws -> JSON {
        let people = People(try desk.replica())
        return try desk.participantJSON(card.view)
            .adding(
                "caseload",
                .list(
                    card.assignments.map { row in
                        [
                            "peer": .text(row.peer), "basis": .text(row.basis),
                            "from_date": .text(row.from.text),
                        ]
                    })
            )
            .adding(
                "enrollments",
                .list(
                    try card.enrollments.map { view, week, next in
                        try people.json(view).adding("week", .optional(week.map { Int64($0) }))
                            .adding("next_session", .optional(next.map { Int64($0) }))
                    })
            )
            .adding(
                "check_ins",
                .list(
                    try card.contacts.map { view in
                        try people.json(view)
                            .adding("recorded_while", card.recordedWhile[view.id]?.json ?? .null)
                    })
            )
            .adding("check_in_count", .count(card.contactCount))
            .adding("open_referrals", .list(try card.referrals.map(people.json)))
            .adding(
                "open_escalations",
                .list(
                    try card.escalations.map {
                        try people.json($0).adding("sent", .flag(!card.unsent.contains($0.id)))
                    })
            )
            .adding("clashes", .list(card.clashes.map(\.json)))
    }
}
