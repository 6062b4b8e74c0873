import SyncModel
import Testing

@testable import PeerSupport

/// Which decisions the next one about the same has before it.
@Suite("What a decision decides anew") struct DecidedAnewTests {
    private func value(_ text: String, at effective: Int64?, by author: String = "PS07") -> DecidedValue {
        DecidedValue(author: author, effective: effective, values: [.text(text)])
    }

    private func decision(
        _ id: Int, _ before: [DecidedValue], _ after: DecidedValue, at: Int64, register: String = "contact",
        about subject: Int = 1, other: Int? = nil, answers: Int? = nil
    ) throws -> Decision {
        var fields: [String: Value] = [
            "kind": .text("resolve"), "subject": .reference(Make.id(subject)),
            "subject_register": .text(register), "decided_by": .text("AD0\(id)"), "decided_at": .integer(at),
            "reason": .text("seen \(at)"), "before": .text(DecidedValue.text(before)),
            "after": .text(DecidedValue.text([after])),
        ]
        if let answers { fields["answers"] = .reference(Make.id(answers)) }
        if let other { fields["other"] = .reference(Make.id(other)) }
        return try #require(Decision(Make.view("decision", fields, id: Make.id(id))))
    }

    private func anew(_ all: [Decision]) -> [RecordID: Set<RecordID>] {
        DecisionChains(all).decidedAnew().mapValues { Set($0) }
    }

    /// Both had read the same two values and let another one stand; whoever comes next has before them what they wrote.
    private func apart() throws -> [Decision] {
        let read = [value("A", at: 1), value("B", at: 2)]
        return [
            try decision(51, read, value("A", at: nil), at: 10),
            try decision(52, read, value("B", at: nil), at: 20),
        ]
    }

    @Test func `of a field that was decided apart the next decision names both`() throws {
        let apart = try apart()
        let last = try decision(
            53, [value("A", at: 10), value("B", at: 20)], value("B", at: nil), at: 30, answers: 52)
        let found = anew(apart + [last])
        #expect(found[Make.id(53)] == [Make.id(51), Make.id(52)])
        // Neither of the two had the other's word before it, whatever it says.
        #expect(found[Make.id(51)] == [] && found[Make.id(52)] == [])
        // What that one has decided anew is not decided anew once more.
        let later = try decision(
            54, [value("B", at: 30), value("C", at: 35)], value("C", at: nil), at: 40, answers: 53)
        #expect(anew(apart + [last, later])[Make.id(54)] == [Make.id(53)])
    }

    @Test func `of two who said the same apart the next decision names both, and is apart from neither`()
        throws
    {
        let read = [value("A", at: 1), value("B", at: 2)]
        let alike = [
            try decision(51, read, value("A", at: nil), at: 10),
            try decision(52, read, value("A", at: nil), at: 20),
        ]
        // Two had read what both let stand, and wrote something else apart.
        let last = try decision(
            53, [value("C", at: 25), value("D", at: 26)], value("C", at: nil), at: 30, answers: 52)
        #expect(anew(alike + [last])[Make.id(53)] == [Make.id(51), Make.id(52)])
        let chains = DecisionChains(alike + [last])
        #expect(chains.areApart(alike[0], alike[1]))
        #expect(!chains.areApart(alike[0], last) && !chains.areApart(alike[1], last))
        // Whose word came only after the next one, and stood beside it, that one had not read.
        let after = try decision(
            54, [value("A", at: 10), value("C", at: 30)], value("A", at: nil), at: 40, answers: 53)
        let found = anew(alike + [last, after])
        #expect(found[Make.id(53)] == [Make.id(52)])
        #expect(found[Make.id(54)]?.contains(Make.id(51)) == true)
    }

    @Test func `what names the decision that closed it is closed by that one`() throws {
        let first = try apart()
        var fields: [String: Value] = [
            "kind": .text("resolve"), "subject": .reference(Make.id(1)),
            "subject_register": .text("contact"), "decided_by": .text("AD01"), "decided_at": .integer(5),
            "reason": .text("seen"), "closed_by": .reference(Make.id(53)),
        ]
        let named = try #require(Decision(Make.view("decision", fields, id: Make.id(50))))
        fields["closed_by"] = Value.none
        let open = try #require(Decision(Make.view("decision", fields, id: Make.id(50))))
        let last = try decision(53, [value("B", at: 20)], value("B", at: nil), at: 30, answers: 52)
        let chains = DecisionChains(first + [named, last])
        #expect(chains.closer(of: named)?.id == last.id && chains.before(last).contains { $0.id == named.id })
        #expect(chains.decidedAnew()[last.id]?.contains(named.id) == true)
        #expect(DecisionChains(first + [open, last]).closer(of: open) == nil)
    }

    @Test func `what nobody had before them is not named`() throws {
        let apart = try apart()
        // It came from a laptop that knew of neither.
        let late = try decision(53, [value("C", at: 3), value("D", at: 4)], value("D", at: nil), at: 30)
        let elsewhere = try decision(
            54, [value("A", at: 10)], value("A", at: nil), at: 30, register: "name")
        let found = anew(apart + [late, elsewhere])
        #expect(found[Make.id(53)] == [] && found[Make.id(54)] == [])
    }

    /// Of two corrections each office kept another one, so that none counts; then one of them counts again.
    @Test func `of corrections that were decided apart the next one names both`() throws {
        let none = DecidedValue(author: "PS07", effective: nil, values: [.none, .none, .none])
        func void(_ by: String) -> DecidedValue {
            DecidedValue(author: by, effective: nil, values: [.integer(9), .text(by), .text("x")])
        }
        let first = try decision(61, [none], void("AD01"), at: 10, register: "void", about: 3, other: 2)
        let second = try decision(62, [none], void("AD02"), at: 20, register: "void", about: 2, other: 3)
        let last = try decision(63, [void("AD02")], none, at: 30, register: "void", about: 2)
        let found = anew([first, second, last])
        #expect(found[Make.id(63)] == [Make.id(61), Make.id(62)])
        #expect(found[Make.id(61)] == [])
    }

    @Test func `what was decided in one go decides nothing of it anew`() throws {
        let none = DecidedValue(author: "PS07", effective: nil, values: [.none, .none, .none])
        let mark = DecidedValue(
            author: "AD61", effective: nil, values: [.integer(9), .text("AD61"), .text("x")])
        func one(_ id: Int, about subject: Int, other: Int?) throws -> Decision {
            // One that was void counts again, and two others are void for it.
            let (before, after) = other == nil ? (mark, none) : (none, mark)
            var fields: [String: Value] = [
                "kind": .text("resolve"), "subject": .reference(Make.id(subject)),
                "subject_register": .text("void"), "decided_by": .text("AD61"), "decided_at": .integer(9),
                "reason": .text("one"), "before": .text(DecidedValue.text([before])),
                "after": .text(DecidedValue.text([after])),
            ]
            if let other { fields["other"] = .reference(Make.id(other)) }
            return try #require(Decision(Make.view("decision", fields, id: Make.id(id))))
        }
        let all = [
            try one(71, about: 2, other: 4), try one(72, about: 3, other: 4),
            try one(73, about: 4, other: nil),
        ]
        #expect(anew(all).values.allSatisfy { $0.isEmpty })
        #expect(all[0].isOneAct(with: all[1]))
    }
}
