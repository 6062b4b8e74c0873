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
            let isOpen = (try? desk.conflict(text.name, asShown: false)) != nil
            let said = isOpen ? nil : try desk.decided(text.conflict)
            throw SyncError(
                .stale,
                said.map { "already decided by \($0)" } ?? "the record has changed since it was shown",
                means: "nothing was changed",
                advice: "look at it again: porchlight conflicts show \(text.name)")
        } catch let error as SyncError where error.code == .notPermitted {
            throw SyncError(
                .notPermitted, error.what, means: "nothing was decided, and all values are kept",
                advice: "ask \(try text.whoDecides())")
        }
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
            if isOne == false { try refuseOthers() }
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
        if let values = plan.values {
            if let objection = try text.objection(to: values) { throw objection }
            try put(values, sides, me, &plan)
        }
        try delete(&plan)
        if conflict.kind == .late { try readLate(token, sides, &plan) }
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
        // Who decided what was taken back is told what became of it, as who was asked about again is.
        let asked = [conflict.decision].compactMap { $0 }
        let before = try standing(conflict.register)
        plan.answers = before.last?.id
        plan.register = conflict.kind == .deletion ? deletedRegister : conflict.register
        plan.replaced = sides.filter { $0.values != values }
        // Whoever decided for a value before is not the only one who stands behind it.
        plan.tells =
            try plan.replaced.flatMap { try $0.behind + text.authors(of: $0.values) }
            + Contest.concerned(by: asked, in: desk.replica()) + told(by: before, of: values, beside: sides)
        plan.session = try WithSession(conflict.view, conflict.register, values, in: desk.replica())
        plan.tells += plan.session?.authors ?? []
        // What is shown comes first: that is what stands again when this is taken back.
        plan.before = DecidedValue.text(
            (sides.filter(\.isShown) + sides.filter { !$0.isShown }).map {
                DecidedValue(author: $0.author, effective: $0.effective, values: $0.values)
            })
        plan.after = DecidedValue.text([DecidedValue(author: me, effective: nil, values: values)])
        guard conflict.register == "redirect" else { return }
        try part(values, &plan)
    }

    /// Merged into two people apart: of whichever it is not, what was recorded meanwhile is out of place, and what that merge
    /// gave to a caseload ends. What a decision before had ended so goes on.
    private func part(_ values: [Value], _ plan: inout Plan) throws {
        let replica = try desk.replica()
        let merging = Merging(desk: desk)
        let kept = values.first?.reference
        let lost = plan.replaced.filter { $0.values.first?.reference != kept }
        for side in lost {
            guard let into = side.values.first?.reference else { continue }
            let stands = try merging.path(from: into, to: text.subject)
            plan.given += try merging.given(by: text.subject, into, alsoReversed: stands.isEmpty)
            guard let change = side.change,
                let since = try SinceMerge(into: into, by: change, in: replica), !since.isEmpty
            else { continue }
            plan.since.append(since)
        }
        let others = lost.compactMap { $0.values.first?.reference }
        let fork = try merging.concerned(
            byFork: text.subject, into: [kept].compactMap { $0 } + others, given: plan.given)
        plan.theirs = fork.theirs
        plan.tells += fork.told
        guard let kept else { return }
        plan.resumed = try merging.ended(of: text.subject, into: kept)
        // Whoever gets somebody back is told of them.
        plan.theirs.merge(try merging.peers(of: plan.resumed)) { _, back in back }
    }

    /// Nobody is deleted about whom something was recorded that counts; and whoever works with them is told.
    private func delete(_ plan: inout Plan) throws {
        let view = text.conflict.view
        guard plan.register == deletedRegister, plan.values == [.integer(1)],
            view.table.name == "participant"
        else { return }
        let replica = try desk.replica()
        if let refusal = try Dependents(of: view.id, in: replica).refusal("nothing was decided") {
            throw refusal
        }
        let caseload = try OpenCaseload(of: view.id, in: replica)
        plan.tells += caseload.peers
        plan.caseload = caseload
    }

    private struct Plan {
        var kind = DecisionKind.resolve
        var register: String?
        var other: RecordID?
        var values: [Value]?
        var replaced: [ConflictSide] = []
        var tells: [String] = []
        /// Of somebody who is deleted by it.
        var caseload: OpenCaseload?
        /// The decision that this one answers, where the conflict is not about one.
        var answers: RecordID?
        /// Decisions about two records or about a time that this one closes.
        var closed: [Decision] = []
        /// Whether a merge of the two records is taken back.
        var splits = false
        /// Of two of which a merge is taken back the one that led to the other; `nil` where both did.
        var parted: RecordID?
        /// Those of the two that lead elsewhere and do so no more.
        var ends: [RecordID] = []
        /// Records by which the two are one person's still, when that has ended.
        var stands: [RecordID] = []
        /// The caseload that merges of the two had given, or of one that was merged into several those that do not stand.
        var given: [RecordID] = []
        /// Of a session that is void or counts by it, its attendance.
        var session: WithSession?
        /// The caseload that a decision before had ended, and that goes on.
        var resumed: [RecordID] = []
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
            if let values = plan.values, let register = plan.register {
                do { try edit.write(text.subject, [RegisterWrite(register, values)]) } catch let error
                    as SyncError
                    where edit.refusal?.isOfStep == true
                {
                    throw SyncError(.notPermitted, error.what)
                }
                try plan.caseload?.read(by: edit)
                try plan.session?.write(to: edit)
            }
            if plan.splits { try split(plan, edit) }
            try Merging(desk: desk).end(plan.given, edit)
            try Merging.resume(plan.resumed, edit)
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
        // Who are one person still are not merged again.
        case .unmerge where !plan.stands.isEmpty: WayBack(asking: [made])
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

    /// Of what came late on a record that was merged: the decision names it, and with it what was read there. What stands
    /// is written once more, so that it stands against what somebody else decides who does not know of it.
    private func readLate(_ token: ReadToken, _ sides: [ConflictSide], _ plan: inout Plan) throws {
        let unread = sides.compactMap(\.change).filter { $0.dot != sides.first?.change?.dot }
        guard unread.allSatisfy({ token.context.contains($0.dot) }) else {
            throw SyncError(.stale, "the record has changed since it was shown", means: "nothing was changed")
        }
        plan.other = text.conflict.view.id
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
        let leading = try leading()
        // What somebody said of the record who did not know that they were parted is settled with it.
        let apart = try pair.filter { id in
            guard let other = pair.first(where: { $0 != id }) else { return false }
            let said = try replica.siblings(id, of: "redirect").map { $0.values.first ?? .none }
            return said.contains(.reference(other)) && said.contains(.none)
        }
        plan.ends = apart
        guard !leading.isEmpty else {
            // Their merges were taken back apart, each by somebody for whom the other stood: nobody was told then.
            if try !text.isOne() { plan.since = try Merging.ended(pair, in: replica) }
            return
        }
        plan.ends = Set(leading.map(\.id) + apart).sorted()
        if plan.kind == .unmerge, leading.count == 1, let old = leading.first?.id {
            plan.parted = old
            plan.stands = try pair.first { $0 != old }.map { try merging.path(from: $0, to: old) } ?? []
            plan.after = Merging.named(plan.stands, by: try desk.enrolment().staff)
        }
        plan.theirs = try merging.concerned(pair, given: plan.given)
        // Where another way leads from one to the other they are one person still, and nothing of it is out of place.
        let remaining = try Merged(in: replica, without: leading.map(\.id))
        if !remaining.areOne(pair[0], pair[1]) {
            plan.since = try leading.compactMap { try SinceMerge($0, in: replica) }
        }
    }

    /// Of the two records of a pair, that which leads to the other leads nowhere any more.
    private func split(_ plan: Plan, _ edit: Edit) throws {
        for id in plan.ends { try edit.write(id, [RegisterWrite("redirect", [.none, .none, .none])]) }
        for id in pair where !plan.ends.isEmpty && !plan.ends.contains(id) { try Merging.mark(id, edit) }
    }

    /// Those of the two records that lead elsewhere and by that are one person's. Where one leads to the other itself, what
    /// leads on from there is somebody else's and stays; so is whatever leads on from two who are two people.
    private func leading() throws -> [RecordView] {
        guard try text.isOne() else { return [] }
        let merged = try pair.compactMap { try desk.replica().view($0) }.filter { !$0["merged_into"].isNone }
        let direct = merged.filter { $0["merged_into"].reference.map(pair.contains) ?? false }
        return direct.isEmpty ? merged : direct
    }

    /// A decision about the merge of two says nothing of merges with others. Where these alone make them one person, somebody
    /// has to say first which of them is wrong.
    private func refuseOthers() throws {
        let replica = try desk.replica()
        let isDirect = try pair.contains { id in
            try replica.view(id)?["merged_into"].reference.map(pair.contains) ?? false
        }
        let others = try text.others()
        guard !isDirect, !others.isEmpty else { return }
        let verbs = others.map { "porchlight participant unmerge \($0.short) --reason \"…\"" }
        throw SyncError(
            .badValue, "they are one person by other merges than the one that this is about",
            means: "nothing was decided, and all merges stand",
            advice: "take the wrong one back first: \(verbs.joined(separator: ", or "))")
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
