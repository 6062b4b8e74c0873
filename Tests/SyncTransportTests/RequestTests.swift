import SyncModel
import SyncTransport
import SyncWire
import Testing

@Suite(.timeLimit(.minutes(1)))
struct `A request` {
    @Test func `carries what the server needs, and no more`() async throws {
        let seen = try await sent(request())
        #expect(seen.line == "POST /v1/exchange HTTP/1.1")
        #expect(
            Set(seen.headers.keys) == [
                "host", "user-agent", "content-type", "accept", "accept-encoding", "authorization",
                "content-length",
            ])
        #expect(seen.headers["content-type"] == binary)
        #expect(seen.headers["accept"] == binary)
        #expect(seen.headers["accept-encoding"] == "zstd")
        #expect(seen.headers["authorization"] == "Bearer T0ken")
        #expect(try ExchangeCodec.decode(request: seen.body) == request())
    }

    @Test func `is compressed when it is large`() async throws {
        let large = request(changes: [[UInt8]](repeating: Array(0...255), count: 5_000))
        let seen = try await sent(large)
        #expect(seen.headers["content-encoding"] == "zstd")
        #expect(seen.headers["expect"] == nil)
        let body = try Compression.decompress(seen.body, limit: Limits.requestBytes)
        #expect(seen.body.count < body.count)
        #expect(try ExchangeCodec.decode(request: body) == large)
    }

    @Test func `goes below the server's path`() async throws {
        #expect(try await sent(request(), path: "/agency/").line == "POST /agency/v1/exchange HTTP/1.1")
    }

    @Test func `gets its compressed answer back`() async throws {
        let large = reply(leaves: 5_000)
        let body = try Compression.compress(encoded(large))
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.answer(type: binary, headers: ["Content-Encoding: zstd"], body)
        }
        defer { server.stop() }
        #expect(try await peer(server.url).exchange(request()) == large)
    }

    @Test func `for a history is a GET without a body`() async throws {
        let record = Identifier(high: 0x019c_aaaa_0000_7001, low: 0x8000_0000_0000_0142)
        let page = HistoryPage(record: record, table: "site", changes: [], next: 9)
        let body = try HistoryCodec.encode(page)
        let (server, seen) = try answering(body)
        defer { server.stop() }
        let peer = try peer(server.url)
        #expect(try await peer.history(HistoryRequest(record: record, after: 5, limit: 7)) == page)
        let request = try #require(seen.current)
        #expect(request.line == "GET /v1/history/\(record.text)?after=5&limit=7 HTTP/1.1")
        #expect(request.headers["content-type"] == nil && request.headers["content-length"] == nil)
        #expect(request.headers["authorization"] == "Bearer T0ken" && request.body.isEmpty)
        // Another record's history is none.
        await #expect(throws: SyncError.self) {
            try await peer.history(HistoryRequest(record: Identifier(high: 1, low: 1)))
        }
    }

    @Test func `where values were written is asked with the records' names in the query`() async throws {
        let records = [Identifier(high: 7, low: 7), Identifier(high: 7, low: 8)]
        let dot = Dot(Identifier(high: 1, low: 2), 3)
        let notes = [
            ConflictNotes(
                bases: [],
                origins: [.init(dot: dot, device: "LT-1", receivedMicroseconds: 5, arrival: .sent)]),
            ConflictNotes(bases: [], origins: []),
        ]
        let body = try OriginsCodec.encode(notes)
        let (server, seen) = try answering(body)
        defer { server.stop() }
        let peer = try peer(server.url)
        #expect(try await peer.origins(of: records) == notes)
        let request = try #require(seen.current)
        #expect(
            request.line == "GET /v1/origins?records=\(records[0].text),\(records[1].text) HTTP/1.1")
        #expect(request.headers["authorization"] == "Bearer T0ken" && request.body.isEmpty)
        // An answer about fewer or more is none.
        await #expect(throws: SyncError.self) { try await peer.origins(of: [records[0]]) }
    }

    /// A server that answers everything with one body, and what it was asked last.
    private func answering(_ body: [UInt8]) throws -> (server: RawServer, seen: Shared<RawRequest?>) {
        let seen = Shared<RawRequest?>(nil)
        let server = try RawServer { connection in
            while let request = connection.readRequest() {
                seen.update { $0 = request }
                connection.answer(type: binary, headers: [], body)
            }
        }
        return (server, seen)
    }

    /// What a server sees of it.
    private func sent(_ request: ExchangeRequest, path: String = "") async throws -> RawRequest {
        let seen = Shared<RawRequest?>(nil)
        let server = try RawServer { connection in
            guard let request = connection.readRequest() else { return }
            seen.update { $0 = request }
            connection.welcome()
        }
        defer { server.stop() }
        _ = try await peer(server.url + path).exchange(request)
        return try #require(seen.current)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct `Enrolling` {
    static let message = EnrolRequest(code: "K7Q2-M9XD", deviceName: "Ana's laptop")
    static let granted = EnrolReply(
        device: "LT-11", token: "c2VjcmV0", staff: "PS07", role: "peer", agency: "Example",
        timeZone: "America/Chicago")

    @Test func `trades a code for a token`() async throws {
        let body = try EnrolCodec.encode(Self.granted)
        let server = try RawServer { connection in
            guard let request = connection.readRequest(), request.line == "POST /v1/enrol HTTP/1.1",
                request.headers["authorization"] == nil, request.headers["content-type"] == json,
                (try? EnrolCodec.decode(request: request.body)) == Self.message
            else { return }
            connection.answer(type: json, body)
        }
        defer { server.stop() }
        #expect(try await peer(server.url, token: nil).enrol(Self.message) == Self.granted)
    }

    @Test func `with a wrong code says so`() async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.refuse("403 Forbidden", SyncError(.badCode, "the code is wrong, used or expired"))
        }
        defer { server.stop() }
        let client = try peer(server.url, token: nil)
        let error = try await failure { _ = try await client.enrol(Self.message) }
        #expect(error.code == .badCode)
        #expect(error.means.hasPrefix("this laptop is not enrolled"))
    }

    @Test func `is never done twice behind the user's back`() async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            guard connection.number == 1 else { return }
            connection.welcome()
            connection.hang()
        }
        defer { server.stop() }
        let client = try peer(server.url)
        _ = try await client.exchange(request())
        let enrolling = Task { try await client.enrol(Self.message) }
        let error = try await failure { _ = try await enrolling.value }
        #expect(error.code == .cutShort)
        #expect(error.advice.contains("ask for a new one"))
        #expect(server.connections == 2)
    }
}
