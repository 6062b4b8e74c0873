import PeerSupport
import SyncModel
import SyncReplica

/// The end of a merge. Of a record that was merged apart into several, all of that ends at once.
extension Merging {
    /// Takes a merge back: one write, and both records stand for themselves again. Where they had been merged the other way
    /// round too, or in a circle, that goes on standing, and so does whoever decided it.
    ///
    /// - Returns: the decision, and who is told.
    func unmerge(_ old: RecordView, reason: String) throws -> Made {
        guard let into = old["merged_into"].reference else {
            throw SyncError(
                .nothing, "this record was not merged into another", means: "nothing was changed",
                advice: "porchlight participant show \(old.id.short)")
        }
        let me = try desk.enrolment().staff
        let merges = try desk.replica().siblings(old.id, of: "redirect")
        let ends = try Self.targets(of: merges).map { try End(of: old.id, into: $0, self) }
        let stands = ends.first?.stands ?? []
        let given = ends.flatMap(\.given)
        // Whoever merged them, and whoever works with the person.
        let theirs = try concerned([old.id] + ends.map(\.into), given: given)
        // What the merge that is shown rests on comes last: that is what is answered.
        let closed = ends.reversed().flatMap(\.closed)
        let ended = ends.reversed().flatMap(\.merges)
        let concerned = try Contest.concerned(by: ends.flatMap(\.before), in: desk.replica())
        let told = Set(theirs.keys).union(concerned + merges.compactMap(Self.author)).subtracting([me, ""])
            .sorted()
        let since = try self.since(merges, ends)
        let now = desk.time.now
        let stayed = StayedNotices(since, by: me, at: now)
        var made: RecordID?
        try desk.replica().edit(resolving: old.conflicts.contains("redirect")) { edit in
            try edit.write(old.id, [RegisterWrite("redirect", [.none, .none, .none])])
            for id in ends.map(\.into).sorted() { try Self.mark(id, edit) }
            try end(given, edit)
            let record = DecisionRecord(
                kind: .unmerge, subject: old.id, register: nil, other: into,
                answers: (ended.last ?? closed.last)?.id, by: me, at: now, reason: reason,
                before: Decision.naming(closed), after: Self.named(stands, by: me))
            made = try record.write(to: edit, telling: told, about: theirs)
            if let made { try stayed.write(made, to: edit) }
        }
        if let made { try stayed.writeRest(made, in: desk.replica()) }
        var outcome = try Self.made(made, stayed.told.union(told).sorted(), stands)
        outcome.since = since
        return outcome
    }

    /// What ends with the merge of one record into another.
    private struct End {
        let into: RecordID
        /// The records by which the two are one person's still.
        let stands: [RecordID]
        /// The caseload that it had given; of a merge the other way round, made apart, what that gave stays.
        let given: [RecordID]
        /// What was decided about the two and stood until now.
        let before: [Decision]
        /// Those of them that said so of the one.
        let merges: [Decision]

        init(of old: RecordID, into: RecordID, _ merging: Merging) throws {
            self.into = into
            stands = try merging.path(from: into, to: old)
            given = try merging.given(by: old, into, alsoReversed: stands.isEmpty)
            before = try merging.standing([old, into])
            merges = before.filter { $0.kind == .merge && $0.subject == old }
        }

        /// Those that are decided anew by the end.
        var closed: [Decision] { stands.isEmpty ? before : merges }
    }

    /// The records that one was merged into, that which is shown first, each once.
    static func targets(of merges: [Sibling]) -> [RecordID] {
        var seen: Set<RecordID> = []
        return merges.compactMap { $0.values.first?.reference }.filter { seen.insert($0).inserted }
    }

    private static func author(of merge: Sibling) -> String? {
        merge.values.count > 1 ? merge.values[1].text : nil
    }

    /// What was written meanwhile on every record that the one was merged into and is parted from.
    private func since(_ merges: [Sibling], _ ends: [End]) throws -> [SinceMerge] {
        let replica = try desk.replica()
        return try ends.filter(\.stands.isEmpty).compactMap { end in
            guard let merge = merges.first(where: { $0.values.first?.reference == end.into }) else {
                return nil
            }
            return try SinceMerge(into: end.into, by: merge.change, in: replica)
        }
    }

    /// Of the caseload that the merge of one record into another had given that which ended because somebody decided that it
    /// is somebody else's record. What somebody ended for another reason, or once more, stays ended.
    func ended(of old: RecordID, into: RecordID) throws -> [RecordID] {
        let replica = try desk.replica()
        let acts = try Set(
            OpenConflicts.decisions(in: replica, about: [old]).filter { $0.register == "redirect" }
                .compactMap { try replica.siblings($0.id, of: "what").first.map { Act($0.change) } })
        return try given(by: old, into, alsoReversed: false).filter { id in
            guard try replica.view(id)?["to_date"].isNone == false else { return false }
            let ends = try replica.siblings(id, of: "period")
            return !ends.isEmpty && ends.allSatisfy { acts.contains(Act($0.change)) }
        }
    }

    /// What was written in one edit: that has one reading of the clock.
    struct Act: Hashable {
        let incarnation: Incarnation
        let written: Int64

        init(_ change: LiveChange) {
            incarnation = change.dot.incarnation
            written = change.deviceMicroseconds
        }
    }

    /// Who has whom on their caseload by some assignments, by staff code.
    func peers(of assignments: [RecordID]) throws -> [String: RecordID] {
        let rows = try assignments.compactMap { try desk.replica().view($0).flatMap { Assignment($0) } }
        return Dictionary(rows.map { ($0.peer, $0.participant) }) { first, _ in first }
    }

    /// Puts people back on the caseloads from which they had gone.
    static func resume(_ assignments: [RecordID], _ edit: Edit) throws {
        for id in assignments {
            guard let row = try edit.view(id), row.deletion == .none else { continue }
            try edit.write(id, Writes("assignment", over: row, ["to_date": Value.none]).registers)
        }
    }
}
