import SyncModel
import SyncTransport
import Synchronization

/// The server, as the verbs that need it see it.
protocol ServerLink: ExchangePeer, VerifyPeer {
    /// Trades a one-time code for a device's token.
    func enrol(_ request: EnrolRequest) async throws -> EnrolReply
    /// What was ever written into a record, a page at a time.
    func history(_ request: HistoryRequest) async throws -> HistoryPage
    /// Where what stands in some records was written, and when it reached the server; one for each of them.
    func origins(of records: [RecordID]) async throws -> [ConflictNotes]
    /// Asks about quarantine, or decides.
    func quarantine(_ request: QuarantineRequest) async throws -> QuarantineReply
    /// What has gone over the wire so far, headers included.
    var traffic: Traffic { get }
}

/// Bytes on the wire.
struct Traffic: Hashable, Sendable {
    var up = 0
    var down = 0
}

/// A server reached over HTTP, with its bytes counted.
final class HTTPLink: ServerLink {
    private let peer: HTTPPeer
    private let counted = Mutex(Traffic())

    init(_ options: HTTPPeer.Options) throws { peer = try HTTPPeer(options) }

    var traffic: Traffic { counted.withLock { $0 } }

    func exchange(_ request: ExchangeRequest) async throws -> ExchangeReply {
        try await counting { try await self.peer.exchange(request) }
    }

    func verify(_ request: VerifyRequest) async throws -> VerifyReply {
        try await counting { try await self.peer.verify(request) }
    }

    func quarantine(_ request: QuarantineRequest) async throws -> QuarantineReply {
        try await counting { try await self.peer.quarantine(request) }
    }

    func history(_ request: HistoryRequest) async throws -> HistoryPage {
        try await counting { try await self.peer.history(request) }
    }

    func origins(of records: [RecordID]) async throws -> [ConflictNotes] {
        try await counting { try await self.peer.origins(of: records) }
    }

    func enrol(_ request: EnrolRequest) async throws -> EnrolReply { try await peer.enrol(request) }

    private func counting<Reply>(_ ask: () async throws -> Reply) async throws -> Reply {
        do {
            let reply = try await ask()
            await count()
            return reply
        } catch {
            await count()
            throw error
        }
    }

    private func count() async {
        guard let transfer = await peer.lastTransfer else { return }
        counted.withLock {
            $0.up += transfer.bytesUp
            $0.down += transfer.bytesDown
        }
    }
}
