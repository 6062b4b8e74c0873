import Foundation
import Glibc
import Synchronization

/// Something that listens on loopback and is no Porchlight server.
final class FalseServer: Sendable {
    /// What it does with whoever connects.
    enum Manner {
        /// Answers every request with these octets, and hangs up.
        case says(String)
        /// Hangs up as soon as somebody is there.
        case hangsUp
    }

    let port: UInt16
    private let listener: Int32
    private let met = Mutex(0)
    private let isStopped = Mutex(false)

    /// - Parameter port: Where to listen; 0 takes a free port.
    init(on port: UInt16 = 0, _ manner: Manner) throws {
        let (listener, port) = try Loopback.listen(on: port)
        self.listener = listener
        self.port = port
        Thread.detachNewThread { [weak self, listener] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                self?.met.withLock { $0 += 1 }
                if case .says(let answer) = manner { Self.converse(connection, answer) }
                // Before closing, because a child started just now may hold the connection too.
                shutdown(connection, Int32(SHUT_RDWR))
                close(connection)
            }
            close(listener)
        }
    }

    deinit { stop() }

    /// How many have connected.
    var connections: Int { met.withLock { $0 } }

    /// Listens no more. Only the first call does anything: after it the descriptor's number is free, and
    /// may soon be another server's.
    func stop() {
        let isFirst = isStopped.withLock { stopped in
            defer { stopped = true }
            return !stopped
        }
        if isFirst { shutdown(listener, Int32(SHUT_RDWR)) }
    }

    /// Reads one request to its end, and answers it.
    private static func converse(_ connection: Int32, _ answer: String) {
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        var request = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !isWhole(request) {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            request += String(decoding: buffer.prefix(count), as: Unicode.ASCII.self)
        }
        let octets = Array(answer.utf8)
        send(connection, octets, octets.count, Int32(MSG_NOSIGNAL))
        shutdown(connection, Int32(SHUT_WR))
        // Closing with something unread would take the answer back.
        while recv(connection, &buffer, buffer.count, 0) > 0 {}
    }

    private static func isWhole(_ request: String) -> Bool {
        guard let head = request.firstRange(of: "\r\n\r\n") else { return false }
        let length = request[..<head.lowerBound].split(separator: "\r\n").lazy
            .filter { $0.lowercased().hasPrefix("content-length:") }
            .compactMap { Int($0.drop { !$0.isNumber }) }.first
        guard let length else { return request.hasSuffix("0\r\n\r\n") }
        return request[head.upperBound...].unicodeScalars.count >= length
    }
}
