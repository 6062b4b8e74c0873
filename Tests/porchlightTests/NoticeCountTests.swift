import PeerSupport
import SyncModel
import SyncReplica
import SyncWire
import Synchronization
import Testing

@testable import porchlight

/// How many notices there are is as many as `notices` lists.
@Suite("How many notices there are") struct NoticeCountTests {
    private static let staff = [(code: "PS07", role: "peer"), (code: "SV01", role: "supervisor")]

    private func count(_ laptop: ApartDesks.Laptop) throws -> Int? {
        let said = try laptop.said("status", "--json")
        return said.firstMatch(of: /"notices":(\d+)/).flatMap { Int($0.output.1) }
    }

    @Test func `what is kept beside another value counts, and a sync says what is new`() async throws {
        let desks = try await ApartDesks(Self.staff)
        let peer = desks[0]
        try peer.said("participant", "edit", "P0142", "--phone", "555 0001")
        try desks[1].said("participant", "edit", "P0142", "--phone", "555 0002")
        try await desks.meet(except: 0)
        #expect(try count(peer) == 0)
        let fetched = peer.hear("sync")
        #expect(
            fetched.code == 0 && fetched.err.contains("1 new notice: `porchlight notices` "), "\(fetched)")
        let list = try peer.said("notices")
        #expect(list.contains("what you wrote is kept, and another value is shown."), "\(list)")
        #expect(try count(peer) == 1)
        #expect(try peer.said("status").contains("1 notice (porchlight notices)"))
        // Whose value is shown has none; and what was there before is not new.
        #expect(try count(desks[1]) == 0)
        let again = peer.hear("sync", "--json")
        #expect(again.out.contains(#""new_notices":0"#) && !again.err.contains("new notice"), "\(again)")
        // It waits for a decision, and that is told then.
        try peer.said("notices", "--seen")
        #expect(try count(peer) == 1)
        try desks[1].said("resolve", desks[1].name(.values), "--keep", "A", "--reason", "rang her")
        try await desks.meet(except: 0)
        let told = peer.hear("sync", "--json")
        #expect(told.out.contains(#""new_notices":1"#), "\(told)")
        #expect(try count(peer) == 1)
        try peer.said("notices", "--seen")
        #expect(try count(peer) == 0)
        #expect(try peer.said("notices") == "no notices\n")
    }

    @Test func `what was not taken counts`() throws {
        let refusal = Refusal(code: "permission", reason: "your role may not do this")
        let desk = try TestDesk(server: PlayedServer { PlayedServer.takes($0, as: .quarantined(refusal)) })
        let replica = try desk.enrolled()
        try replica.addParticipant("P0001", "Ann")
        try replica.addParticipant("P0002", "Bea")
        let sync = desk.hear(["sync"])
        #expect(sync.code == 0 && sync.err.contains("2 new notices: "), "\(sync)")
        #expect(desk.hear(["status"]).out.contains("2 notices (porchlight notices)"))
        #expect(desk.hear(["notices", "--json"]).out.ranges(of: #""outcome":"quarantined""#).count == 2)
    }

    /// Takes nothing of what is sent, and ends the watching after that.
    private static func refusing(rounds: Int) -> PlayedServer {
        let refusal = Refusal(code: "permission", reason: "your role may not do this")
        let asked = Mutex(0)
        return PlayedServer { request in
            let round = asked.withLock { count in
                count += 1
                return count
            }
            if round > rounds { throw CancellationError() }
            return PlayedServer.takes(request, as: .quarantined(refusal))
        }
    }

    private func waiting(_ desk: TestDesk) throws {
        let replica = try desk.enrolled()
        try replica.addParticipant("P0001", "Ann")
        try replica.addParticipant("P0002", "Bea")
    }

    @Test func `whoever watches is told too how many are new`() throws {
        let desk = try TestDesk(server: Self.refusing(rounds: 1))
        try waiting(desk)
        let heard = desk.hear(["sync", "--watch"])
        #expect(heard.code == 0 && heard.out.contains("2 held back"), "\(heard)")
        #expect(heard.err.contains("2 new notices: `porchlight notices` says what became of"), "\(heard)")
        let programs = try TestDesk(server: Self.refusing(rounds: 1))
        try waiting(programs)
        let json = programs.hear(["sync", "--watch", "--json"])
        #expect(json.out.contains(#""new_notices":2"#) && json.err.isEmpty, "\(json)")
    }

    @Test func `the first sync of a laptop says it as well`() throws {
        let again = ["enroll", "--again", "--server", "https://new.example.org"]
        let desk = try TestDesk(server: Self.refusing(rounds: 9))
        try waiting(desk)
        let heard = desk.hear(again)
        #expect(heard.code == 0 && heard.err.contains("2 new notices: `porchlight notices` "), "\(heard)")
        let programs = try TestDesk(server: Self.refusing(rounds: 9))
        try waiting(programs)
        let json = programs.hear(again + ["--json"])
        #expect(json.out.contains(#""new_notices":2"#), "\(json)")
    }
}
