import PeerSupport
import SyncModel
import SyncReplica

/// Says that two records are one person's, and takes that back.
///
/// The old record leads to the other from then on; nothing that was recorded about it is rewritten, so both
/// histories stay, and a late entry from a laptop that knows only the old one is found under the right person.
struct Merging {
    let desk: Desk

    /// What was written.
    struct Made {
        let decision: RecordID
        /// Who will have a notice of it, by staff code, sorted.
        let told: [String]
        /// Of the end of one merge of several the records by which the two are one person's still, the first of them that
        /// which the other had been merged into.
        var stands: [RecordID] = []
        /// Where two were parted, what was written while they counted as one; of one that was merged into several, of each.
        var since: [SinceMerge] = []
    }

    /// Merges one participant into another.
    ///
    /// Whoever has the old one on their caseload has the other from then on too, until the merge is taken back: they
    /// could not follow otherwise. The decision names these assignments.
    ///
    /// - Parameters:
    ///   - answered: a decision that this one answers.
    ///   - pair: the two that were asked about, where one of them leads to the old one.
    /// - Returns: the decision, and who is told.
    func merge(
        _ old: RecordView, into kept: RecordView, answering answered: Decision? = nil,
        about pair: [RecordID] = [], reason: String
    ) throws -> Made {
        let replica = try desk.replica()
        if let before = old["merged_into"].reference {
            let name = try replica.view(before).map { Wording.label(of: $0) } ?? "a record that is not here"
            throw SyncError(
                .badValue, "\(Wording.label(of: old)) was merged into \(name) already",
                means: "nothing was changed",
                advice:
                    "merge that record, or take it back first: porchlight participant unmerge "
                    + "\(old.id.short) --reason \"…\""
            )
        }
        let people = try Merged(in: replica)
        guard !people.areOne(old.id, kept.id) else {
            throw SyncError(
                .nothing, "they are one person already", means: "nothing was changed",
                advice: "porchlight participant show \(kept.id.short)")
        }
        let me = try desk.enrolment().staff
        let now = desk.time.now
        let held = Set(try assignments(of: kept.id, replica).map(\.peer))
        let peers = Set(try assignments(of: old.id, replica).map(\.peer))
        let theirs = try concerned([old.id, kept.id], given: [])
        // Whoever told the two apart is asked before their word counts for nothing.
        let asked = Set(pair) == [old.id, kept.id] || answered == nil ? [] : try standing(pair)
        let closed =
            try asked + standing([old.id, kept.id]).filter { answered != nil || $0.kind != .distinct }
        // Whoever answers the question about the two says which of them leads to the other, in whatever ways that stood.
        let settles = answered != nil && [old, kept].contains { $0.conflicts.contains("redirect") }
        let concerned = try Contest.concerned(by: closed, in: replica)
        let told = Set(theirs.keys).union(concerned).subtracting([me, ""]).sorted()
        var made: RecordID?
        var given: [RecordID] = []
        try replica.edit(resolving: settles) { edit in
            try edit.write(
                old.id, [RegisterWrite("redirect", [.reference(kept.id), .text(me), .integer(now)])])
            if settles, kept.conflicts.contains("redirect"), kept["merged_into"].isNone {
                try edit.write(kept.id, [RegisterWrite("redirect", [.none, .none, .none])])
            }
            given = try give(kept.id, to: peers.subtracting(held), edit)
            let record = DecisionRecord(
                kind: .merge, subject: old.id, register: nil, other: kept.id,
                answers: answered?.id ?? closed.last?.id, by: me, at: now, reason: reason,
                before: Decision.naming(closed), after: Self.named(given, by: me))
            made = try record.write(to: edit, telling: told, about: theirs)
        }
        return try Self.made(made, told)
    }

    /// The records by which one leads to another, itself first; none where it does not.
    func path(from start: RecordID, to end: RecordID) throws -> [RecordID] {
        var path: [RecordID] = []
        var current = start
        while current != end {
            guard !path.contains(current),
                let next = try desk.replica().view(current)?["merged_into"].reference
            else { return [] }
            path.append(current)
            current = next
        }
        return path
    }

    /// Writes on the record to which another had led that nothing stands in its own redirect, as before: what is written there
    /// by somebody who does not know that the two were parted has not read this, and can be told from the rest.
    static func mark(_ kept: RecordID, _ edit: Edit) throws {
        guard let view = try edit.view(kept), view.deletion == .none, view["merged_into"].isNone,
            !view.conflicts.contains("redirect")
        else { return }
        try edit.write(kept, [RegisterWrite("redirect", [.none, .none, .none])])
    }

    /// What was decided about two records and nothing has decided anew. Whoever decides about them has all of it before
    /// them, so the next decision closes it, and nothing else.
    func standing(_ pair: [RecordID]) throws -> [Decision] {
        try OpenConflicts.chains(in: desk.replica(), about: pair).standing(
            .pair(Set(pair)))
    }

    /// What was written while two counted as one whose merges were taken back one by one: each said that they are one person
    /// still, so nobody had it before them.
    static func ended(_ pair: [RecordID], in replica: Replica) throws -> [SinceMerge] {
        let chains = try OpenConflicts.chains(in: replica, about: pair)
        let merges = chains.standing(.pair(Set(pair))).filter { $0.kind == .unmerge && $0.saysOne == true }
            .flatMap(chains.before).filter { $0.kind == .merge && Set([$0.subject, $0.other]) == Set(pair) }
        return try merges.compactMap { try SinceMerge($0, in: replica) }.filter { !$0.isEmpty }
    }

    /// Who has one of two records on their caseload, by staff code, and which of them: that which stays theirs when the two
    /// part, and of both the first.
    ///
    /// - Parameter given: the assignments that end when they part.
    func concerned(_ pair: [RecordID], given: [RecordID]) throws -> [String: RecordID] {
        let all = try pair.flatMap { try assignments(of: $0, desk.replica()) }
        let ends = Set(given)
        let ordered = all.filter { !ends.contains($0.id) } + all.filter { ends.contains($0.id) }
        return Dictionary(ordered.map { ($0.peer, $0.participant) }) { first, _ in first }
    }

    /// The assignments that merges of two records had made. Whoever got the person with one loses them when it is taken
    /// back: what is recorded about somebody who is not the same after all is not theirs to see.
    ///
    /// - Parameter alsoReversed: whether also those of merges of the second into the first.
    func given(by one: RecordID, _ other: RecordID, alsoReversed: Bool = true) throws -> [RecordID] {
        let about = alsoReversed ? [one, other] : [one]
        return try OpenConflicts.decisions(in: desk.replica(), about: about).filter {
            $0.kind == .merge && Set([$0.subject, $0.other]) == Set([one, other])
        }
        .flatMap(\.valuesAfter).flatMap(\.values).compactMap(\.reference)
    }

    /// Puts a participant on more people's caseloads from today on, because of a merge.
    ///
    /// - Returns: the assignments.
    func give(_ person: RecordID, to peers: Set<String>, _ edit: Edit) throws -> [RecordID] {
        let me = try desk.enrolment().staff
        return try peers.sorted().map { peer in
            let writes = try Writes(
                "assignment",
                [
                    "participant": .reference(person), "peer": .text(peer),
                    "basis": .text("team_decision"), "decided_by": .text(me),
                    "from_date": .integer(desk.time.today.days),
                ])
            return try edit.create("assignment", writes.registers)
        }
    }

    /// Ends those of some assignments that have not ended, today.
    func end(_ assignments: [RecordID], _ edit: Edit) throws {
        for id in assignments {
            guard let row = try edit.view(id), row.deletion == .none, row["to_date"].isNone else { continue }
            let ended = try Writes("assignment", over: row, ["to_date": .integer(desk.time.today.days)])
            try edit.write(id, ended.registers)
        }
    }

    /// The assignments that a merge made, or what stands after its end, as the decision names them; `nil` for none.
    static func named(_ records: [RecordID], by me: String) -> String? {
        guard !records.isEmpty else { return nil }
        return DecidedValue.text([
            DecidedValue(author: me, effective: nil, values: records.map { .reference($0) })
        ])
    }

    /// What was written, for whoever says so.
    static func made(
        _ decision: RecordID?, _ told: [String], _ stands: [RecordID] = []
    ) throws -> Made {
        guard let decision else { throw SyncError(.internalFault, "the decision got no id") }
        return Made(decision: decision, told: told, stands: stands)
    }

    /// The open assignments of a record.
    func assignments(of person: RecordID, _ replica: Replica) throws -> [Assignment] {
        try replica.find(Query.openAssignments(of: person)).compactMap { Assignment($0) }
    }
}
