import CCurl
import SyncModel

/// One request, as bytes.
struct HTTPRequest {
    var path: String
    var contentType: String
    var accept: String
    /// The body, compressed already if `isCompressed`; `nil` for a GET.
    var body: [UInt8]?
    var isCompressed: Bool
    /// Seconds the server may let pass before it says anything, on top of the usual patience.
    var waitSeconds: UInt32 = 0
    /// Whether a connection kept from before may be used. libcurl sends a request again by itself when such a
    /// connection turns out to be dead, which is right only where asking twice is.
    var mayReuseConnection = true
}

/// One answer, as bytes.
struct HTTPAnswer {
    var status: Int
    var contentType: String
    var contentEncoding: String
    var retryAfter: String
    var body: [UInt8]
}

/// Speaks HTTP through one libcurl handle, which keeps its connection between requests.
///
/// It blocks its caller, belongs to one owner and is not Sendable; ``HTTPPeer`` gives it a thread of its own.
final class HTTPClient {
    private let handle: OpaqueHandle
    private let address: ServerAddress
    private let options: HTTPPeer.Options
    /// What the last request cost, also when it failed; `nil` if it was never sent.
    private(set) var lastTransfer: HTTPPeer.Transfer?

    /// Loads libcurl if nobody has yet.
    init(_ address: ServerAddress, _ options: HTTPPeer.Options) throws(SyncError) {
        if let reason = ccurl_load() {
            throw SyncError(
                .internalFault, "libcurl could not be loaded (\(plain(String(cString: reason))))",
                means: "this laptop cannot reach any server; your changes are kept on this laptop",
                advice: "apt-get install libcurl4")
        }
        guard let handle = ccurl_init() else { throw outOfMemory }
        self.handle = handle
        self.address = address
        self.options = options
    }

    deinit { ccurl_cleanup(handle) }

    /// Sends a request and waits for the whole answer.
    ///
    /// - Throws: `CancellationError`, or ``SyncError`` when no complete answer came. Whose answer it is, and
    ///   whether it is good news, is not looked at here.
    func send(_ request: HTTPRequest, _ cancellation: Cancellation) throws -> HTTPAnswer {
        lastTransfer = nil
        if cancellation.isRequested { throw CancellationError() }
        ccurl_reset(handle)
        let headers = try HeaderList(lines(request))
        var reception = Reception(limit: options.answerBytes, cancellation: cancellation)
        var words = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
        let code = try (request.body ?? []).withUnsafeBytes { body in
            try words.withUnsafeMutableBufferPointer { words in
                try withUnsafeMutablePointer(to: &reception) { reception in
                    try configure(request)
                    try check(ccurl_set_list(handle, CURLOPT_HTTPHEADER, headers.list))
                    try check(ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, words.baseAddress))
                    if request.body != nil {
                        try check(ccurl_set_pointer(handle, CURLOPT_POSTFIELDS, body.baseAddress))
                        try check(
                            ccurl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
                    }
                    try receive(into: reception)
                    return ccurl_perform(handle)
                }
            }
        }
        lastTransfer = figures(reception)
        if let failure = reception.failure { throw failure }
        // libcurl takes a head that breaks off for a whole one.
        if code == CURLE_OK, !reception.isHeadComplete { throw cutShort }
        guard code == CURLE_OK else {
            throw curlFailure(code, words: text(words), handle: handle, address, options)
        }
        var status = 0
        try check(ccurl_get_long(handle, CURLINFO_RESPONSE_CODE, &status))
        return HTTPAnswer(
            status: status, contentType: reception.headers["content-type"] ?? "",
            contentEncoding: reception.headers["content-encoding"] ?? "",
            retryAfter: reception.headers["retry-after"] ?? "", body: reception.body)
    }

    private func lines(_ request: HTTPRequest) -> [String] {
        // An empty `Expect:` keeps libcurl from asking for leave before a large body, and waiting for it.
        var lines = ["Accept: \(request.accept)", "Accept-Encoding: zstd", "Expect:"]
        if request.body != nil { lines.insert("Content-Type: \(request.contentType)", at: 0) }
        if request.isCompressed { lines.append("Content-Encoding: zstd") }
        if let token = options.token { lines.append("Authorization: Bearer \(token)") }
        return lines
    }

    private func configure(_ request: HTTPRequest) throws(SyncError) {
        try set(CURLOPT_URL, address.url(request.path))
        try set(CURLOPT_USERAGENT, options.userAgent)
        try set(request.body == nil ? CURLOPT_HTTPGET : CURLOPT_POST, 1)
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        try set(CURLOPT_BUFFERSIZE, 128 << 10)
        try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        // Whom to speak to, and nobody else.
        try set(CURLOPT_PROTOCOLS, Int(address.isSecure ? CURLPROTO_HTTPS : CURLPROTO_HTTP))
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let file = options.caFile {
            try set(CURLOPT_CAINFO, file)
            try check(ccurl_set_text(handle, CURLOPT_CAPATH, nil))
        }
        if address.isLoopback { try set(CURLOPT_PROXY, "") }
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if !request.mayReuseConnection { try set(CURLOPT_FRESH_CONNECT, 1) }
        // Patience.
        try set(CURLOPT_CONNECTTIMEOUT_MS, Int(options.connectSeconds * 1000))
        try set(CURLOPT_LOW_SPEED_LIMIT, Limits.stallBytesPerSecond)
        try set(CURLOPT_LOW_SPEED_TIME, Int(options.stallSeconds) + Int(request.waitSeconds))
        // Bodies come as they are on the wire: bounding what they grow to is not left to libcurl.
        try set(CURLOPT_HTTP_CONTENT_DECODING, 0)
        try check(
            ccurl_set_offset(handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(options.answerBytes)))
    }

    private func receive(into reception: UnsafeMutablePointer<Reception>) throws(SyncError) {
        try set(CURLOPT_NOPROGRESS, 0)
        try check(ccurl_set_receive(handle, CURLOPT_WRITEFUNCTION, Reception.takeBody))
        try check(ccurl_set_pointer(handle, CURLOPT_WRITEDATA, reception))
        try check(ccurl_set_receive(handle, CURLOPT_HEADERFUNCTION, Reception.takeHeader))
        try check(ccurl_set_pointer(handle, CURLOPT_HEADERDATA, reception))
        try check(ccurl_set_progress(handle, Reception.goOn))
        try check(ccurl_set_pointer(handle, CURLOPT_XFERINFODATA, reception))
        // libcurl's own count of what it sent includes some bodies and leaves out others.
        try set(CURLOPT_VERBOSE, 1)
        try check(ccurl_set_trace(handle, Reception.count))
        try check(ccurl_set_pointer(handle, CURLOPT_DEBUGDATA, reception))
    }

    private func set(_ option: CURLoption, _ value: Int) throws(SyncError) {
        try check(ccurl_set_long(handle, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) throws(SyncError) {
        try check(ccurl_set_text(handle, option, value))
    }

    private func check(_ code: CURLcode) throws(SyncError) {
        guard code != CURLE_OK else { return }
        throw SyncError(
            .internalFault, "libcurl refused a setting (\(code.rawValue))", means: kept,
            advice: "apt-get install --only-upgrade libcurl4")
    }

    private func figures(_ reception: Reception) -> HTTPPeer.Transfer {
        var connections = 0
        var time: curl_off_t = 0
        _ = ccurl_get_long(handle, CURLINFO_NUM_CONNECTS, &connections)
        _ = ccurl_get_offset(handle, CURLINFO_TOTAL_TIME_T, &time)
        return HTTPPeer.Transfer(
            bytesUp: reception.bytesUp, bytesDown: reception.bytesDown, newConnections: connections,
            microseconds: Int64(time))
    }
}

typealias OpaqueHandle = UnsafeMutableRawPointer

let outOfMemory = SyncError(.internalFault, "there is no memory left", means: kept)

private func text(_ words: [CChar]) -> String {
    String(decoding: words.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// libcurl's list of header lines, freed with its owner.
private struct HeaderList: ~Copyable {
    let list: UnsafeMutablePointer<curl_slist>?

    init(_ lines: [String]) throws(SyncError) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = ccurl_append(list, line) else {
                ccurl_free_list(list)
                throw outOfMemory
            }
            list = longer
        }
        self.list = list
    }

    deinit { ccurl_free_list(list) }
}
