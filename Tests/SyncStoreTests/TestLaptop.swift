import SyncModel
import SyncStore
import SyncWire
import Testing

/// The least that a laptop must be to talk to a server: a log, a cursor, and the states it was sent.
///
/// A value of everything, so that copying it is what copying the laptop's database would be.
final class TestLaptop {
    let agency: TestAgency
    let staff: String
    let token: String
    let device: String
    var log = Log()

    /// What lies in the laptop's database.
    struct Log {
        var incarnation = Identifier(high: 0, low: 0)
        var entries: [(bytes: [UInt8], hash: ChainHash, change: Change)] = []
        var acknowledged: UInt64 = 0
        var epoch: UInt64 = 0
        var cursor: [UInt8] = []
        var heard: UInt64 = 0
        var states: [RecordID: RecordState] = [:]
        var keys: [RecordID: [ScopeKey]] = [:]
        var outcomes: [Dot: Disposition.Outcome] = [:]
        var times: [Dot: EffectiveTime] = [:]
        var notes: [RecordID: ConflictNotes] = [:]
        /// What is taken back, said with every request.
        var takenBack: [Withdrawal] = []
        var received = 0
        var receivedOwn = 0
        var left: [RecordID] = []
    }

    init(_ agency: TestAgency, staff: String, token: String, device: String) {
        self.agency = agency
        self.staff = staff
        self.token = token
        self.device = device
        log.incarnation = Identifier.version4(using: &agency.dice)
    }

    var clock: ClockReading {
        ClockReading(
            wallMicroseconds: agency.now, boot: Identifier(high: 1, low: 1), bootMicroseconds: agency.now)
    }

    /// What this laptop knows of a record: what it was sent, and what it wrote.
    func state(_ id: RecordID, _ table: String) -> RecordState {
        var state = log.states[id] ?? RecordState(table: table)
        for entry in log.entries where entry.change.record == id {
            state.merge(LiveChange(entry.change, effective: nil))
        }
        return state
    }

    /// Writes a change; whatever is not given is as an honest laptop would have it.
    @discardableResult
    func write(
        _ table: String, _ record: RecordID, _ writes: [RegisterWrite], author: String? = nil,
        context: Context? = nil, transaction: TransactionID? = nil
    ) -> Dot {
        let n = (log.entries.last?.change.dot.n ?? 0) + 1
        let change = Change(
            dot: Dot(log.incarnation, n), epoch: log.epoch, author: author ?? staff, table: table,
            record: record, writes: writes, context: context ?? state(record, table).context, clock: clock,
            transaction: transaction)
        let seed = (0..<12).map { _ in UInt8.random(in: 0...255, using: &agency.dice) }
        // Without the limits that an honest laptop keeps: it is the server that is tried here.
        let (frozen, bytes) = FrozenCodec.encode(unchecked: change, seed: seed)
        let hash = frozen.hash(after: log.entries.last?.hash ?? .zero)
        log.entries.append((bytes, hash, change))
        return change.dot
    }

    /// Starts over under a fresh incarnation, as a client does that was told to.
    func reidentify() {
        log.incarnation = Identifier.version4(using: &agency.dice)
        log.entries = []
        log.acknowledged = 0
    }

    func request(page: UInt32 = 1000, from first: UInt64? = nil, to last: UInt64 = .max) -> ExchangeRequest {
        let first = first ?? log.acknowledged + 1
        let before =
            first >= 2 && first - 2 < UInt64(log.entries.count) ? log.entries[Int(first - 2)].hash : .zero
        let offered = log.entries.filter { $0.change.dot.n >= first && $0.change.dot.n <= last }
        let said = offered.compactMap { entry in
            log.times[entry.change.dot].map {
                Disposition(dot: entry.change.dot, outcome: .applied, effective: $0)
            }
        }
        return ExchangeRequest(
            hello: Hello(
                protocols: 1...1, incarnation: log.incarnation, newest: UInt64(log.entries.count),
                newestHash: log.entries.last?.hash ?? .zero, firstUnsent: first, hashBefore: before,
                epoch: log.epoch, cursor: log.cursor, heard: log.heard, schema: 1, clock: clock,
                pageRecords: page),
            changes: offered.map(\.bytes), remembered: Remembered(said: said), withdrawals: log.takenBack)
    }

    func send(_ request: ExchangeRequest) throws -> ExchangeOutcome {
        let identity = try #require(try agency.store.device(token: token))
        return try agency.store.exchange(request, from: identity, now: agency.now)
    }

    /// Sends everything and fetches everything, a page at a time.
    @discardableResult
    func sync(page: UInt32 = 1000) throws -> [ExchangeOutcome] {
        var outcomes: [ExchangeOutcome] = []
        for _ in 0..<500 {
            let outcome = try send(request(page: page))
            outcomes.append(outcome)
            guard outcome.reply.welcome.verdict == .ok else { return outcomes }
            try apply(outcome.reply)
            if !outcome.reply.end.more { return outcomes }
        }
        Issue.record("a sync did not come to an end")
        return outcomes
    }

    func apply(_ reply: ExchangeReply) throws {
        log.epoch = reply.welcome.epoch
        log.acknowledged = reply.welcome.taken
        var times: [Dot: EffectiveTime] = [:]
        for disposition in reply.dispositions {
            log.outcomes[disposition.dot] = disposition.outcome
            times[disposition.dot] = disposition.effective
            if let time = disposition.effective { log.times[disposition.dot] = time }
        }
        for record in reply.records {
            switch record.body {
            case .state(let bytes):
                log.states[record.id] = try StateCodec.decode(bytes)
                log.received += 1
            case .own:
                let own = log.entries.filter { $0.change.record == record.id }
                var state = log.states[record.id] ?? RecordState(table: own.first?.change.table ?? "")
                for entry in own {
                    if let time = times[entry.change.dot] {
                        state.merge(LiveChange(entry.change, effective: time))
                    }
                }
                log.states[record.id] = state
                log.receivedOwn += 1
            }
            log.keys[record.id] = record.keys
            log.notes[record.id] = record.notes
        }
        for id in reply.leaves {
            log.states[id] = nil
            log.left.append(id)
        }
        let subscribed = Set(reply.welcome.keys)
        for (id, keys) in log.keys where subscribed.isDisjoint(with: keys) { log.states[id] = nil }
        log.cursor = reply.end.cursor
        log.heard = reply.end.heard
    }

    /// A digest of what it holds, as a replica would print.
    var digest: String {
        var digest = StateDigest()
        for (id, state) in log.states.sorted(by: { $0.key < $1.key }) {
            digest.add(id: id, table: state.table, state: StateCodec.encode(state))
        }
        return digest.text
    }
}
