import Foundation
import GRDB
import Synchronization
import SyncModel
import SyncStore

/// The server's side: the store, its files, its clock, and what passes its door.
final class Office: Sendable {
    /// A request on its way, or one that has come through.
    typealias Letter = (request: ExchangeRequest, token: String)

    struct State {
        var store: Store
        var path: String
        var domain: SimulatedDomain
        var files = 1
        var clockOffset: Int64 = 0
        /// Between which its clock was ever off.
        var offsets: ClosedRange<Int64> = 0...0
        /// The highest epoch ever begun: whoever restores a server knows it from the server's own papers.
        var epoch: UInt64 = 1
        /// Requests that passed, for sending again much later.
        var passed: [Letter] = []
        /// Requests that are held up on their way, and have not come through.
        var held: [Letter] = []
        var exchanges = 0
        var ledger = Ledger()
        var leak: String?
        var pages = 0
    }

    let time: TrueTime
    let folder: Folder
    private let defect: Defect?
    private let state: Mutex<State>

    init(_ time: TrueTime, _ folder: Folder, dice: Dice, founding: [FoundingRecord]) throws {
        self.time = time
        self.folder = folder
        defect = nil
        let path = folder.file("server-1.sqlite")
        let domain = SimulatedDomain(.current)
        var view = dice.generatorView
        let store = try Store.create(
            at: path, agency: Agency(name: "Harbor House", timeZone: "America/New_York"), founder: "AD01",
            founding: founding, domain: domain, now: time.look(), using: &view)
        state = Mutex(State(store: store, path: path, domain: domain))
    }

    /// A server that goes on with a file.
    init(_ time: TrueTime, _ folder: Folder, _ octets: Data, _ domain: SimulatedDomain, _ defect: Defect?)
        throws
    {
        self.time = time
        self.folder = folder
        self.defect = defect
        let path = folder.file("server-1.sqlite")
        try Folder.write(octets, to: path)
        state = Mutex(
            State(
                store: try Store.open(at: path, domain: domain, now: time.look()), path: path, domain: domain)
        )
    }

    var store: Store { state.withLock { $0.store } }
    var path: String { state.withLock { $0.path } }
    var exchanges: Int { state.withLock { $0.exchanges } }
    var domain: SimulatedDomain { state.withLock { $0.domain } }
    var offsets: ClosedRange<Int64> { state.withLock { $0.offsets } }
    /// What was sent to somebody who should not have it, if anything was.
    var leak: String? { state.withLock { $0.leak } }

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
            let clock = now + state.clockOffset
            let believed = defect == .trustedClock ? request.hello.clock.wallMicroseconds : clock
            let reply = try state.store.exchange(request, from: device, now: believed).reply
            state.epoch = max(state.epoch, reply.welcome.epoch)
            state.ledger.note(device.device, request, reply)
            try Self.inspect(reply, device, &state)
            return reply
        }
    }

    /// Nobody receives what is outside their scope, worked out anew from what the records say. Every few pages:
    /// it takes longer than the exchange.
    private static func inspect(
        _ reply: ExchangeReply, _ device: DeviceIdentity, _ state: inout State
    ) throws {
        guard !reply.records.isEmpty, !reply.welcome.keys.contains("all") else { return }
        state.pages += 1
        guard state.pages % 5 == 0 else { return }
        let server = try ServerView(path: state.path, state.domain, isWhole: false)
        let keys = server.subscriptions(of: device.staff, device: device.device)
        if Set(reply.welcome.keys) != keys {
            state.leak = "\(device.device) is told \(reply.welcome.keys), and should be told \(keys.sorted())"
        }
        for record in reply.records {
            let own = server.keys[record.id] ?? []
            if !own.isEmpty, own.isDisjoint(with: keys) {
                state.leak =
                    "\(device.device) was sent \(record.id.text.suffix(4)), which lies under \(own.sorted())"
            }
        }
    }

    /// What a laptop with this cursor was given.
    func given(_ device: String, _ cursor: [UInt8]) -> Set<RecordID>? {
        state.withLock { $0.ledger.held(device, cursor) }
    }

    // MARK: What comes late

    func hold(_ request: ExchangeRequest, token: String) {
        state.withLock { $0.held.append((request, token)) }
    }

    /// An old request arrives once more; nobody waits for its answer.
    func deliverAgain(_ dice: Dice) -> String {
        let passed = state.withLock { $0.passed }
        guard let old = dice.pick(passed) else { return "there is no request to repeat" }
        return deliver(old)
    }

    /// A request that was held up arrives, out of turn.
    func deliverHeld(_ dice: Dice) -> String {
        let late = state.withLock { $0.held.isEmpty ? nil : $0.held.remove(at: dice.below($0.held.count)) }
        guard let late else { return "nothing is held up" }
        return deliver(late)
    }

    private func deliver(_ letter: Letter) -> String {
        let what = "\(letter.request.changes.count) changes from \(letter.request.hello.firstUnsent) on"
        do {
            let reply = try answer(letter.request, token: letter.token)
            return "\(what), and the answer is \(reply.welcome.verdict)"
        } catch {
            return "\(what), and the answer is \(error)"
        }
    }

    /// The letters that passed, oldest first.
    var passed: [Letter] { state.withLock { $0.passed } }

    // MARK: What befalls it

    func jump(by microseconds: Int64) {
        state.withLock {
            $0.clockOffset += microseconds
            let now = $0.clockOffset
            $0.offsets = min($0.offsets.lowerBound, now)...max($0.offsets.upperBound, now)
        }
    }

    /// The process dies, and its files are opened again as they lay on the disk.
    func crash() throws {
        let now = time.look()
        try state.withLock { try Self.move(&$0, folder, from: $0.path, now) }
    }

    /// Its program is replaced by a newer one.
    func upgrade() throws {
        let now = time.look()
        try state.withLock {
            $0.domain = SimulatedDomain(.next, $0.domain.laxity, isWide: $0.domain.isWide)
            try Self.move(&$0, folder, from: $0.path, now)
        }
    }

    func retire(_ device: String) throws { try store.retire(device: device, now: time.look()) }

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
            state.ledger.clear()
            try Self.move(&state, folder, from: folder.file(name), now)
        }
    }

    private static func move(_ state: inout State, _ folder: Folder, from source: String, _ now: Int64) throws
    {
        state.files += 1
        let path = folder.file("server-\(state.files).sqlite")
        try Folder.copy(source, to: path)
        state.store = try Store.open(at: path, domain: state.domain, now: now)
        state.path = path
    }
}
