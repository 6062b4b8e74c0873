import Hummingbird
import NIOCore
import SyncModel
import SyncWire

/// Puts answers together with no more header fields than they need.
enum Answer {
    /// An answer with a body.
    static func make(
        _ status: HTTPResponse.Status = .ok, type: String, encoding: String? = nil, bytes: [UInt8]
    ) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = type
        headers[.contentEncoding] = encoding
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// The answer to a request that is refused.
    ///
    /// A request that is too large may still be on its way. Closing at once would throw the answer away
    /// before its sender can read it, so the connection lingers a little.
    static func make(_ refused: RefusedRequest, on channel: any Channel) -> Response {
        var response = make(
            refused.status, type: ExchangeFormat.jsonMediaType,
            // Our own sentences always can be encoded; should they not, the status speaks for itself.
            bytes: (try? ErrorBodyCodec.encode(refused.error)) ?? [])
        if let seconds = refused.retryAfter { response.headers[.retryAfter] = "\(seconds)" }
        if refused.status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
        if refused.closes {
            response.headers[.connection] = "close"
            channel.eventLoop.scheduleTask(in: .seconds(Limits.lingerSeconds)) {
                channel.close(promise: nil)
            }
        }
        return response
    }
}
