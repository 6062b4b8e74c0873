import PeerSupport
import SyncModel
import SyncReplica

extension Deciding {
    /// Of a check-in that was voided by one and corrected by another: it is void, and the correction with it; or it counts
    /// as corrected. All of it is one transaction, and what is void or counts again by it has a decision of its own.
    ///
    /// - Returns: the first of the decisions, which is about the check-in that was corrected.
    func settle(_ kept: ConflictSide, _ token: ReadToken) throws -> Outcome {
        let replica = try desk.replica()
        let me = try desk.enrolment().staff
        let conflict = text.conflict
        guard let correction = conflict.correction, let state = try replica.state(conflict.view.id),
            let corrected = try replica.state(correction.id)
        else { throw SyncError(.internalFault, "a check-in and its correction that are not here") }
        let sides = try text.sides()
        let counts = kept.record != nil
        let left = VoidedCorrections.mark(of: conflict, state, corrected) ?? []
        let mark = counts ? left : kept.values
        let second = try correctionMark(correction, corrected, counts)
        let against = try sides.filter { $0.record == nil && $0.letter != kept.letter }.flatMap { side in
            try side.behind + text.authors(of: side.values)
        }
        // And whoever decided apart that it counts, where it does not.
        let deciders = sides.filter { $0.record != nil && $0.letter != kept.letter }.compactMap(\.decider)
        let makers = corrected.live.map(\.author)
        let writer = try replica.lastWriter(of: correction.id) ?? ""
        let stood = try stood(sides, writer)
        let voider = try replica.siblings(correction.id, of: "void").first?.change.author ?? ""
        let voided = try OpenConflicts.chains(in: replica, about: [conflict.view.id])
            .standing(.register(conflict.view.id, "void")).last(where: \.isPlainVoid)
        // Whoever made the correction is told once, of it where something is decided about it too.
        let anew = [conflict.decision, second?.answers, voided].compactMap { $0 }
        let concerned = try Set(Contest.concerned(by: anew, in: replica))
            .subtracting(second == nil ? [] : makers)
        let losing = counts || second != nil ? [] : makers
        let told = Set(against + deciders + losing + concerned).subtracting([me, ""])
        var made: [RecordID] = []
        try replica.edit(token: token, resolving: true) { edit in
            try edit.write(conflict.view.id, [RegisterWrite("void", mark)])
            let first = DecisionRecord(
                kind: .resolve, subject: conflict.view.id, register: "void",
                other: counts ? correction.id : nil, answers: (conflict.decision ?? voided)?.id, by: me,
                at: desk.time.now, reason: reason, before: stood,
                after: decided(mark, me))
            made.append(try first.write(to: edit, telling: told.sorted()))
            guard let second else { return }
            try edit.write(correction.id, [RegisterWrite("void", second.after)])
            let decision = DecisionRecord(
                kind: .resolve, subject: correction.id, register: "void", other: nil,
                answers: second.answers?.id, by: me, at: desk.time.now, reason: reason,
                before: decided(
                    second.before,
                    second.before.isOpen(in: "void") ? writer : voider),
                after: decided(second.after, me))
            made.append(try decision.write(to: edit, telling: Set(makers).subtracting([me, ""]).sorted()))
        }
        guard let first = made.first else { throw SyncError(.internalFault, "the decision got no id") }
        return Outcome(
            decision: first, kept: try text.words(.side(kept)),
            replaced: sides.filter { $0.letter != kept.letter },
            told: told.union(second == nil ? [] : makers).subtracting([me, ""]).sorted(),
            back: WayBack(undoing: made, at: desk), decisions: made)
    }

    /// What becomes of the correction's own void mark.
    private struct Second {
        let before: [Value]
        let after: [Value]
        let answers: Decision?
    }

    /// `nil` where it stays as it is and nobody asks about it.
    private func correctionMark(_ correction: RecordView, _ state: RecordState, _ counts: Bool) throws
        -> Second?
    {
        let open = try OpenConflicts.chains(in: desk.replica(), about: [correction.id])
            .open(register: "void").last
        let isVoid = !correction["voided_at"].isNone
        guard isVoid == counts || open != nil || state.isInConflict("void") else { return nil }
        let nothing = correction.table.register("void")?.nothing ?? []
        let now = correction.values(of: "void") ?? nothing
        let voided = try Voiding.mark(reason, at: desk).first?.values ?? []
        return Second(before: now, after: counts ? nothing : isVoid ? now : voided, answers: open)
    }

    /// Every mark that stood there, the shown one first; and that the visit counts as whoever corrected it says, which
    /// tells this decision from one about reasons alone.
    private func stood(_ sides: [ConflictSide], _ writer: String) throws -> String {
        var all = try desk.replica().siblings(text.conflict.view.id, of: "void").map { mark in
            DecidedValue(
                author: mark.values.isOpen(in: "void")
                    ? writer
                    : sides.first { $0.change?.dot == mark.change.dot }?.author ?? mark.change.author,
                effective: mark.change.effective?.microseconds, values: mark.values)
        }
        for side in sides
        where side.record == nil && !all.contains(where: { $0.values == side.values }) {
            all.append(DecidedValue(author: side.author, effective: side.effective, values: side.values))
        }
        let nothing = text.conflict.view.table.register("void")?.nothing ?? []
        let counts = DecidedValue(author: writer, effective: nil, values: nothing)
        // Where the mark does not stand against a signature, that it counts is what is shown.
        all.insert(counts, at: text.conflict.view["voided_at"].isNone ? 0 : all.count)
        return DecidedValue.text(all)
    }

    private func decided(_ values: [Value], _ author: String) -> String {
        DecidedValue.text([DecidedValue(author: author, effective: nil, values: values)])
    }
}
