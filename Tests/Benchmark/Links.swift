import Foundation
import PeerSupport
import SyncModel
import SyncReplica
import SyncStore
import SyncTransport
import SyncWire

/// A link that counts what goes over the wire, headers included.
actor CountingLink: ExchangePeer {
    private let peer: HTTPPeer
    private(set) var bytesUp = 0
    private(set) var bytesDown = 0
    private(set) var exchanges = 0
    private(set) var lastUp = 0
    private(set) var lastDown = 0

    init(_ enrolment: Enrolment) throws {
        peer = try HTTPPeer(
            .init(server: enrolment.server, allowPlainHTTP: true, token: enrolment.token))
    }

    func exchange(_ request: ExchangeRequest) async throws -> ExchangeReply {
        let reply = try await peer.exchange(request)
        if let transfer = await peer.lastTransfer {
            lastUp = transfer.bytesUp
            lastDown = transfer.bytesDown
            bytesUp += lastUp
            bytesDown += lastDown
        }
        exchanges += 1
        return reply
    }
}

/// The server's own work without a socket: decoding, the store's rules and disk, encoding. It is timed.
actor TimedStore: ExchangePeer {
    private let store: Store
    private let device: DeviceIdentity
    private(set) var milliseconds = 0.0

    init(_ store: Store, token: String) throws {
        self.store = store
        guard let device = try store.device(token: token) else { throw Trouble("an unknown device") }
        self.device = device
    }

    func exchange(_ request: ExchangeRequest) async throws -> ExchangeReply {
        let sent = try ExchangeCodec.encode(request)
        var answer: [UInt8] = []
        let now = request.hello.clock.wallMicroseconds
        milliseconds += try spent {
            let request = try ExchangeCodec.decode(request: sent)
            let outcome = try store.exchange(request, from: device, now: now)
            answer = try ExchangeCodec.encode(outcome.reply)
        }
        return try ExchangeCodec.decode(reply: answer)
    }

    private func spent(_ body: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        try body()
        let spent = (clock.now - start).components
        return Double(spent.seconds) * 1000 + Double(spent.attoseconds) / 1e15
    }
}
