import PeerSupport
import SyncModel
import Testing

/// A visit that one person voided and another corrected: when that is a question, and what it is about.
@Suite("Check-ins that were voided and corrected apart") struct VoidedCorrectionTests {
    private typealias Laptop = UInt64

    /// A change by somebody on a laptop of theirs, which knows nothing of what others wrote meanwhile.
    private func change(
        _ laptop: Laptop, _ n: UInt64, _ author: String, second: Int64, _ fields: [String: Value],
        read: Context = Context()
    ) throws -> LiveChange {
        let table = try #require(PeerSupportSchema.schema.table("check_in"))
        return LiveChange(
            dot: Dot(Identifier(high: laptop, low: 1), n), author: author,
            writes: Make.writes(table, fields), context: read,
            effective: EffectiveTime(microseconds: second * 1_000_000),
            deviceMicroseconds: second * 1_000_000)
    }

    private func visit(_ amends: Int? = nil) -> [String: Value] {
        var fields: [String: Value] = [
            "participant": .reference(Make.id(1)), "peer": .text("PS01"), "start_at": .integer(5),
            "did": .text("walked"),
        ]
        if let amends { fields["amends"] = .reference(Make.id(amends)) }
        return fields
    }

    private func void(_ at: Int64, _ by: String, _ reason: String) -> [String: Value] {
        ["voided_at": .integer(at), "voided_by": .text(by), "void_reason": .text(reason)]
    }

    private func found(_ records: [Int: [LiveChange]], _ decisions: [Decision] = []) throws -> [Conflict] {
        let table = try #require(PeerSupportSchema.schema.table("check_in"))
        var states: [RecordID: RecordState] = [:]
        for (n, live) in records { states[Make.id(n)] = RecordState(table: "check_in", live: live) }
        let views = states.map { RecordView(id: $0, state: $1, table: table) }.sorted { $0.id > $1.id }
        return VoidedCorrections.conflicts(views, states, DecisionChains(decisions))
    }

    @Test func `a mark that no correction left stands against the correction`() throws {
        let made = try change(1, 1, "PS01", second: 100, visit())
        let read = Context([.init(made.dot.incarnation, 1)])
        let corrected = try change(
            1, 3, "PS01", second: 200, void(200, "PS01", VoidedCorrections.reason), read: read)
        let office = try change(2, 1, "AD01", second: 201, void(201, "AD01", "another day"), read: read)
        let correction = try change(1, 2, "PS01", second: 200, visit(10))
        let asked = try found([10: [made, corrected, office], 11: [correction]])
        #expect(asked.map(\.kind) == [.void] && asked.first?.severity == .grave)
        #expect(asked.first?.view.id == Make.id(10) && asked.first?.register == "void")
        #expect(asked.first?.sides.map { $0.change?.author } == ["AD01", "PS01"])
        #expect(asked.first?.correction?.id == Make.id(11))
        // Whoever wrote the correction's mark anew, for whatever reason, says no other thing by it.
        let anew = try change(
            3, 1, "SV01", second: 900, void(200, "PS01", VoidedCorrections.reason), read: read)
        #expect(
            try found([10: [made, anew, office], 11: [correction]]).first?.sides.map { $0.change?.author }
                == ["AD01", "PS01"])
        // Which of several corrections stays is decided first.
        let other = try change(4, 1, "PS01", second: 300, visit(10))
        #expect(try found([10: [made, corrected, office], 11: [correction], 12: [other]]).isEmpty)
        // It is void too, by a word of its own: nobody says that the visit counts.
        let gone = try change(
            1, 4, "PS01", second: 400, void(400, "PS01", "no visit at all"),
            read: Context([.init(made.dot.incarnation, 3)]))
        #expect(try found([10: [made, corrected, office], 11: [correction, gone]]).isEmpty)
        // A correction that was corrected is the same visit.
        let again = try change(1, 6, "PS01", second: 500, visit(11))
        let replaced = try change(
            1, 5, "PS01", second: 500, void(500, "PS01", VoidedCorrections.reason),
            read: Context([.init(made.dot.incarnation, 3)]))
        let twice = try found([
            10: [made, corrected, office], 11: [correction, replaced], 12: [again],
        ])
        #expect(twice.map { $0.correction?.id } == [Make.id(12)])
    }

    /// By the time alone the void could be the correction's mark, written anew by somebody: but that stands there itself.
    @Test func `one person with two laptops may void and correct within seconds`() throws {
        let made = try change(1, 1, "PS01", second: 100, visit())
        let read = Context([.init(made.dot.incarnation, 1)])
        let corrected = try change(
            1, 3, "PS01", second: 200, void(200, "PS01", VoidedCorrections.reason), read: read)
        let spare = try change(2, 1, "PS01", second: 203, void(203, "PS01", "never happened"), read: read)
        let correction = try change(1, 2, "PS01", second: 200, visit(10))
        let asked = try found([10: [made, corrected, spare], 11: [correction]])
        #expect(asked.map(\.kind) == [.void])
        #expect(asked.first?.sides.map { $0.change?.dot } == [spare.dot, correction.dot])
    }

    private func decided(
        _ kept: [String: Value], over other: [String: Value], for correction: Int?, second: Int64, id: Int
    ) throws -> Decision {
        let table = try #require(PeerSupportSchema.schema.table("check_in"))
        func value(_ author: String, _ fields: [String: Value]) -> DecidedValue {
            DecidedValue(
                author: author, effective: nil,
                values: Make.writes(table, fields).first?.values ?? [.none, .none, .none])
        }
        return try #require(
            Decision(
                Make.view(
                    "decision",
                    [
                        "kind": .text("resolve"), "subject": .reference(Make.id(10)),
                        "subject_register": .text("void"),
                        "other": correction.map { .reference(Make.id($0)) },
                        "decided_by": .text("AD01"), "decided_at": .integer(second), "reason": .text("asked"),
                        "contested_by": .text("PS01"), "contested_at": .integer(second + 1),
                        "contest_reason": .text("no"),
                        "before": .text(
                            DecidedValue.text([
                                value("PS01", kept), value("PS01", other), value("PS01", [:]),
                            ])), "after": .text(DecidedValue.text([value("AD01", kept)])),
                    ].compactMapValues { $0 }, id: Make.id(id))))
    }

    /// What stands there then is by whoever decided, and the mark that was not kept stands in the decision alone.
    @Test(arguments: [false, true]) func `it is asked again as it was, whichever of the two was kept`(
        counts: Bool
    ) throws {
        let made = try change(1, 1, "PS01", second: 100, visit())
        let correction = try change(1, 2, "PS01", second: 200, visit(10))
        let (corrected, spare) = (void(200, "PS01", "forgot the park"), void(203, "PS01", "never happened"))
        let kept = counts ? corrected : spare
        let decided = try decided(
            kept, over: counts ? spare : corrected, for: counts ? 11 : nil, second: 900, id: 50)
        let stands = try change(
            9, 1, "AD01", second: 900, kept, read: Context([.init(made.dot.incarnation, 3)]))
        var live = [11: [correction]]
        if !counts {
            // It is void too, by the decision that goes with it.
            live[11]?.append(
                try change(
                    9, 2, "AD01", second: 900, void(900, "AD01", "asked"),
                    read: Context([.init(made.dot.incarnation, 3)])))
        }
        live[10] = [made, stands]
        let second = try #require(
            Decision(
                Make.view(
                    "decision",
                    [
                        "kind": .text("resolve"), "subject": .reference(Make.id(11)),
                        "subject_register": .text("void"), "decided_by": .text("AD01"),
                        "decided_at": .integer(900), "reason": .text("asked"),
                        "after": .text(
                            DecidedValue.text([
                                DecidedValue(
                                    author: "AD01", effective: nil,
                                    values: [.integer(900), .text("AD01"), .text("asked")])
                            ])),
                    ], id: Make.id(51))))
        let asked = try found(live, [decided] + (counts ? [] : [second]))
        #expect(asked.map(\.kind) == [.void] && asked.first?.decision?.id == Make.id(50))
        #expect(asked.first?.sides.map { $0.values.last ?? .none } == [.text("never happened"), .none])
        #expect(asked.first?.correction?.id == Make.id(11))
    }

    @Test func `nobody is asked where nobody disagrees`() throws {
        let made = try change(1, 1, "PS01", second: 100, visit())
        let read = Context([.init(made.dot.incarnation, 1)])
        let corrected = try change(
            1, 3, "PS01", second: 200, void(200, "PS01", VoidedCorrections.reason), read: read)
        let office = try change(2, 1, "AD01", second: 201, void(201, "AD01", "another day"), read: read)
        let spare = try change(3, 1, "PS01", second: 999, void(999, "PS01", "entered twice"), read: read)
        let correction = try change(1, 2, "PS01", second: 200, visit(10))
        #expect(try found([10: [made, corrected], 11: [correction]]).isEmpty)
        // Two reasons, and no correction.
        #expect(try found([10: [made, office, spare]]).isEmpty)
        // Voided, and then entered anew by somebody who knew it.
        #expect(try found([10: [made, office], 11: [correction]]).isEmpty)
        // Imported as void, with what replaced it.
        let born = try change(
            5, 1, "AD01", second: 300, visit().merging(void(7, "PS01", "corrected")) { $1 })
        let imported = try change(5, 2, "AD01", second: 310, visit(10))
        #expect(try found([10: [born], 11: [imported]]).isEmpty)
    }
}
