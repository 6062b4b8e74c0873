import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A TCP server on loopback that does whatever a test wants done to a client.
///
/// POSIX sockets and a thread for each connection: a misbehaving server has to stall, to cut and to send what
/// no server library would let it.
final class RawServer: Sendable {
    /// Where it listens.
    let port: UInt16
    private let listener: Int32
    private let state = Mutex(State())

    private struct State {
        var connections: [Int32] = []
        var isStopped = false
        var received = 0
        var sent = 0
    }

    /// How many connections have been accepted.
    var connections: Int { state.withLock { $0.connections.count } }
    /// Bytes read from clients so far.
    var received: Int { state.withLock { $0.received } }
    /// Bytes sent to clients so far.
    var sent: Int { state.withLock { $0.sent } }
    /// The address for a client.
    var url: String { "http://127.0.0.1:\(port)" }

    struct Failure: Error {}

    /// Listens, and calls `serve` on a thread of its own for each connection, which closes when that returns.
    init(_ serve: @escaping @Sendable (RawConnection) -> Void) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { throw Failure() }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = self.listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard isListening else { throw Failure() }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else {
                    close(listener)
                    return
                }
                let number = state.withLock { state in
                    state.connections.append(descriptor)
                    return state.connections.count
                }
                Thread.detachNewThread { [self] in
                    serve(RawConnection(descriptor: descriptor, number: number, server: self))
                    _ = shutdown(descriptor, Int32(SHUT_RDWR))
                }
            }
        }
    }

    /// Stops listening and breaks every connection, so that nobody waits in vain.
    func stop() {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.isStopped = true
            // The thread that accepts closes it: were it closed here, the number could be another server's
            // by the time that thread asks for the next connection.
            _ = shutdown(listener, Int32(SHUT_RDWR))
            for descriptor in state.connections { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    fileprivate func count(received: Int = 0, sent: Int = 0) {
        state.withLock { state in
            state.received += received
            state.sent += sent
        }
    }
}

/// One accepted connection.
struct RawConnection: Sendable {
    let descriptor: Int32
    /// 1 for the first that the server accepted.
    let number: Int
    let server: RawServer

    /// The head and body of one request; `nil` when the client is gone.
    func readRequest() -> RawRequest? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            if let request = RawRequest(bytes) { return request }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            server.count(received: count)
            bytes += buffer.prefix(count)
        }
    }

    /// Sends bytes; `false` when the client is gone.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                Glibc.send(
                    descriptor, raw.baseAddress?.advanced(by: sent), bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
            server.count(sent: count)
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send([UInt8](text.utf8)) }

    /// Sends a whole answer.
    func answer(_ status: String = "200 OK", type: String, headers: [String] = [], _ body: [UInt8]) {
        let lines =
            ["HTTP/1.1 \(status)", "Content-Type: \(type)", "Content-Length: \(body.count)"] + headers
        send([UInt8]((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
    }

    /// Says nothing until the client goes away.
    func hang() {
        var byte: UInt8 = 0
        while recv(descriptor, &byte, 1, 0) > 0 {}
    }
}

/// A request as it came.
struct RawRequest: Sendable {
    var line: String
    /// Names in lower case.
    var headers: [String: String] = [:]
    var body: [UInt8]

    /// Takes a request that is there whole; `nil` while more must come.
    init?(_ bytes: [UInt8]) {
        let separator = Array("\r\n\r\n".utf8)
        guard let end = bytes.firstRange(of: separator) else { return nil }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        var lines = head.components(separatedBy: "\r\n")
        line = lines.removeFirst()
        for text in lines {
            guard let colon = text.firstIndex(of: ":") else { continue }
            headers[text[..<colon].lowercased()] =
                text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        guard bytes.count - end.upperBound >= length else { return nil }
        body = Array(bytes[end.upperBound..<end.upperBound + length])
    }
}
