import PeerSupport
import SyncModel
import SyncReplica

/// A decision that is open again, as `conflicts` shows it.
extension ConflictText {
    /// What is shown, and beside it each value that the decision had not kept. Where it was about no register: that it
    /// stays as it is, and, of two records, that they are what it said they are not.
    func contestedSides() throws -> [ConflictSide] {
        guard let shown = conflict.sides.first else { return pairSides() }
        var sides = try credited([
            ConflictSide(letter: "A", state: "shown", change: shown.change, values: shown.values)
        ])
        // Taking a decision back gives a value back to whoever had written it, when and wherever that was: the change
        // that stands there is by whoever took it back.
        if let value = try givenBack(shown) {
            sides[0] = ConflictSide(
                letter: "A", state: "shown", author: value.author, effective: value.effective,
                values: value.values)
        }
        let kept = conflict.decision?.valuesBefore ?? []
        // Of what was taken back also that which it had decided for.
        let decided = conflict.decision?.valuesAfter ?? []
        for one in kept + decided
        where one.values != shown.values && !sides.contains(where: { $0.values == one.values }) {
            sides.append(
                ConflictSide(
                    letter: ConflictSide.letter(sides.count), state: "not kept", author: author(of: one),
                    effective: one.effective, values: one.values))
        }
        return lettered(sides)
    }

    /// A void mark says by itself whose it is.
    private func author(of one: DecidedValue) -> String {
        guard one.author.isEmpty, conflict.register == "void", one.values.count == 3 else {
            return one.author
        }
        return one.values[1].text ?? ""
    }

    /// Whether a record is deleted, or void, is asked under the same letters as it was at first: what closes it comes first,
    /// whichever is shown.
    private func lettered(_ sides: [ConflictSide]) -> [ConflictSide] {
        func isClosed(_ side: ConflictSide) -> Bool {
            side.values != [.integer(0)] && side.values.contains { !$0.isNone }
        }
        let register = conflict.register
        guard
            register == deletedRegister
                || conflict.view.table.register(register ?? "")?.isClosing == true
        else { return sides }
        return (sides.filter(isClosed) + sides.filter { !isClosed($0) }).enumerated().map { place, side in
            var side = side
            side.letter = ConflictSide.letter(place)
            return side
        }
    }

    /// A value that stands because a decision was taken back, with who had written it; `nil` where it stands for another
    /// reason.
    private func givenBack(_ side: Conflict.Side) throws -> DecidedValue? {
        guard let decision = conflict.decision else { return nil }
        return try OpenConflicts.decisions(in: desk.replica(), answering: decision.id)
            .filter { $0.kind == .undo && $0.by == side.change?.author }
            .compactMap(\.valuesAfter.first)
            .first { $0.values == side.values && !$0.author.isEmpty }
    }

    private func pairSides() -> [ConflictSide] {
        let stays = ConflictSide(
            letter: "A", state: "decided", author: conflict.decision?.by ?? "",
            effective: conflict.decision.map { $0.at * 1_000_000 }, values: [])
        guard let saysOne = conflict.decision?.saysOne else { return [stays] }
        let instead = ConflictSide(
            letter: "B", state: "instead", author: "", effective: nil, values: [.integer(saysOne ? 0 : 1)])
        return [stays, instead]
    }

    /// What a side says of two records: that they are one person's, or two people's; `nil` where it is about no two.
    func decidesForOne(_ side: ConflictSide) -> Bool? {
        guard conflict.sides.isEmpty else { return nil }
        return conflict.decision?.saysOne.map { side.letter == "A" ? $0 : !$0 }
    }

    /// Whether the two records are one person's as they stand, whatever was decided.
    func isOne() throws -> Bool {
        let people = try Merged(in: desk.replica())
        return Set(conflict.pair.map { people.root(of: $0) }).count == 1
    }

    /// Records that lead to others and by which the two are one person's though neither leads to the other; empty where
    /// they are not.
    func others() throws -> [RecordID] {
        let rest = try Merged(in: desk.replica()).redirects.without(conflict.pair)
        guard conflict.pair.count == 2, Set(conflict.pair.map(rest.root)).count == 1 else { return [] }
        let chains = conflict.pair.map { Set(rest.chain(from: $0)) }
        // What both have in common makes them nothing.
        return chains.dropFirst().reduce(chains.first ?? []) { $0.symmetricDifference($1) }.sorted()
    }

    /// What a side of a decision about no register says: what choosing it does.
    func contestedWords(_ side: ConflictSide) throws -> String {
        guard let saysOne = decidesForOne(side) else { return "it stays as it was decided" }
        switch (saysOne, try isOne()) {
        case (true, true): return "they stay one person"
        case (true, false): return "one person after all"
        case (false, true) where try !others().isEmpty:
            return "two people after all, as far as the merge of these two goes: others leave them one person"
        case (false, true): return "two people after all"
        case (false, false): return "they stay two people"
        }
    }
}
