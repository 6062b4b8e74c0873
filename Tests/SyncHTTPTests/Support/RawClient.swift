import Foundation

/// An HTTP client made of a socket and a few strings, because a client that misbehaves has to say what no
/// library would let it.
struct RawClient: Sendable {
    let port: UInt16

    struct Failure: Error {}

    /// What came back.
    struct Answer: Sendable {
        let status: Int
        /// The fields, by their names in lower case.
        let headers: [String: String]
        let body: [UInt8]
        /// Bytes of everything, headers included.
        let total: Int

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// Sends a request as it should be, and reads the answer.
    func send(
        _ method: String, _ path: String, _ headers: [String: String] = [:], body: [UInt8] = []
    ) async throws -> Answer {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(body.count)\r\n"
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) { head += "\(name): \(value)\r\n" }
        return try await send(Array((head + "\r\n").utf8) + body)
    }

    /// Sends bytes as they are, and reads one answer; then ends the connection.
    ///
    /// - Parameter ends: whether to say that nothing more will come, before reading.
    func send(_ bytes: [UInt8], ends: Bool = false) async throws -> Answer {
        try await onThread {
            let connection = try open()
            defer { close(connection) }
            deliver(bytes, to: connection)
            if ends { _ = shutdown(connection, Int32(SHUT_WR)) }
            return try read(connection)
        }
    }

    /// Sends the first bytes, does something else, sends the rest, and reads the answer.
    func send(
        _ bytes: [UInt8], pausingAfter count: Int, _ pause: () async throws -> Void
    ) async throws -> Answer {
        let connection = try await onThread {
            let connection = try open()
            deliver(Array(bytes.prefix(count)), to: connection)
            return connection
        }
        defer { close(connection) }
        try await pause()
        return try await onThread {
            deliver(Array(bytes.dropFirst(count)), to: connection)
            return try read(connection)
        }
    }

    /// Runs what blocks on a thread of its own.
    private func onThread<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
        }
    }

    private func open() throws -> Int32 {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard connection >= 0 else { throw Failure() }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(connection, $0, length) == 0 }
        }
        guard isConnected else {
            close(connection)
            throw Failure()
        }
        return connection
    }

    private func read(_ connection: Int32) throws -> Answer {
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            if let answer = Self.parse(received) { return answer }
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { throw Failure() }
            received += chunk[..<count]
        }
    }

    private static func parse(_ bytes: [UInt8]) -> Answer? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(
            separatedBy: "\r\n")
        let pairs = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (
                parts[0].lowercased(),
                parts.dropFirst().joined().trimmingCharacters(in: .whitespaces)
            )
        }
        let headers = Dictionary(pairs) { first, _ in first }
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }),
            let length = headers["content-length"].flatMap({ Int($0) })
        else { return nil }
        let body = bytes[end.upperBound...]
        guard body.count >= length else { return nil }
        return Answer(status: status, headers: headers, body: Array(body.prefix(length)), total: bytes.count)
    }
}

/// Sends all of the bytes, or as many as the other side takes.
private func deliver(_ bytes: [UInt8], to connection: Int32) {
    var sent = 0
    while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes {
            send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        // Refused in the middle of an upload: the answer is there to be read all the same.
        guard count > 0 else { return }
        sent += count
    }
}
