import PeerSupport
import SyncModel
import Testing

/// One visit counts once, however often and wherever it was corrected.
@Suite("Check-ins that were corrected apart") struct AmendmentTests {
    private static let void: [String: Value] = [
        "voided_at": .integer(7), "voided_by": .text("PS01"), "void_reason": .text("corrected"),
    ]

    private func visit(_ n: Int, amends: Int? = nil, void: Bool = false, deleted: Bool = false) -> RecordView
    {
        var fields: [String: Value] = [
            "participant": .reference(Make.id(1)), "peer": .text("PS01"), "start_at": .integer(5),
            "did": .text("walked \(n)"),
        ]
        if let amends { fields["amends"] = .reference(Make.id(amends)) }
        if void { fields.merge(Self.void) { $1 } }
        return Make.view("check_in", fields, id: Make.id(n), deleted: deleted)
    }

    private func found(_ views: [RecordView], _ decisions: [Decision] = []) -> [[Int]] {
        Amendments.groups(views, DecisionChains(decisions)).map { group in
            ([group.corrected] + group.choice).map { Int($0.id.low) }
        }
    }

    @Test func `a check-in that was corrected once, or again and again, counts once`() {
        #expect(found([]).isEmpty)
        #expect(found([visit(10), visit(20)]).isEmpty)
        #expect(found([visit(10, void: true), visit(11, amends: 10)]).isEmpty)
        #expect(
            found([visit(10, void: true), visit(11, amends: 10, void: true), visit(12, amends: 11)]).isEmpty)
    }

    @Test func `two corrections of one check-in are to be decided`() {
        let twice = [visit(10, void: true), visit(12, amends: 10), visit(11, amends: 10)]
        #expect(found(twice) == [[10, 11, 12]])
        #expect(found(twice.reversed()) == [[10, 11, 12]])
        #expect(found(twice + [visit(20, void: true), visit(21, amends: 20)]) == [[10, 11, 12]])
        #expect(found(twice + [visit(13, amends: 10)]) == [[10, 11, 12, 13]])
        // What was corrected may not be here.
        #expect(found([visit(12, amends: 10), visit(11, amends: 10)]) == [[11, 11, 12]])
    }

    @Test func `what is void or deleted does not count`() {
        #expect(
            found([visit(10, void: true), visit(11, amends: 10), visit(12, amends: 10, void: true)]).isEmpty)
        #expect(
            found([visit(10, void: true), visit(11, amends: 10), visit(12, amends: 10, deleted: true)])
                .isEmpty)
    }

    @Test func `a correction that was corrected is the same visit, and so is what was corrected`() {
        #expect(
            found([
                visit(10, void: true), visit(11, amends: 10, void: true), visit(12, amends: 11),
                visit(13, amends: 10),
            ]) == [[10, 12, 13]])
        #expect(found([visit(10), visit(11, amends: 10)]) == [[10, 10, 11]])
        // A ring, which nobody can make, is one visit and no endless walk.
        #expect(found([visit(10, amends: 11), visit(11, amends: 10)]) == [[10, 10, 11]])
    }

    private func gaveUp(_ n: Int, for kept: Int, id: Int, kind: DecisionKind = .resolve) throws -> Decision {
        let values = Make.view("check_in", Self.void).values(of: "void") ?? []
        return try #require(
            Decision(
                Make.view(
                    "decision",
                    [
                        "kind": .text(kind.rawValue), "subject": .reference(Make.id(n)),
                        "subject_register": .text("void"), "other": .reference(Make.id(kept)),
                        "decided_by": .text("AD01"), "decided_at": .integer(10), "reason": .text("seen"),
                        "after": .text(
                            DecidedValue.text([DecidedValue(author: "AD01", effective: nil, values: values)])),
                    ], id: Make.id(id))))
    }

    @Test func `who kept different ones apart voided both, and that is to be decided again`() throws {
        let views = [
            visit(10, void: true), visit(11, amends: 10, void: true), visit(12, amends: 10, void: true),
            visit(13, amends: 10, void: true),
        ]
        let one = try [gaveUp(12, for: 11, id: 50), gaveUp(13, for: 11, id: 51), gaveUp(10, for: 11, id: 52)]
        let other = try [
            gaveUp(11, for: 12, id: 60), gaveUp(13, for: 12, id: 61), gaveUp(10, for: 12, id: 62),
        ]
        #expect(found(views, one + other) == [[10, 11, 12]])
        // The one that was kept was voided later, for a reason of its own.
        #expect(found(views, one).isEmpty)
        #expect(found(views, []).isEmpty)
        // One of them counts again.
        #expect(found([views[0], visit(11, amends: 10), views[2], views[3]], one + other).isEmpty)
        // Decided for one, and later for another.
        #expect(found(views, try one + [gaveUp(11, for: 13, id: 63, kind: .undo)]).isEmpty)
        #expect(
            found(Array(views.prefix(3)), try [gaveUp(12, for: 11, id: 50), gaveUp(11, for: 99, id: 51)])
                .isEmpty)
    }

    @Test func `the void marks that corrections left are no question of their own`() throws {
        func change(_ laptop: UInt64, at clock: Int64) -> LiveChange {
            LiveChange(
                dot: Dot(Identifier(high: laptop, low: 1), 2), author: "PS01",
                writes: [RegisterWrite("void", [.none, .none, .none])], context: Context(),
                effective: nil, deviceMicroseconds: clock)
        }
        func marks(_ sides: [LiveChange], on n: Int = 10, register: String = "void") -> Conflict {
            Conflict(
                .void, visit(n, void: true), register: register,
                sides: sides.map { Conflict.Side(change: $0, values: [.integer(7), .text("PS01"), .none]) })
        }
        let corrected = Conflict(
            .amendments, visit(10, void: true),
            sides: [
                Conflict.Side(change: change(1, at: 5), values: [], record: visit(11, amends: 10)),
                Conflict.Side(change: change(2, at: 6), values: [], record: visit(12, amends: 9)),
            ])
        #expect(Amendments.corrected(in: corrected) == [Make.id(9), Make.id(10)])
        func asks(_ marks: Conflict, _ decisions: [Decision] = []) -> Bool {
            Amendments.asks(corrected, about: marks, decisions)
        }
        #expect(asks(marks([change(1, at: 5), change(2, at: 6)])))
        #expect(asks(marks([change(1, at: 5), change(2, at: 6)], on: 9)))
        // Another check-in, another field, another edit, another laptop: somebody's own reason.
        #expect(!asks(marks([change(1, at: 5), change(2, at: 6)], on: 20)))
        #expect(!asks(marks([change(1, at: 5), change(2, at: 6)], register: "note")))
        #expect(!asks(marks([change(3, at: 6), change(2, at: 7)])))
        #expect(!asks(marks([change(3, at: 6), change(4, at: 6)])))
        // Beside a correction's mark it is asked when it is known which correction stays.
        #expect(asks(marks([change(1, at: 5), change(3, at: 6)])))
        // What somebody decided for one of them is its mark too, and what they decided for another is not.
        let values = Make.view("check_in", Self.void).values(of: "void") ?? []
        let decided = Conflict(
            .void, visit(10, void: true), register: "void",
            sides: [
                Conflict.Side(change: change(4, at: 5), values: []),
                Conflict.Side(change: change(3, at: 9), values: values),
            ])
        #expect(!asks(decided))
        #expect(asks(decided, [try gaveUp(10, for: 12, id: 50)]))
        #expect(!asks(decided, [try gaveUp(10, for: 99, id: 50)]))
        #expect(!asks(decided, [try gaveUp(11, for: 12, id: 50)]))
        #expect(!asks(decided, [try gaveUp(10, for: 12, id: 50, kind: .undo)]))
        // That one of them was void by a decision which is open again.
        func contested(_ n: Int, register: String = "void") -> Conflict {
            Conflict(.contested, visit(n, amends: 10), register: register)
        }
        #expect(asks(contested(11)) && !asks(contested(13)) && !asks(contested(11, register: "note")))
        // Whether the visit counts is asked when it is known which correction stays, and not by one mark alone before.
        let such = try #require(
            Decision(
                Make.view(
                    "decision",
                    [
                        "kind": .text("resolve"), "subject": .reference(Make.id(10)),
                        "subject_register": .text("void"), "decided_by": .text("AD01"),
                        "decided_at": .integer(10),
                        "before": .text(
                            DecidedValue.text(
                                [values, [.none, .none, .none]].map {
                                    DecidedValue(author: "PS01", effective: nil, values: $0)
                                })),
                    ], id: Make.id(50))))
        #expect(VoidedCorrections.isSuch(such))
        #expect(asks(Conflict(.contested, visit(10, void: true), register: "void", decision: such)))
        #expect(!asks(Conflict(.contested, visit(20, void: true), register: "void", decision: such)))
        // Nor is it the other way round, or the same twice.
        #expect(!Amendments.asks(decided, about: corrected, []) && !asks(corrected))
    }

    @Test func `the oldest comes first, and it waits for a person`() throws {
        func state(_ view: RecordView, at time: Int64, by author: String) throws -> RecordState {
            let table = try #require(PeerSupportSchema.schema.table("check_in"))
            let writes = Make.writes(
                table,
                ["participant": .reference(Make.id(1)), "peer": .text("PS01"), "start_at": .integer(5)])
            return RecordState(
                table: "check_in",
                live: [
                    LiveChange(
                        dot: Dot(Make.device, UInt64(view.id.low)), author: author, writes: writes,
                        context: Context(), effective: EffectiveTime(microseconds: time),
                        deviceMicroseconds: 0)
                ])
        }
        let (older, newer) = (visit(12, amends: 10), visit(11, amends: 10))
        let group = try #require(
            Amendments.groups([visit(10, void: true), older, newer], DecisionChains([])).first)
        let conflict = Amendments.conflict(
            of: group,
            [
                older.id: try state(older, at: 3_000_000, by: "PS01"),
                newer.id: try state(newer, at: 9_000_000, by: "AD01"),
            ])
        #expect(conflict.kind == .amendments && conflict.severity == .ask)
        #expect(conflict.view.id == Make.id(10) && conflict.register == nil)
        #expect(conflict.sides.map { $0.record?.id } == [older.id, newer.id])
        #expect(conflict.sides.compactMap { $0.change?.author } == ["PS01", "AD01"])
        #expect(conflict.since == 9_000_000 && conflict.participant == Make.id(1))
    }
}
