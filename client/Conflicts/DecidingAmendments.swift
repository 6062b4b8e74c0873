import PeerSupport
import SyncModel
import SyncReplica

extension Deciding {
    /// Of several corrections of one check-in one stays, and the others are void.
    ///
    /// Each that is void or counts again by this has a decision of its own, which can be taken back by itself, and its
    /// authors are told. All of it is one transaction.
    ///
    /// - Returns: the first of the decisions.
    func keepOnly(_ kept: ConflictSide, _ token: ReadToken) throws -> Outcome {
        let replica = try desk.replica()
        let me = try desk.enrolment().staff
        let sides = try text.sides()
        let corrected = Amendments.corrected(in: text.conflict)
        let about = Set(sides.compactMap { $0.record?.id } + corrected).sorted()
        let chains = try OpenConflicts.chains(in: replica, about: about)
        let open = chains.open(register: "void")
        var marks = try sides.compactMap { try mark($0, kept, open) }
        let others = corrected.filter { id in !marks.contains { $0.record == id } }
        marks += try settled(kept, others, open, chains)
        marks = try marks.flatMap { try answering(open, $0) }
        var made: [RecordID] = []
        try replica.edit(token: token, resolving: true) { edit in
            for mark in marks {
                try edit.write(mark.record, [RegisterWrite("void", mark.after)])
                let decision = DecisionRecord(
                    kind: .resolve, subject: mark.record, register: "void", other: mark.keeping,
                    answers: mark.answers, by: me, at: desk.time.now, reason: reason,
                    before: DecidedValue.text(mark.before),
                    after: DecidedValue.text([DecidedValue(author: me, effective: nil, values: mark.after)]),
                    besides: mark.besides)
                made.append(try decision.write(to: edit, telling: mark.told.sorted()))
            }
        }
        guard let first = made.first else { throw SyncError(.internalFault, "the decision got no id") }
        return Outcome(
            decision: first, kept: try text.words(.side(kept)),
            replaced: sides.filter { $0.letter != kept.letter },
            told: Set(marks.flatMap(\.told)).sorted(), back: WayBack(undoing: made, at: desk), decisions: made
        )
    }

    /// What becomes of the void mark of one check-in.
    private struct Mark {
        let record: RecordID
        let before: [DecidedValue]
        let after: [Value]
        /// The check-in that stays, where this one does not.
        let keeping: RecordID?
        var answers: RecordID?
        var told: Set<String>
        /// What it answers beside that.
        var besides: [RecordID] = []
    }

    /// One of the sides: void if another stays, and counting if it is the one. `nil` where it is so already.
    private func mark(
        _ side: ConflictSide, _ kept: ConflictSide, _ open: [Decision]
    ) throws -> Mark? {
        guard let record = side.record, let stays = kept.record?.id,
            let state = try desk.replica().state(record.id)
        else { return nil }
        let isKept = record.id == stays
        // Where people differ on whether it counts, that is decided first.
        let isApart =
            record.conflicts.contains("void")
            && state.siblings(of: "void").contains { $0.values.allSatisfy(\.isNone) }
        let anew = isApart ? [] : open.filter { $0.subject == record.id }
        let answers = anew.first?.id
        let isVoid = !record["voided_at"].isNone
        // A void mark that does not stand against a signature counts for nothing, and goes all the same.
        let isContested = isKept && !isVoid && !isApart && record.conflicts.contains("void")
        guard isVoid == isKept || isContested || answers != nil else { return nil }
        let nothing = record.table.register("void")?.nothing ?? []
        let now = record.values(of: "void") ?? nothing
        let after = isKept ? nothing : isVoid ? now : try voided()
        let marks = try desk.replica().siblings(record.id, of: "void")
        let voider = marks.first { $0.values == now }?.change.author
        // Of what counts again, whoever had voided it is told, which several may have done apart; of what does not, whoever
        // wrote it.
        let authors =
            try (isKept ? marks.map(\.change.author) : state.live.map(\.author))
            + Contest.concerned(by: anew, in: desk.replica())
        let shown = DecidedValue(author: isVoid ? voider ?? "" : side.author, effective: nil, values: now)
        let others = marks.filter { $0.values != now }.map {
            DecidedValue(
                author: $0.values.isOpen(in: "void") ? side.author : $0.change.author,
                effective: $0.change.effective?.microseconds, values: $0.values)
        }
        return Mark(
            record: record.id, before: [shown] + others, after: after, keeping: isKept ? nil : stays,
            answers: answers, told: Set(authors).subtracting([try desk.enrolment().staff, ""]))
    }

    private func voided() throws -> [Value] {
        try Voiding.mark(reason, at: desk).first?.values ?? []
    }

    /// Each of the corrections had voided what it corrects, so the marks of that were written apart too. Where nobody else
    /// had voided it, and so nobody's reason is lost, the mark of the one that stays stands alone from now on.
    ///
    /// What was decided about these marks before, and is open again, is answered by that too.
    private func settled(
        _ kept: ConflictSide, _ corrected: [RecordID], _ open: [Decision], _ chains: DecisionChains
    ) throws -> [Mark] {
        try corrected.compactMap { id in
            let answers = open.first { $0.subject == id && !VoidedCorrections.isSuch($0) }
            guard let state = try desk.replica().state(id), case let isApart = state.isInConflict("void"),
                isApart || answers != nil
            else { return nil }
            let marks = state.siblings(of: "void")
            let behind = Amendments.corrections(
                behind: marks.map { Conflict.Side(change: $0.change, values: $0.values) }, of: id,
                in: text.conflict, chains.about(id))
            guard !isApart || behind.allSatisfy({ $0 != nil }), let first = marks.first else { return nil }
            let own = zip(marks, behind).first { $1 == kept.record?.id }?.0
            let writer = try desk.replica().lastWriter(of: id)
            return Mark(
                record: id,
                before: marks.map {
                    DecidedValue(
                        author: $0.values.isOpen(in: "void")
                            ? writer ?? "" : $0.change.author,
                        effective: $0.change.effective?.microseconds, values: $0.values)
                }, after: (own ?? first).values, keeping: kept.record?.id, answers: answers?.id,
                told: try told(answers))
        }
    }

    private func told(_ answered: Decision?) throws -> Set<String> {
        guard let answered else { return [] }
        return try Set(Contest.concerned(by: [answered], in: desk.replica()))
            .subtracting([desk.enrolment().staff, ""])
    }

    /// Where several decisions about one check-in are open again, all of them are answered.
    private func answering(_ open: [Decision], _ mark: Mark) throws -> [Mark] {
        guard let first = mark.answers else { return [mark] }
        let others = open.filter { one in
            one.subject == mark.record && one.id != first && !VoidedCorrections.isSuch(one)
        }
        let all = try DecisionRecord.answering([first] + others.map(\.id), at: desk)
        return all.enumerated().map { place, answer in
            var one = mark
            one.answers = answer.0
            one.besides = answer.besides
            if place > 0 { one.told = [] }
            return one
        }
    }
}
