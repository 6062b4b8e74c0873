import SyncModel

/// A laptop in memory: confirmed states, its own log, and how much of that the server has.
struct ToyDevice {
    /// A record as the server last sent it.
    struct Held {
        var state: RecordState
        var keys: Int
        /// Not yet mentioned by a new epoch.
        var isStale = false
    }

    let index: Int
    let rules: Rules
    private(set) var incarnation: Incarnation
    private var newest: UInt64 = 0
    private var previous: UInt64 = 0
    var epoch = 0
    var cursor = [Int?](repeating: nil, count: ToyServer.keyCount)
    var held = [Held?](repeating: nil, count: ToyServer.recordCount)
    private(set) var own: [Entry] = []
    private(set) var sent = 0

    init(index: Int, rules: Rules, incarnation: Incarnation) {
        self.index = index
        self.rules = rules
        self.incarnation = incarnation
    }

    var pending: ArraySlice<Entry> { own[sent...] }

    /// What is shown: confirmed merged with pending.
    func state(_ record: Int) -> RecordState {
        var state = held[record]?.state ?? RecordState(table: "thing")
        for entry in pending where entry.record == record { state = rules.join(state, [entry.change]) }
        return state
    }

    /// What a write of this record has read: what is shown, and every own write, wherever it went.
    private func read(_ record: Int, _ oracle: CausalOracle) -> (context: Context, past: Set<Dot>) {
        var context = Context()
        var past = Set<Dot>()
        var changes = state(record).live
        for entry in changes.compactMap({ oracle.entry(of: $0) }) + own.filter({ $0.record == record }) {
            past.formUnion(entry.past)
            past.insert(entry.dot)
        }
        if rules.mistake != .forgetsOwnWrites {
            changes += own.filter { $0.record == record }.map(\.change)
        }
        for change in changes {
            if rules.mistake != .contextNotTransitive { context.formUnion(change.context) }
            context.include(change.dot)
        }
        return (context, past)
    }

    mutating func write(
        _ record: Int, _ writes: [RegisterWrite], claimed: Int64, unread: Context?,
        _ oracle: inout CausalOracle
    ) -> Entry {
        var (context, past) = read(record, oracle)
        if let unread { context.formUnion(unread) }
        if rules.mistake == .readsNothing { context = Context() }
        newest += 1
        let change = LiveChange(
            dot: Dot(incarnation, newest), author: "PS0\(index)", writes: writes, context: context,
            effective: nil, deviceMicroseconds: oracle.nextSerial)
        let entry = Entry(
            record: record, change: change, past: past, claimed: claimed, previous: previous)
        append(entry, &oracle)
        return entry
    }

    private mutating func append(_ entry: Entry, _ oracle: inout CausalOracle) {
        previous = entry.hash
        own.append(entry)
        oracle.note(entry)
    }

    /// The server durably has my next change.
    ///
    /// It joins the confirmed state of a record that is held. Of one that is not held, the page brings the
    /// whole if it is in scope, and nothing is kept if it is not.
    mutating func taken(_ effective: EffectiveTime) {
        own[sent].change.effective = effective
        let entry = own[sent]
        sent += 1
        if let before = held[entry.record] {
            held[entry.record]?.state = rules.join(before.state, [entry.change])
        }
    }

    /// This database is a copy. What the server does not know of is issued anew under a fresh identity,
    /// having read no more than this database really knew.
    mutating func reissue(above agreed: UInt64, _ oracle: inout CausalOracle) {
        let old = incarnation
        let rest = own.filter { $0.dot.incarnation == old && $0.dot.n > agreed }
        own.removeAll { $0.dot.incarnation == old && $0.dot.n > agreed }
        sent = own.count
        (incarnation, newest, previous) = (oracle.freshIncarnation(), 0, 0)
        var renamed: [Dot: Dot] = [:]
        for entry in rest {
            newest += 1
            var context = entry.change.context.clipped(old, to: agreed)
            let mine = renamed.filter { entry.past.contains($0.key) }.map(\.value.n)
            context.include(Dot(incarnation, mine.max() ?? 0))
            var change = entry.change
            change.dot = Dot(incarnation, newest)
            change.context = context
            change.effective = nil
            change.deviceMicroseconds = oracle.nextSerial
            renamed[entry.dot] = change.dot
            oracle.withdraw(entry.dot)
            append(
                Entry(
                    record: entry.record, change: change, past: Set(entry.past.map { renamed[$0] ?? $0 }),
                    claimed: entry.claimed, previous: previous), &oracle)
        }
    }
}
