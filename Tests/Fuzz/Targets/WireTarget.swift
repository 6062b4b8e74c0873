import SyncModel
import SyncWire

/// Decodes what a network may bring. The first octet chooses the decoder, the others are its input.
///
/// What is refused is refused with an error. What is accepted comes back equal when it is encoded and read again,
/// and stays within the limits that the decoder promises.
public enum WireTarget {
    /// The decoders, by the first octet of the input.
    public enum Decoder: UInt8, CaseIterable, Sendable {
        case request
        case reply
        case requestLines
        case replyLines
        case frozen
        case state
        case compressed
        case enrolRequest
        case enrolReply
        case error
        case history
        case quarantineRequest
        case quarantineReply
        case verifyRequest
        case verifyReply
    }

    /// An input as a corpus holds it.
    public static func input(_ decoder: Decoder, _ bytes: [UInt8]) -> [UInt8] {
        [decoder.rawValue] + bytes
    }

    /// What a compressed body may grow to here: less than in earnest, so that many are tried in a second.
    private static let decompressedBytes = 1 << 20

    static func run(_ input: [UInt8]) throws(Broken) {
        guard let first = input.first,
            let decoder = Decoder(rawValue: first % UInt8(Decoder.allCases.count))
        else { return }
        let bytes = Array(input.dropFirst())
        switch decoder {
        case .request: try request(bytes, .binary)
        case .reply: try reply(bytes, .binary)
        case .requestLines: try request(bytes, .jsonLines)
        case .replyLines: try reply(bytes, .jsonLines)
        case .frozen: try frozen(bytes)
        case .state: try state(bytes)
        case .compressed: try compressed(bytes)
        case .enrolRequest:
            try again(bytes, { try EnrolCodec.decode(request: $0) }, { try EnrolCodec.encode($0) })
        case .enrolReply:
            try again(bytes, { try EnrolCodec.decode(reply: $0) }, { try EnrolCodec.encode($0) })
        case .error: try again(bytes, { try ErrorBodyCodec.decode($0) }, { try ErrorBodyCodec.encode($0) })
        case .history, .quarantineRequest, .quarantineReply, .verifyRequest, .verifyReply:
            for format in ExchangeFormat.allCases { try single(decoder, bytes, format) }
        }
    }

    /// Bodies that are one message, in either layout.
    private static func single(
        _ decoder: Decoder, _ bytes: [UInt8], _ format: ExchangeFormat
    ) throws(Broken) {
        switch decoder {
        case .history:
            try again(
                bytes, { try HistoryCodec.decode($0, as: format) },
                { try HistoryCodec.encode($0, as: format) })
        case .quarantineRequest:
            try again(
                bytes, { try QuarantineCodec.decode(request: $0, as: format) },
                { try QuarantineCodec.encode($0, as: format) })
        case .quarantineReply:
            try again(
                bytes, { try QuarantineCodec.decode(reply: $0, as: format) },
                { try QuarantineCodec.encode($0, as: format) })
        case .verifyRequest:
            try again(
                bytes, { try VerifyCodec.decode(request: $0, as: format) },
                { try VerifyCodec.encode($0, as: format) })
        default:
            for question in [VerifyRequest.Question.buckets([Identifier(high: 0, low: 0)]), .records([])] {
                try again(
                    bytes, { try VerifyCodec.decode(reply: $0, to: question, as: format) },
                    { try VerifyCodec.encode($0, as: format) })
            }
        }
    }

    /// Decodes; what is accepted must come back equal.
    private static func again<Message: Equatable>(
        _ bytes: [UInt8], _ decode: ([UInt8]) throws -> Message, _ encode: (Message) throws -> [UInt8]
    ) throws(Broken) {
        guard let message = try? decode(bytes) else { return }
        guard let encoded = try? encode(message) else { throw Broken("what was read can be written") }
        guard let second = try? decode(encoded) else { throw Broken("what was written can be read") }
        try Broken.unless(second == message, "what was read comes back the same")
    }

    private static func request(_ bytes: [UInt8], _ format: ExchangeFormat) throws(Broken) {
        guard let request = try? ExchangeCodec.decode(request: bytes, as: format) else { return }
        try Broken.unless(
            request.changes.count <= Limits.changesPerExchange, "a request has a bounded number of changes")
        for change in request.changes { try frozen(change) }
        // States in a request are passed on as they came; as JSON they are read, so only what can be read comes back.
        let readable = request.remembered.kept.allSatisfy { (try? StateCodec.decode($0.state)) != nil }
        guard format == .binary || readable else { return }
        try again(
            bytes, { try ExchangeCodec.decode(request: $0, as: format) },
            { try ExchangeCodec.encode($0, as: format) })
    }

    private static func reply(_ bytes: [UInt8], _ format: ExchangeFormat) throws(Broken) {
        guard let reply = try? ExchangeCodec.decode(reply: bytes, as: format) else { return }
        try Broken.unless(
            reply.dispositions.count <= Limits.dispositionsPerAnswer,
            "an answer has a bounded number of dispositions")
        for record in reply.records {
            if case .state(let bytes) = record.body { try state(bytes) }
        }
        try again(
            bytes, { try ExchangeCodec.decode(reply: $0, as: format) },
            { try ExchangeCodec.encode($0, as: format) })
    }

    private static func frozen(_ bytes: [UInt8]) throws(Broken) {
        guard let (frozen, change) = try? FrozenCodec.decode(bytes) else { return }
        guard let second = try? FrozenCodec.decode(FrozenCodec.encode(frozen)) else {
            throw Broken("a change that was read can be read again")
        }
        try Broken.unless(second.frozen == frozen && second.change == change, "a change comes back the same")
        let hash = frozen.hash(after: .zero)
        for place in frozen.contents.indices {
            try Broken.unless(
                frozen.redacting(place).hash(after: .zero) == hash, "a redaction leaves the chain as it was")
        }
    }

    private static func state(_ bytes: [UInt8]) throws(Broken) {
        guard let state = try? StateCodec.decode(bytes) else { return }
        let encoded = StateCodec.encode(state)
        guard let second = try? StateCodec.decode(encoded) else {
            throw Broken("a state that was read can be read again")
        }
        try Broken.unless(second == state, "a state comes back the same")
        try Broken.unless(StateCodec.encode(second) == encoded, "equal states have equal bytes")
    }

    private static func compressed(_ bytes: [UInt8]) throws(Broken) {
        guard let body = try? Compression.decompress(bytes, limit: decompressedBytes) else { return }
        try Broken.unless(body.count <= decompressedBytes, "what is decompressed keeps to its limit")
        guard let packed = try? Compression.compress(body),
            let again = try? Compression.decompress(packed, limit: decompressedBytes)
        else { throw Broken("what was decompressed can be compressed") }
        try Broken.unless(again == body, "what is compressed comes back the same")
        try request(body, .binary)
        try reply(body, .binary)
    }
}
