@testable import PeerSupport
import SyncModel
import Testing

/// What a person has to decide, kind by kind.
@Suite("Conflicts of a record") struct ConflictFinderTests {
    private let one = Make.id(101)
    private let two = Make.id(102)

    private func change(
        _ laptop: RecordID, _ n: UInt64, _ table: String, _ fields: [String: Value],
        read context: [Context.Entry] = [], at time: Int64 = 1_000_000, written: Int64? = nil,
        deleting: Bool = false
    ) -> LiveChange {
        let layout = PeerSupportSchema.schema.table(table) ?? Table(table, [])
        let writes = deleting ? [RegisterWrite(deletedRegister, [.integer(1)])] : Make.writes(layout, fields)
        return LiveChange(
            dot: Dot(laptop, n), author: "PS0\(laptop == one ? 1 : 2)", writes: writes,
            context: Context(context), effective: EffectiveTime(microseconds: time),
            deviceMicroseconds: written ?? time)
    }

    private func conflicts(_ table: String, _ live: [LiveChange], _ decisions: [Decision] = [])
        -> [Conflict]
    {
        let layout = PeerSupportSchema.schema.table(table) ?? Table(table, [])
        let state = RecordState(table: table, live: live)
        return ConflictFinder.conflicts(
            in: RecordView(id: Make.id(9), state: state, table: layout), state, DecisionChains(decisions))
    }

    private let visit: [String: Value] = [
        "participant": .reference(Make.id(1)), "peer": .text("PS01"), "start_at": .integer(5),
        "did": .text("walked"),
    ]

    @Test func `what nobody contradicts is no conflict`() {
        #expect(conflicts("check_in", [change(one, 1, "check_in", visit)]).isEmpty)
        let read = change(two, 1, "check_in", ["did": .text("ran")], read: [.init(one, 1)])
        #expect(conflicts("check_in", [change(one, 1, "check_in", visit), read]).isEmpty)
    }

    @Test func `two values of a register, the shown one first`() {
        let found = conflicts(
            "check_in",
            [
                change(one, 1, "check_in", visit),
                change(one, 2, "check_in", ["did": .text("ran")], read: [.init(one, 1)], at: 9_000_000),
                change(two, 1, "check_in", ["did": .text("rode")], read: [.init(one, 1)], at: 8_000_000),
            ])
        #expect(found.map(\.kind) == [.values])
        #expect(found.first?.register == "note")
        #expect(found.first?.sides.map { $0.values.first } == [.text("ran"), .text("rode")])
        #expect(found.first?.since == 9_000_000)
        #expect(found.first?.participant == Make.id(1))
    }

    @Test func `steps of a referral that exclude each other are a conflict of their own kind`() {
        let sent: [String: Value] = [
            "participant": .reference(Make.id(1)), "to_team": .text("ACT1"), "status": .text("sent"),
        ]
        let found = conflicts(
            "referral",
            [
                change(one, 1, "referral", sent),
                change(one, 2, "referral", ["status": .text("accepted")], read: [.init(one, 1)]),
                change(two, 1, "referral", ["status": .text("declined")], read: [.init(one, 1)]),
            ])
        #expect(found.map(\.kind) == [.transition])
        #expect(found.first?.severity == .grave)
    }

    @Test func `a deletion against an edit`() {
        let found = conflicts(
            "check_in",
            [
                change(one, 1, "check_in", visit),
                change(one, 2, "check_in", [:], read: [.init(one, 1)], deleting: true),
                change(two, 1, "check_in", ["did": .text("rode")], read: [.init(one, 1)]),
            ])
        #expect(found.map(\.kind) == [.deletion])
        #expect(found.first?.sides.map(\.values) == [[.integer(1)], [.integer(0)]])
        #expect(found.first?.sides.map { $0.change?.author } == ["PS01", "PS02"])
    }

    @Test func `a void against an edit, until somebody who read both decides`() {
        let void: [String: Value] = [
            "voided_at": .integer(7), "voided_by": .text("PS01"), "void_reason": .text("twice"),
        ]
        let made = change(one, 1, "check_in", visit)
        let voided = change(one, 2, "check_in", void, read: [.init(one, 1)])
        let edited = change(two, 1, "check_in", ["did": .text("rode")], read: [.init(one, 1)])
        let found = conflicts("check_in", [made, voided, edited])
        #expect(found.map(\.kind) == [.void])
        #expect(found.first?.sides.map { $0.change?.author } == ["PS01", "PS02"])
        #expect(found.first?.sides.last?.values == [.none, .none, .none])
        let decided = change(one, 3, "check_in", void, read: [.init(one, 2), .init(two, 1)])
        #expect(conflicts("check_in", [made, voided, edited, decided]).isEmpty)
        let restored = change(
            one, 3, "check_in", ["voided_at": .none], read: [.init(one, 2), .init(two, 1)])
        #expect(conflicts("check_in", [made, voided, edited, restored]).isEmpty)
        let late = change(two, 1, "check_in", ["did": .text("rode")], read: [.init(one, 2)])
        #expect(conflicts("check_in", [made, voided, late]).isEmpty)
    }

    @Test func `a void that was decided apart is the same question, what voids it first, whichever is shown`()
    {
        let void: [String: Value] = [
            "voided_at": .integer(7), "voided_by": .text("PS01"), "void_reason": .text("twice"),
        ]
        let other = void.merging(["void_reason": .text("another day")]) { $1 }
        let read: [Context.Entry] = [.init(one, 2), .init(two, 1)]
        let before = [
            change(one, 1, "check_in", visit), change(one, 2, "check_in", void, read: [.init(one, 1)]),
            change(two, 1, "check_in", ["did": .text("rode")], read: [.init(one, 1)]),
        ]
        func decided(_ laptop: Int, _ fields: [String: Value], at time: Int64) -> LiveChange {
            change(Make.id(200 + laptop), 1, "check_in", fields, read: read, at: time)
        }
        for (voided, counts) in [(8_000_000, 9_000_000), (9_000_000, 8_000_000)] as [(Int64, Int64)] {
            let apart = [decided(1, void, at: voided), decided(2, ["voided_at": .none], at: counts)]
            let found = conflicts("check_in", before + apart)
            #expect(found.map(\.kind) == [.void] && found.first?.severity == .grave)
            #expect(found.first?.sides.map { $0.values.last } == [.text("twice"), Value.none])
            #expect(found.first?.shownPlace == (voided < counts ? 1 : 0))
            // Who said the same apart has the same letter, and a second reason comes before that it counts.
            let more =
                apart + [
                    decided(3, void, at: 7_000_000), decided(4, ["voided_at": .none], at: 6_000_000),
                ]
            let same = conflicts("check_in", before + more)
            #expect(same.map { $0.sides.map(\.values) } == found.map { $0.sides.map(\.values) })
            let third = conflicts("check_in", before + more + [decided(5, other, at: 5_000_000)])
            #expect(third.map(\.kind) == [.void])
            #expect(
                third.first?.sides.map { $0.values.last } == [
                    .text("twice"), .text("another day"), Value.none,
                ])
            #expect(third.first?.shownPlace == (voided < counts ? 2 : 0))
        }
    }

    @Test func `two reasons for one void are no question, but that somebody went on is`() {
        let made = change(one, 1, "check_in", visit)
        func void(_ incarnation: Incarnation, _ reason: String, read: [Context.Entry]) -> LiveChange {
            change(
                incarnation, 2, "check_in",
                [
                    "voided_at": .integer(7), "voided_by": .text("PS01"), "void_reason": .text(reason),
                ], read: read)
        }
        let voids = [
            void(one, "twice", read: [.init(one, 1)]), void(two, "another day", read: [.init(one, 1)]),
        ]
        #expect(conflicts("check_in", [made] + voids).isEmpty)
        let three = Identifier(high: 3, low: 3)
        func edited(read: [Context.Entry]) -> LiveChange {
            change(three, 1, "check_in", ["did": .text("rode")], read: read)
        }
        let found = conflicts("check_in", [made] + voids + [edited(read: [.init(one, 1)])])
        #expect(found.map(\.kind) == [.void])
        #expect(
            found.first?.sides.map { $0.values.last } == [.text("another day"), .text("twice"), Value.none]
                || found.first?.sides.map { $0.values.last } == [
                    .text("twice"), .text("another day"), Value.none,
                ])
        // Whoever wrote on it knowing of one of them knew that it is void.
        #expect(conflicts("check_in", [made] + voids + [edited(read: [.init(one, 2)])]).isEmpty)
    }

    @Test func `one record merged into two is a fork, and into one twice it is none`() {
        let made = change(
            one, 1, "participant",
            ["code": .text("P0001"), "preferred_name": .text("Ana"), "site": .text("S1")])
        func merged(_ incarnation: Incarnation, _ n: UInt64, into: Int, at: Int64) -> LiveChange {
            change(
                incarnation, n, "participant",
                [
                    "merged_into": .reference(Make.id(into)), "merged_by": .text("AD01"),
                    "merged_at": .integer(at),
                ], read: [.init(one, 1)])
        }
        let twice = [made, merged(one, 2, into: 20, at: 5), merged(two, 1, into: 20, at: 6)]
        #expect(conflicts("participant", twice).isEmpty)
        let three = Identifier(high: 3, low: 3)
        let found = conflicts("participant", twice + [merged(three, 1, into: 21, at: 7)])
        #expect(found.map(\.kind) == [.fork] && found.first?.severity == .grave)
        #expect(
            Set(found.first?.sides.map { $0.values.first } ?? []) == [
                .reference(Make.id(20)), .reference(Make.id(21)),
            ])
        #expect(found.first?.sides.count == 2)
    }

    @Test func `a time that was corrected by more than the limit, until somebody accepts it`() {
        let limit = Limits.tolerableCorrectionMicroseconds
        func off(_ by: Int64) -> LiveChange {
            change(one, 1, "check_in", visit, at: 5_000_000_000, written: 5_000_000_000 + by)
        }
        #expect(conflicts("check_in", [off(limit)]).isEmpty)
        #expect(conflicts("check_in", [off(-limit)]).isEmpty)
        #expect(conflicts("check_in", [off(limit + 1)]).map(\.kind) == [.clock])
        #expect(conflicts("check_in", [off(-limit - 1)]).map(\.kind) == [.clock])
        let topic = ConflictFinder.clockTopic(off(limit + 1))
        let accepted = decision(.accept, register: topic)
        #expect(conflicts("check_in", [off(limit + 1)], [accepted].compactMap { $0 }).isEmpty)
        let other = decision(.accept, register: "clock:\(Make.id(7).text):1")
        #expect(conflicts("check_in", [off(limit + 1)], [other].compactMap { $0 }).count == 1)
    }

    @Test func `no time of what is void is asked about, unless somebody asks, or it counts again`() throws {
        let off = change(one, 1, "check_in", visit, at: 9_000_000_000, written: 1)
        let mark: [String: Value] = [
            "voided_at": .integer(7), "voided_by": .text("PS02"), "void_reason": .text("entered anew"),
        ]
        let void = change(two, 1, "check_in", mark, read: [.init(one, 1)], at: 9_500_000_000)
        #expect(conflicts("check_in", [off]).map(\.kind) == [.clock])
        #expect(conflicts("check_in", [off, void]).isEmpty)
        let asked = try #require(decision(.accept, register: ConflictFinder.clockTopic(off), contested: 12))
        #expect(conflicts("check_in", [off, void], [asked]).map(\.kind) == [.clock])
        let back: [String: Value] = ["voided_at": .none, "voided_by": .none, "void_reason": .none]
        let counts = change(
            two, 2, "check_in", back, read: [.init(one, 1), .init(two, 1)], at: 9_600_000_000)
        #expect(conflicts("check_in", [off, void, counts]).map(\.kind) == [.clock])
        // Whether it is void is not decided.
        let apart = change(
            one, 2, "check_in", ["did": .text("ran")], read: [.init(one, 1)], at: 9_500_000_000)
        #expect(conflicts("check_in", [off, void, apart]).map(\.kind).contains(.clock))
    }

    @Test func `a decision that is contested is open until another answers it`() throws {
        let made = change(one, 1, "check_in", visit)
        let contested = try #require(decision(.resolve, register: "note", contested: 12))
        let found = conflicts("check_in", [made], [contested])
        #expect(found.map(\.kind) == [.contested])
        #expect(found.first?.sides.first?.values.first == .text("walked"))
        #expect(found.first?.since == 12_000_000)
        let answer = try #require(decision(.resolve, id: 51, register: "note", answers: contested.id))
        #expect(conflicts("check_in", [made], [contested, answer]).isEmpty)
        // Taking it back is no answer: then it is open, whether somebody had contested it or not.
        let plain = try #require(decision(.resolve, register: "note"))
        let undo = try #require(decision(.undo, id: 52, register: "note", answers: plain.id))
        #expect(conflicts("check_in", [made], [plain]).isEmpty)
        #expect(conflicts("check_in", [made], [plain, undo]).map(\.kind) == [.contested])
        #expect(conflicts("check_in", [made], [contested, undo]).map(\.kind) == [.contested])
        #expect(conflicts("check_in", [made], [plain, undo, answer]).isEmpty)
    }

    @Test func `a contested decision waits while its register has several values, so that none goes under`()
        throws
    {
        let contested = try #require(decision(.resolve, register: "note", contested: 12))
        let apart = [
            change(one, 1, "check_in", visit),
            change(one, 2, "check_in", ["did": .text("ran")], read: [.init(one, 1)]),
            change(two, 1, "check_in", ["did": .text("rode")], read: [.init(one, 1)]),
        ]
        #expect(conflicts("check_in", apart, [contested]).map(\.kind) == [.values])
        #expect(conflicts("check_in", Array(apart.prefix(2)), [contested]).map(\.kind) == [.contested])
    }

    @Test func `a time that was accepted is asked about again when that is contested or taken back`() throws {
        let off = change(one, 1, "check_in", visit, at: 9_000_000_000, written: 1)
        let topic = ConflictFinder.clockTopic(off)
        let accepted = try #require(decision(.accept, register: topic))
        #expect(conflicts("check_in", [off], [accepted]).isEmpty)
        let contested = try #require(decision(.accept, register: topic, contested: 12))
        let again = conflicts("check_in", [off], [contested])
        #expect(again.map(\.kind) == [.clock] && again.first?.decision == contested)
        let undo = try #require(decision(.undo, id: 52, register: topic, answers: accepted.id))
        #expect(conflicts("check_in", [off], [accepted, undo]).map(\.kind) == [.clock])
        let anew = try #require(decision(.accept, id: 53, register: topic, answers: accepted.id))
        #expect(conflicts("check_in", [off], [accepted, undo, anew]).isEmpty)
    }

    @Test func `the gravest come first, and of the same gravity the oldest`() {
        let note = conflicts(
            "check_in",
            [
                change(one, 1, "check_in", visit), change(one, 2, "check_in", ["did": .text("ran")]),
                change(two, 1, "check_in", ["did": .text("rode")], at: 3_000_000),
            ])
        let newer = conflicts(
            "check_in",
            [
                change(one, 2, "check_in", ["did": .text("ran")]),
                change(two, 1, "check_in", ["did": .text("rode")], at: 4_000_000),
            ])
        let consent = conflicts(
            "participant",
            [
                change(one, 1, "participant", ["consent": .text("yes")], at: 9_000_000),
                change(two, 1, "participant", ["consent": .text("no")], at: 9_000_000),
            ])
        let sorted = (newer + note + consent).sorted(by: Conflict.comesFirst)
        #expect(sorted.map(\.register) == ["consent", "note", "note"])
        #expect(sorted.map(\.since) == [9_000_000, 3_000_000, 4_000_000])
    }

    private func decision(
        _ kind: DecisionKind, id: Int = 50, register: String, contested: Int64? = nil,
        answers: RecordID? = nil
    ) -> Decision? {
        var fields: [String: Value] = [
            "kind": .text(kind.rawValue), "subject": .reference(Make.id(9)),
            "subject_register": .text(register),
            "decided_by": .text("AD01"), "decided_at": .integer(10), "reason": .text("seen"),
        ]
        if let contested { fields["contested_at"] = .integer(contested) }
        if let answers { fields["answers"] = .reference(answers) }
        return Decision(Make.view("decision", fields, id: Make.id(id)))
    }
}
