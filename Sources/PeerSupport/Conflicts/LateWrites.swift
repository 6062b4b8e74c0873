public import SyncModel

/// Finds what was written on a participant's record that leads to another, unread by whoever merged the two.
///
/// What stood there when they were merged, somebody had before them. What a laptop wrote that knew only the old record
/// nobody has seen: it stays where it was written, and a person says whether it, or what the other record says, is
/// right. Their decision names the record and keeps what they had before them, so the same is never asked twice; nothing
/// is written on the old record by it, so whoever may write what stays may decide.
public enum LateWrites {
    /// The registers of which it is not the record's own business what they say: its code, where it leads, and where it came from.
    private static let ownBusiness: Set<String> = ["identity", "redirect", "provenance"]

    /// One conflict for each register that says something else than the person's record; the value that is shown comes
    /// first, and the newest of the others after it. Empty while several redirects lead to different records, and without
    /// a register of which the person's record has several values itself: that is to be decided before, and nobody's
    /// value goes under with it.
    ///
    /// - Parameters:
    ///   - old: the record that leads to another.
    ///   - root: the one under which the person is shown.
    ///   - decisions: those in which the old record is the other one; more do no harm.
    ///   - leadsToOne: whether the records that several redirects lead to are one person's by other merges.
    public static func conflicts(
        on old: RecordView, _ oldState: RecordState, under root: RecordView, _ rootState: RecordState,
        _ decisions: [Decision] = [], leadsToOne: Bool = false
    ) -> [Conflict] {
        let redirects = oldState.siblings(of: "redirect")
        // Two who merged the same two apart say the same, each at another time.
        let isOne = leadsToOne || Set(redirects.map { $0.values.first ?? .none }).count == 1
        guard isOne, old.id != root.id else { return [] }
        let merges = redirects.map(\.change)
        let decided = decisions.filter { $0.kind == .resolve && $0.other == old.id }
        return old.table.registers.compactMap { register in
            guard !ownBusiness.contains(register.name), !register.isFixed else { return nil }
            guard !root.conflicts.contains(register.name) else { return nil }
            let shown = rootState.siblings(of: register.name, rank: register.rank).first
            let values = shown?.values ?? register.nothing
            var late: [Conflict.Side] = []
            for value in oldState.siblings(of: register.name, rank: register.rank)
            where !merges.contains(where: { $0.dot == value.change.dot || $0.covers(value.change) })
                && value.values != values && !late.contains(where: { $0.values == value.values })
                && !decided.contains(where: { $0.register == register.name && read(value, in: $0) })
            {
                late.append(Conflict.Side(change: value.change, values: value.values))
            }
            guard !late.isEmpty else { return nil }
            let sides = [Conflict.Side(change: shown?.change, values: values)] + late
            return Conflict(.late, old, register: register.name, sides: sides, other: root)
        }
    }

    /// Whether a decision had a value before it: the same one, of the same moment. Somebody may write it once more.
    private static func read(_ value: Sibling, in decision: Decision) -> Bool {
        decision.valuesBefore.contains { one in
            guard one.values == value.values else { return false }
            // What no server had judged then was written on the laptop of whoever decided.
            return one.effective.map { $0 == value.change.effective?.microseconds }
                ?? (one.author == value.change.author)
        }
    }
}
