import Foundation
import Glibc
import Synchronization

/// A connection as a hillside gives it: slow, far, lossy, and now and then gone. It lies between a laptop and its
/// server, listens on a port of its own, and passes on what comes, late.
final class BadLink: Sendable {
    /// How bad it is.
    struct Manner: Sendable {
        /// Bytes a second, each way; `nil` for as fast as the machine is.
        var bytesPerSecond: Double?
        /// Seconds there and back.
        var roundTrip = 0.0
        /// How many of the packets are lost. What follows a lost one waits until it was sent again: a round trip, and
        /// twice as long each time that it is lost again.
        var loss = 0.0
        /// After about how many bytes a connection is reset; `nil` for never.
        var bytesToReset: Int?

        /// A link on which nothing is wrong.
        static let clean = Manner()
        /// What the field has: 50 kbit/s, 600 ms, one packet in five lost.
        static let hillside = Manner(
            bytesPerSecond: 50_000 / 8, roundTrip: 0.6, loss: 0.2, bytesToReset: 16_000)
    }

    /// What went over it.
    struct Figures: Sendable {
        var connections = 0
        /// Connections that were reset in the middle.
        var cuts = 0
        var bytesUp = 0
        var bytesDown = 0
    }

    private struct State {
        var manner = Manner.clean
        var figures = Figures()
        var isStopped = false
    }

    let port: UInt16
    private let listener: Int32
    private let seed: UInt64
    private let target: UInt16
    private let state = Mutex(State())

    /// Leads to a port of this machine; clean at first.
    init(to target: UInt16, seed: UInt64) throws {
        (listener, port) = try Loopback.listen(on: 0)
        self.seed = seed
        self.target = target
        Thread.detachNewThread { [weak self, listener] in
            while true {
                let near = accept(listener, nil, nil)
                guard near >= 0 else { break }
                _ = fcntl(near, F_SETFD, FD_CLOEXEC)
                guard let self, let passage = self.begin(near) else {
                    close(near)
                    continue
                }
                Thread.detachNewThread { [weak self] in
                    var passage = passage
                    passage.carry { change in self?.state.withLock { change(&$0.figures) } }
                }
            }
            close(listener)
        }
    }

    deinit { stop() }

    var figures: Figures { state.withLock { $0.figures } }

    /// Lets connections that begin from now on be as bad as this. Those that are open stay as they are.
    func become(_ manner: Manner) { state.withLock { $0.manner = manner } }

    /// Listens no more.
    func stop() {
        let isFirst = state.withLock { state in
            defer { state.isStopped = true }
            return !state.isStopped
        }
        if isFirst { shutdown(listener, Int32(SHUT_RDWR)) }
    }

    private func begin(_ near: Int32) -> Passage? {
        guard let far = try? Loopback.connect(to: target) else { return nil }
        return state.withLock { state in
            state.figures.connections += 1
            let dice = Seeded(seed &+ UInt64(state.figures.connections) &* 0x9e37_79b9)
            return Passage(near: near, far: far, manner: state.manner, dice: dice)
        }
    }
}

/// One connection over a bad link.
private struct Passage {
    /// One direction: what lies on the line, and when it arrives.
    private struct Lane {
        let from: Int32
        let to: Int32
        var line: [(due: Double, bytes: [UInt8])] = []
        /// When the line's near end is free again.
        var free: Double
        var hasEnded = false
        var isClosed = false

        /// A router keeps so many packets; then the sender has to wait.
        var takesMore: Bool { !hasEnded && line.count < 24 }
    }

    /// Bytes in one packet.
    private static let packet = 1_400

    private let manner: BadLink.Manner
    private var dice: Seeded
    private var lanes: [Lane]
    private var bytesLeft: Int?

    init(near: Int32, far: Int32, manner: BadLink.Manner, dice: Seeded) {
        self.manner = manner
        self.dice = dice
        // The connection itself took a round trip, which the system did not wait for.
        let begin = Self.now + manner.roundTrip
        lanes = [Lane(from: near, to: far, free: begin), Lane(from: far, to: near, free: begin)]
        bytesLeft = manner.bytesToReset.map { self.dice.below(2 * $0) }
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Passes on until both ends have said all, or the connection breaks.
    ///
    /// - Parameter note: Takes what is to be counted.
    mutating func carry(_ note: (_ change: (inout BadLink.Figures) -> Void) -> Void) {
        defer { for lane in lanes { close(lane.from) } }
        while !lanes.allSatisfy(\.isClosed) {
            for place in lanes.indices {
                guard deliver(place, note) else { return }
            }
            wait()
            for place in lanes.indices where lanes[place].takesMore {
                guard take(place) else { return reset() }
            }
        }
    }

    /// Hands over what has arrived.
    ///
    /// - Returns: whether the connection still stands.
    private mutating func deliver(
        _ place: Int, _ note: (_ change: (inout BadLink.Figures) -> Void) -> Void
    ) -> Bool {
        while let first = lanes[place].line.first, first.due <= Self.now {
            lanes[place].line.removeFirst()
            let count = first.bytes.count
            note { if place == 0 { $0.bytesUp += count } else { $0.bytesDown += count } }
            if let left = bytesLeft {
                bytesLeft = left - count
                if left < count {
                    note { $0.cuts += 1 }
                    reset()
                    return false
                }
            }
            guard send(lanes[place].to, first.bytes, count, Int32(MSG_NOSIGNAL)) == count else {
                reset()
                return false
            }
        }
        if lanes[place].hasEnded, lanes[place].line.isEmpty, !lanes[place].isClosed {
            shutdown(lanes[place].to, Int32(SHUT_WR))
            lanes[place].isClosed = true
        }
        return true
    }

    /// Waits until somebody says something or something arrives.
    private func wait() {
        var polls = lanes.map { pollfd(fd: $0.takesMore ? $0.from : -1, events: Int16(POLLIN), revents: 0) }
        let next = lanes.compactMap { $0.line.first?.due }.min()
        let milliseconds = next.map { Int32(max(0, min(1_000, (($0 - Self.now) * 1_000).rounded(.up)))) }
        poll(&polls, nfds_t(polls.count), milliseconds ?? 1_000)
    }

    /// Puts on the line what is there.
    ///
    /// - Returns: whether the connection still stands.
    private mutating func take(_ place: Int) -> Bool {
        var buffer = [UInt8](repeating: 0, count: Self.packet)
        let count = recv(lanes[place].from, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        if count == 0 { lanes[place].hasEnded = true }
        guard count > 0 else { return count == 0 || errno == EAGAIN || errno == EINTR }
        var sent = max(Self.now, lanes[place].free)
        if let rate = manner.bytesPerSecond { sent += Double(count) / rate }
        var again = manner.roundTrip
        while dice.happens(manner.loss), again < 16 * manner.roundTrip {
            sent += again
            again *= 2
        }
        lanes[place].free = sent
        lanes[place].line.append((sent + manner.roundTrip / 2, Array(buffer[..<count])))
        return true
    }

    /// Breaks the connection for both, as when a router forgets it.
    private func reset() {
        for lane in lanes {
            var hard = linger(l_onoff: 1, l_linger: 0)
            setsockopt(lane.from, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
        }
    }
}
