import SyncModel
import Testing

@Suite struct `What those who disagree had read` {
    private func disputes(_ changes: [LiveChange]) -> [String: [Dot]] {
        Dictionary(
            uniqueKeysWithValues: Fixture.state(changes).disputes.map { ($0.register, $0.sides.map(\.dot)) })
    }

    private func base(_ register: String, _ all: [LiveChange], rank: RankRule = .none) -> ConflictNotes.Base?
    {
        let found = Fixture.state(all).disputes.first { $0.register == register }
        let base = found?.base(in: all, rank: rank)
        #expect(base == found?.base(in: all.reversed() + all, rank: rank))
        return base
    }

    @Test func `nobody disagrees in a record without conflicts`() {
        let old = Fixture.change(1, 1, ["a": 1, "b": 1])
        let new = Fixture.change(2, 1, ["a": 2], read: [1: 1])
        #expect(disputes([old]).isEmpty && disputes([old, new]).isEmpty)
        #expect(disputes([old, new, Fixture.change(3, 1, ["a": 2], read: [1: 1])]).isEmpty)
    }

    @Test func `is the value that both replaced`() {
        let all = [
            Fixture.change(1, 1, ["a": 1, "b": 9], at: 1),
            Fixture.change(1, 2, ["a": 2], read: [1: 1], at: 2),
            Fixture.change(2, 1, ["a": 3], read: [1: 2], at: 3),
            Fixture.change(3, 1, ["a": 4], read: [1: 2], at: 4),
        ]
        #expect(disputes(all) == ["a": [all[3].dot, all[2].dot]])
        let found = base("a", all)
        #expect(found?.values == [.integer(2)] && found?.dot == all[1].dot && found?.author == "PS01")
        #expect(found?.effective?.microseconds == 2 && found?.register == "a")
    }

    @Test func `is nothing where both had read several values, and decided apart`() {
        let apart = [
            Fixture.change(1, 1, ["a": 1], at: 1), Fixture.change(2, 1, ["a": 2], at: 2),
            Fixture.change(3, 1, ["a": 1], read: [1: 1, 2: 1], at: 3),
            Fixture.change(4, 1, ["a": 2], read: [1: 1, 2: 1], at: 4),
        ]
        #expect(Set(disputes(apart)["a"] ?? []) == [apart[2].dot, apart[3].dot])
        #expect(base("a", apart) == nil && base("a", apart, rank: .whenSet(index: 0)) == nil)
        // Who wrote the same apart had one value before them.
        let same = [
            Fixture.change(1, 1, ["a": 5], at: 1), Fixture.change(2, 1, ["a": 5], at: 2),
            Fixture.change(3, 1, ["a": 1], read: [1: 1, 2: 1], at: 3),
            Fixture.change(4, 1, ["a": 2], read: [1: 1, 2: 1], at: 4),
        ]
        #expect(base("a", same)?.values == [.integer(5)])
    }

    @Test func `is older than what only one of them had read`() {
        let all = [
            Fixture.change(1, 1, ["a": 1], at: 1), Fixture.change(1, 2, ["a": 2], read: [1: 1], at: 2),
            Fixture.change(2, 1, ["a": 3], read: [1: 2], at: 3),
            Fixture.change(3, 1, ["a": 4], read: [1: 1], at: 4),
        ]
        #expect(base("a", all)?.values == [.integer(1)])
    }

    @Test func `is none where the register was empty, or one side had read nothing of it`() {
        let first = Fixture.change(1, 1, ["a": 1], at: 1)
        let sides = [
            Fixture.change(2, 1, ["b": 3], read: [1: 1], at: 3),
            Fixture.change(3, 1, ["b": 4], read: [1: 1], at: 4),
        ]
        #expect(disputes([first] + sides)["b"]?.count == 2)
        #expect(base("b", [first] + sides) == nil)
        let apart = [first, Fixture.change(4, 1, ["a": 2], at: 4)]
        #expect(disputes(apart)["a"]?.count == 2)
        #expect(base("a", apart) == nil)
    }

    @Test func `is common to all three of three`() {
        let all = [
            Fixture.change(1, 1, ["a": 1], at: 1), Fixture.change(1, 2, ["a": 2], read: [1: 1], at: 2),
            Fixture.change(2, 1, ["a": 3], read: [1: 2], at: 3),
            Fixture.change(3, 1, ["a": 4], read: [1: 2], at: 4),
            Fixture.change(4, 1, ["a": 5], read: [1: 1], at: 5),
        ]
        #expect(disputes(all)["a"]?.count == 3)
        #expect(base("a", all)?.values == [.integer(1)])
        #expect(base("a", Array(all.dropLast()))?.values == [.integer(2)])
    }

    @Test func `is what a record said before one deleted it and another went on`() {
        let all = [
            Fixture.change(1, 1, ["a": 1, "b": 1], at: 1),
            Fixture.change(2, 1, [deletedRegister: 1], read: [1: 1], at: 2),
            Fixture.change(3, 1, ["a": 3], read: [1: 1], at: 3),
        ]
        #expect(
            disputes(all) == ["a": [all[2].dot, all[1].dot], deletedRegister: [all[2].dot, all[1].dot]])
        #expect(base("a", all)?.values == [.integer(1)])
        #expect(base(deletedRegister, all) == nil && base("b", all) == nil)
        // Deleted by somebody who had read all of it: there is nothing to decide.
        let known = all.dropLast() + [Fixture.change(2, 2, [deletedRegister: 1], read: [1: 1, 3: 1], at: 4)]
        #expect(disputes(Array(known)).isEmpty)
    }

    @Test func `notes are sorted, and hold one base a register`() {
        func base(_ register: String, _ n: UInt64) -> ConflictNotes.Base {
            ConflictNotes.Base(
                register: register, values: [], dot: Fixture.dot(1, n), author: "PS01", effective: nil)
        }
        func origin(_ who: UInt64) -> ConflictNotes.Origin {
            ConflictNotes.Origin(
                dot: Fixture.dot(who, 1), device: "LT-\(who)", receivedMicroseconds: 5, arrival: .sent)
        }
        let notes = ConflictNotes(
            bases: [base("b", 1), base("a", 2), base("b", 3)], origins: [origin(1), origin(2), origin(1)])
        #expect(notes.bases.map(\.register) == ["a", "b"] && notes.base(of: "b")?.dot.n == 1)
        #expect(notes.origins.map(\.device) == ["LT-2", "LT-1"])
        #expect(notes.origin(of: Fixture.dot(1, 1))?.device == "LT-1")
        #expect(notes.origin(of: Fixture.dot(3, 1)) == nil && notes.base(of: "c") == nil)
    }
}
