import SyncModel
import SyncWire
import Testing

@Suite struct ExchangeTests {
    @Test(arguments: UInt64(0)..<48, ExchangeFormat.allCases)
    func `a request comes back as it went`(seed: UInt64, format: ExchangeFormat) throws {
        var random = Seeded(seed)
        let request = try random.request()
        let body = try ExchangeCodec.encode(request, as: format)
        #expect(try ExchangeCodec.decode(request: body, as: format) == request)
    }

    @Test(arguments: UInt64(0)..<48, ExchangeFormat.allCases)
    func `an answer comes back as it went`(seed: UInt64, format: ExchangeFormat) throws {
        var random = Seeded(seed)
        let reply = random.reply()
        let body = try ExchangeCodec.encode(reply, as: format)
        #expect(try ExchangeCodec.decode(reply: body, as: format) == reply)
    }

    @Test(arguments: ExchangeFormat.allCases)
    func `an answer cut anywhere is discarded whole`(format: ExchangeFormat) throws {
        var random = Seeded(11)
        let body = try ExchangeCodec.encode(random.reply(), as: format)
        // Without its line end the last line is complete all the same; and JSON is slow to refuse.
        let step = format == .jsonLines ? 17 : 1
        for length in stride(from: 0, to: body.count - step, by: step) {
            #expect(throws: WireError.self) {
                try ExchangeCodec.decode(reply: Array(body[..<length]), as: format)
            }
        }
    }

    @Test(arguments: ExchangeFormat.allCases)
    func `a request cut anywhere is not ingested`(format: ExchangeFormat) throws {
        var random = Seeded(12)
        var request = try random.request()
        // What is withdrawn is not counted: cut off, it is said again with the next request.
        request.withdrawals = []
        request.changes = try (0..<3).map { _ in
            try FrozenCodec.encode(random.change(), seed: random.octets(12)).bytes
        }
        let body = try ExchangeCodec.encode(request, as: format)
        let step = format == .jsonLines ? 17 : 1
        for length in stride(from: 0, to: body.count - step, by: step) {
            #expect(throws: WireError.self) {
                try ExchangeCodec.decode(request: Array(body[..<length]), as: format)
            }
        }
    }

    @Test(arguments: ExchangeFormat.allCases)
    func `withdrawals follow the changes, and are as long as a reason may be`(format: ExchangeFormat) throws {
        var random = Seeded(21)
        var request = ExchangeRequest(
            hello: try random.hello(),
            changes: [try FrozenCodec.encode(random.change(), seed: random.octets(12)).bytes],
            withdrawals: [
                Withdrawal(
                    dot: Dot(random.identifier(), 7),
                    reason: String(repeating: "x", count: Limits.reasonBytes))
            ])
        let body = try ExchangeCodec.encode(request, as: format)
        #expect(try ExchangeCodec.decode(request: body, as: format) == request)
        // Without them it is the same request but for them: a server that does not know them takes it all the same.
        var bare = request
        bare.withdrawals = []
        #expect(body.starts(with: try ExchangeCodec.encode(bare, as: format)))
        request.withdrawals[0].reason += "x"
        #expect(throws: WireError.self) {
            try ExchangeCodec.decode(
                request: ExchangeCodec.encode(request, as: format), as: format)
        }
        request.withdrawals[0] = Withdrawal(dot: Dot(random.identifier(), 0))
        #expect(throws: WireError.self) {
            try ExchangeCodec.decode(
                request: ExchangeCodec.encode(request, as: format), as: format)
        }
    }

    @Test(arguments: ExchangeFormat.allCases)
    func `nothing may follow the end`(format: ExchangeFormat) throws {
        var random = Seeded(13)
        let body = try ExchangeCodec.encode(random.reply(), as: format)
        #expect(throws: WireError.cutShort) {
            try ExchangeCodec.decode(reply: body + body, as: format)
        }
        #expect(throws: WireError.cutShort) {
            try ExchangeCodec.decode(reply: body + [UInt8](repeating: 0x7b, count: 5), as: format)
        }
    }

    @Test func `messages out of order are refused`() throws {
        var random = Seeded(14)
        let request = try random.request()
        let body = try ExchangeCodec.encode(request)
        #expect(throws: WireError.malformed("a second hello")) {
            try ExchangeCodec.decode(request: body + body)
        }
        let change = try FrozenCodec.encode(random.change(), seed: random.octets(12)).bytes
        let frame = try ExchangeCodec.encode(
            ExchangeRequest(hello: request.hello, changes: [change]))
        let bare = try ExchangeCodec.encode(ExchangeRequest(hello: request.hello, changes: []))
        // A hello that announces one change is a tag and a number longer than one that announces none.
        #expect(throws: WireError.malformed("more changes than the hello announces")) {
            try ExchangeCodec.decode(request: bare + frame.dropFirst(bare.count + 3))
        }
        let end = try ExchangeCodec.encode(random.reply())
        #expect(throws: WireError.malformed("an answer that does not open with a welcome")) {
            try ExchangeCodec.decode(reply: Array(end.dropFirst(Int(end[0]) + 1)))
        }
    }

    @Test func `frames of a newer version are passed over`() throws {
        var random = Seeded(15)
        let reply = random.reply()
        let body = try ExchangeCodec.encode(reply)
        let welcome = Int(body[0]) + 1
        let unknown: [UInt8] = [4, 15 << 3 | 2, 2, 1, 2]
        let newer = Array(body[..<welcome]) + unknown + Array(body[welcome...])
        #expect(try ExchangeCodec.decode(reply: newer) == reply)
        let lines = try ExchangeCodec.encode(reply, as: .jsonLines)
        let first = (lines.firstIndex(of: 10) ?? 0) + 1
        let newerLines =
            Array(lines[..<first]) + Array("{\"tomorrow\":{\"n\":1}}\r\n\r\n".utf8) + Array(lines[first...])
        #expect(try ExchangeCodec.decode(reply: newerLines, as: .jsonLines) == reply)
    }

    @Test func `a reader keeps the bytes of a state it does not fully know`() throws {
        var random = Seeded(16)
        var reply = random.reply()
        let state = StateCodec.encode(random.state()) + [15 << 3 | 2, 2, 1, 2]
        reply.records = [PageRecord(id: random.identifier(), keys: [], body: .state(state))]
        let decoded = try ExchangeCodec.decode(reply: ExchangeCodec.encode(reply))
        #expect(decoded.records[0].body == .state(state))
        _ = try StateCodec.decode(state)
    }

    @Test func `a record's keys must be the welcome's`() throws {
        var random = Seeded(17)
        var reply = random.reply()
        reply.records = [PageRecord(id: random.identifier(), keys: ["elsewhere"], body: .own)]
        for format in ExchangeFormat.allCases {
            #expect(throws: WireError.self) { try ExchangeCodec.encode(reply, as: format) }
        }
    }

    @Test func `an idle round stays small`() throws {
        var random = Seeded(18)
        var hello = try random.hello()
        hello.cursor = random.octets(150)
        let request = try ExchangeCodec.encode(ExchangeRequest(hello: hello, changes: []))
        #expect(request.count < 350)
        let reply = ExchangeReply(
            welcome: random.welcome(),
            end: End(cursor: hello.cursor, more: false, remaining: 0, heard: 1))
        #expect(try ExchangeCodec.encode(reply).count < 350)
    }

    @Test func `equal dispositions of consecutive changes share a message`() throws {
        var random = Seeded(19)
        var reply = random.reply()
        reply.records = []
        let incarnation = random.identifier()
        reply.dispositions = (1...1_000).map { n in
            Disposition(
                dot: Dot(incarnation, n), outcome: .applied,
                effective: EffectiveTime(microseconds: 1_760_000_000_000_000 + Int64(n) * 40))
        }
        let body = try ExchangeCodec.encode(reply)
        #expect(body.count < 1_500)
        #expect(try ExchangeCodec.decode(reply: body) == reply)
    }

    @Test func `media types name formats`() {
        #expect(ExchangeFormat(mediaType: "application/x-porchlight") == .binary)
        #expect(ExchangeFormat(mediaType: "Application/X-NDJSON; charset=utf-8") == .jsonLines)
        #expect(ExchangeFormat(mediaType: "text/html") == nil)
        #expect(ExchangeFormat(mediaType: "") == nil)
    }
}
