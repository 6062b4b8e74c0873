import SyncModel
import SyncWire
import Testing

@Suite struct EnrolTests {
    @Test func `a code works once`() async throws {
        try await TestServer.run { server in
            let code = try server.code()
            #expect(try await server.enrol(code: code).status == 200)
            let again = try await server.enrol(code: code)
            #expect(again.status == 403)
            #expect(try ErrorBodyCodec.decode(again.body).code == .badCode)
        }
    }

    @Test func `a code expires`() async throws {
        try await TestServer.run { server in
            let code = try server.code()
            server.world.advance(seconds: 3_601)
            #expect(try await server.enrol(code: code).status == 403)
        }
    }

    @Test func `after so many wrong codes even a right one has to wait a minute`() async throws {
        try await TestServer.run { server in
            let code = try server.code()
            for _ in 0..<Limits.enrolmentsPerMinute {
                #expect(try await server.enrol(code: "AAAA-AAAA-AAAA-AAAA").status == 403)
            }
            let refused = try await server.enrol(code: code)
            #expect(refused.status == 429)
            #expect(refused.headers["retry-after"] == "60")
            #expect(try ErrorBodyCodec.decode(refused.body).code == .tooMany)
            server.world.advance(seconds: 60)
            #expect(try await server.enrol(code: code).status == 200)
        }
    }

    @Test func `right codes are never too many`() async throws {
        try await TestServer.run { server in
            for _ in 0...Limits.enrolmentsPerMinute {
                let code = try server.code()
                #expect(try await server.enrol(code: code).status == 200)
            }
        }
    }

    @Test func `enrolment takes JSON, and little of it`() async throws {
        try await TestServer.run { server in
            let type = ["Content-Type": "application/json; charset=utf-8"]
            let odd = try await server.client.send("POST", "/v1/enrol", ["Content-Type": "text/plain"])
            #expect(odd.status == 415)
            let noise = try await server.client.send("POST", "/v1/enrol", type, body: Array("code=1".utf8))
            #expect(noise.status == 400)
            let large = try await server.client.send(
                "POST", "/v1/enrol", type, body: [UInt8](repeating: 32, count: EnrolCodec.bodyBytes + 1))
            #expect(large.status == 413)
        }
    }
}
