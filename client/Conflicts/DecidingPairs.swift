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
        if let objection = try objection(to: side) { throw objection }
        let merging = Merging(desk: desk)
        let people = try Merged(in: desk.replica())
        let made: Merging.Made
        var led = old
        var since: [SinceMerge] = []
        if let told = conflict.decision, people.areOne(old.id, kept.id) {
            // What was written on the other one while that was shown is shown no more.
            if kept["merged_into"].reference == old.id {
                since = try [SinceMerge(kept, in: desk.replica())?.turned(into: kept)].compactMap { $0 }
            }
            made = try merging.confirm(old, into: kept, over: told, reason: reason)
        } else {
            // Whoever leads to a third is that one: that the two are one person leads it along.
            led = try desk.replica().view(people.root(of: old.id)) ?? old
            made = try merging.merge(
                led, into: kept, answering: conflict.decision, about: pair, reason: reason)
        }
        let leads = try led.id == old.id ? merged() : led.id
        return Outcome(
            decision: made.decision, kept: try merger(), replaced: [], told: made.told,
            back: leads.map { WayBack(unmerging: $0) } ?? WayBack(asking: [made.decision]),
            since: since.filter { !$0.isEmpty })
    }

    /// Why a letter of two cannot be chosen, as they are merged now; `nil` where it can.
    func objection(to side: ConflictSide) throws -> SyncError? {
        let conflict = text.conflict
        guard conflict.kind == .duplicate, let kept = side.record, let other = conflict.other else {
            return nil
        }
        let old = kept.id == conflict.view.id ? other : conflict.view
        let people = try Merged(in: desk.replica())
        let root = people.root(of: kept.id)
        if let ring = [root, people.root(of: old.id)].first(where: people.redirects.rings.contains) {
            return SyncError(
                .badValue, "they were merged in a circle, and this would leave it so",
                means: "nothing was decided",
                advice:
                    "take one of the merges back: porchlight conflicts show \(ring.short).merged has the "
                    + "commands; that they are two people: --keep both")
        }
        guard conflict.decision != nil else { return nil }
        // Whoever leads to the other by way of a third does not stay by a word about these two.
        if root == old.id, try merged() == nil { return try led(kept, to: root) }
        if kept["merged_into"].reference == old.id, let third = old["merged_into"].reference {
            return try Merging(desk: desk).leadsOn(old, third)
        }
        return nil
    }

    private func led(_ kept: RecordView, to root: RecordID) throws -> SyncError {
        let shown = try desk.replica().view(root).map { Wording.label(of: $0) } ?? "a record that is not here"
        let verbs = try text.others().map { "porchlight participant unmerge \($0.short) --reason \"…\"" }
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
        // Whoever was merged into a third since is that one.
        let led = try replica.view(Merged(in: replica).root(of: old.id)) ?? old
        let made = try Merging(desk: desk).merge(
            led, into: kept, answering: told, about: pair, reason: reason)
        return Outcome(
            decision: made.decision,
            kept: "one person: \(Wording.label(of: old)) is \(Wording.label(of: kept))",
            replaced: [], told: made.told, back: WayBack(unmerging: led.id))
    }

    /// Which of the two records leads to the other.
    func merged() throws -> RecordID? {
        try pair.first { id in
            try desk.replica().view(id)?["merged_into"].reference.map(pair.contains) ?? false
        }
    }
}
