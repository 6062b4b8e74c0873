import CCurl
import SyncModel

/// What arrives while a transfer runs, and whether it may go on. libcurl's callbacks get a pointer to it.
struct Reception {
    /// Bytes of an answer's head: a hundred times what ours needs.
    static let headBytes = 64 << 10

    let limit: Int
    let cancellation: Cancellation
    var body: [UInt8] = []
    /// The headers of the last head that came, names in lower case.
    var headers: [String: String] = [:]
    /// Bytes of all heads so far: a server may send interim ones for ever.
    var headSize = 0
    /// Whether the empty line has come that ends a head.
    var isHeadComplete = false
    /// Bytes sent and received, heads included.
    var (bytesUp, bytesDown) = (0, 0)
    /// Why the transfer was stopped from here.
    var failure: (any Error)?

    init(limit: Int, cancellation: Cancellation) {
        self.limit = limit
        self.cancellation = cancellation
    }

    /// Takes a piece of the body. Anything but the count tells libcurl to stop.
    static let takeBody: ccurl_receive = { bytes, size, count, context in
        let length = size * count
        guard let bytes, let reception = context?.assumingMemoryBound(to: Reception.self) else { return 0 }
        guard length <= reception.pointee.limit - reception.pointee.body.count else {
            reception.pointee.failure = answerTooLarge
            return 0
        }
        if reception.pointee.body.isEmpty { reception.pointee.reserve() }
        reception.pointee.body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: length))
        return length
    }

    /// Takes one line of the head.
    static let takeHeader: ccurl_receive = { bytes, size, count, context in
        let length = size * count
        guard let bytes, let reception = context?.assumingMemoryBound(to: Reception.self) else { return 0 }
        reception.pointee.headSize += length
        guard reception.pointee.headSize <= headBytes else {
            reception.pointee.failure = answerTooLarge
            return 0
        }
        let line = UnsafeRawBufferPointer(start: bytes, count: length)
        reception.pointee.take(line: String(decoding: line, as: UTF8.self))
        return length
    }

    /// Counts what goes over the wire, before encryption and after decryption.
    static let count: ccurl_trace = { _, kind, _, size, context in
        guard let reception = context?.assumingMemoryBound(to: Reception.self) else { return 0 }
        switch kind {
        case CURLINFO_HEADER_OUT, CURLINFO_DATA_OUT: reception.pointee.bytesUp += size
        case CURLINFO_HEADER_IN, CURLINFO_DATA_IN: reception.pointee.bytesDown += size
        default: break
        }
        return 0
    }

    /// Asked all the time, at least once a second.
    static let goOn: ccurl_progress = { context, _, _, _, _ in
        guard let reception = context?.assumingMemoryBound(to: Reception.self) else { return 1 }
        guard reception.pointee.cancellation.isRequested else { return 0 }
        reception.pointee.failure = CancellationError()
        return 1
    }

    private mutating func reserve() {
        guard let length = headers["content-length"].flatMap({ Int($0) }) else { return }
        body.reserveCapacity(max(0, min(length, limit)))
    }

    private mutating func take(line: String) {
        if line.hasPrefix("HTTP/") {
            headers = [:]
            isHeadComplete = false
        } else if line == "\r\n" || line == "\n" {
            isHeadComplete = true
        } else if let colon = line.firstIndex(of: ":") {
            headers[line[..<colon].lowercased()] = trimmed(line[line.index(after: colon)...])
        }
    }
}

let answerTooLarge = SyncError(
    .tooLarge, "the server's answer is larger than it may be", means: kept,
    advice: "check the server's address; if it is right, tell your administrator")

/// Without the white space around it.
func trimmed(_ text: Substring) -> String {
    var text = text
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
}
