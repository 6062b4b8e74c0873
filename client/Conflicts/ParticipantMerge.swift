import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct ParticipantMerge: Verb {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Say that two records are one person's.",
        discussion: """
            Nothing is rewritten: both histories stay, the old code still finds the person, and what a laptop that \
            knows only the old record writes later shows up with them. Whoever has the old record on their caseload \
            has the one that stays from then on too, and sees it, until `unmerge` takes it back. Where nobody can be \
            asked, as in a script, it needs --yes.

            Example: porchlight participant merge P0191 --into P0188 --reason "same date of birth and address"
            """)

    @Argument(help: "The record that leads to the other from now on: code, name or id.")
    var old: String

    @Option(help: "The record that stays.")
    var into: String

    @Option(help: "How you know.")
    var reason: String

    @OptionGroup var confirm: ConfirmOptions
    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let reason = try SyncError.reason(reason)
        let old = try desk.participantRecord(old)
        let kept = try desk.participantRecord(into)
        let doubts = try doubts(old.id, kept.id, desk)
        let warnings = doubts.map { one in
            "\(one.by) said \(desk.time.ago(one.at)) that they are two people: \(one.reason)"
        }
        if desk.screen.isInteractive, !confirm.yes {
            for line in warnings { desk.screen.err(TextWidth.safe(line) + "\n") }
        }
        try desk.confirm(
            "Are \(Wording.label(of: old)) and \(Wording.label(of: kept)) one person?", yes: confirm.yes,
            doubt: SyncError(
                .ambiguous,
                (["\(Wording.label(of: old)) would be merged into \(Wording.label(of: kept))"] + warnings)
                    .joined(separator: "; "),
                means: "nothing was merged", advice: "add --yes if they are one person"))
        let made = try Merging(desk: desk).merge(old, into: kept, reason: reason)
        let asking = try doubts.isEmpty ? nil : OpenConflicts(in: desk.replica()).asking(about: doubts)
        desk.show([
            "old": .text(old.id.text), "into": .text(kept.id.text), "decision": .text(made.decision.text),
            "told": .told(made.told),
            "apart": .list(
                doubts.map { one in
                    [
                        "decision": .text(one.id.text), "by": .text(one.by),
                        "at": .moment(one.at * 1_000_000), "reason": .text(one.reason),
                    ]
                }),
        ]) { page in
            page.line(
                "merged (\(made.decision.short)): \(Wording.label(of: old)) is \(Wording.label(of: kept))",
                .good)
            for line in warnings { page.line(line, .warning) }
            if let asking {
                page.line(
                    "So it is asked which is right: porchlight conflicts show \(asking.name)", .warning)
            }
            page.told(made.told)
            page.wayBack(WayBack(unmerging: old.id))
        }
    }

    /// Who said that the two are two people, and nothing has decided anew: whoever merges them says otherwise. One's own
    /// merge that one took back is no news.
    private func doubts(_ old: RecordID, _ kept: RecordID, _ desk: Desk) throws -> [Decision] {
        let me = try desk.enrolment().staff
        let chains = try OpenConflicts.chains(in: desk.replica(), about: [old, kept])
        return chains.standing(.pair([old, kept])).filter { one in
            one.saysOne == false && !chains.isUndone(one) && (one.kind == .distinct || one.by != me)
        }
    }
}

struct ParticipantUnmerge: Verb {
    static let configuration = CommandConfiguration(
        commandName: "unmerge",
        abstract: "Take a merge back: two people after all.",
        discussion: """
            What was written on the record that stays while they counted as one is still there afterwards. It is listed: \
            who wrote what, when and in the place of what. Who wrote it is told, with the way to put it right, or whom to ask.

            Example: porchlight participant unmerge P0191 --reason "father and son of one name"
            """)

    @Argument(help: "The record that was merged into another: code or id.")
    var old: String

    @Option(help: "How you know.")
    var reason: String

    @OptionGroup var confirm: ConfirmOptions
    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let reason = try SyncError.reason(reason)
        let old = try desk.participantRecord(old)
        if let into = try old["merged_into"].reference.flatMap({ try desk.replica().view($0) }) {
            try desk.confirm(
                "Is \(Wording.label(of: old)) not to lead to \(Wording.label(of: into)) any more?",
                yes: confirm.yes || !desk.screen.isInteractive,
                doubt: SyncError(.nothing, "nothing was taken back"))
        }
        let made = try Merging(desk: desk).unmerge(old, reason: reason)
        let into = old["merged_into"].reference
        try desk.show([
            "old": .text(old.id.text), "decision": .text(made.decision.text), "told": .told(made.told),
            "since": made.since.first { $0.into.id == into }?.json ?? .null,
            "others": .list(made.since.filter { $0.into.id != into }.map(\.json)),
        ]) { page in
            let id = made.decision.short
            if let other = made.stands.first {
                page.line("taken back (\(id)): \(Wording.label(of: old)) leads to the other no more", .good)
                page.line("They are one person still: the other was merged into this one.", .warning)
                page.line(
                    "If they are two people: porchlight participant unmerge \(other.short) --reason \"…\"",
                    .faint)
            } else {
                page.line("two people again (\(id)): \(Wording.label(of: old)) stands for itself", .good)
            }
            for since in made.since { try since.write(to: &page, at: desk) }
            page.told(made.told)
            if made.stands.isEmpty, let into {
                page.wayBack(WayBack(merging: old.id, into: into))
            }
        }
    }
}

struct ParticipantRenumber: Verb {
    static let configuration = CommandConfiguration(
        commandName: "renumber",
        abstract: "Give a participant another code, when two people were given the same one.",
        discussion: """
            Name the person by their id, which `porchlight participant list CODE` shows. Without --to this laptop \
            chooses the next free code. Name nobody else in the reason: whoever gave the code reads it, and may not know \
            the other person.

            Example: porchlight participant renumber 4be1a0c2 --to P0230 --reason "somebody else has P0188"
            """)

    @Argument(help: "The participant: the id, where two have one code.")
    var participant: String

    @Option(help: "The new code.")
    var to: String?

    @Option(help: "Why.")
    var reason: String

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let reason = try SyncError.reason(reason)
        let view = try desk.participantRecord(participant)
        let replica = try desk.replica()
        let enrolment = try desk.enrolment()
        let code =
            try to.map { typed in
                try ParticipantCode.chosen(
                    typed, anewFor: view.id, at: desk,
                    advice: "leave --to out, and this laptop chooses the next free one")
            }
            ?? ParticipantCode.next(in: replica, device: enrolment.device)
        let before = view.values(of: "identity") ?? []
        guard let state = try replica.state(view.id), let token = try replica.token(for: view.id) else {
            throw SyncError(.unknownRecord, "this participant is not on this laptop")
        }
        let authors = state.siblings(of: "identity").map(\.change.author)
        // Who had given it this code once was told that it was changed.
        let givenBefore = try OpenConflicts.decisions(in: replica, about: [view.id])
            .filter { $0.register == "identity" }.flatMap(\.valuesBefore)
            .filter { $0.values == [.text(code)] }.map(\.author)
        let told = Set(authors + givenBefore).subtracting([enrolment.staff, ""]).sorted()
        var made: RecordID?
        try replica.edit(token: token, resolving: true) { edit in
            try edit.write(view.id, [RegisterWrite("identity", [.text(code)])])
            let record = DecisionRecord(
                kind: .renumber, subject: view.id, register: "identity", other: nil, answers: nil,
                by: enrolment.staff, at: desk.time.now, reason: reason,
                before: DecidedValue.text([
                    DecidedValue(author: authors.first ?? "", effective: nil, values: before)
                ]),
                after: DecidedValue.text([
                    DecidedValue(author: enrolment.staff, effective: nil, values: [.text(code)])
                ]))
            made = try record.write(to: edit, telling: told)
        }
        guard let made else { throw SyncError(.internalFault, "the decision got no id") }
        desk.show([
            "participant": .text(view.id.text), "before": .optional(before.first?.text), "code": .text(code),
            "decision": .text(made.text), "told": .told(told),
        ]) { page in
            page.line(
                "renumbered (\(made.short)): \(Wording.name(of: view)) is \(code) from now on, and was "
                    + "\(before.first?.text ?? "without a code")", .good)
            page.told(told)
            page.wayBack(WayBack(undoing: [made]))
        }
    }
}

extension Desk {
    /// The very record that somebody names, not the person it may have been merged into.
    func participantRecord(_ typed: String) throws -> RecordView {
        let person = try participant(typed, followingMerges: false)
        guard let view = try replica().view(person.id) else {
            throw SyncError(
                .unknownRecord, "this participant is not on this laptop", means: "nothing was recorded")
        }
        return view
    }
}
