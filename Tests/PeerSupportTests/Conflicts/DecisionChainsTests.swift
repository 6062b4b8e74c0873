import SyncModel
import Testing

@testable import PeerSupport

/// What decisions have to do with each other, in whatever order they come.
@Suite("Decisions about one question") struct DecisionChainsTests {
    private func decision(
        _ id: Int, _ kind: DecisionKind, at: Int64 = 10, register: String? = nil, other: Int? = nil,
        answers: Int? = nil, reads: [Decision] = [], contested: Bool = false, about subject: Int = 1
    ) throws -> Decision {
        var fields: [String: Value] = [
            "kind": .text(kind.rawValue), "subject": .reference(Make.id(subject)),
            "decided_by": .text("AD0\(id)"),
            "decided_at": .integer(at), "reason": .text("seen"),
        ]
        if let register { fields["subject_register"] = .text(register) }
        if let other { fields["other"] = .reference(Make.id(other)) }
        if let answers { fields["answers"] = .reference(Make.id(answers)) }
        if let read = Decision.naming(reads) { fields["before"] = .text(read) }
        if contested { fields["contested_at"] = .integer(12) }
        return try #require(Decision(Make.view("decision", fields, id: Make.id(id))))
    }

    /// A merge that somebody contests, kept by one and taken back by another who did not know of it.
    private func apart() throws -> [Decision] {
        [
            try decision(50, .merge, at: 10, other: 2, contested: true),
            try decision(51, .merge, at: 20, other: 2, answers: 50),
            try decision(52, .unmerge, at: 30, other: 2, answers: 50),
        ]
    }

    @Test func `one decision that two people answer differently is a quarrel, in whatever order they come`()
        throws
    {
        let apart = try apart()
        var dice = Dice(state: 7)
        for _ in 0..<20 {
            let quarrels = DecisionChains(apart.shuffled(using: &dice)).quarrels
            #expect(quarrels.map { $0.map(\.id) } == [[Make.id(51), Make.id(52)]])
        }
        // Two who say the same contradict nobody; nor does who had read what they decide otherwise.
        let same = [apart[0], apart[1], try decision(53, .merge, at: 40, other: 2, answers: 50)]
        #expect(DecisionChains(same).quarrels.isEmpty)
        let read = [apart[0], apart[1], try decision(53, .unmerge, at: 40, other: 2, answers: 51)]
        #expect(DecisionChains(read).quarrels.isEmpty)
        // Nor decisions that go back to nothing in common: older programs did not say what they had read.
        let loose = [try decision(51, .merge, other: 2), try decision(52, .unmerge, at: 30, other: 2)]
        #expect(DecisionChains(loose).quarrels.isEmpty)
    }

    @Test func `of two answers made apart neither is newer, and what answers one of them is newer than both`()
        throws
    {
        let asked = try decision(50, .resolve, at: 10, register: "contact", contested: true)
        let one = try decision(51, .resolve, at: 20, register: "contact", answers: 50)
        let other = try decision(52, .resolve, at: 30, register: "contact", answers: 50)
        let apart = DecisionChains([asked, one, other])
        #expect(apart.newer(than: one) == nil && apart.newer(than: other) == nil)
        let last = try decision(53, .resolve, at: 40, register: "contact", answers: 52)
        let decided = DecisionChains([asked, one, other, last])
        #expect(decided.newer(than: one) == last && decided.newer(than: other) == last)
        #expect(decided.newer(than: last) == nil)
    }

    @Test func `who leave a merge as it is and who turn it round, apart, quarrel too`() throws {
        let told = try decision(50, .distinct, at: 10, other: 2)
        let left = try decision(51, .merge, at: 20, other: 2, answers: 50)
        let turned = try decision(52, .merge, at: 30, other: 1, answers: 50, about: 2)
        #expect(
            DecisionChains([told, left, turned]).quarrels.map { $0.map(\.id) }
                == [[Make.id(51), Make.id(52)]])
        let read = try decision(53, .merge, at: 30, other: 1, answers: 51, about: 2)
        #expect(DecisionChains([told, left, read]).quarrels.isEmpty)
        // Merges in opposite directions that go back to nothing are a ring, which is asked about as such.
        let ring = [
            try decision(51, .merge, other: 2), try decision(52, .merge, at: 30, other: 1, about: 2),
        ]
        #expect(DecisionChains(ring).quarrels.isEmpty)
    }

    @Test func `a quarrel is over for whoever had read all of it, and for nobody else`() throws {
        let apart = try apart()
        let both = try decision(54, .distinct, at: 40, other: 2, answers: 51, reads: [apart[1], apart[2]])
        #expect(Set(both.closes) == [Make.id(51), Make.id(52)])
        #expect(DecisionChains(apart + [both]).quarrels.isEmpty)
        // Another who kept them one person, and nobody had read that.
        let late = try decision(55, .merge, at: 25, other: 2, answers: 50)
        #expect(
            DecisionChains(apart + [both, late]).quarrels.map { Set($0.map(\.id)) }
                == [[Make.id(54), Make.id(55)]])
        // And two who decide the quarrel itself apart.
        let other = try decision(56, .merge, at: 41, other: 2, answers: 52, reads: [apart[1], apart[2]])
        #expect(
            DecisionChains(apart + [both, other]).quarrels.map { Set($0.map(\.id)) }
                == [[Make.id(54), Make.id(56)]])
    }

    /// It lies with the other of the two records, which has left the laptop.
    @Test func `what was decided anew elsewhere is closed, though by what is not known here`() throws {
        let fields: [String: Value] = [
            "kind": .text("unmerge"), "subject": .reference(Make.id(1)), "other": .reference(Make.id(2)),
            "decided_by": .text("AD01"), "decided_at": .integer(10), "reason": .text("seen"),
            "contested_at": .integer(12),
        ]
        func chains(_ more: [String: Value]) throws -> (DecisionChains, Decision) {
            let view = Make.view("decision", fields.merging(more) { $1 }, id: Make.id(50))
            let decision = try #require(Decision(view))
            return (DecisionChains([decision]), decision)
        }
        let (open, asked) = try chains([:])
        #expect(open.isOpen(asked) && open.standing(.pair([Make.id(1), Make.id(2)])) == [asked])
        let (closed, ended) = try chains(["closed_by": .reference(Make.id(51))])
        #expect(closed.isClosed(ended) && !closed.isOpen(ended))
        #expect(closed.standing(.pair([Make.id(1), Make.id(2)])).isEmpty)
        #expect(closed.closer(of: ended) == nil && closed.newer(than: ended) == nil)
    }

    /// Of several corrections one stays: each that is void by it has a decision of its own, made in the same second.
    @Test func `what was decided in one go overrules nothing of itself`() throws {
        let both = [
            try decision(50, .resolve, register: "void", other: 9, about: 7),
            try decision(51, .resolve, register: "void", other: 9, about: 8),
        ]
        let chains = DecisionChains(both)
        #expect(chains.first(of: both[0]) == chains.first(of: both[1]))
        #expect(both.allSatisfy { chains.newer(than: $0) == nil })
        let later = try decision(52, .resolve, at: 20, register: "void", about: 7)
        #expect(DecisionChains(both + [later]).newer(than: both[0]) == later)
    }

    @Test func `what is open is what nothing has closed, and taking back closes nothing`() throws {
        let first = try decision(50, .accept, register: "clock:x", contested: true)
        let second = try decision(51, .accept, at: 20, register: "clock:x", answers: 50)
        let undo = try decision(52, .undo, at: 30, register: "clock:x", answers: 51)
        let chains = DecisionChains([undo, second, first])
        #expect(!chains.isOpen(first) && chains.isOpen(second) && !chains.isOpen(undo))
        #expect(chains.standing(.register(Make.id(1), "clock:x")) == [second])
        #expect(undo.closes.isEmpty && chains.before(undo) == [second])
        let third = try decision(53, .accept, at: 40, register: "clock:x", answers: 51)
        let anew = DecisionChains([third, undo, second, first])
        #expect(anew.closer(of: first) == third && anew.newer(than: undo) == third)
        #expect(anew.newer(than: third) == nil && !anew.isOpen(second))
    }

    @Test func `one field of a record is one question, and one pair of records too`() throws {
        let phone = [
            try decision(50, .resolve, at: 10, register: "contact"),
            try decision(51, .resolve, at: 20, register: "contact"),
            try decision(52, .undo, at: 30, register: "contact", answers: 51),
        ]
        let pair = [
            try decision(60, .merge, at: 10, other: 2), try decision(61, .unmerge, at: 20, other: 2),
            try decision(62, .distinct, at: 30, other: 2),
        ]
        let name = try decision(70, .resolve, at: 5, register: "name")
        let chains = DecisionChains(pair.reversed() + [name] + phone.reversed())
        #expect(Set(phone.map(chains.first)) == [Make.id(50)])
        #expect(Set(pair.map(chains.first)) == [Make.id(60)])
        #expect(chains.first(of: name) == name.id)
        // The newest of a question has overruled the others, though none of them answers it.
        #expect(chains.newer(than: phone[0]) == phone[1] && chains.newer(than: phone[1]) == nil)
        #expect(chains.newer(than: pair[0]) == pair[2])
        // Who says the same, and had not read it, has decided nothing anew: neither the other way round, nor of two.
        let reversed = try decision(63, .merge, at: 15, other: 1, about: 2)
        #expect(DecisionChains([pair[0], reversed]).newer(than: pair[0]) == nil)
        #expect(DecisionChains(pair).newer(than: pair[1]) == nil)
    }
}
