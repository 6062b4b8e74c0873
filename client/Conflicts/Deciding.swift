import PeerSupport
import SyncModel
import SyncReplica

/// Writes a decision: what changes, the decision itself, and a notice for each author whose value is not the one
/// that stays. All of it is one transaction: together taken, or together refused.
struct Deciding {
    let desk: Desk
    let text: ConflictText
    let reason: String

    /// What somebody chose.
    enum Choice {
        /// A side that was offered.
        case side(ConflictSide)
        /// Other values than any that were offered.
        case values([Value])
        /// Both of two records: they are two people.
        case both
    }

    /// What was done.
    struct Outcome {
        /// The first of the decisions; several check-ins have one each.
        let decision: RecordID
        let kept: String
        let replaced: [ConflictSide]
        let told: [String]
        let back: WayBack
        /// All of them, where there are several.
        var decisions: [RecordID] = []
        /// Where two were parted, what was written on the one that the other had led to.
        var since: [SinceMerge] = []
    }

    /// Decides.
    ///
    /// - Parameter token: the version that was shown.
    /// - Throws: ``SyncError`` `stale` when the record has moved on since, saying who decided; `notPermitted`, saying who
    ///   may decide it.
    func decide(_ choice: Choice, token: ReadToken) throws -> Outcome {
        do {
            return try write(choice, token)
        } catch let error as SyncError where error.code == .stale {
            // While it is open nobody has decided it, whatever was decided there before.
            let isOpen = (try? desk.conflict(text.name)) != nil
            let said = isOpen ? nil : try desk.decided(text.subject, text.conflict.register)
            throw SyncError(
                .stale,
                said.map { "already decided by \($0)" } ?? "the record has changed since it was shown",
                means: "nothing was changed",
                advice: "look at it again: porchlight conflicts show \(text.name)")
        } catch let error as SyncError where error.code == .notPermitted || isStep(error) {
            throw SyncError(
                .notPermitted, error.what, means: "nothing was decided, and all values are kept",
                advice: "ask \(try text.whoDecides())")
        }
    }

    /// Whether it is a step of a referral that whoever decides may not take from where it stands; the office may.
    private func isStep(_ error: SyncError) -> Bool {
        text.settlesReferral && error.code == .badValue && error.advice.isEmpty
            && (try? desk.isOffice) == false
    }

    private func write(_ choice: Choice, _ token: ReadToken) throws -> Outcome {
        let conflict = text.conflict
        let sides = try text.sides()
        let me = try desk.enrolment().staff
        // What is decided anew by this, where it is about a decision.
        let said = [conflict.decision].compactMap { $0 }
        var plan = Plan()
        switch (conflict.kind, choice) {
        case (.duplicate, .both):
            plan.kind = .distinct
            plan.other = conflict.other?.id
            plan.splits = conflict.decision != nil
            plan.closed = try Merging(desk: desk).standing(pair)
            plan.tells = try Contest.concerned(by: plan.closed, in: desk.replica())
        case (.duplicate, .side(let side)):
            return try merge(keeping: side, token)
        case (.amendments, .side(let side)):
            return try keepOnly(side, token)
        case (.void, .side(let side)) where conflict.correction != nil:
            return try settle(side, token)
        case (.clock, .side):
            plan.kind = .accept
            plan.register = conflict.sides.first?.change.map(ConflictFinder.clockTopic)
            plan.closed = try standing(plan.register)
            plan.tells = try sides.map(\.author) + Contest.concerned(by: plan.closed, in: desk.replica())
        case (.contested, .side(let side)) where conflict.sides.isEmpty:
            let isOne = text.decidesForOne(side)
            if isOne == true, try !text.isOne() { return try mergeAgain() }
            plan.kind = isOne.map { $0 ? .merge : .unmerge } ?? conflict.decision?.kind ?? .accept
            plan.other = conflict.decision?.other
            plan.register = conflict.decision?.register
            plan.splits = isOne == false
            if isOne != nil { plan.closed = try Merging(desk: desk).standing(pair) }
            plan.tells = try Contest.concerned(by: plan.closed + said, in: desk.replica())
        case (.ring, _), (.amendments, _), (_, .both):
            throw SyncError(
                .badValue, "this cannot be decided so", means: "nothing was decided",
                advice: ConflictsShow.choices(text))
        case (_, .values(let values)):
            plan.values = values
        case (_, .side(let side)):
            plan.values = side.values
        }
        if let values = plan.values { try put(values, sides, me, &plan) }
        try refuseDeletion(plan)
        if conflict.kind == .late {
            plan.other = conflict.view.id
            if plan.values == sides.first?.values { plan.isWritten = false }
        }
        if plan.splits { try split(&plan) }
        let told = Set(plan.tells + plan.theirs.keys).subtracting([me, ""]).sorted()
        let stayed = StayedNotices(plan.since, by: me, at: desk.time.now)
        // As it was asked: what is decided alters what these words are made of.
        let kept = try text.words(choice)
        let made = try commit(plan, told, stayed, token, me)
        try stayed.writeRest(made, in: desk.replica())
        return Outcome(
            decision: made, kept: kept, replaced: plan.replaced, told: stayed.told.union(told).sorted(),
            back: back(plan, made), since: plan.since)
    }

    /// What goes with a value that stays: the others, whom that concerns, and what the register of decisions keeps.
    private func put(_ values: [Value], _ sides: [ConflictSide], _ me: String, _ plan: inout Plan) throws {
        let conflict = text.conflict
        let asked = [conflict.decision].compactMap { $0 }.filter(\.isContested)
        plan.answers = try standing(conflict.register).last?.id
        plan.register = conflict.kind == .deletion ? deletedRegister : conflict.register
        plan.replaced = sides.filter { $0.values != values }
        // Whoever decided for a value before is not the only one who stands behind it.
        plan.tells =
            try plan.replaced.flatMap { try $0.behind + text.authors(of: $0.values) }
            + Contest.concerned(by: asked, in: desk.replica())
        // What is shown comes first: that is what stands again when this is taken back.
        plan.before = DecidedValue.text(
            (sides.filter(\.isShown) + sides.filter { !$0.isShown }).map {
                DecidedValue(author: $0.author, effective: $0.effective, values: $0.values)
            })
        plan.after = DecidedValue.text([DecidedValue(author: me, effective: nil, values: values)])
    }

    /// Nobody is deleted about whom something was recorded that counts.
    private func refuseDeletion(_ plan: Plan) throws {
        let view = text.conflict.view
        guard plan.register == deletedRegister, plan.values == [.integer(1)],
            view.table.name == "participant",
            let refusal = try Dependents(of: view.id, in: desk.replica()).refusal("nothing was decided")
        else { return }
        throw refusal
    }

    private struct Plan {
        var kind = DecisionKind.resolve
        var register: String?
        var other: RecordID?
        var values: [Value]?
        var replaced: [ConflictSide] = []
        var tells: [String] = []
        /// Whether the values are written: what already stands under another record is not.
        var isWritten = true
        /// The decision that this one answers, where the conflict is not about one.
        var answers: RecordID?
        /// Decisions about two records or about a time that this one closes.
        var closed: [Decision] = []
        /// Whether a merge of the two records is taken back.
        var splits = false
        /// Of two of which a merge is taken back the one that led to the other; `nil` where both did.
        var parted: RecordID?
        /// The caseload that merges of the two had given.
        var given: [RecordID] = []
        /// What was written while they were one, looked up before they are parted.
        var since: [SinceMerge] = []
        /// Who works with one of two that were merged, and with which.
        var theirs: [String: RecordID] = [:]
        var before: String?
        var after: String?
    }

    private func commit(
        _ plan: Plan, _ told: [String], _ stayed: StayedNotices, _ token: ReadToken, _ me: String
    ) throws -> RecordID {
        let conflict = text.conflict
        // The register says which leads to which, or led, whichever of the two was asked about first.
        let leads = try plan.kind == .merge && pair.count == 2 ? merged() : plan.parted
        let isReversed = leads != nil && leads == pair.last
        let (subject, other) = isReversed ? (pair[1], pair[0]) : (text.subject, plan.other)
        var made: RecordID?
        try desk.replica().edit(token: token, resolving: true) { edit in
            if let values = plan.values, let register = plan.register, plan.isWritten {
                try edit.write(text.subject, [RegisterWrite(register, values)])
            }
            if conflict.kind == .late { try reread(edit) }
            if plan.splits { try split(plan.given, edit) }
            let record = DecisionRecord(
                kind: plan.kind, subject: subject, register: plan.register, other: other,
                answers: conflict.decision?.id ?? plan.answers ?? plan.closed.last?.id, by: me,
                at: desk.time.now, reason: reason,
                before: plan.before ?? Decision.naming(plan.closed), after: plan.after)
            made = try record.write(to: edit, telling: told, about: plan.theirs)
            if let made { try stayed.write(made, to: edit) }
        }
        guard let made else { throw SyncError(.internalFault, "the decision got no id") }
        return made
    }

    /// How it is taken back: where two records were parted, or one was merged, by the verbs for that.
    private func back(_ plan: Plan, _ made: RecordID) -> WayBack {
        switch plan.kind {
        case .unmerge where pair.count == 2:
            plan.parted == pair[1]
                ? WayBack(merging: pair[1], into: pair[0]) : WayBack(merging: pair[0], into: pair[1])
        case .merge where pair.count == 2: WayBack(unmerging: (try? merged()) ?? pair[0])
        case .resolve, .undo, .merge, .unmerge, .renumber, .distinct, .accept:
            WayBack(undoing: [made], at: desk)
        }
    }

    /// What was decided about a register, or a time, and nothing has decided anew. A decision that is open again is not
    /// answered by one about values that were written since; but whether a record is deleted is one and the same.
    private func standing(_ register: String?) throws -> [Decision] {
        guard let register else { return [] }
        let chains = try OpenConflicts.chains(in: desk.replica(), about: [text.subject])
        let all = chains.standing(.register(text.subject, register))
        if register == deletedRegister { return all.filter { !$0.isContested } }
        return text.conflict.kind == .clock ? all : all.filter { !chains.isOpen($0) }
    }

    /// The record that leads to another leads there as before, and whoever says so has read what came late.
    private func reread(_ edit: Edit) throws {
        let id = text.conflict.view.id
        guard let redirect = try edit.view(id)?.values(of: "redirect") else { return }
        try edit.write(id, [RegisterWrite("redirect", redirect)])
    }

    /// The two records of which is decided whether they are one person's.
    var pair: [RecordID] {
        [text.conflict.view.id, text.conflict.other?.id ?? text.conflict.decision?.other].compactMap { $0 }
    }

    /// Looks up what goes with a merge that is taken back: the caseload that it gave, and whom it concerns.
    private func split(_ plan: inout Plan) throws {
        guard pair.count == 2 else { return }
        let merging = Merging(desk: desk)
        plan.given = try merging.given(by: pair[0], pair[1])
        let replica = try desk.replica()
        let leading = try leading { try replica.view($0) }
        guard !leading.isEmpty else { return }
        if plan.kind == .unmerge, leading.count == 1 { plan.parted = leading.first?.id }
        plan.theirs = try merging.concerned(pair, given: plan.given)
        // Where another way leads from one to the other they are one person still, and nothing of it is out of place.
        let remaining = try Merged(in: replica, without: leading.map(\.id))
        if !remaining.areOne(pair[0], pair[1]) {
            plan.since = try leading.compactMap { try SinceMerge($0, in: replica) }
        }
    }

    /// Of the two records of a pair, that which leads to the other leads nowhere any more.
    private func split(_ given: [RecordID], _ edit: Edit) throws {
        let merged = try leading { try edit.view($0) }.map(\.id)
        for id in merged { try edit.write(id, [RegisterWrite("redirect", [.none, .none, .none])]) }
        for id in pair where !merged.isEmpty && !merged.contains(id) { try Merging.mark(id, edit) }
        try Merging(desk: desk).end(given, edit)
    }

    /// Those of the two records that lead elsewhere. Where one leads to the other itself, what leads on from there is
    /// somebody else's and stays.
    private func leading(_ view: (RecordID) throws -> RecordView?) throws -> [RecordView] {
        let merged = try pair.compactMap(view).filter { !$0["merged_into"].isNone }
        let direct = merged.filter { $0["merged_into"].reference.map(pair.contains) ?? false }
        return direct.isEmpty ? merged : direct
    }
}

/// A decision as it is written.
struct DecisionRecord {
    var kind: DecisionKind
    var subject: RecordID
    var register: String?
    var other: RecordID?
    var answers: RecordID?
    var by: String
    var at: Int64
    var reason: String
    var before: String?
    var after: String?

    /// Writes the decision and the notices of it.
    ///
    /// - Parameter theirs: of a decision about two records, the one that somebody works with, where it is not the subject:
    ///   the other may leave their laptop by it, and a notice about a record that has left says next to nothing.
    func write(to edit: Edit, telling staff: [String], about theirs: [String: RecordID] = [:]) throws
        -> RecordID
    {
        var writes = try Writes(
            "decision",
            [
                "kind": .text(kind.rawValue), "subject": .reference(subject), "decided_by": .text(by),
                "decided_at": .integer(at), "reason": .text(reason),
            ])
        writes.set("subject_register", register.map { .text($0) })
        writes.set("other", other.map { .reference($0) })
        writes.set("answers", answers.map { .reference($0) })
        writes.set("before", before.map { .text($0) })
        writes.set("after", after.map { .text($0) })
        let made = try edit.create("decision", writes.registers)
        let whose = theirs.isEmpty ? nil : "redirect"
        for one in staff {
            var notice = try Writes(
                "notice",
                [
                    "to_staff": .text(one), "decision": .reference(made),
                    "subject": .reference(theirs[one] ?? subject), "at": .integer(at),
                ])
            notice.set("subject_register", (register ?? whose).map { .text($0) })
            _ = try edit.create("notice", notice.registers)
        }
        return made
    }
}

extension SyncError {
    /// What is asked of everybody who decides.
    static func reason(_ typed: String) throws -> String {
        let reason = typed.trimmed
        guard !reason.isEmpty else {
            throw SyncError(
                .badValue, "the reason is empty", means: "nothing was decided",
                advice: "say why, in a few words: those whose value is not kept will read it")
        }
        return reason
    }
}
