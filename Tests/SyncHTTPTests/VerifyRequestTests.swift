import SyncModel
import SyncStore
import SyncTransport
import SyncWire
import Testing

@testable import SyncHTTP

/// A verification over HTTP, through the client's own library and by hand.
@Suite(.timeLimit(.minutes(2))) struct VerifyRequestTests {
    private func peer(_ laptop: Laptop) throws -> HTTPPeer {
        try HTTPPeer(
            HTTPPeer.Options(
                server: laptop.server.url, allowPlainHTTP: true, token: laptop.enrolment.token))
    }

    /// What an answer brought, as a replica would keep it.
    private func held(_ reply: ExchangeReply) throws -> [Bucket.Record] {
        try reply.records.sorted { $0.id < $1.id }.compactMap { record in
            guard case .state(let bytes) = record.body else { return nil }
            let table = try StateCodec.decode(bytes).table
            return Bucket.Record(
                id: record.id, print: StateDigest.recordPrint(id: record.id, table: table, state: bytes))
        }
    }

    private func request(_ reply: ExchangeReply, _ question: VerifyRequest.Question) -> VerifyRequest {
        VerifyRequest(epoch: reply.welcome.epoch, cursor: reply.end.cursor, bits: 0, question: question)
    }

    @Test func `equal, different, and behind`() async throws {
        try await TestServer.run { server in
            let office = try await server.laptop(1)
            _ = try await office.exchange(try office.sites(["S1", "S2"]))
            let reader = try await server.laptop(2)
            let reply = try await reader.exchange(reader.hello())
            let link = try peer(reader)
            var digest = StateDigest()
            for record in reply.records.sorted(by: { $0.id < $1.id }) {
                guard case .state(let bytes) = record.body else { continue }
                digest.add(id: record.id, table: try StateCodec.decode(bytes).table, state: bytes)
            }
            #expect(try await link.verify(request(reply, .buckets([digest.print]))) == .differing([]))
            let other = StateDigest().print
            #expect(try await link.verify(request(reply, .buckets([other]))) == .differing([0]))

            var records = try held(reply)
            #expect(records.count == 3)
            #expect(
                try await link.verify(request(reply, .records([Bucket(number: 0, records: records)])))
                    == .found(VerifyFindings()))
            let gone = records.removeFirst()
            records[0].print = gone.print
            #expect(
                try await link.verify(request(reply, .records([Bucket(number: 0, records: records)])))
                    == .found(VerifyFindings(altered: [records[0].id], missing: [gone.id])))

            let third = try await server.laptop(3)
            _ = try await third.exchange(try third.sites(["S3"]))
            #expect(try await link.verify(request(reply, .buckets([digest.print]))) == .behind)
        }
    }

    @Test func `a strange token, a retired laptop and a strange body are refused`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop(1)
            let reply = try await laptop.exchange(laptop.hello())
            let body = try VerifyCodec.encode(request(reply, .buckets([StateDigest().print])))
            func status(_ headers: [String: String], _ body: [UInt8]) async throws -> Int {
                try await server.client.send("POST", "/v1/verify", headers, body: body).status
            }
            #expect(try await status(["Content-Type": ExchangeFormat.binary.mediaType], body) == 401)
            #expect(try await status(laptop.headers(), body) == 200)
            #expect(try await status(laptop.headers(), Array(body.dropLast())) == 400)
            let few = VerifyRequest(
                epoch: 1, cursor: reply.end.cursor, bits: 3, question: .buckets([StateDigest().print]))
            #expect(try await status(laptop.headers(), try VerifyCodec.encode(few)) == 400)
            let many = VerifyRequest(epoch: 1, cursor: [], bits: 13, question: .buckets([]))
            #expect(try await status(laptop.headers(), try VerifyCodec.encode(many)) == 413)
            try server.store.retire(device: laptop.enrolment.device, now: server.world.now)
            #expect(try await status(laptop.headers(), body) == 403)
        }
    }
}
