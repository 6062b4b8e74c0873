public import SyncModel

/// Whole requests and whole answers to bodies and back, in either format, before compression.
///
/// A body is decoded completely or not at all.
public enum ExchangeCodec {
    /// Encodes a request.
    public static func encode(
        _ request: ExchangeRequest, as format: ExchangeFormat = .binary
    ) throws(WireError) -> [UInt8] {
        switch format {
        case .binary: try encodeBinary(request)
        case .jsonLines: try encodeLines(request)
        }
    }

    /// Decodes a request. The changes stay the bytes they are; ``FrozenCodec`` reads them.
    ///
    /// - Throws: ``WireError/cutShort`` when fewer changes follow than the hello announces.
    public static func decode(
        request body: [UInt8], as format: ExchangeFormat = .binary
    ) throws(WireError) -> ExchangeRequest {
        guard body.count <= Limits.requestBytes else { throw .tooLarge("the request") }
        return switch format {
        case .binary: try decodeBinary(request: body)
        case .jsonLines: try decodeLines(request: body)
        }
    }

    /// Encodes an answer.
    ///
    /// - Throws: ``WireError/malformed(_:)`` when a record has a key that the welcome does not name or, for
    ///   JSON lines, when a record's state cannot be read.
    public static func encode(
        _ reply: ExchangeReply, as format: ExchangeFormat = .binary
    ) throws(WireError) -> [UInt8] {
        switch format {
        case .binary: try encodeBinary(reply)
        case .jsonLines: try encodeLines(reply)
        }
    }

    /// Decodes an answer. The records' states stay the bytes they are; ``StateCodec`` reads them.
    ///
    /// - Throws: ``WireError/cutShort`` when it does not close with `end`, or something follows that.
    public static func decode(
        reply body: [UInt8], as format: ExchangeFormat = .binary
    ) throws(WireError) -> ExchangeReply {
        guard body.count <= Limits.answerBytes else { throw .tooLarge("the answer") }
        return switch format {
        case .binary: try decodeBinary(reply: body)
        case .jsonLines: try decodeLines(reply: body)
        }
    }
}
