import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct ParticipantAdd: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a participant.",
        discussion: """
            A peer who adds a participant takes them onto their own caseload. Without --code this laptop chooses \
            the next free code, which no other laptop chooses. A code that you choose yourself is compared with \
            those on this laptop only: if another laptop gives it to somebody else, there are two people of one \
            code, and every command then asks which one is meant.

            Example: porchlight participant add Ana --family Lopez --site S1 --residence "Elm Street 12, flat 3"
            """)

    @Argument(help: "What they like to be called.")
    var name: String

    @Option(help: "A code that the agency gave already.")
    var code: String?

    @OptionGroup var options: ParticipantOptions
    @OptionGroup var confirm: ConfirmOptions
    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let replica = try desk.replica()
        let me = try desk.enrolment()
        try askAboutNamesake(desk, replica)
        let code =
            try code.map { try chosen($0, desk, replica) }
            ?? ParticipantCode.next(in: replica, device: me.device)
        // Site and team decide who else may see somebody: one's own, unless others are named.
        let mine = try desk.myself()
        var writes = try Writes(
            "participant",
            [
                "code": .text(code), "preferred_name": .typed(name), "site": mine?["site"],
                "team": mine?["team"],
            ])
        try desk.fields(options, into: &writes)
        try Self.demandSite(writes)
        let isMine = try desk.isRole(.peer)
        var made: RecordID?
        try replica.edit { edit in
            // Another command on this laptop may have taken the code since it was chosen.
            try ParticipantCode.refuse(code, foundIn: edit.find(ParticipantCode.holders(of: code)))
            let record = try edit.create("participant", writes.registers)
            made = record
            guard isMine else { return }
            let assignment = try Writes(
                "assignment",
                [
                    "participant": .reference(record), "peer": .text(me.staff), "basis": .text("own"),
                    "from_date": .day(desk.time.today),
                ])
            try edit.create("assignment", assignment.registers)
        }
        guard let made, let view = try replica.view(made), let person = Participant(view) else {
            throw SyncError(.internalFault, "the participant is not shown after being recorded")
        }
        try desk.show(desk.participantJSON(view).adding("assigned_to", isMine ? .text(me.staff) : .null)) {
            page in
            page.line("Added: \(person.label)\(isMine ? ", on your caseload from today" : "")", .good)
            page.pairs(ParticipantCard.facts(person))
        }
    }

    /// A code that was somebody else's may be this person's all the same: it was given to the other by mistake.
    private func chosen(_ typed: String, _ desk: Desk, _ replica: Replica) throws -> String {
        let earlier = try ParticipantCode.earlier(typed.trimmed.uppercased(), than: nil, at: desk)
        // Whoever has it by now has it; what was only given out here before is asked about.
        let code = try ParticipantCode.chosen(typed, in: replica, evenGiven: earlier != nil)
        if let said = earlier {
            try desk.confirm(
                "\(said.prefix(1).uppercased())\(said.dropFirst()). Give it to \(name) all the same?",
                yes: confirm.yes,
                doubt: SyncError(
                    .ambiguous, said, means: "it stands for them in older papers; nothing was recorded",
                    advice: "add --yes if it is right; or \(ParticipantCode.withoutCode)"))
        }
        return code
    }

    /// A site is what decides who may see somebody, so nobody is added without one.
    private static func demandSite(_ writes: Writes) throws {
        let home = writes.registers.first { $0.register == "home" }
        guard home?.values.first?.text != nil else {
            throw SyncError(
                .badValue, "a participant needs a site", means: "nothing was recorded",
                advice: "add --site with the site's code; `porchlight site list` shows them")
        }
    }

    private func askAboutNamesake(_ desk: Desk, _ replica: Replica) throws {
        guard let name = Value.typed(name), !name.isNone else {
            throw SyncError(.badValue, "the name is empty", means: "nothing was recorded")
        }
        let family = options.family?.trimmed.lowercased() ?? ""
        let namesakes = try replica.find(Query("participant", where: [.equals("preferred_name", name)]))
            .compactMap { Participant($0) }
            .filter { ($0.familyName?.lowercased() ?? "") == family }
        guard let first = namesakes.first else { return }
        try desk.confirm(
            "There is \(first.label) on this laptop already. Add another person of that name?",
            yes: confirm.yes,
            doubt: SyncError(
                .ambiguous, "somebody of that name is on this laptop already, with the code \(first.code)"))
    }
}
