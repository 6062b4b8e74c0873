import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct SessionVoid: Verb {
    static let configuration = CommandConfiguration(
        commandName: "void",
        abstract: "Say that a session, or one person's attendance, does not count, and why.",
        discussion: """
            Without --participant the session and everybody's attendance are voided together. Nothing is erased: it \
            stays readable, marked as void. Then record it anew: the session with `session record`, one person's \
            attendance with `session attendance`. Whoever else recorded any of it has a notice with the reason, and can ask \
            for another look; a session counts again with all that was voided together with it.

            Example: porchlight session void 4be1a0c2 --reason "recorded on the wrong day"
            Example: porchlight session void 4be1a0c2 --participant P0142 --reason "was somebody else"
            """)

    @Argument(help: "Its id, or the end of it.")
    var session: String

    @Option(help: "Why it should not count.")
    var reason: String

    @Option(help: "Only the attendance of this participant: code, name or id.")
    var participant: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let view = try desk.record(session, in: "session")
        let replica = try desk.replica()
        let people = People(replica)
        guard view["voided_at"].isNone else {
            throw Voiding.already("session", show: "porchlight session show \(view.id.short)")
        }
        let roll = try SessionRoll(of: view, people, in: replica)
        let concerned: [SessionRoll.Line]
        var records: [RecordView] = []
        if let participant {
            concerned = try attendance(of: desk.participant(participant), view, roll)
        } else {
            concerned = roll.standing
            records = [view]
        }
        let ids = Set(concerned.map(\.row.id))
        records += roll.views.filter { ids.contains($0.id) }
        let mark = try Voiding.mark(reason, at: desk)
        let decisions = try decisions(mark, view, records, desk)
        var made: [RecordID] = []
        try replica.edit { edit in
            for record in records { try edit.write(record.id, mark) }
            made = try decisions.map { try $0.record.write(to: edit, telling: $0.told) }
        }
        guard let after = try replica.view(view.id) else { return }
        let now = try SessionRoll(of: after, people, in: replica)
        let me = try desk.enrolment().staff
        let time = desk.time
        let told = Set(decisions.flatMap(\.told)).sorted()
        try desk.show(
            JSON(after).adding("attendance", now.json(people)).adding("voided", .count(ids.count))
                .adding("decisions", .list(made.map { .text($0.text) })).adding("told", .told(told))
        ) { page in
            page.line(said(concerned), .good)
            SessionReadBack.show(after, now, me: me, on: &page, time)
            page.told(told)
            if !made.isEmpty { page.wayBack(WayBack(undoing: made, at: desk)) }
        }
    }

    /// What is decided by it: of a session one thing, about which whoever recorded any of its attendance is told too; of one
    /// person's attendance one for each record of it.
    private func decisions(
        _ mark: [RegisterWrite], _ session: RecordView, _ records: [RecordView], _ desk: Desk
    ) throws -> [(record: DecisionRecord, told: [String])] {
        guard participant == nil else {
            return try records.compactMap { try Voiding.decision(mark, of: $0, at: desk) }
        }
        let replica = try desk.replica()
        let others = try records.flatMap { try Voiding.authors(of: $0, in: replica) }
        return try [Voiding.decision(mark, of: session, with: others, at: desk)].compactMap { $0 }
    }

    /// What of one participant counts in the session.
    private func attendance(
        of person: Participant, _ session: RecordView, _ roll: SessionRoll
    ) throws -> [SessionRoll.Line] {
        let found = roll.of(person.id)
        guard found.isEmpty else { return found }
        let isVoid = roll.voided.contains { $0.row.participant == person.id }
        throw SyncError(
            isVoid ? .nothing : .unknownRecord,
            isVoid
                ? "the attendance of \(person.code) is void already"
                : "\(person.code) is not on the list of this session, as far as this laptop knows",
            means: "nothing was changed", advice: "porchlight session show \(session.id.short)")
    }

    private func said(_ concerned: [SessionRoll.Line]) -> String {
        if participant != nil {
            return "Void now, and kept: the attendance of \(concerned.first?.name ?? "")."
        }
        let people = Set(concerned.map(\.row.participant)).count
        return "Void now, and kept: the session, and with it the attendance of "
            + Wording.count(people, "person", "people") + ":"
    }
}
