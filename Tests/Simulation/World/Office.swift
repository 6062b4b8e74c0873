import Foundation
import Synchronization
import SyncModel
import SyncStore

/// The server's side: the store, its files, its clock, and what passes its door.
final class Office: Sendable {
    /// A request on its way, or one that has come through.
    typealias Letter = (request: ExchangeRequest, token: String)

    struct State {
        var store: Store
        /// Whether it serves: not while it is being put back.
        var isOpen = true
        /// The folder of its database and journals.
        var home: String
        var domain: SimulatedDomain
        var homes = 1
        var clockOffset: Int64 = 0
        /// Between which its clock was ever off.
        var offsets: ClosedRange<Int64> = 0...0
        /// The highest epoch that anybody was ever told.
        var epoch: UInt64 = 1
        /// How far the log had come in each epoch when the database was lost.
        var lost: [UInt64: Int] = [:]
        /// The epochs that ended with an older file that somebody copied into the database's place.
        var lostByHand: Set<UInt64> = []
        /// Requests that passed, for sending again much later.
        var passed: [Letter] = []
        /// Requests that are held up on their way, and have not come through.
        var held: [Letter] = []
        var exchanges = 0
        var ledger = Ledger()
        var fault: Broken?
        var pages = 0

        /// Keeps a request that came through, and that may come once more. One over which the server broke off before
        /// it had taken it did not come through: it would be one that comes late for the first time.
        mutating func pass(_ letter: Letter) {
            passed.append(letter)
            if passed.count > 24 { passed.removeFirst() }
        }
    }

    let time: TrueTime
    let folder: Folder
    let crashPoint = CrashPoint<StoreStep>()
    /// At which points it broke off, and what else befell it.
    let crashes = Tally()
    let tally: Tally
    let defect: Defect?
    let state: Mutex<State>

    static let foundOut = "restore found out"
    static let foundOutByHand = "restore by hand found out"
    static let overtakenOnce = "restore found out, overtaken once"
    static let overtakenTwice = "restore found out, overtaken twice"
    static let brokeOffHealing = "server broke off while it was healed"

    static func database(in home: String) -> String { "\(home)/server.sqlite" }

    init(_ time: TrueTime, _ folder: Folder, dice: Dice, founding: [FoundingRecord]) throws {
        self.time = time
        self.folder = folder
        defect = nil
        tally = Tally()
        let home = try folder.folder("server-1")
        let domain = SimulatedDomain(.current)
        var view = dice.generatorView
        let store = try Store.create(
            at: Self.database(in: home), agency: Agency(name: "Harbor House", timeZone: "America/New_York"),
            founder: "AD01", founding: founding, domain: domain, now: time.look(), using: &view)
        state = Mutex(State(store: store, home: home, domain: domain))
    }

    /// A server that goes on with the files of another.
    init(
        _ time: TrueTime, _ folder: Folder, _ files: [String: Data], _ domain: SimulatedDomain,
        _ tally: Tally,
        _ defect: Defect?
    ) throws {
        self.time = time
        self.folder = folder
        self.tally = tally
        self.defect = defect
        let home = try folder.folder("server-1")
        for (name, octets) in files { try Folder.write(octets, to: "\(home)/\(name)") }
        let store = try Store.open(
            at: Self.database(in: home), domain: domain, now: time.look(),
            reached: Self.reached(crashPoint, home, losesLog: defect == .lateDisk))
        state = Mutex(State(store: store, home: home, domain: domain))
    }

    var store: Store { state.withLock { $0.store } }
    var path: String { state.withLock { Self.database(in: $0.home) } }
    var exchanges: Int { state.withLock { $0.exchanges } }
    var domain: SimulatedDomain { state.withLock { $0.domain } }
    var offsets: ClosedRange<Int64> { state.withLock { $0.offsets } }
    var epoch: UInt64 { state.withLock { $0.epoch } }
    /// A promise that was seen to be broken at its door, if one was.
    var fault: Broken? { state.withLock { $0.fault } }

    /// Answers one request that has come through.
    ///
    /// - Throws: as the store does; `stalled` when it broke off over it, and was started again.
    func answer(_ request: ExchangeRequest, token: String) throws -> ExchangeReply {
        let now = time.look()
        return try state.withLock { state in
            guard let device = try state.store.device(token: token) else {
                throw SyncError(.unauthorized, "the server does not know this laptop")
            }
            state.exchanges += 1
            let clock = now + state.clockOffset
            let believed = defect == .trustedClock ? request.hello.clock.wallMicroseconds : clock
            let reply: ExchangeReply
            do {
                let sent = try state.store.exchange(request, from: device, now: believed).reply
                reply = try strayed(sent, device, state)
            } catch let crash as ServerCrash {
                if isHealing(request, state) { tally.note(Self.brokeOffHealing) }
                if crash.step.isCommitted { state.pass((request, token)) }
                try recover(from: crash, &state)
                throw SyncError(
                    .stalled,
                    "the server broke off at \"\(crash.step.rawValue)\" and was started again, no answer came"
                )
            }
            state.pass((request, token))
            try note(reply, to: request, &state)
            state.ledger.note(device.device, request, reply)
            try inspect(reply, device, &state)
            return reply
        }
    }

    /// Whether a request is part of bringing a restored server back what it has lost.
    private func isHealing(_ request: ExchangeRequest, _ state: State) -> Bool {
        let remembered = request.remembered
        return request.hello.epoch != 0 && request.hello.epoch < state.epoch || request.hello.asksMarks
            || !remembered.said.isEmpty || !remembered.kept.isEmpty || !remembered.held.isEmpty
    }

    /// Notes the epoch that an answer names, and of a laptop that hears of a restore, how often the server had gone
    /// past what it lost: the laptop's own work then stands where other work stood.
    private func note(_ reply: ExchangeReply, to request: ExchangeRequest, _ state: inout State) throws {
        let (epoch, known) = (reply.welcome.epoch, request.hello.epoch)
        state.epoch = max(state.epoch, epoch)
        guard known != 0, known != epoch else { return }
        let log = try state.store.figures().changes
        let losses = state.lost.filter { $0.key >= known }.sorted { $0.key < $1.key }.map(\.value)
        let reached = losses.dropFirst() + [log]
        let overtaken = zip(losses, reached).count { $0 > 0 && $1 >= $0 }
        tally.note(Self.foundOut)
        if state.lostByHand.contains(where: { $0 >= known }) { tally.note(Self.foundOutByHand) }
        if overtaken > 0 { tally.note(overtaken == 1 ? Self.overtakenOnce : Self.overtakenTwice) }
    }

    /// Nobody receives what is outside their scope, worked out anew from what the records say. Every few pages:
    /// it takes longer than the exchange.
    private func inspect(_ reply: ExchangeReply, _ device: DeviceIdentity, _ state: inout State) throws {
        guard !reply.records.isEmpty, !reply.welcome.keys.contains("all") else { return }
        state.pages += 1
        guard state.pages % 5 == 0 else { return }
        let server = try ServerView(
            path: Self.database(in: state.home), state.domain, isWhole: false)
        let keys = server.subscriptions(of: device.staff, device: device.device)
        if Set(reply.welcome.keys) != keys {
            state.fault =
                state.fault
                ?? Broken(
                    "scope",
                    "the server gives \(device.device) \(Naming.list(reply.welcome.keys)), and should give it "
                        + Naming.list(keys))
        }
        for record in reply.records {
            let own = server.keys[record.id] ?? []
            if !own.isEmpty, own.isDisjoint(with: keys) {
                state.fault =
                    state.fault
                    ?? Broken(
                        "scope",
                        "\(device.device) was sent \(record.id.text.suffix(4)), which lies under \(own.sorted())"
                    )
            }
        }
    }

    /// A defect: a page brings a record that lies under none of the laptop's keys.
    private func strayed(
        _ reply: ExchangeReply, _ device: DeviceIdentity, _ state: State
    ) throws -> ExchangeReply {
        guard defect == .strayRecord, !reply.records.isEmpty, !reply.welcome.keys.contains("all") else {
            return reply
        }
        let server = try ServerView(path: Self.database(in: state.home), state.domain, isWhole: false)
        var strayed = reply
        for (id, record) in server.records.sorted(by: { $0.key < $1.key }) {
            let keys = server.keys[id] ?? []
            guard !keys.isEmpty, keys.isDisjoint(with: reply.welcome.keys) else { continue }
            // Whoever reads the page sees nothing wrong with it: the key is one of theirs.
            strayed.records.append(
                PageRecord(id: id, keys: Array(reply.welcome.keys.prefix(1)), body: .state(record.bytes)))
            break
        }
        return strayed
    }

    /// What a laptop with this cursor was given.
    func given(_ device: String, _ cursor: [UInt8]) -> Set<RecordID>? {
        state.withLock { $0.ledger.held(device, cursor) }
    }

    func jump(by microseconds: Int64) {
        state.withLock {
            $0.clockOffset += microseconds
            let now = $0.clockOffset
            $0.offsets = min($0.offsets.lowerBound, now)...max($0.offsets.upperBound, now)
        }
    }
}
