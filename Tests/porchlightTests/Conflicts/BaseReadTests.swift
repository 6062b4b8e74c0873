import PeerSupport
import SyncModel
import SyncReplica
import SyncWire
import Testing

@testable import porchlight

/// What both had read, where that was not one value: the server leaves it out, and it is said all the same.
@Suite("What both had read, where nothing stood there") struct BaseReadTests {
    private static let id = Identifier(high: 0x0199_aaaa_bbbb_7ccc, low: 0x8000_0000_dead_beef)
    private static let now = TestDesk.now * 1_000_000

    private static func change(
        _ laptop: UInt64, _ author: String, _ writes: [RegisterWrite], read: Context = Context()
    ) -> LiveChange {
        LiveChange(
            dot: Dot(Identifier(high: laptop, low: laptop), 1), author: author,
            writes: writes.sorted { $0.register < $1.register }, context: read,
            effective: EffectiveTime(microseconds: now), deviceMicroseconds: now)
    }

    private static func person() throws -> [RegisterWrite] {
        try Writes(
            "participant", ["code": .text("P0142"), "preferred_name": .text("Ana"), "site": .text("S1")]
        )
        .registers
    }

    /// A record in which two values were written apart, telephone numbers of a participant if nothing else is said, with what
    /// the server says of it.
    private func apart(
        _ origins: [UInt64]?, base: [Value]? = nil,
        values: [[Value]] = [[.text("1"), .none], [.text("2"), .none]],
        of record: (table: String, register: String, writes: [RegisterWrite])? = nil
    ) async throws -> (TestDesk, Replica) {
        let (table, register, writes) = try record ?? ("participant", "contact", Self.person())
        let made = Self.change(9, "PS07", writes)
        let read = Context([.init(made.dot.incarnation, 1)])
        let sides = values.enumerated().map { place, value in
            Self.change(
                8 - UInt64(place), "PS0\(8 - place)", [RegisterWrite(register, value)], read: read)
        }
        let notes = origins.map { laptops in
            ConflictNotes(
                bases: base.map { values in
                    [
                        .init(
                            register: register, values: values, dot: made.dot, author: "PS07", effective: nil
                        )
                    ]
                } ?? [],
                origins: laptops.map { laptop in
                    .init(
                        dot: Dot(Identifier(high: laptop, low: laptop), 1), device: "LT-0\(laptop)",
                        receivedMicroseconds: nil, arrival: .sent)
                })
        }
        let state = RecordState(table: table, live: [made] + sides)
        let page = PageRecord(
            id: Self.id, keys: ["all"], body: .state(StateCodec.encode(state)), notes: notes)
        let server = PlayedServer { request in
            PlayedServer.takes(request, records: request.hello.cursor.isEmpty ? [page] : [])
        }
        let desk = try TestDesk(server: server)
        let replica = try desk.enrolled(role: "administrator")
        _ = try await replica.sync(with: server)
        return (desk, replica)
    }

    private func looked(_ desk: TestDesk) throws -> (page: String, programs: String) {
        let show = ["conflicts", "show", "deadbeef.contact"]
        return (try desk.said(show), try desk.said(show + ["--json"]))
    }

    @Test func `that nothing had stood there is said`() async throws {
        let (desk, _) = try await apart([9, 8, 7])
        let (page, programs) = try looked(desk)
        #expect(page.contains("phone:\n  both had read  (nothing)\n  A  "), "\(page)")
        #expect(programs.contains(#""base_read":"nothing","base":null"#), "\(programs)")
    }

    @Test(arguments: [nil, [9, 8]] as [[UInt64]?])
    func `what the server has not said yet is not made up`(origins: [UInt64]?) async throws {
        let (desk, _) = try await apart(origins)
        let (page, programs) = try looked(desk)
        #expect(!page.contains("both had read"), "\(page)")
        #expect(programs.contains(#""base_read":"not_known","base":null"#), "\(programs)")
    }

    @Test func `where somebody had decided between several before, it is left open which it was`()
        async throws
    {
        let (desk, replica) = try await apart([9, 8, 7])
        let values = DecidedValue.text(
            ["3", "4"].map { DecidedValue(author: "PS09", effective: nil, values: [.text($0), .none]) })
        try replica.edit { edit in
            let record = DecisionRecord(
                kind: .resolve, subject: Self.id, register: "contact", by: "SV01", at: TestDesk.now - 60,
                reason: "rang", before: values)
            _ = try record.write(to: edit, telling: [])
        }
        let (page, programs) = try looked(desk)
        #expect(page.contains("both had read  (no one value: nothing, or several)\n"), "\(page)")
        #expect(programs.contains(#""base_read":"nothing_or_several""#), "\(programs)")
    }

    @Test func `an editor has it too`() async throws {
        let (desk, replica) = try await apart([9, 8, 7])
        let here = Desk(try commonOptions(["--replica", desk.path]), world: desk.world, screen: desk.screen)
        let text = try #require(
            try OpenConflicts(in: replica).all.first.map { ConflictText($0, at: here) })
        let layout = try #require(text.conflict.view.table.register("contact"))
        let three = ThreeWay(text: text, desk: here)
        let written = try three.written(text.sides(), layout)
        #expect(written.contains("||||||| both had read (nothing)\n======="), "\(written)")
        // A mark that is left in is a text that is not done.
        #expect(throws: SyncError.self) {
            try three.values(
                "=== phone\n||||||| both had read (nothing)\n=== best_way\n", text.sides(), layout)
        }
    }

    /// Twenty seconds are no difference to be seen, and another value all the same.
    @Test func `what stands as both had read it is told by the value and not by how it is written out`()
        async throws
    {
        let start = TestDesk.now - 3_600
        func time(_ start: Int64) -> [Value] { [.integer(start), .none, .none] }
        let visit = try Writes(
            "check_in",
            [
                "participant": .reference(Harbor.participant("P0142")), "peer": .text("PS07"),
                "activity": .text("check_in"), "start_at": .integer(start), "did": .text("walked"),
            ])
        for (first, isAsBefore) in [(start, true), (start + 20, false)] {
            let (desk, _) = try await apart(
                [9, 8, 7], base: time(start), values: [time(first), time(start + 1_800)],
                of: ("check_in", "time", visit.registers))
            let page = try desk.said("conflicts", "show", "deadbeef.time")
            #expect(page.contains("both had read  2026-03-02 08:30  (PS07)\n"), "\(page)")
            let mark = isAsBefore ? "  (as it was before)" : ""
            let lines = ["A", "B"].map { "  \($0)  2026-03-02 08:30\(mark)\n" }
            #expect(lines.contains(where: page.contains), "\(page)")
            #expect(page.contains("(as it was before)") == isAsBefore, "\(page)")
        }
    }
}
