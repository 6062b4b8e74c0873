import SyncModel
import SyncStore
import SyncWire
import Testing

/// `GET /v1/origins`.
@Suite struct OriginsTests {
    private func get(
        _ laptop: Laptop, _ query: String, _ more: [String: String] = [:]
    ) async throws -> RawClient.Answer {
        try await laptop.server.client.send(
            "GET", "/v1/origins\(query)",
            ["Authorization": "Bearer \(laptop.enrolment.token)"].merging(more) { $1 })
    }

    @Test func `it is told to who holds the records, one after the other, in either layout`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            _ = try await laptop.exchange(try laptop.sites(["S1", "S2"]))
            let ids = ["S2", "none", "S1"].map { NaturalKey.id(table: "site", key: $0) }
            let query = "?records=" + ids.map(\.text).joined(separator: ",")
            let lines = try await get(laptop, query)
            #expect(lines.status == 200 && lines.headers["content-type"] == "application/x-ndjson")
            let found = try OriginsCodec.decode(lines.body, of: 3, as: .jsonLines)
            #expect(found.map(\.origins.count) == [1, 0, 1])
            #expect(found.flatMap(\.origins).allSatisfy { $0.device == laptop.enrolment.device })
            let binary = try await get(laptop, query, ["Accept": "application/x-porchlight"])
            #expect(try OriginsCodec.decode(binary.body, of: 3) == found)
        }
    }

    @Test func `what names no records is refused, and nobody asks without a token`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            let id = Identifier(high: 7, low: 7).text
            let most = Array(repeating: id, count: Limits.recordsPerOrigins).joined(separator: ",")
            for (query, status) in [
                ("", 400), ("?records=", 400), ("?records=nonsense", 400), ("?records=\(id),nonsense", 400),
                ("?records=\(id)", 200), ("?records=\(most)", 200), ("?records=\(most),\(id)", 400),
            ] {
                #expect(try await get(laptop, query).status == status, "\(query.prefix(60))")
            }
            #expect(try await server.client.send("GET", "/v1/origins?records=\(id)").status == 401)
            try server.store.retire(device: laptop.enrolment.device, now: server.world.now)
            #expect(try await get(laptop, "?records=\(id)").status == 403)
        }
    }
}
