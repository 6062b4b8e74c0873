import Foundation
import SyncModel
import SyncWire
import Testing

@Suite struct ProtocolTests {
    private static let tags = [
        "hex frozen", "hex frozen redacted", "hex hash", "hex state", "hex request", "hex reply",
        "json request", "json withdrawing", "json reply", "json enrol-request", "json enrol-reply",
        "json error", "json history", "json origins",
        "json quarantine-request", "json quarantine-reply", "json verify-request", "json verify-reply",
        "json verify-findings",
    ]

    @Test func `every example has a tag that a test knows, and none is missing`() {
        let found = Set(ProtocolText.examples.map(\.tag))
        #expect(found == Set(Self.tags))
    }

    @Test(arguments: ProtocolText.examples.filter { $0.tag.hasPrefix("hex") })
    func `binary examples come back byte for byte`(example: ProtocolText.Example) throws {
        let octets = example.octets
        try #require(!octets.isEmpty)
        let again: [UInt8]
        switch example.tag {
        case "hex frozen", "hex frozen redacted":
            again = FrozenCodec.encode(try FrozenCodec.decode(octets).frozen)
        case "hex state": again = StateCodec.encode(try StateCodec.decode(octets))
        case "hex request":
            again = try ExchangeCodec.encode(ExchangeCodec.decode(request: octets))
        case "hex reply": again = try ExchangeCodec.encode(ExchangeCodec.decode(reply: octets))
        default: again = try #require(ChainHash(octets)).bytes
        }
        #expect(again == octets)
    }

    @Test(arguments: ProtocolText.examples.filter { $0.tag.hasPrefix("json") })
    func `JSON examples come back with the same meaning`(example: ProtocolText.Example) throws {
        let bytes = Array(example.body.utf8)
        let again: [UInt8]
        switch example.tag {
        case "json request", "json withdrawing":
            again = try ExchangeCodec.encode(
                ExchangeCodec.decode(request: bytes, as: .jsonLines), as: .jsonLines)
        case "json reply":
            again = try ExchangeCodec.encode(
                ExchangeCodec.decode(reply: bytes, as: .jsonLines), as: .jsonLines)
        case "json enrol-request":
            again = try EnrolCodec.encode(EnrolCodec.decode(request: bytes))
        case "json history":
            again = try HistoryCodec.encode(HistoryCodec.decode(bytes, as: .jsonLines), as: .jsonLines)
        case "json origins":
            again = try OriginsCodec.encode(
                OriginsCodec.decode(bytes, of: 1, as: .jsonLines), as: .jsonLines)
        case "json enrol-reply": again = try EnrolCodec.encode(EnrolCodec.decode(reply: bytes))
        case "json quarantine-request":
            again = try QuarantineCodec.encode(
                QuarantineCodec.decode(request: bytes, as: .jsonLines), as: .jsonLines)
        case "json quarantine-reply":
            again = try QuarantineCodec.encode(
                QuarantineCodec.decode(reply: bytes, as: .jsonLines), as: .jsonLines)
        case "json verify-request":
            again = try VerifyCodec.encode(
                VerifyCodec.decode(request: bytes, as: .jsonLines), as: .jsonLines)
        case "json verify-reply":
            let asked = VerifyRequest.Question.buckets([Identifier(high: 0, low: 0)])
            again = try VerifyCodec.encode(
                VerifyCodec.decode(reply: bytes, to: asked, as: .jsonLines), as: .jsonLines)
        case "json verify-findings":
            again = try VerifyCodec.encode(
                VerifyCodec.decode(reply: bytes, to: .records([]), as: .jsonLines), as: .jsonLines)
        default: again = try ErrorBodyCodec.encode(ErrorBodyCodec.decode(bytes))
        }
        #expect(try Self.objects(again) == Self.objects(bytes))
    }

    /// Each line's object. JSON has no order of keys, and no opinion on spaces.
    private static func objects(_ bytes: [UInt8]) throws -> [NSDictionary] {
        try bytes.split(separator: UInt8(ascii: "\n")).map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line)) as? NSDictionary)
        }
    }

    @Test func `the chain's example is the hash of the change's example`() throws {
        let frozen = try #require(ProtocolText.examples("hex frozen").first)
        let redacted = try #require(ProtocolText.examples("hex frozen redacted").first)
        let hash = try #require(ProtocolText.examples("hex hash").first)
        let thawed = try FrozenCodec.decode(frozen.octets)
        #expect(thawed.change.dot.n == 1)
        #expect(thawed.frozen.hash(after: .zero).bytes == hash.octets)
        #expect(FrozenCodec.encode(thawed.frozen.redacting(2)) == redacted.octets)
        // What the example shows can be frozen again from what it says.
        guard case .seed(let seed) = thawed.frozen.salting else {
            Issue.record("the example is redacted")
            return
        }
        #expect(try FrozenCodec.encode(thawed.change, seed: seed).bytes == frozen.octets)
    }

    @Test func `both forms of the exchange's example say the same`() throws {
        let request = try #require(ProtocolText.examples("json request").first)
        let binary = try #require(ProtocolText.examples("hex request").first)
        let said = try ExchangeCodec.decode(request: Array(request.body.utf8), as: .jsonLines)
        #expect(try ExchangeCodec.decode(request: binary.octets) == said)
        #expect(said.changes == ProtocolText.examples("hex frozen").map(\.octets))
        #expect(said.hello.newestHash.bytes == ProtocolText.examples("hex hash").first?.octets)
        let reply = try #require(ProtocolText.examples("json reply").first)
        let answer = try #require(ProtocolText.examples("hex reply").first)
        let told = try ExchangeCodec.decode(reply: Array(reply.body.utf8), as: .jsonLines)
        #expect(try ExchangeCodec.decode(reply: answer.octets) == told)
        let state = try #require(ProtocolText.examples("hex state").first)
        #expect(told.records.last?.body == .state(state.octets))
    }
}
