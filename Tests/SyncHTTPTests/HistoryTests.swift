import SyncModel
import SyncStore
import SyncWire
import Testing

/// `GET /v1/history/RECORD`.
@Suite struct HistoryTests {
    private func get(
        _ laptop: Laptop, _ path: String, _ more: [String: String] = [:]
    ) async throws -> RawClient.Answer {
        try await laptop.server.client.send(
            "GET", "/v1/history/\(path)",
            ["Authorization": "Bearer \(laptop.enrolment.token)"].merging(more) { $1 })
    }

    @Test func `it is told to who holds the record, in either layout`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            _ = try await laptop.exchange(try laptop.sites(["S1", "S2"]))
            let id = NaturalKey.id(table: "site", key: "S1")
            let lines = try await get(laptop, id.text)
            #expect(lines.status == 200 && lines.headers["content-type"] == "application/x-ndjson")
            let page = try HistoryCodec.decode(lines.body, as: .jsonLines)
            #expect(page.record == id && page.table == "site" && page.changes.count == 1)
            #expect(page.changes.first?.change.values(of: "name") == [.text("Site S1")])
            #expect(page.changes.first?.origin.device == laptop.enrolment.device)
            let binary = try await get(laptop, id.text, ["Accept": "application/x-porchlight"])
            #expect(binary.headers["content-type"] == "application/x-porchlight")
            #expect(try HistoryCodec.decode(binary.body) == page)
            #expect(try await get(laptop, id.text, ["Accept": "text/html"]).status == 415)
        }
    }

    @Test func `unknown, misspelt and foreign records have one answer, and nobody asks without a token`()
        async throws
    {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            let unknown = try await get(laptop, Identifier(high: 7, low: 7).text)
            #expect(unknown.status == 404)
            #expect(try ErrorBodyCodec.decode(unknown.body).code == .unknownRecord)
            for name in ["nonsense", Identifier(high: 0, low: 0).text] {
                let answer = try await get(laptop, name)
                #expect(answer.status == 404 && answer.body == unknown.body)
            }
            let staff = NaturalKey.id(table: "staff", key: "AD01").text
            for (query, status) in [
                ("?limit=1", 200), ("?limit=0", 200), ("?limit=x", 400), ("?limit=1001", 400),
                ("?after=-1", 400),
                ("?after=99999999999999999999", 400), ("?after=9223372036854775807", 200),
            ] {
                #expect(try await get(laptop, staff + query).status == status, "\(query)")
            }
            #expect(try await server.client.send("GET", "/v1/history/\(staff)").status == 401)
            let wrong = try await server.client.send(
                "GET", "/v1/history/\(staff)", ["Authorization": "Bearer nobody"])
            #expect(wrong.status == 401)
        }
    }

    @Test func `a retired laptop is refused`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            try server.store.retire(device: laptop.enrolment.device, now: server.world.now)
            let answer = try await get(laptop, NaturalKey.id(table: "staff", key: "AD01").text)
            #expect(answer.status == 403)
            #expect(try ErrorBodyCodec.decode(answer.body).code == .retired)
        }
    }
}
