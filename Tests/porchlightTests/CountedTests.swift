import PeerSupport
import SyncModel
import SyncReplica
import SyncWire
import Testing

@testable import porchlight

/// What is counted as a clash is what `conflicts` lists.
@Suite("What is counted is what is listed") struct CountedTests {
    /// A laptop to which a record came that two laptops wrote apart.
    private func desk(
        _ table: String, _ made: [RegisterWrite], _ one: RegisterWrite, _ other: RegisterWrite
    ) async throws -> TestDesk {
        let id = Identifier(high: 0x0199_aaaa_bbbb_7ccc, low: 0x8000_0000_dead_beef)
        func live(_ laptop: UInt64, _ n: UInt64, _ writes: [RegisterWrite], _ read: Context) -> LiveChange {
            LiveChange(
                dot: Dot(Identifier(high: laptop, low: 9), n), author: "SV01",
                writes: writes.sorted { $0.register < $1.register }, context: read,
                effective: EffectiveTime(microseconds: (TestDesk.now - Int64(laptop)) * 1_000_000),
                deviceMicroseconds: (TestDesk.now - Int64(laptop)) * 1_000_000)
        }
        let read = Context([.init(Identifier(high: 9, low: 9), 1)])
        let state = RecordState(
            table: table,
            live: [live(9, 1, made, Context()), live(9, 2, [one], read), live(8, 1, [other], read)]
                .sorted { $0.dot < $1.dot })
        let server = PlayedServer { request in
            PlayedServer.takes(
                request,
                records: request.hello.cursor.isEmpty
                    ? [PageRecord(id: id, keys: ["all"], body: .state(StateCodec.encode(state)))] : [])
        }
        let desk = try TestDesk(server: server)
        _ = try await desk.enrolled(role: "administrator").sync(with: server)
        return desk
    }

    private static let subject = RegisterWrite(
        "what",
        [
            .text("SV01"), .reference(Identifier(high: 1, low: 1)), .reference(Identifier(high: 1, low: 2)),
            .none,
            .integer(1),
        ])

    private static let decision = RegisterWrite(
        "what",
        [
            .text("distinct"), .reference(Identifier(high: 1, low: 2)), .none, .none, .none, .text("SV01"),
            .integer(1), .text("seen"),
        ])

    private static func contest(_ by: String) -> RegisterWrite {
        RegisterWrite("contest", [.text(by), .integer(2), .text("look again")])
    }

    /// How many clashes each verb tells of.
    private func counted(_ desk: TestDesk) throws -> [String] {
        var found: [String] = []
        for verb in [
            ["status", "--json"], ["today", "--json"], ["sync", "--json"], ["conflicts", "--json"],
        ] {
            let before = desk.out.text.count
            let code = Command.run(verb + ["--replica", desk.path], in: desk.world, on: desk.screen)
            #expect(code == 0, "\(verb): \(desk.err.text)")
            let said = String(desk.out.text.dropFirst(before))
            let count = said.firstMatch(of: /"(?:conflicts|clashes_open)":(\d+|\[\])/)?.output.1
            found.append(count.map(String.init) ?? "\(said.components("\"letter\":\"A\""))")
        }
        return found
    }

    @Test func `a notice seen on two laptops, and a decision that two contest, are no clash`() async throws {
        let notice = try await desk(
            "notice", [Self.subject], RegisterWrite("seen", [.integer(5)]),
            RegisterWrite("seen", [.integer(6)]))
        let decision = try await desk(
            "decision", [Self.decision], Self.contest("PS07"), Self.contest("PS09"))
        for desk in [notice, decision] {
            #expect(try counted(desk) == ["0", "0", "0", "[]"])
            #expect(desk.run("doctor") == 0)
            #expect(!desk.out.text.contains("to decide"), "\(desk.out.text)")
        }
    }

    @Test func `one record can have several clashes, and what is no clash is to be decided too`() async throws
    {
        let apart = try await Apart(
            theirs: [
                RegisterWrite("contact", [.text("555 0134"), .none]),
                RegisterWrite("birth", [.integer(1970)]),
            ],
            mine: [
                RegisterWrite("contact", [.text("555 0199"), .none]),
                RegisterWrite("birth", [.integer(1971)]),
            ])
        try apart.replica.addParticipant("P0142", "Another")
        let desk = apart.desk
        #expect(desk.run("conflicts", "--json") == 0)
        #expect(desk.out.text.components(#""kind":""#) == 3)
        for verb in ["status", "today"] {
            let before = desk.out.text.count
            #expect(desk.run(verb, "--json") == 0 && desk.run(verb) == 0)
            let said = String(desk.out.text.dropFirst(before))
            #expect(said.contains(#""to_decide":3"#) && said.contains(#""conflicts":1"#), "\(said)")
            #expect(said.contains("3 things to decide (porchlight conflicts)"), "\(said)")
        }
        let before = desk.out.text.count
        #expect(desk.run("sync", "--json") == 0 && desk.run("sync") == 0, "\(desk.err.text)")
        let said = String(desk.out.text.dropFirst(before))
        #expect(
            said.contains(#""clashes_open":1,"to_decide":3"#) && said.contains("3 things to decide"),
            "\(said)")
    }

    @Test func `two values of a name are one, also where the newest wins`() async throws {
        let staff = try await desk(
            "staff",
            [RegisterWrite("identity", [.text("PS07")]), RegisterWrite("role", [.text("peer")])],
            RegisterWrite("name", [.text("Rosa")]), RegisterWrite("name", [.text("Rosie")]))
        #expect(try counted(staff) == ["1", "1", "1", "1"])
        #expect(staff.run("doctor") == 0)
        #expect(staff.out.text.contains("1 thing to decide (porchlight conflicts)"))
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(_ part: String) -> Int { ranges(of: part).count }
}
