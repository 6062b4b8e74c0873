/// One register about which people disagree, and the changes that stand against each other in it.
public struct Dispute: Hashable, Sendable {
    /// The register.
    public let register: String
    /// The changes, sorted by dot.
    public let sides: [LiveChange]
}

extension RecordState {
    /// What people disagree about, sorted by register.
    ///
    /// In a register in conflict the sides are its siblings. Where a deletion is contested, they are the deletions
    /// and whoever went on without knowing of them; and this both for ``deletedRegister`` and for each register in
    /// which somebody went on, because what the record said before is what tells whether the deletion was a mistake.
    public var disputes: [Dispute] {
        var found: [String: [LiveChange]] = [:]
        for register in conflicts where isInConflict(register) {
            found[register] = siblings(of: register).map(\.change)
        }
        if deletion == .contested {
            let deletions = live.filter { $0.values(of: deletedRegister) == [.integer(1)] }
            let unread = live.filter { change in
                !deletions.contains { $0.dot == change.dot || $0.covers(change) }
            }
            var sides = [deletedRegister: deletions + unread]
            for change in unread {
                for write in change.writes {
                    let values = siblings(of: write.register).map(\.change)
                    guard values.contains(change) else { continue }
                    let apart = values.filter { value in unread.contains { $0.dot == value.dot } }
                    sides[write.register] = deletions + apart
                }
            }
            found.merge(sides) { conflict, _ in conflict }
        }
        return found.map { Dispute(register: $0, sides: $1.sorted { $0.dot < $1.dot }) }
            .sorted { $0.register < $1.register }
    }
}

extension Dispute {
    /// The base of the dispute: what a register held of the changes that every side had read. `nil` if it held nothing,
    /// or several values: whoever decided apart what had been written apart had no one value before them.
    ///
    /// - Parameter history: changes of the record, in any order, each perhaps several times; those of other
    ///   registers, and those that a side had not read, make no difference.
    public func base(in history: [LiveChange], rank: RankRule = .none) -> ConflictNotes.Base? {
        let read = history.filter { change in
            change.values(of: register) != nil && sides.allSatisfy { $0.covers(change) }
        }
        let known = RecordState(table: "", live: read).siblings(of: register, rank: rank)
        guard let shown = known.first, known.allSatisfy({ $0.values == shown.values }) else { return nil }
        return ConflictNotes.Base(
            register: register, values: shown.values, dot: shown.change.dot, author: shown.change.author,
            effective: shown.change.effective)
    }
}
