import PeerSupport
import SyncModel
import SyncReplica

/// Of two records, which may be one person's, or are said to be.
extension Deciding {
    /// Of two records that are one person's, one is merged into the other.
    func merge(keeping side: ConflictSide, _ token: ReadToken) throws -> Outcome {
        let conflict = text.conflict
        guard let kept = side.record, let other = conflict.other else {
            throw SyncError(.internalFault, "a pair without its two records")
        }
        let old = kept.id == conflict.view.id ? other : conflict.view
        let merging = Merging(desk: desk)
        let people = try Merged(in: desk.replica())
        let root = people.root(of: kept.id)
        if people.redirects.rings.contains(root) {
            throw SyncError(
                .badValue, "they were merged in a circle, and this would leave it so",
                means: "nothing was decided",
                advice:
                    "take one of the merges back: porchlight conflicts show \(root.short).merged has the "
                    + "commands; that they are two people: --keep both")
        }
        // Whoever leads to the other by way of a third does not stay by a word about these two.
        if conflict.decision != nil, root == old.id, try merged() == nil {
            throw try led(kept, to: root)
        }
        let made: Merging.Made
        var since: [SinceMerge] = []
        if let told = conflict.decision, people.areOne(old.id, kept.id) {
            // What was written on the other one while that was shown is shown no more.
            if kept["merged_into"].reference == old.id {
                since = try [SinceMerge(kept, in: desk.replica())?.turned(into: kept)].compactMap { $0 }
            }
            made = try merging.confirm(old, into: kept, over: told, reason: reason)
        } else {
            made = try merging.merge(old, into: kept, answering: conflict.decision, reason: reason)
        }
        return Outcome(
            decision: made.decision, kept: try merger(), replaced: [], told: made.told,
            back: try merged().map { WayBack(unmerging: $0) } ?? WayBack(asking: [made.decision]),
            since: since.filter { !$0.isEmpty })
    }

    private func led(_ kept: RecordView, to root: RecordID) throws -> SyncError {
        let shown = try desk.replica().view(root).map { Wording.label(of: $0) } ?? "a record that is not here"
        let verbs = try text.others().map { "porchlight participant unmerge \($0.short)" }
        return SyncError(
            .badValue,
            "\(Wording.label(of: kept)) is shown as \(shown) by other merges than one of these two",
            means: "nothing was decided",
            advice: "keep the other, or take the wrong merge back first: \(verbs.joined(separator: ", or "))")
    }

    /// Which of two that are one person's was merged into the other, in words.
    private func merger() throws -> String {
        let replica = try desk.replica()
        func label(_ id: RecordID) throws -> String {
            try replica.view(id).map { Wording.label(of: $0) } ?? "a record that is not here"
        }
        guard let old = try merged(), let kept = pair.first(where: { $0 != old }) else {
            return try "one person, shown as \(label(Merged(in: replica).root(of: pair[0])))"
        }
        return try "\(label(old)) is merged into \(label(kept))"
    }

    /// Two of whom is decided that they are one person after all are merged as they had been.
    func mergeAgain() throws -> Outcome {
        let replica = try desk.replica()
        guard let told = text.conflict.decision, let into = told.other,
            let old = try replica.view(told.subject),
            let kept = try replica.view(into)
        else {
            throw SyncError(
                .unknownRecord, "one of the two records is not on this laptop", means: "nothing was decided"
            )
        }
        let made = try Merging(desk: desk).merge(old, into: kept, answering: told, reason: reason)
        return Outcome(
            decision: made.decision,
            kept: "one person: \(Wording.label(of: old)) is \(Wording.label(of: kept))",
            replaced: [], told: made.told, back: WayBack(unmerging: old.id))
    }

    /// Which of the two records leads to the other.
    func merged() throws -> RecordID? {
        try pair.first { id in
            try desk.replica().view(id)?["merged_into"].reference.map(pair.contains) ?? false
        }
    }
}
