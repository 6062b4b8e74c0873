import SyncModel

/// What comes down in one answer.
struct Page {
    /// Records in scope, whole; `nil` for those that left.
    var records: [(record: Int, state: RecordState?, keys: Int)]
    /// The position under every key, `nil` where the device does not subscribe.
    var cursor: [Int?]
    /// Whether there is more to fetch at once.
    var more: Bool
}

/// The server's rules in memory. Sets of keys are bit masks.
struct ToyServer {
    static let keyCount = 3
    static let recordCount = 3

    let rules: Rules
    private(set) var epoch = 0
    private(set) var position = 0
    private(set) var mark: [Incarnation: UInt64] = [:]
    private(set) var hash: [Dot: UInt64] = [:]
    private(set) var log: [Dot: Entry] = [:]
    private(set) var records = [RecordState](repeating: RecordState(table: "thing"), count: recordCount)
    private(set) var keys: [Int]
    private var feed = [[Int]](repeating: [Int](repeating: 0, count: recordCount), count: keyCount)
    var subscriptions: [Int]

    init(rules: Rules, keys: [Int], subscriptions: [Int]) {
        self.rules = rules
        self.keys = keys
        self.subscriptions = subscriptions
    }

    /// What a push is answered.
    enum Answer { case taken(EffectiveTime), fork, gap }

    /// How far a device's log and mine agree, and whether it has forked.
    func hello(_ incarnation: Incarnation, own: [Entry]) -> (mark: UInt64, agreed: UInt64, forked: Bool) {
        let mark = mark[incarnation] ?? 0
        if rules.mistake == .forkUnchecked { return (mark, mark, false) }
        var agreed: UInt64 = 0
        for entry in own where entry.dot.incarnation == incarnation {
            if let known = hash[entry.dot] {
                if known != entry.hash { return (mark, agreed, true) }
            } else if entry.dot.n <= mark {
                return (mark, agreed, true)
            }
            if entry.dot.n <= mark { agreed = entry.dot.n }
        }
        return (mark, agreed, mark > agreed)
    }

    /// The time that is given depends on the epoch, so that a change judged twice is given two.
    mutating func push(_ entry: Entry) -> Answer {
        let dot = entry.dot
        let mark = mark[dot.incarnation] ?? 0
        if let known = hash[dot], known != entry.hash { return .fork }
        if dot.n <= mark {
            return log[dot].flatMap { $0.change.effective }.map { .taken($0) } ?? .fork
        }
        if dot.n > mark + 1 { return .gap }
        if mark > 0, hash[Dot(dot.incarnation, mark)] != entry.previous { return .fork }
        let judged = EffectiveTime(microseconds: entry.claimed + Int64(epoch))
        self.mark[dot.incarnation] = dot.n
        var taken = entry
        taken.change.effective = min(judged, log[dot]?.change.effective ?? judged)
        hash[dot] = entry.hash
        log[dot] = taken
        records[entry.record] = rules.join(records[entry.record], [taken.change])
        bump(entry.record)
        return .taken(taken.change.effective ?? judged)
    }

    /// Joins what a replica still holds and a restored server may have lost.
    mutating func heal(_ record: Int, _ entries: [Entry]) {
        if rules.mistake == .nothingReoffered { return }
        for entry in entries {
            if let known = hash[entry.dot], known != entry.hash { continue }
            hash[entry.dot] = entry.hash
            let before = records[record]
            records[record] = rules.join(before, [entry.change])
            if records[record] != before { bump(record) }
            var kept = log[entry.dot] ?? entry
            if let a = kept.change.effective, let b = entry.change.effective {
                kept.change.effective = min(a, b)
            }
            log[entry.dot] = kept
        }
    }

    /// Changes the scope of a record. It moves to the head of the keys it leaves as well: that is the mark.
    mutating func move(_ record: Int, to new: Int) {
        guard keys[record] != new else { return }
        let left = rules.mistake == .leaveForgotten ? 0 : keys[record] & ~new
        keys[record] = new
        bump(record, alsoUnder: left)
    }

    /// Goes back to a backup. Who may have what is known from elsewhere and does not go back.
    mutating func restore(_ backup: ToyServer) {
        let (newEpoch, keys, subscriptions) = (epoch + 1, keys, subscriptions)
        self = backup
        (epoch, self.keys, self.subscriptions) = (newEpoch, keys, subscriptions)
        for record in records.indices { bump(record) }
    }

    private mutating func bump(_ record: Int, alsoUnder left: Int = 0) {
        position += 1
        for key in 0..<Self.keyCount where (keys[record] | left) >> key & 1 == 1 {
            feed[key][record] = position
        }
    }

    /// The next records for a device, by the newest position that it has not seen under any of its keys.
    func page(for device: Int, cursor: [Int?], limit: Int) -> Page {
        let mine = subscriptions[device]
        var start = [Int?](repeating: nil, count: Self.keyCount)
        for key in 0..<Self.keyCount where mine >> key & 1 == 1 {
            start[key] = cursor[key] ?? (rules.mistake == .newKeyStartsAtHead ? position : 0)
        }
        var events: [(position: Int, record: Int)] = []
        for record in records.indices {
            let unseen = (0..<Self.keyCount).compactMap { key in
                start[key].flatMap { feed[key][record] > $0 ? feed[key][record] : nil }
            }
            if rules.mistake == .recordTravelsTwice {
                events += unseen.map { ($0, record) }
            } else if let newest = unseen.max() {
                events.append((newest, record))
            }
        }
        events.sort { $0 < $1 }
        let more = events.count > limit
        events = Array(events.prefix(limit))
        if more, rules.mistake == .cursorStandsStill { events.removeAll() }
        let passed = more && rules.mistake != .cursorAheadOfData ? events.last?.position ?? 0 : position
        return Page(
            records: events.map { event in
                let inScope = keys[event.record] & mine != 0 || rules.mistake == .scopeUnchecked
                return (event.record, inScope ? records[event.record] : nil, keys[event.record])
            },
            cursor: start.map { $0.map { max($0, passed) } }, more: more)
    }
}
