import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct Resolve: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Decide a conflict: say which value stays, and why.",
        discussion: """
            `porchlight conflicts` shows every conflict with its name and a letter for each value. With what follows the @ in \
            the name, nothing is decided if other values stand there by now than those that were shown. Whose value is not \
            kept gets a notice with the reason, and can ask for another look. What was written in the meantime is \
            not closed by a decision: that becomes a conflict again.

            Example: porchlight resolve 4be1a0c2.contact@5f0c --keep A --reason "rang her up"
                     porchlight resolve P0142 contact --value phone="555 0100" --reason "a third number"
                     porchlight resolve --all --kind clock --keep A --reason "the laptop was set"
            """)

    @Argument(help: "The conflict, as `conflicts` names it; or the record.")
    var conflict: String?

    @Argument(help: "With a record: the field in which the values clash.")
    var register: String?

    @Option(help: "The letter of the value that stays; newest; or, of two records, both.")
    var keep: String?

    @Option(
        help: ArgumentHelp(
            "Another value, as field=value; once for each field. What is not named stays.",
            discussion: "A referral that is declined needs decline_reason=…, one of "
                + "\(DeclineReason.allCases.map(\.rawValue).joined(separator: ", "))."))
    var value: [String] = []

    @Flag(
        help:
            "Open the values in $EDITOR, one text with both, like a merge; at a terminal without one, in vi.")
    var edit = false

    @Option(help: "Why. Whose value is not kept will read it.")
    var reason: String?

    @Option(help: "The version that `conflicts show` printed; refused if the field has changed since.")
    var token: String?

    @Option(help: "Take a decision back: what it had replaced stands again.")
    var undo: String?

    @Flag(help: "Every conflict of --kind, after a look at the list.")
    var all = false

    @Option(help: "With --all: which kind.")
    var kind: String?

    @OptionGroup var confirm: ConfirmOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        let ways = [keep != nil, !value.isEmpty, edit, undo != nil].filter { $0 }.count
        if ways != 1 { throw ValidationError("say one of --keep, --value, --edit or --undo") }
        if reason == nil {
            throw ValidationError("--reason is missing: those whose value is not kept read it")
        }
        if all {
            if kind == nil || keep == nil || conflict != nil {
                throw ValidationError("--all goes with --kind and --keep, and names no conflict")
            }
        } else if undo == nil, conflict == nil {
            throw ValidationError("which conflict? `porchlight conflicts` lists them")
        }
    }

    func run(at desk: Desk) throws {
        let reason = try SyncError.reason(reason ?? "")
        if let undo { return try Undoing(desk: desk).undo(undo, reason: reason) }
        if all {
            return try Batch(desk: desk, kind: kind ?? "", keep: keep ?? "").run(reason, yes: confirm.yes)
        }
        let open = try OpenConflicts(in: desk.replica()).all
        let text = try desk.conflict(conflict ?? "", register, among: open)
        let token = try version(of: text, desk)
        try desk.refuseIfMoved(text)
        try refuseLetter(of: text, desk)
        // An editor shows what stands there now. A token is one of a record, and says nothing of decisions about several.
        let isBound = self.token != nil && ![.duplicate, .amendments, .ring].contains(text.conflict.kind)
        if conflict?.contains("@") == false, !edit, !isBound { try text.refuseUnlessSeen() }
        let (choice, cleared) = try choice(text, desk)
        let deciding = Deciding(desk: desk, text: text, reason: reason)
        var teller = ChangeTeller(desk)
        let title = try text.title(&teller)
        if desk.screen.isInteractive, !common.json, !edit {
            try desk.confirm(
                "\(title): \(try Self.words(choice, text, &teller))?", yes: confirm.yes,
                doubt: SyncError(.nothing, "nothing was decided", means: "all values are kept"))
        }
        let asked = Set(open.map(\.name))
        let outcome = try deciding.decide(choice, token: token)
        let raised = try OpenConflicts(in: desk.replica()).all.filter { one in
            !asked.contains(one.name) && one.participant == text.conflict.participant
        }
        try Self.show(outcome, text, title, desk, cleared: cleared, raised: raised)
    }

    /// With three or more to choose from a value that came in since they were shown may have taken another's letter, so a
    /// letter alone says too little; but at a terminal what it means is read back before anything is decided.
    private func refuseLetter(of text: ConflictText, _ desk: Desk) throws {
        guard let keep, keep.trimmed.utf8.count == 1, token == nil, conflict?.contains("@") == false,
            confirm.yes || !desk.screen.isInteractive || common.json,
            try text.sides().count > 2
        else { return }
        throw SyncError(
            .ambiguous, "there are several to choose from, and their letters may have changed",
            means: "nothing was decided, and all values are kept",
            advice: "look at them, and copy the whole name: porchlight resolve \(text.id) --keep \(keep) "
                + "--reason \"…\"")
    }

    /// The version that was shown: the one of the token, or the one that is shown now.
    private func version(of text: ConflictText, _ desk: Desk) throws -> ReadToken {
        let id = text.conflict.view.id
        if let token {
            guard let read = ReadToken(text: token), read.record == id else {
                throw SyncError(
                    .badValue, "this token is not one of that record", means: "nothing was decided",
                    advice: "`porchlight conflicts show \(text.name)` prints it")
            }
            return read
        }
        guard let now = try desk.replica().token(for: id) else {
            throw SyncError(.unknownRecord, "this record is not on this laptop", means: "nothing was decided")
        }
        return now
    }

    /// What somebody chose, and the fields of what is shown that this empties without their having said so.
    private func choice(_ text: ConflictText, _ desk: Desk) throws -> (Deciding.Choice, cleared: [String]) {
        if edit { return (.values(try ThreeWay(text: text, desk: desk).edited()), []) }
        guard let keep else {
            let (values, cleared) = try typed(text, desk)
            return (.values(values), cleared)
        }
        return (try Self.choice(keep, text), [])
    }

    /// The side that a letter or a word means.
    static func choice(_ typed: String, _ text: ConflictText) throws -> Deciding.Choice {
        let sides = try text.sides()
        let word = typed.trimmed.lowercased()
        if word == "both", text.conflict.kind == .duplicate { return .both }
        if word == "newest", text.conflict.kind != .duplicate,
            let newest = sides.max(by: { ($0.effective ?? .max) < ($1.effective ?? .max) })
        {
            return .side(newest)
        }
        guard let side = sides.first(where: { $0.letter.lowercased() == word }) else {
            throw SyncError(
                .badValue, "there is no value \(TextWidth.cut(typed, to: 20)) in this conflict",
                means: "nothing was decided, and all values are kept",
                advice: text.conflict.kind == .ring || sides.isEmpty
                    ? ConflictsShow.choices(text) : "one of: \(sides.map(\.letter).joined(separator: ", "))")
        }
        return .side(side)
    }

    /// The values that were typed, over those that are shown.
    private func typed(_ text: ConflictText, _ desk: Desk) throws -> (values: [Value], cleared: [String]) {
        guard let register = text.conflict.register, let layout = text.conflict.view.table.register(register),
            text.takesValues, case let sides = try text.sides(),
            var values = (sides.first(where: \.isShown) ?? sides.first)?.values
        else {
            throw SyncError(
                .badValue, "this conflict takes no other value", means: "nothing was decided",
                advice: ConflictsShow.choices(text))
        }
        var names: Set<String> = []
        let pairs = try value.map { try TypedValue.split($0, fields: layout.fields) }
        try Credited.refuse(typed: pairs.map { layout.fields[$0.0].name })
        for (place, said) in pairs {
            values[place] = try TypedValue(desk, in: text.conflict.view.table.name, of: text.subject).read(
                said, as: layout.fields[place],
                standing: sides.compactMap { place < $0.values.count ? $0.values[place] : nil })
            names.insert(layout.fields[place].name)
        }
        guard text.settlesReferral else {
            let kept = text.keeping(values, except: names, of: layout, sides.map(\.values))
            let signed = Credited.signed(
                kept, of: layout, typed: names, offered: sides.map(\.values), by: try desk.enrolment().staff,
                on: desk.time.today.days)
            return (signed, [])
        }
        let settled = ReferralStatus.settled(
            values, typed: names, offered: sides.map(\.values), writer: try desk.enrolment().staff,
            now: desk.time.now)
        try Self.refuse(settled.values)
        return settled
    }

    /// Refuses a status of a referral with what belongs to another one.
    static func refuse(_ values: [Value]) throws {
        guard let objection = ReferralStatus.objection(to: values) else { return }
        let isEmpty = values[0].text == ReferralState.declined.rawValue
        let words = DeclineReason.allCases.map(\.rawValue).joined(separator: ", ")
        throw SyncError(
            .badValue, objection.reason, means: "nothing was decided, and all values are kept",
            advice: isEmpty
                ? "give one, as in --value decline_reason=not_a_fit; there are: \(words)"
                : "leave decline_reason empty, or decide for declined")
    }

    /// What somebody is asked whether they mean it.
    static func words(
        _ choice: Deciding.Choice, _ text: ConflictText, _ teller: inout ChangeTeller
    ) throws -> String {
        let said = try text.words(choice, &teller)
        return switch choice {
        case .side: "keep \(said)"
        case .both: said
        case .values: "put \(said)"
        }
    }

    static func show(
        _ outcome: Deciding.Outcome, _ text: ConflictText, _ title: String, _ desk: Desk, cleared: [String],
        raised: [Conflict] = []
    ) throws {
        var teller = ChangeTeller(desk)
        try desk.show([
            "id": .text(text.id), "record": .text(text.conflict.view.id.text),
            "register": .optional(text.conflict.register), "decision": .text(outcome.decision.text),
            "decisions": .list(
                (outcome.decisions.isEmpty ? [outcome.decision] : outcome.decisions).map { .text($0.text) }),
            "kept": .text(outcome.kept), "cleared": .list(cleared.map { .text($0) }),
            "told": .told(outcome.told), "since": .list(outcome.since.map(\.json)),
            "asked": .list(raised.map { .text($0.name) }),
            "replaced": .list(
                try outcome.replaced.map { side in
                    ["author": .text(side.author), "text": .text(try text.words(side, &teller))]
                }),
        ]) { page in
            page.line("decided (\(outcome.decision.short)): \(title): \(outcome.kept)", .good)
            if !cleared.isEmpty {
                let fields = cleared.map { Wording.field($0) }.joined(separator: ", ")
                page.line("cleared, because it was said of another status: \(fields)", .warning)
            }
            for side in outcome.replaced {
                let contents = try text.words(side, &teller)
                let author = side.author.isEmpty ? "" : " (\(side.author))"
                page.line("not kept: \(contents)\(author); `history` still has it", .faint)
            }
            for one in raised { page.asks(one, desk) }
            for since in outcome.since { try since.write(to: &page, at: desk) }
            page.told(outcome.told)
            page.wayBack(outcome.back)
        }
    }
}
