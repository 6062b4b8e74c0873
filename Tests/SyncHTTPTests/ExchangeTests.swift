import SyncModel
import SyncStore
import SyncTransport
import SyncWire
import Testing

@Suite struct ExchangeTests {
    @Test func `a laptop enrols, sends, and another receives`() async throws {
        try await TestServer.run { server in
            let first = try await server.laptop(1)
            #expect(first.enrolment.staff == "AD01")
            #expect(first.enrolment.role == "administrator")
            #expect(first.enrolment.timeZone == "America/New_York")
            let sent = try await first.exchange(try first.sites(["S1"]))
            #expect(sent.dispositions.map(\.outcome) == [.applied])
            let second = try await server.laptop(2)
            let received = try await second.exchange(second.hello())
            #expect(received.welcome.verdict == .ok)
            #expect(received.records.map(\.id).contains(NaturalKey.id(table: "site", key: "S1")))
        }
    }

    @Test func `the program's own client is understood, and sends compressed what is large`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            let peer = try HTTPPeer(
                .init(server: server.url, allowPlainHTTP: true, token: laptop.enrolment.token))
            let names = (0..<200).map { "S\($0)" }
            let request = try laptop.sites(names)
            let reply = try await peer.exchange(request)
            #expect(reply.welcome.taken == 200)
            let size = try ExchangeCodec.encode(request).count
            let line = try #require(server.log.lines.last { $0.hasPrefix("exchange ") })
            let received = line.split(separator: " ").first { $0.hasPrefix("received=") }?.dropFirst(9)
            #expect(try #require(received.flatMap { Int($0) }) < size)
        }
    }

    @Test func `JSON lines come and go for who asks for them`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            let body = try ExchangeCodec.encode(try laptop.sites(["S1"]), as: .jsonLines)
            let answer = try await server.client.send(
                "POST", "/v1/exchange", laptop.headers(.jsonLines), body: body)
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/x-ndjson")
            #expect(try ExchangeCodec.decode(reply: answer.body, as: .jsonLines).welcome.taken == 1)
            let mixed = try await laptop.post(
                laptop.hello(), ["Accept": "text/html;q=0, application/x-ndjson"])
            #expect(mixed.headers["content-type"] == "application/x-ndjson")
        }
    }

    @Test func `a large answer is compressed for who accepts it, and only then`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop(1)
            _ = try await laptop.exchange(try laptop.sites((0..<100).map { "S\($0)" }))
            let other = try await server.laptop(2)
            let plain = try await other.post(other.hello())
            #expect(plain.headers["content-encoding"] == nil)
            let refused = try await other.post(other.hello(), ["Accept-Encoding": "gzip, zstd;q=0"])
            #expect(refused.headers["content-encoding"] == nil)
            let packed = try await other.post(other.hello(), ["Accept-Encoding": "gzip, zstd"])
            #expect(packed.headers["content-encoding"] == "zstd")
            #expect(packed.body.count < plain.body.count)
            let body = try Compression.decompress(packed.body, limit: Limits.answerBytes)
            let same = try ExchangeCodec.decode(reply: plain.body)
            #expect(try ExchangeCodec.decode(reply: body) == same)
        }
    }

    @Test func `an exchange with nothing to say stays under 600 bytes each way`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            let first = try await laptop.exchange(laptop.hello())
            let peer = try HTTPPeer(
                .init(server: server.url, allowPlainHTTP: true, token: laptop.enrolment.token))
            let idle = try await peer.exchange(laptop.hello(first))
            #expect(idle.records.isEmpty)
            let transfer = try #require(await peer.lastTransfer)
            #expect(transfer.bytesUp < 600)
            #expect(transfer.bytesDown < 600)
        }
    }

    @Test func `a retired laptop is told so, and gets nothing`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            try server.store.retire(device: laptop.enrolment.device, now: server.world.now)
            let reply = try await laptop.exchange(laptop.hello())
            #expect(reply.welcome.verdict == .sealed)
            #expect(reply.records.isEmpty)
        }
    }

    @Test func `the log names the device and the counts, and nothing else of anybody's`() async throws {
        try await TestServer.run { server in
            let laptop = try await server.laptop()
            _ = try await laptop.exchange(try laptop.sites(["S1"]))
            let lines = server.log.lines
            let line = try #require(lines.last { $0.hasPrefix("exchange ") })
            #expect(line.contains("device=\(laptop.enrolment.device) "))
            #expect(line.contains("taken=1"))
            #expect(line.contains("verdict=ok"))
            for secret in [laptop.enrolment.token, "Ada Brandt", "Site S1", "front desk", "127.0.0.1 "] {
                #expect(!lines.joined(separator: "\n").contains(secret))
            }
        }
    }
}
