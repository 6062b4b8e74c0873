import SyncModel
import SyncStore
import SyncTransport
import SyncWire
import Testing

@testable import SyncHTTP

/// Quarantine over HTTP, asked through the client's own library and by hand.
@Suite(.timeLimit(.minutes(2))) struct QuarantineRequestTests {
    private func peer(_ laptop: Laptop) throws -> HTTPPeer {
        try HTTPPeer(
            HTTPPeer.Options(
                server: laptop.server.url, allowPlainHTTP: true, token: laptop.enrolment.token))
    }

    /// A retired laptop has sent two sites; the administrator's is the other one.
    private func refused(_ server: TestServer) async throws -> (office: Laptop, lost: Laptop, ids: [Int64]) {
        let office = try await server.laptop(1)
        let lost = try await server.laptop(2)
        try server.store.retire(device: lost.enrolment.device, now: server.world.now)
        _ = try await lost.exchange(try lost.sites(["S1", "S2"]))
        return (office, lost, try server.store.quarantine().map(\.id))
    }

    private func code(_ body: () async throws -> QuarantineReply) async -> SyncError.Code? {
        do {
            _ = try await body()
            return nil
        } catch { return (error as? SyncError)?.code }
    }

    @Test func `an administrator lists, shows, releases and discards`() async throws {
        try await TestServer.run { server in
            let (office, lost, ids) = try await refused(server)
            let link = try peer(office)
            let listed = try await link.quarantine(.list(device: lost.enrolment.device, after: 0))
            #expect(try listed == .list(server.store.quarantine(), more: false))
            guard case .content(let content) = try await link.quarantine(.show(ids[0])) else {
                Issue.record("no content")
                return
            }
            #expect(content.change.id == ids[0] && content.record == NaturalKey.id(table: "site", key: "S1"))
            #expect(content.registers.contains { $0.write.values == [.text("Site S1")] })
            let decided = try await link.quarantine(.release([ids[0]], reason: "the laptop was stolen later"))
            #expect(
                decided
                    == .decided([DecidedChange(id: ids[0], device: lost.enrolment.device, isConflict: false)])
            )
            _ = try await link.quarantine(.discard([ids[1]], reason: "entered twice", alone: false))
            #expect(try await link.quarantine(.list(device: nil, after: 0)) == .list([], more: false))
            guard
                case .closed(let closed, more: false) = try await link.quarantine(.closed(after: 0, since: 0))
            else {
                Issue.record("no decisions")
                return
            }
            #expect(closed.map(\.id) == ids && closed.map(\.decision.closing) == [.released, .discarded])
            #expect(closed.allSatisfy { $0.decision.by == "AD01" && $0.refusal?.code == "retired" })
            let came = try await office.exchange(office.hello())
            #expect(came.records.map(\.id).contains(NaturalKey.id(table: "site", key: "S1")))
            #expect(!came.records.map(\.id).contains(NaturalKey.id(table: "site", key: "S2")))
        }
    }

    @Test func `a laptop that is held hears of a release at once`() async throws {
        try await TestServer.run { server in
            let (office, _, ids) = try await refused(server)
            let caughtUp = try await office.exchange(office.hello())
            async let held = office.exchange(office.hello(caughtUp, wait: 50))
            try await server.waitUntil(held: 1)
            _ = try await peer(office).quarantine(.release([ids[0]], reason: "agreed"))
            #expect(try await held.records.map(\.id) == [NaturalKey.id(table: "site", key: "S1")])
        }
    }

    @Test func `a peer and a retired laptop are refused with 403, and learn nothing`() async throws {
        try await TestServer.run { server in
            let (office, lost, ids) = try await refused(server)
            let rosa = try await server.laptop(3, of: "PS07", enrolledBy: office)
            let link = try peer(rosa)
            let old = try peer(lost)
            for request: QuarantineRequest in [
                .list(device: nil, after: 0), .show(ids[0]), .release(ids, reason: "mine"),
                .discard(ids, reason: "mine", alone: false), .closed(after: 0, since: 0),
            ] {
                #expect(await code { try await link.quarantine(request) } == .notPermitted)
                #expect(await code { try await old.quarantine(request) } == .retired)
                let answer = try await server.client.send(
                    "POST", "/v1/quarantine", rosa.headers(), body: try QuarantineCodec.encode(request))
                #expect(answer.status == 403)
                #expect(!answer.text.contains("S1") && !answer.text.contains("LT-"))
            }
            #expect(try server.store.quarantine().map(\.id) == ids)
        }
    }

    @Test func `what is not there, and what is no reason, is said in the server's words`() async throws {
        try await TestServer.run { server in
            let (office, _, ids) = try await refused(server)
            let link = try peer(office)
            #expect(await code { try await link.quarantine(.show(999)) } == .nothing)
            #expect(await code { try await link.quarantine(.release([999], reason: "x")) } == .nothing)
            #expect(await code { try await link.quarantine(.release(ids, reason: "")) } == .badValue)
            func status(_ request: QuarantineRequest) async throws -> Int {
                try await server.client.send(
                    "POST", "/v1/quarantine", office.headers(), body: try QuarantineCodec.encode(request)
                ).status
            }
            #expect(try await status(.show(999)) == 409)
            #expect(try await status(.release(ids, reason: "")) == 422)
        }
    }

    @Test func `a strange token, a strange body and a long one are refused`() async throws {
        try await TestServer.run { server in
            let (office, _, _) = try await refused(server)
            let body = try QuarantineCodec.encode(.list(device: nil, after: 0))
            func status(_ headers: [String: String], _ body: [UInt8]) async throws -> Int {
                try await server.client.send("POST", "/v1/quarantine", headers, body: body).status
            }
            #expect(try await status(["Content-Type": ExchangeFormat.binary.mediaType], body) == 401)
            #expect(try await status(office.headers(), body) == 200)
            #expect(try await status(office.headers(), body + [0]) == 400)
            #expect(try await status(office.headers(), Array(body.dropLast())) == 400)
            #expect(try await status(office.headers(), [0]) == 400)
            let many = [Int64](1...Int64(Limits.quarantinePerAnswer + 1))
            let long = try QuarantineCodec.encode(.release(many, reason: "x"))
            #expect(try await status(office.headers(), long) == 413)
            // By hand, with curl: a line of JSON, and one comes back.
            var headers = office.headers(.jsonLines)
            headers["Accept"] = ExchangeFormat.jsonLines.mediaType
            let answer = try await server.client.send(
                "POST", "/v1/quarantine", headers, body: Array(#"{"list":{"device":"LT-2"}}"#.utf8))
            #expect(answer.status == 200)
            #expect(answer.text.contains(#""device":"LT-2""#) && answer.text.contains(#""table":"site""#))
        }
    }
}
