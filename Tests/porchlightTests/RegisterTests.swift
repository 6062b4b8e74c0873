import PeerSupport
import SyncModel
import SyncReplica
import Synchronization
import Testing

@testable import porchlight

/// The register of decisions, with those about quarantine, which lie with the server.
@Suite("The register of decisions") struct RegisterTests {
    private static let person = Identifier(high: 0x0199_0000_0000_7000, low: 0x8000_0000_0000_0007)

    private static func change(
        _ id: Int64, _ closing: ClosedChange.Closing, _ reason: String, seconds: Int64
    ) -> ClosedChange {
        ClosedChange(
            id: id, device: "LT-7", staff: "PS07", table: "participant", record: person,
            refusal: closing == .withdrawn ? nil : Refusal(code: "permission", reason: "a peer may not"),
            decision: ClosedChange.Decision(
                closing: closing, by: closing == .withdrawn ? "PS07" : "AD01",
                at: (TestDesk.now + seconds) * 1_000_000 + 999_999, reason: reason, entry: 50 + id))
    }

    /// A server with three decisions, of which it tells two at a time.
    private static func server(asked: Caught) -> PlayedServer {
        PlayedServer(administration: { request in
            guard case .closed(let after, let since) = request else { throw PlayedServer.offline }
            asked.add("\(after) \(since);")
            let all = [
                change(1, .released, "agreed", seconds: -60), change(2, .discarded, "twice", seconds: -30),
                change(3, .withdrawn, "", seconds: 30),
            ]
            .filter { $0.decision.entry > after && $0.decision.at >= since }
            return .closed(Array(all.prefix(2)), more: all.count > 2)
        })
    }

    /// A decision that was made here, at ``TestDesk/now``.
    private func decided(_ replica: Replica) throws {
        let subject = try replica.addParticipant("P0142", "Ana")
        _ = try replica.edit { edit in
            _ = try DecisionRecord(
                kind: .distinct, subject: subject, register: nil, other: nil, answers: nil, by: "SV01",
                at: TestDesk.now, reason: "two people", before: nil, after: nil
            ).write(to: edit, telling: [])
        }
    }

    @Test func `with --server it has what was decided about quarantine, in the order of time`() throws {
        let asked = Caught()
        let desk = try TestDesk(server: Self.server(asked: asked))
        try decided(desk.enrolled(role: "administrator"))
        #expect(desk.run("conflicts", "export", "--server") == 0, "\(desk.err.text)")
        let lines = desk.out.text.split(separator: "\r\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        try #require(lines.count == 5 && lines.allSatisfy { $0.count == 18 }, "\(desk.out.text)")
        #expect(lines.map { $0[1] } == ["kind", "release", "discard", "distinct", "withdrawal"])
        #expect(lines[1][0] == "51" && lines[1][2] == "participant" && lines[1][3] == Self.person.text)
        #expect(lines[1][4] == "not on this laptop")
        #expect(lines[1][6] == "change 1 by PS07 from LT-7 | refused: a peer may not (permission)")
        #expect(lines[1][9] == "2026-03-02T14:29:00Z" && lines[3][9] == "2026-03-02T14:30:00Z")
        #expect(lines[1][15] == "" && lines[3][15] == lines[3][0])
        #expect(desk.out.text.contains("AD01") && desk.out.text.contains("agreed"))
        #expect(asked.text == "0 0;52 0;")
    }

    @Test func `as JSON it has the same members, whatever the decision was about`() throws {
        let desk = try TestDesk(server: Self.server(asked: Caught()))
        try decided(desk.enrolled(role: "administrator"))
        #expect(desk.run("conflicts", "export", "--server", "--json", "--since", "2026-03-02") == 0)
        let text = desk.out.text
        for part in [
            #""decision":"51","kind":"release","table":"participant","record":"\#(Self.person.text)""#,
            #""after":"no part of any record","decided_by":"AD01","decided_at":"2026-03-02T14:29:30Z""#,
            #""kind":"withdrawal""#, #""kind":"distinct""#,
        ] {
            #expect(text.contains(part), "\(part)\n\(text)")
        }
        let members = text.split(separator: #"{"decision":"#).dropFirst().map {
            $0.count(where: { $0 == ":" })
        }
        #expect(members.count == 4)
    }

    @Test func `--since is asked of the server, and of the laptop`() throws {
        let asked = Caught()
        let desk = try TestDesk(server: Self.server(asked: asked))
        try decided(desk.enrolled(role: "administrator"))
        #expect(desk.run("conflicts", "export", "--server", "--since", "2026-03-03") == 0)
        #expect(desk.out.text.split(separator: "\r\n").count == 1)
        // Midnight in New York.
        #expect(asked.text == "0 \(1_772_514_000 * Int64(1_000_000));")
    }

    @Test func `without --server nobody is asked`() throws {
        let desk = try TestDesk(server: Self.server(asked: Caught()))
        try decided(desk.enrolled(role: "administrator"))
        #expect(desk.run("conflicts", "export") == 0)
        #expect(desk.server.asked == 0)
        #expect(desk.out.text.split(separator: "\r\n").count == 2)
    }

    @Test func `whoever is refused gets nothing, and offline it is said to be so`() throws {
        let refusal = SyncError(
            .notPermitted, "only an administrator sees and decides what is in quarantine",
            means: "nothing was shown or changed", advice: "ask an administrator")
        for (server, exit) in [
            (PlayedServer(administration: { _ in throw refusal }), Int32(77)), (PlayedServer(), 75),
        ] {
            let desk = try TestDesk(server: server)
            _ = try desk.enrolled(role: "peer")
            #expect(desk.run("conflicts", "export", "--server") == exit)
            #expect(desk.out.text == "" && !desk.err.text.isEmpty)
        }
    }
}
