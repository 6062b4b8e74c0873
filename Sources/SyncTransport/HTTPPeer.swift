import SyncModel
import SyncWire

/// A server, reached over HTTP.
///
/// It waits for the network on a thread of its own. Rounds asked for at the same time are done one after the
/// other, over one connection that is kept open in between.
public actor HTTPPeer {
    private let address: ServerAddress
    private let options: Options
    private let executor = QueueExecutor(label: "porchlight.http")
    private var client: HTTPClient?

    /// Runs on a queue of its own.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// What the last transfer cost, whether it succeeded or not; `nil` if it was never sent.
    public var lastTransfer: Transfer? { client?.lastTransfer }

    /// Reads the options. Nothing is connected or loaded before the first request.
    ///
    /// - Throws: ``SyncError`` if the address is none, or not encrypted and not this computer's.
    public init(_ options: Options) throws {
        address = try ServerAddress(options.server)
        self.options = options
        guard address.isSecure || (options.allowPlainHTTP && address.isLoopback) else {
            throw SyncError(
                .untrustedServer, "the connection to \(address.display) would not be encrypted",
                means: "nothing was sent, and your changes are kept on this laptop",
                advice: address.isLoopback
                    ? "add --plain-http, or use an address that begins with https://"
                    : "use an address that begins with https://; http:// is for this computer itself only")
        }
        guard options.token?.utf8.allSatisfy(isTokenCharacter) ?? true else {
            throw SyncError(
                .unauthorized, "this laptop's token is damaged", means: kept,
                advice: "ask your administrator for a new code and enroll again")
        }
    }

    /// The one client, made when it is first needed.
    private func ready() throws -> HTTPClient {
        let client = try self.client ?? HTTPClient(address, options)
        self.client = client
        return client
    }

    /// Posts a body, compressed if that is worth it, and returns the body of a good answer.
    ///
    /// It blocks the actor's own thread until the answer is there.
    func post(
        _ path: String, _ mediaType: String, _ body: [UInt8], waitSeconds: UInt32 = 0,
        mayReuseConnection: Bool = true, _ cancellation: Cancellation
    ) throws -> [UInt8] {
        let client = try ready()
        var request = HTTPRequest(
            path: path, contentType: mediaType, accept: mediaType, body: body, isCompressed: false,
            waitSeconds: waitSeconds, mayReuseConnection: mayReuseConnection)
        if body.count > Limits.compressionThreshold, let compressed = try? Compression.compress(body),
            compressed.count < body.count
        {
            request.body = compressed
            request.isCompressed = true
        }
        let answer = try client.send(request, cancellation)
        return try answer.payload(mediaType, from: address.display, limit: options.answerBytes)
    }
}

extension HTTPPeer {
    /// Gets the body of a good answer.
    ///
    /// It blocks the actor's own thread until the answer is there.
    func get(_ path: String, _ mediaType: String, _ cancellation: Cancellation) throws -> [UInt8] {
        let answer = try ready().send(
            HTTPRequest(path: path, contentType: "", accept: mediaType, body: nil, isCompressed: false),
            cancellation)
        return try answer.payload(mediaType, from: address.display, limit: options.answerBytes)
    }
}

/// RFC 6750, section 2.1.
private func isTokenCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: "-._~+/=".utf8.contains(byte)
    }
}
