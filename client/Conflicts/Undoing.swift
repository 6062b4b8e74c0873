import PeerSupport
import SyncModel
import SyncReplica

/// Takes a decision back: what had been shown before it is shown again, beside the other values, and it is open until
/// somebody decides anew. Whoever decided is told, and whose value it is about.
struct Undoing {
    let desk: Desk

    /// Undoes the decision of this id.
    func undo(_ typed: String, reason: String) throws {
        let view = try desk.record(typed, in: "decision")
        guard let decision = Decision(view) else { throw Self.none("this is no decision") }
        let replica = try desk.replica()
        guard let subject = try replica.view(decision.subject), let token = try replica.token(for: subject.id)
        else {
            throw Self.none("what was decided is not on this laptop any more")
        }
        if try OpenConflicts.decisions(in: replica, answering: decision.id).contains(where: {
            $0.kind == .undo
        }) {
            throw Self.none("this decision was taken back already")
        }
        try refuseIfDecidedAnew(decision, replica)
        let me = try desk.enrolment().staff
        guard try me == decision.by || desk.isOffice else {
            throw SyncError(
                .notPermitted, "this was decided by \(decision.by)", means: "nothing was changed",
                advice: "ask for another look: \(Self.reopen(decision))")
        }
        try refuseIfWritten(decision, subject, replica)
        let before = Self.before(decision)
        if let first = before.first?.values,
            var objection = try desk.objection(to: first, in: decision.register, of: subject.id)
        {
            objection.means = "nothing was changed, and both keep the codes that they have"
            throw objection
        }
        let restored = try restored(decision, before, subject)
        let (theirs, others) = try told(decision, before, restored)
        let told = Set(before.map(\.author) + theirs.keys + others).subtracting([me, ""]).sorted()
        let record = DecisionRecord(
            kind: .undo, subject: subject.id, register: decision.register, other: decision.other,
            answers: decision.id, by: me, at: desk.time.now, reason: reason, before: Self.after(decision),
            after: before.first.map { DecidedValue.text([$0]) })
        var made: RecordID?
        try replica.edit(token: token, resolving: true) { edit in
            do {
                try restore(decision, before, restored, subject, edit)
                made = try record.write(to: edit, telling: told, about: theirs)
            } catch let error as SyncError {
                guard let refusal = edit.refusal else { throw error }
                let who = try refusal.isAboutWho ? who(decision, subject).map { "\($0) may; " } : nil
                throw SyncError(
                    .notPermitted, error.what, means: "nothing was changed",
                    advice: "\(who ?? "")ask for another look: \(Self.reopen(decision))")
            }
        }
        var teller = ChangeTeller(desk)
        let title = try teller.title(subject.table.name, subject.id)
        let stands = try before.first.flatMap { first in
            try decision.register.map {
                try teller.contents(subject.table.name, [RegisterWrite($0, first.values)])
            }
        }
        let asking = try OpenConflicts(in: replica).asking(about: [decision])
        desk.show([
            "record": .text(subject.id.text), "undone": .text(decision.id.text),
            "decision": .optional(made?.text), "stands": .optional(stands),
            "told": .told(told),
        ]) { page in
            page.line("taken back: \(title)\(Self.standing(decision, before.first?.values, stands))", .good)
            page.told(told)
            page.line(
                asking.map { "It is open again: porchlight conflicts show \($0.name)" }
                    ?? "What it was about is not asked any more: nothing of it stands as it was.", .faint)
        }
    }

    /// Whether whoever is at this desk may write what a decision had replaced. It is tried, and nothing is recorded.
    func isAllowed(_ id: RecordID) throws -> Bool {
        let replica = try desk.replica()
        guard let decision = try replica.view(id).flatMap({ Decision($0) }),
            let subject = try replica.view(decision.subject)
        else { return true }
        let before = Self.before(decision)
        let restored = try restored(decision, before, subject)
        return try desk.isPermitted { edit in
            try restore(decision, before, restored, subject, edit)
        }
    }

    /// Who may take a decision back that whoever is at this desk may not; `nil` where that is nobody else.
    private func who(_ decision: Decision, _ subject: RecordView) throws -> String? {
        try desk.isRole(.administrator) ? nil : desk.whoSettles(decision.register, of: subject)
    }

    /// The same of a decision of this id; `nil` also where it is not known here.
    func who(_ id: RecordID) throws -> String? {
        let replica = try desk.replica()
        guard let decision = try replica.view(id).flatMap({ Decision($0) }),
            let subject = try replica.view(decision.subject)
        else { return nil }
        return try who(decision, subject)
    }

    /// What stands there now: again, or still, where the decision had let stand what was shown anyhow.
    private static func standing(_ decision: Decision, _ values: [Value]?, _ words: String?) -> String {
        guard let values else { return "" }
        let again = values == decision.valuesAfter.first?.values ? "still" : "again"
        switch decision.register {
        case deletedRegister:
            return values == [.integer(1)] ? ": it is deleted \(again)" : ": it is shown \(again)"
        case "void":
            return values.allSatisfy(\.isNone) ? ": it counts \(again)" : ": it is void \(again)"
        default: return words.map { ": \($0) is shown \(again)" } ?? ""
        }
    }

    private static func reopen(_ decision: Decision) -> String {
        "porchlight reopen \(decision.id.short) --reason \"…\""
    }

    /// What had stood there, the shown one first. A record that was deleted while somebody went on with it had been shown.
    private static func before(_ decision: Decision) -> [DecidedValue] {
        guard [.resolve, .undo, .renumber].contains(decision.kind) else { return [] }
        let before = decision.valuesBefore
        guard decision.register == deletedRegister,
            decision.valuesAfter.first?.values == [.integer(1)]
        else { return before }
        return before.filter { $0.values != [.integer(1)] } + before.filter { $0.values == [.integer(1)] }
    }

    /// What it had decided for, with who had written that.
    private static func after(_ decision: Decision) -> String? {
        guard decision.after != nil else { return nil }
        return DecidedValue.text(
            decision.valuesAfter.map { one in
                decision.valuesBefore.first { $0.values == one.values && !$0.author.isEmpty } ?? one
            })
    }

    /// What was decided anew since is not open when the older decision is taken back: the newer one stands.
    private func refuseIfDecidedAnew(_ decision: Decision, _ replica: Replica) throws {
        let about = [decision.subject, decision.other].compactMap { $0 }
        let chains = try OpenConflicts.chains(in: replica, about: about)
        guard let newer = chains.closer(of: decision) else {
            guard chains.isClosed(decision) else { return }
            throw SyncError(
                .nothing, "this was decided anew since, and by whom is not on this laptop",
                means: "nothing was changed", advice: "ask a supervisor or an administrator about it")
        }
        let isTheirs = try newer.by == desk.enrolment().staff || desk.isOffice
        let how =
            [.merge, .unmerge].contains(newer.kind) || !isTheirs
            ? Self.reopen(newer) : WayBack(undoing: [newer.id], at: desk).lines.first ?? ""
        throw SyncError(
            .nothing, "this was decided anew since by \(newer.by) \(desk.time.ago(newer.at))",
            means: "nothing was changed",
            advice: chains.isOpen(newer)
                ? "it is open again, and waits in `porchlight conflicts`" : "if that is wrong: \(how)")
    }

    /// What stands again beside the value itself.
    private struct Restored {
        /// Of a decision whose record one is that was merged into several, the caseload that it had ended.
        var resumed: [RecordID] = []
        /// Of one on whether a session counts, its attendance.
        var session: WithSession?
    }

    private func restored(
        _ decision: Decision, _ before: [DecidedValue], _ subject: RecordView
    ) throws -> Restored {
        guard let values = before.first?.values else { return Restored() }
        let session = try WithSession(subject, decision.register, values, in: desk.replica())
        guard decision.register == "redirect", let into = values.first?.reference else {
            return Restored(session: session)
        }
        return Restored(
            resumed: try Merging(desk: desk).ended(of: decision.subject, into: into), session: session)
    }

    /// Whom it concerns beside those who wrote what is shown again: of those who work with a record by which one, and whoever
    /// was told of the decision.
    private func told(
        _ decision: Decision, _ before: [DecidedValue], _ restored: Restored
    ) throws -> (theirs: [String: RecordID], others: [String]) {
        let concerned = try Contest.concerned(by: [decision], in: desk.replica())
        guard decision.register == "redirect" else {
            return ([:], concerned + (restored.session?.authors ?? []))
        }
        let merging = Merging(desk: desk)
        let fork = try merging.concerned(
            byFork: decision.subject, into: before.compactMap { $0.values.first?.reference }, given: [])
        let back = try merging.peers(of: restored.resumed)
        return (fork.theirs.merging(back) { _, back in back }, concerned + fork.told)
    }

    private func restore(
        _ decision: Decision, _ before: [DecidedValue], _ restored: Restored, _ subject: RecordView,
        _ edit: Edit
    ) throws {
        switch decision.kind {
        case .resolve, .undo, .renumber:
            guard let register = decision.register, let first = before.first else {
                throw Self.none("what stood there before is not known here")
            }
            try edit.write(subject.id, [RegisterWrite(register, first.values)])
            try restored.session?.write(to: edit)
            try Merging.resume(restored.resumed, edit)
        case .merge:
            throw SyncError(
                .nothing, "a merge is taken back by its own verb", means: "nothing was changed",
                advice: "porchlight participant unmerge \(subject.id.short) --reason \"…\"")
        case .distinct, .accept:
            // Nothing was written but the decision: without it the question stands again.
            break
        case .unmerge:
            throw SyncError(
                .nothing, "two people are made one again by another verb", means: "nothing was changed",
                advice: "porchlight participant merge \(subject.id.short) --into … --reason \"…\"")
        }
    }

    /// Whoever wrote there since had read the decision: their word is not undone with it.
    private func refuseIfWritten(_ decision: Decision, _ subject: RecordView, _ replica: Replica) throws {
        guard let register = decision.register, let after = decision.valuesAfter.first
        else {
            return
        }
        let siblings = try replica.siblings(subject.id, of: register)
        guard siblings.allSatisfy({ $0.values == after.values }) else {
            if try isTakenBack(decision, siblings, replica) { return }
            let by = siblings.first { $0.values != after.values }.map { " by \($0.change.author)" } ?? ""
            if let asking = try OpenConflicts(in: replica).asking(about: [decision]) {
                // Who decided apart had not read it, and it waits as it is.
                let chains = try OpenConflicts.chains(in: replica, about: [decision.subject])
                let apart = chains.standing(.register(decision.subject, register)).filter { one in
                    chains.areApart(one, decision)
                        && siblings.contains {
                            $0.change.author == one.by && $0.values == one.valuesAfter.first?.values
                        }
                }
                guard apart.isEmpty else { throw SyncError.beingAsked(asking) }
                throw SyncError(
                    .nothing, "something else was written there since\(by), and is being asked",
                    means: "nothing was changed", advice: "porchlight conflicts show \(asking.name)")
            }
            throw SyncError(
                .stale, "something else was written there since\(by)", means: "nothing was changed",
                advice: "look at it: porchlight history \(subject.id.short)")
        }
    }

    /// Whether what a decision had replaced stands there again already, because another one of the same answer about the same
    /// was taken back.
    private func isTakenBack(
        _ decision: Decision, _ siblings: [Sibling], _ replica: Replica
    ) throws -> Bool {
        let stood = Self.before(decision).first?.values
        let chains = try OpenConflicts.chains(in: replica, about: [decision.subject])
        return siblings.allSatisfy { $0.values == stood }
            && chains.together(with: decision).contains {
                $0.subject == decision.subject && $0.register == decision.register && chains.isUndone($0)
            }
    }

    private static func none(_ what: String) -> SyncError {
        SyncError(
            .nothing, what, means: "nothing was changed",
            advice: "`porchlight conflicts export` lists the decisions with their ids")
    }
}
