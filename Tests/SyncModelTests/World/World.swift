import SyncModel

/// One schedule from one seed: devices write, sync and fail; then the faults stop, and all is checked.
struct World {
    static let registers = ["a", "b", "c", deletedRegister]

    let faults: Faults
    let rules: Rules
    var random: SeededGenerator
    var oracle: CausalOracle
    var server: ToyServer
    var devices: [ToyDevice] = []
    private var backup: ToyServer?
    private var restores = 0
    private var clones: [ToyDevice?] = []
    private var bundles: [[Entry]] = []
    /// What the first check that fails says.
    var violation: String?
    /// Every check that fails.
    private(set) var failed: Set<Check> = []
    /// What happened, kept only when asked for.
    let trace: Trace?
    /// What actually occurred, so that a test can tell that a family exercises what it names.
    private(set) var tally = Tally()

    init(seed: UInt64, faults: Faults, mistake: Mistake? = nil, tracing: Bool = false) {
        self.faults = faults
        let rules = Rules(mistake: mistake)
        self.rules = rules
        var random = SeededGenerator(seed: seed)
        var oracle = CausalOracle()
        trace = tracing ? Trace() : nil
        let everything = 1 << ToyServer.keyCount - 1
        let scoped = faults.contains(.scope) || faults.contains(.subscriptions)
        let keys = (0..<ToyServer.recordCount).map { _ in scoped ? 1 + random.below(everything) : 1 }
        let count = 2 + random.below(3)
        let subscriptions = (0..<count).map { _ in
            scoped && random.chance(60) ? random.below(everything) + 1 : everything
        }
        server = ToyServer(rules: rules, keys: keys, subscriptions: subscriptions)
        for index in 0..<count {
            devices.append(ToyDevice(index: index, rules: rules, incarnation: oracle.freshIncarnation()))
        }
        self.oracle = oracle
        self.random = random
        clones = devices.map { _ in nil }
        trace?.note("keys \(keys), subscriptions \(subscriptions)")
    }

    mutating func count(conflicts: Int, contested: Int) {
        tally.conflicts += conflicts
        tally.contested += contested
    }

    mutating func fail(_ check: Check, _ what: String) {
        failed.insert(check)
        if violation == nil {
            violation = what
            trace?.note("FAILED: \(what)")
        }
    }

    /// Runs the schedule to its end; `nil` if every check held.
    mutating func run(steps: Int = 60) -> String? {
        for step in 0..<steps where violation == nil { act(Int64(step)) }
        if violation == nil { settle() }
        if violation == nil { check() }
        return violation
    }

    private mutating func act(_ now: Int64) {
        let who = random.below(devices.count)
        switch random.below(100) {
        case ..<38: write(who, now)
        case ..<53: push(who, atMost: 1 + random.below(3))
        case ..<70: pull(who, limit: [1, 2, 50][random.below(3)])
        case ..<76 where faults.contains(.scope):
            let (record, keys) = (random.below(ToyServer.recordCount), 1 + random.below(7))
            server.move(record, to: keys)
            tally.moves += 1
            trace?.note("record \(record) moves to keys \(keys)")
        case ..<81 where faults.contains(.subscriptions):
            server.subscriptions[enrolled(who)] = random.below(8)
            tally.subscriptions += 1
            trace?.note("device \(who) is to have keys \(server.subscriptions[enrolled(who)])")
        case ..<88 where faults.contains(.usb): carry(who)
        case ..<94 where faults.contains(.restore): restore()
        case ..<100 where faults.contains(.clone): clone(who)
        default: pull(who, limit: 50)
        }
    }

    private mutating func write(_ who: Int, _ now: Int64) {
        let record = random.below(ToyServer.recordCount)
        let serial = oracle.nextSerial
        var names = random.chance(15) ? [deletedRegister] : ["a", "b", "c"]
        while names.count > 2 { names.remove(at: random.below(names.count)) }
        if names.count == 2, random.chance(50) { names.remove(at: random.below(2)) }
        let writes = names.map { name in
            RegisterWrite(
                name,
                [
                    .integer(
                        name == deletedRegister
                            ? (random.chance(70) ? 1 : 0) : random.chance(25) ? 7 : serial + 100)
                ])
        }
        let claimed = 5_000 + now + Int64(random.below(3) - 1) * 1_000
        let unread = rules.mistake == .contextHoldsUnread ? server.records[record].context : nil
        let entry = devices[who].write(record, writes, claimed: claimed, unread: unread, &oracle)
        tally.writes += 1
        if names == [deletedRegister] { tally.deletes += 1 }
        let read = entry.change.context.entries.map { Dot($0.incarnation, $0.n) }
        trace?.note("device \(who) writes \(names) of \(record) as \(entry.dot) having read \(read)")
        let state = devices[who].state(record)
        for name in names where state.siblings(of: name).map(\.change.dot) != [entry.dot] {
            fail(.ownWrite, "device \(who) does not read its own write")
        }
    }

    mutating func push(_ who: Int, atMost limit: Int, faultless: Bool = false) {
        let lossy = faults.contains(.loss) && !faultless
        trace?.note("device \(who) pushes up to \(limit) of \(devices[who].pending.count)")
        var random = self.random
        devices[who].push(&server, atMost: limit, &oracle) { isRequest in
            lossy && random.chance(isRequest ? 15 : 20)
        }
        self.random = random
    }

    /// Fetches a page. One that is lost is not applied in part.
    @discardableResult mutating func pull(_ who: Int, limit: Int, faultless: Bool = false) -> Bool {
        devices[who].open(&server, &oracle)
        let page = server.page(for: enrolled(who), cursor: devices[who].cursor, limit: limit)
        if Set(page.records.map(\.record)).count != page.records.count {
            fail(.travelsOnce, "a record travels twice in one page")
        }
        for (record, state, _) in page.records where state != nil {
            if server.keys[record] & server.subscriptions[enrolled(who)] == 0 {
                fail(.sentOutsideScope, "a record is sent outside its scope")
            }
        }
        let lost = faults.contains(.loss) && !faultless && random.chance(10)
        let brought = page.records.map { "\($0.record)\($0.state == nil ? " left" : "")" }
        trace?.note("device \(who) \(lost ? "misses" : "applies") \(brought)")
        if lost { return true }
        tally.leaves += page.records.count { $0.state == nil && devices[who].held[$0.record] != nil }
        devices[who].apply(page)
        return page.more
    }

    /// The enrolled device behind a database: a copy speaks under the name of its original.
    func enrolled(_ asked: Int) -> Int { devices[asked].index }

    private mutating func carry(_ who: Int) {
        guard !bundles.isEmpty, random.chance(50) else {
            bundles.append(Array(devices[who].pending))
            trace?.note("device \(who) puts \(devices[who].pending.count) on a stick")
            return
        }
        let bundle = bundles.remove(at: random.below(bundles.count))
        tally.bundles += bundle.isEmpty ? 0 : 1
        trace?.note("a stick brings \(bundle.map(\.dot))")
        for entry in bundle {
            guard case .taken = server.push(entry) else { break }
        }
    }

    private mutating func restore() {
        guard let backup else {
            self.backup = server
            return
        }
        guard restores < 2, random.chance(60) else { return }
        server.restore(backup)
        restores += 1
        tally.restores += 1
        trace?.note("the server is restored; epoch \(server.epoch)")
    }

    /// A laptop is backed up; later it is restored from that, or the copy starts to run beside it.
    private mutating func clone(_ who: Int) {
        guard let copy = clones[who] else {
            clones[who] = devices[who]
            return
        }
        guard random.chance(60) else { return }
        clones[who] = nil
        tally.clones += 1
        if devices.count < 5, random.chance(40) {
            devices.append(copy)
            clones.append(nil)
            trace?.note("a copy of device \(who) runs as \(devices.count - 1)")
        } else {
            devices[who] = copy
            trace?.note("device \(who) is restored from its backup")
        }
    }
}

/// How often what happened.
struct Tally {
    var writes = 0
    var deletes = 0
    var moves = 0
    var subscriptions = 0
    var bundles = 0
    var restores = 0
    var clones = 0
    var leaves = 0
    var conflicts = 0
    var contested = 0
}

/// What happened in a schedule, line by line, for people.
final class Trace {
    private(set) var lines: [String] = []

    func note(_ line: String) { lines.append(line) }
}
