import SyncModel
import SyncStore
import SyncWire
import Testing

@Suite struct BadRequestTests {
    /// The error in an answer.
    private func error(_ answer: RawClient.Answer) throws -> SyncError {
        #expect(answer.headers["content-type"] == "application/json")
        return try ErrorBodyCodec.decode(answer.body)
    }

    @Test func `without a token that the server knows nothing is looked at`() async throws {
        try await TestServer.run { server in
            for field in [
                nil, "Bearer", "Bearer x", "Basic YTpi", "Bearer " + String(repeating: "A", count: 43),
            ] {
                var headers = ["Content-Type": "text/html"]
                headers["Authorization"] = field
                let answer = try await server.client.send("POST", "/v1/exchange", headers, body: [1, 2, 3])
                #expect(answer.status == 401)
                #expect(try error(answer).code == .unauthorized)
            }
        }
    }

    @Test(arguments: [
        ["Content-Type": "text/html"], ["Content-Type": "application/json"], ["Content-Encoding": "gzip"],
        ["Accept": "text/html"],
    ])
    func `a type or encoding that is not ours is refused`(fields: [String: String]) async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            let answer = try await laptop.post(laptop.hello(), fields)
            #expect(answer.status == 415)
            #expect(try error(answer).code == .malformed)
        }
    }

    @Test func `an unknown path or method is not found, in the same form`() async throws {
        try await TestServer.run { server in
            for (method, path) in [("GET", "/"), ("GET", "/v1/exchange"), ("POST", "/v2/exchange")] {
                let answer = try await server.client.send(method, path)
                #expect(answer.status == 404)
                #expect(try error(answer).code == .nothing)
            }
        }
    }

    @Test func `too large a body is refused, whether it says so or not`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            let body = [UInt8](repeating: 0, count: Limits.requestBytes + 1)
            let declared = try await server.client.send(
                "POST", "/v1/exchange", laptop.headers(), body: body)
            #expect(declared.status == 413)
            #expect(try error(declared).code == .tooLarge)
            #expect(declared.headers["connection"] == "close")
            let head = """
                POST /v1/exchange HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\
                Content-Type: application/x-porchlight\r\n\
                Authorization: Bearer \(laptop.enrolment.token)\r\n\r\n
                """
            let chunk =
                Array((String(body.count, radix: 16) + "\r\n").utf8) + body + Array("\r\n0\r\n\r\n".utf8)
            let undeclared = try await server.client.send(Array(head.utf8) + chunk)
            #expect(undeclared.status == 413)
        }
    }

    @Test func `a small body that would unpack to a large one is refused`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            let bomb = try Compression.compress([UInt8](repeating: 0, count: Limits.requestBytes + 1))
            #expect(bomb.count < 10_000)
            let answer = try await server.client.send(
                "POST", "/v1/exchange", laptop.headers().merging(["Content-Encoding": "zstd"]) { $1 },
                body: bomb)
            #expect(answer.status == 413)
            #expect(try error(answer).code == .tooLarge)
        }
    }

    @Test func `what is not the protocol is refused`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            let noise = (0..<500).map { UInt8(truncatingIfNeeded: $0 * 37) }
            for (body, encoding) in [(noise, nil), (noise, "zstd"), ([], nil), (Array("<html>".utf8), nil)] {
                var headers = laptop.headers()
                headers["Content-Encoding"] = encoding
                let answer = try await server.client.send("POST", "/v1/exchange", headers, body: body)
                #expect(answer.status == 400)
                #expect(try error(answer).code == .malformed)
            }
        }
    }

    @Test func `a request cut short is not taken`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            let request = try laptop.sites(["S1", "S2"])
            let body = try ExchangeCodec.encode(request)
            let head = """
                POST /v1/exchange HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\
                Content-Type: application/x-porchlight\r\n\
                Authorization: Bearer \(laptop.enrolment.token)\r\n\r\n
                """
            // The connection ends in the middle of the body; whether an answer still comes is all the same.
            _ = try? await server.client.send(Array(head.utf8) + body.dropLast(40), ends: true)
            // The body ends where it said, in the middle of a message.
            let short = try await server.client.send(
                "POST", "/v1/exchange", laptop.headers(), body: Array(body.dropLast(40)))
            #expect(short.status == 400)
            #expect(try server.store.figures().changes == 1)
            #expect(try await laptop.exchange(request).welcome.taken == 2)
        }
    }
}
