import GRDB
import PeerSupport
import Synchronization
import SyncModel
import SyncStore

/// The server's side: the store, its files, its clock, and what passes its door.
final class Office: Sendable {
    struct State {
        var store: Store
        var path: String
        var files = 1
        var clockOffset: Int64 = 0
        /// The highest epoch ever begun: whoever restores a server knows it from the server's own papers.
        var epoch: UInt64 = 1
        /// Requests that passed, for sending again much later.
        var passed: [(request: ExchangeRequest, token: String)] = []
        var exchanges = 0
    }

    let time: TrueTime
    let folder: Folder
    private let state: Mutex<State>

    init(_ time: TrueTime, _ folder: Folder, dice: Dice, founding: [FoundingRecord]) throws {
        self.time = time
        self.folder = folder
        let path = folder.file("server-1.sqlite")
        var view = dice.generatorView
        let store = try Store.create(
            at: path, agency: Agency(name: "Harbor House", timeZone: "America/New_York"), founder: "AD01",
            founding: founding, domain: PeerSupportDomain(), now: time.look(), using: &view)
        state = Mutex(State(store: store, path: path))
    }

    var store: Store { state.withLock { $0.store } }
    var path: String { state.withLock { $0.path } }
    var exchanges: Int { state.withLock { $0.exchanges } }

    /// Answers one request that has come through.
    func answer(_ request: ExchangeRequest, token: String) throws -> ExchangeReply {
        let now = time.look()
        return try state.withLock { state in
            guard let device = try state.store.device(token: token) else {
                throw SyncError(.unauthorized, "the server does not know this laptop")
            }
            state.exchanges += 1
            state.passed.append((request, token))
            if state.passed.count > 24 { state.passed.removeFirst() }
            let reply = try state.store.exchange(request, from: device, now: now + state.clockOffset).reply
            state.epoch = max(state.epoch, reply.welcome.epoch)
            return reply
        }
    }

    /// An old request arrives once more; nobody waits for its answer.
    func deliverAgain(_ dice: Dice) -> String {
        let passed = state.withLock { $0.passed }
        guard let old = dice.pick(passed) else { return "no request to repeat" }
        do {
            let reply = try answer(old.request, token: old.token)
            return "\(old.request.changes.count) old changes: \(reply.welcome.verdict)"
        } catch {
            return "an old request: \(error)"
        }
    }

    func jump(by microseconds: Int64) { state.withLock { $0.clockOffset += microseconds } }

    /// The process dies, and its files are opened again as they lay on the disk.
    func crash() throws {
        let now = time.look()
        try state.withLock { try Self.move(&$0, folder, from: $0.path, now) }
    }

    func backup(as name: String) throws {
        try state.withLock { try Folder.copy($0.path, to: folder.file(name)) }
    }

    /// The server is put back; a declared restore begins an epoch that was never used before.
    func restore(_ name: String, declared: Bool) throws {
        let now = time.look()
        try state.withLock { state in
            if declared {
                state.epoch += 1
                let queue = try DatabaseQueue(path: folder.file(name))
                let epoch = Int64(state.epoch)
                try queue.write { try $0.execute(sql: "UPDATE agency SET epoch = ?", arguments: [epoch]) }
                try queue.close()
            }
            try Self.move(&state, folder, from: folder.file(name), now)
        }
    }

    private static func move(_ state: inout State, _ folder: Folder, from source: String, _ now: Int64) throws
    {
        state.files += 1
        let path = folder.file("server-\(state.files).sqlite")
        try Folder.copy(source, to: path)
        state.store = try Store.open(at: path, domain: PeerSupportDomain(), now: now)
        state.path = path
    }
}
