import SyncModel
import SyncWire

/// A laptop that knows just enough to speak: it enrolled, and writes sites.
struct Laptop: Sendable {
    let server: TestServer
    let enrolment: EnrolReply
    let incarnation: Incarnation

    /// The fields of a request in a format.
    func headers(_ format: ExchangeFormat = .binary) -> [String: String] {
        ["Authorization": "Bearer \(enrolment.token)", "Content-Type": format.mediaType]
    }

    /// What it says when it has nothing to send.
    func hello(_ reply: ExchangeReply? = nil, wait: UInt32 = 0) -> ExchangeRequest {
        ExchangeRequest(
            hello: Hello(
                protocols: 1...1, incarnation: incarnation, newest: 0, newestHash: .zero, firstUnsent: 1,
                hashBefore: .zero, epoch: reply?.welcome.epoch ?? 0, cursor: reply?.end.cursor ?? [],
                heard: reply?.end.heard ?? 0, schema: 1, clock: clock, pageRecords: 100, waitSeconds: wait),
            changes: [])
    }

    /// What it says when it has sites to send, one a change.
    func sites(_ names: [String]) throws -> ExchangeRequest {
        try records(
            "site",
            names.map { name in
                (
                    name,
                    [
                        RegisterWrite("identity", [.text(name)]),
                        RegisterWrite("name", [.text("Site \(name)")]),
                        RegisterWrite("kind", [.text("residence"), .none]),
                    ]
                )
            })
    }

    /// What it says when it has records of one table to send, one a change, each with its code.
    func records(_ table: String, _ records: [(String, [RegisterWrite])]) throws -> ExchangeRequest {
        var request = hello()
        var hash = ChainHash.zero
        for (index, record) in records.enumerated() {
            let change = Change(
                dot: Dot(incarnation, UInt64(index + 1)), epoch: 1, author: enrolment.staff, table: table,
                record: NaturalKey.id(table: table, key: record.0), writes: record.1, context: Context(),
                clock: clock)
            let (frozen, bytes) = try FrozenCodec.encode(change, seed: [UInt8](repeating: 5, count: 12))
            hash = frozen.hash(after: hash)
            request.changes.append(bytes)
        }
        request.hello.newest = UInt64(records.count)
        request.hello.newestHash = hash
        return request
    }

    /// Does one round; the answer must be a good one.
    func exchange(_ request: ExchangeRequest) async throws -> ExchangeReply {
        try ExchangeCodec.decode(reply: try await post(request).body)
    }

    /// Sends one request and gives the answer as it came.
    func post(_ request: ExchangeRequest, _ more: [String: String] = [:]) async throws -> RawClient.Answer {
        try await server.client.send(
            "POST", "/v1/exchange", headers().merging(more) { $1 }, body: try ExchangeCodec.encode(request))
    }

    private var clock: ClockReading {
        ClockReading(
            wallMicroseconds: server.world.now, boot: incarnation, bootMicroseconds: server.world.now)
    }
}
