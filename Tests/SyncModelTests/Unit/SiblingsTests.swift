import SyncModel
import Testing

@Suite struct `The value that is shown` {
    private func shown(_ changes: [LiveChange], rank: RankRule = .none) -> [Value]? {
        let state = Fixture.state(changes)
        let winner = state.winner(of: "a", rank: rank)
        #expect(winner == state.siblings(of: "a", rank: rank).first?.values)
        #expect(winner == Fixture.state(changes.reversed()).winner(of: "a", rank: rank))
        return winner
    }

    @Test func `is none where nobody wrote`() {
        #expect(shown([]) == nil)
        #expect(shown([Fixture.change(1, 1, ["b": 1])]) == nil)
        #expect(shown([Fixture.change(1, 1, ["b": 1]), Fixture.change(2, 1, ["b": 2])]) == nil)
    }

    @Test func `is the one whose writer had read the other, whatever the clocks say`() {
        let (old, new) = (
            Fixture.change(1, 1, ["a": 1], at: 900), Fixture.change(2, 1, ["a": 2], read: [1: 1], at: 1)
        )
        #expect(shown([old, new]) == [.integer(2)])
        #expect(Fixture.state([old, new]).live == [new])
    }

    @Test func `is the latest of those written apart`() {
        let changes = [Fixture.change(1, 1, ["a": 1], at: 5), Fixture.change(2, 1, ["a": 2], at: 6)]
        #expect(shown(changes) == [.integer(2)])
        #expect(Fixture.state(changes).siblings(of: "a").map(\.values) == [[.integer(2)], [.integer(1)]])
    }

    @Test func `is the one of higher rank, even if it is earlier or not yet judged`() {
        let signed = Fixture.change(1, 1, ["a": 1], at: 5)
        let edit = Fixture.change(2, 1, ["a": 0], at: 6)
        let pending = Fixture.change(3, 1, ["a": 0], at: nil)
        #expect(shown([signed, edit], rank: .whenSet(index: 0)) == [.integer(1)])
        #expect(shown([signed, edit, pending], rank: .whenSet(index: 0)) == [.integer(1)])
        #expect(shown([signed, edit]) == [.integer(0)])
    }

    @Test func `is the pending one against what it had not read`() {
        let pending = Fixture.change(1, 1, ["a": 1], at: nil)
        #expect(shown([pending, Fixture.change(2, 1, ["a": 2], at: .max - 1)]) == [.integer(1)])
    }

    @Test func `is the one with the greater dot when the times are equal`() {
        let changes = [Fixture.change(1, 1, ["a": 1], at: 5), Fixture.change(2, 7, ["a": 2], at: 5)]
        #expect(changes[1].dot < changes[0].dot)
        #expect(shown(changes) == [.integer(1)])
    }

    @Test func `does not depend on what another register says`() {
        let both = Fixture.change(1, 1, ["a": 1, "b": 1], at: 1)
        let later = Fixture.change(2, 1, ["b": 2], read: [1: 1], at: 2)
        let state = Fixture.state([both, later])
        #expect(state.live.count == 2)
        #expect(state.winner(of: "a") == [.integer(1)])
        #expect(state.siblings(of: "b").map(\.change.dot) == [later.dot])
        #expect(state.conflicts == [])
    }

    @Test func `is in conflict only with different content`() {
        let one = Fixture.change(1, 1, ["a": 1, "b": 1])
        let two = Fixture.change(2, 1, ["a": 1, "b": 2])
        let state = Fixture.state([one, two])
        #expect(!state.isInConflict("a"))
        #expect(state.isInConflict("b"))
        #expect(state.conflicts == ["b"])
        let resolved = Fixture.change(3, 1, ["b": 1], read: [1: 1, 2: 1])
        #expect(merge(state, Fixture.state([resolved])).conflicts == [])
    }
}

@Suite struct `What closes a record` {
    private static let void = Register(
        "void", [Field("void", .integer(0...9), optional: true)], isClosing: true)
    private static let table = Table(
        "visit",
        [
            Register("note", [Field("note", .integer(0...9))], rank: .whenSet(index: 0)),
            Register("place", [Field("place", .integer(0...9))]), void,
        ])

    private func shown(_ changes: [LiveChange]) -> Value? {
        let state = Fixture.state(changes)
        let shown = state.shown(of: Self.void, in: Self.table)
        #expect(Fixture.state(changes.reversed()).shown(of: Self.void, in: Self.table) == shown)
        #expect(
            RecordView(id: Fixture.change(1, 1, [:]).dot.incarnation, state: state, table: Self.table)["void"]
                == shown?.first ?? Value.none)
        return shown?.first
    }

    private let signed = Fixture.change(1, 1, ["note": 1], at: 5)
    private let plain = Fixture.change(1, 1, ["note": 0], at: 5)

    @Test func `stands against everything that outranks nothing, read or not`() {
        #expect(shown([plain]) == nil)
        #expect(shown([plain, Fixture.change(2, 1, ["void": 7], at: 6)]) == .integer(7))
        let elsewhere = Fixture.change(3, 1, ["place": 3], at: 9)
        #expect(shown([plain, elsewhere, Fixture.change(2, 1, ["void": 7], at: 6)]) == .integer(7))
    }

    @Test
    func `does not stand against a signature that was not read, until somebody who has read both says so`() {
        let apart = Fixture.change(2, 1, ["void": 7], at: 9)
        #expect(shown([signed, apart]) == Value.none)
        #expect(Fixture.state([signed, apart]).open(in: Self.table) == ["void"])
        #expect(shown([signed, Fixture.change(2, 1, ["void": 7], read: [1: 1], at: 9)]) == .integer(7))
        // Who signs what they know to be void does not say that it counts.
        #expect(shown([Fixture.change(1, 1, ["note": 1], read: [2: 1], at: 9), apart]) == .integer(7))
        let decided = Fixture.change(3, 1, ["void": 8], read: [1: 1, 2: 1], at: 20)
        #expect(shown([signed, apart, decided]) == .integer(8))
        // Signed by two apart, of whom whoever voided it had read one.
        let again = Fixture.change(4, 1, ["note": 2], at: 4)
        #expect(shown([signed, again, Fixture.change(2, 1, ["void": 7], read: [1: 1], at: 9)]) == Value.none)
    }

    @Test func `of several that which had read the signature stands, though another is later`() {
        let early = Fixture.change(2, 1, ["void": 6], read: [1: 1], at: 6)
        let late = Fixture.change(3, 1, ["void": 7], at: 9)
        #expect(shown([signed, early, late]) == .integer(6))
        let values = Fixture.state([signed, early, late]).siblings(of: Self.void, in: Self.table).map(
            \.values)
        #expect(values == [[.integer(6)], [.integer(7)]])
        #expect(shown([plain, early, late]) == .integer(7))
    }
}

@Suite struct `A deletion` {
    private let written = Fixture.change(1, 1, ["a": 1])
    private let deleted = Fixture.change(2, 1, ["deleted": 1], read: [1: 1])

    @Test func `is none until somebody deletes`() {
        #expect(Fixture.state([]).deletion == .none)
        #expect(Fixture.state([written]).deletion == .none)
        #expect(Fixture.state([Fixture.change(1, 1, ["deleted": 0])]).deletion == .none)
    }

    @Test func `kills no value`() {
        let state = Fixture.state([written, deleted])
        #expect(state.deletion == .deleted)
        #expect(state.winner(of: "a") == [.integer(1)])
        #expect(state.conflicts == [])
        #expect(Fixture.state([deleted]).deletion == .deleted)
    }

    @Test func `is contested by a write that it had not read`() {
        let state = Fixture.state([written, deleted, Fixture.change(3, 1, ["b": 1])])
        #expect(state.deletion == .contested)
        #expect(state.conflicts == ["deleted"])
        let again = Fixture.change(4, 1, ["deleted": 1], read: [1: 1, 2: 1, 3: 1])
        #expect(merge(state, Fixture.state([again])).deletion == .deleted)
    }

    @Test func `can be taken back`() {
        let back = Fixture.change(1, 2, ["deleted": 0], read: [1: 1, 2: 1])
        let state = Fixture.state([written, deleted, back])
        #expect(state.deletion == .none)
        #expect(state.conflicts == [])
    }

    @Test func `and the taking back of another are a conflict that the later one wins`() {
        let first = Fixture.change(1, 1, ["deleted": 1], at: 1)
        let no = Fixture.change(2, 1, ["deleted": 0], read: [1: 1], at: 2)
        let early = Fixture.state([first, no, Fixture.change(3, 1, ["deleted": 1], read: [1: 1], at: 1)])
        #expect(early.deletion == .none && early.conflicts == ["deleted"])
        let late = Fixture.state([first, no, Fixture.change(3, 1, ["deleted": 1], read: [1: 1], at: 3)])
        #expect(late.deletion == .contested && late.conflicts == ["deleted"])
    }

    @Test func `by two who both knew everything stands`() {
        let state = Fixture.state([written, deleted, Fixture.change(3, 1, ["deleted": 1], read: [1: 1])])
        #expect(state.deletion == .deleted)
        #expect(state.conflicts == [])
    }
}

@Suite struct `A record view` {
    private let table = Table(
        "thing",
        [
            Register("a", [Field("signed", .flag)], rank: .whenSet(index: 0)),
            Register("b", [Field("count", .integer(0...9)), Field("more", .text(limit: 9), optional: true)]),
            Register("c", [Field("other", .flag)]),
        ])

    @Test func `lays out the winners by the schema`() {
        let state = Fixture.state([
            Fixture.change(1, 1, ["a": 1, "b": 4], at: 1), Fixture.change(2, 1, ["a": 0], at: 2),
            Fixture.change(3, 1, ["unknown": 1, "deleted": 1], read: [1: 1, 2: 1], at: 3),
        ])
        let view = RecordView(id: NaturalKey.id(table: "thing", key: "1"), state: state, table: table)
        #expect(view.registers == [[.integer(1)], [.integer(4)], nil])
        #expect(view["signed"] == .integer(1))
        #expect(view["count"] == .integer(4))
        #expect(view["more"] == .none)
        #expect(view["other"] == .none)
        #expect(view["nonsense"] == .none)
        #expect(view.values(of: "b") == [.integer(4)])
        #expect(view.values(of: "c") == nil && view.values(of: "unknown") == nil)
        #expect(view.deletion == .deleted)
        #expect(view.conflicts == ["a"])
    }
}
