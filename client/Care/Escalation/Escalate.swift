import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct Escalate: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Tell the nurse, or somebody else, what you saw.",
        discussion: """
            Write what was seen, not what it might be. It reaches nobody before the next sync: if it cannot wait, \
            phone, and say so with --by phone.

            Example: porchlight escalate P0142 "swollen left ankle, says it hurts to walk" --urgent --told N01
            """)

    @Argument(help: "Code, name or id of the participant.")
    var participant: String

    @Argument(help: "What you saw.")
    var saw: String

    @Option(help: "Staff code of whom you tell.")
    var told: String?

    @Option(help: "How you told them: in_person, phone or message; left out, nobody was told yet.")
    var by: String?

    @Option(help: "When you saw it; otherwise now.")
    var at: String?

    @Option(help: "urgent, soon or routine.")
    var priority: String?

    @Flag(help: "The same as --priority urgent.")
    var urgent = false

    @OptionGroup var confirm: ConfirmOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if urgent, priority != nil { throw ValidationError("say either --urgent or --priority") }
        if by != nil, told == nil { throw ValidationError("--by needs --told: whom did you tell?") }
    }

    func run(at desk: Desk) throws {
        let person = try desk.participant(participant)
        let replica = try desk.replica()
        let seen = try desk.happened(at, with: [person], yes: confirm.yes)
        guard let text = Value.typed(saw), !text.isNone else {
            throw SyncError(.badValue, "the text is empty", means: "nothing was recorded")
        }
        try askAboutTwin(of: person, text, seen.instant, desk)
        let how =
            try by.map { try Words.find($0, in: Words.channels, called: "way to tell somebody") } ?? "not_yet"
        let writes = try Writes(
            "escalation",
            [
                "participant": .reference(person.id), "seen_by": .text(try desk.enrolment().staff),
                "seen_at": .integer(seen.instant), "saw": text,
                "priority": try .word(
                    urgent ? "urgent" : priority ?? "soon", of: Words.priorities, called: "priority"),
                "told_whom": try told.map { try desk.named($0, in: "staff")["code"] },
                "told_how": told == nil ? nil : .text(how),
                "told_at": told == nil || how == "not_yet" ? nil : .integer(desk.time.now),
            ])
        var made: RecordID?
        try replica.edit { edit in made = try edit.create("escalation", writes.registers) }
        guard let made, let view = try replica.view(made), let row = Escalation(view) else {
            throw SyncError(.internalFault, "the escalation is not shown after being recorded")
        }
        let delivery = try Delivery(of: made, in: replica)
        let time = desk.time
        try desk.show(People(replica).json(view).adding("delivery", delivery.json)) { page in
            page.line("Recorded (\(made.short)).", .good)
            EscalationReadBack.show(row, delivery, nil, who: person.label, on: &page, time)
        }
    }

    /// The same words on the same person within minutes are probably one escalation, entered twice.
    private func askAboutTwin(of person: Participant, _ text: Value, _ seen: Int64, _ desk: Desk) throws {
        let twins = try desk.replica().find(
            Query(
                "escalation",
                where: [
                    try desk.replica().isAbout(person.id),
                    .atLeast("seen_at", .integer(seen - DoubleEntry.seconds)),
                    .below("seen_at", .integer(seen + DoubleEntry.seconds + 1)),
                ]))
        let words = text.text?.lowercased()
        guard
            let twin = twins.first(where: {
                $0["voided_at"].isNone && $0["saw"].text?.trimmed.lowercased() == words
            }),
            let row = Escalation(twin)
        else { return }
        let when = "\(row.seenBy) recorded the same \(desk.time.said(row.seenAt))"
        try desk.confirm(
            "This may be there already: \(when). Record it as well?", yes: confirm.yes,
            doubt: SyncError(
                .ambiguous, "this escalation may be there already: \(when) (\(row.id.short))",
                means: "nothing was recorded, so that nobody is called twice for one thing",
                advice: "porchlight escalation show \(row.id.short); add --yes if it happened again"))
    }
}
