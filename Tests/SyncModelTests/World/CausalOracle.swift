import SyncModel

/// A change as the toy world handles it, with what its writer had truly met.
struct Entry {
    /// Which record.
    let record: Int
    /// The change. It has no effective time until the server took it.
    var change: LiveChange
    /// Every write of the record that the writer had met, spelled out.
    var past: Set<Dot>
    /// The time its device claimed.
    let claimed: Int64
    /// The hash of the incarnation's change before.
    let previous: UInt64
    /// Names this content and all that came before it.
    let hash: UInt64

    init(record: Int, change: LiveChange, past: Set<Dot>, claimed: Int64, previous: UInt64) {
        self.record = record
        self.change = change
        self.past = past
        self.claimed = claimed
        self.previous = previous
        hash =
            (previous ^ UInt64(bitPattern: change.deviceMicroseconds)) &* 0x9e37_79b9_7f4a_7c15 ^ previous
            >> 31
    }

    var dot: Dot { change.dot }
}

/// True causality, kept as sets of writes. It never looks at a context, nor at what a merge made.
struct CausalOracle {
    private var entries: [Int64: Entry] = [:]
    /// What was committed on some device and not issued anew since, by dot.
    private(set) var committed: [Dot: Entry] = [:]
    private var incarnations: UInt64 = 0

    mutating func freshIncarnation() -> Incarnation {
        incarnations += 1
        return Fixture.incarnation(incarnations)
    }

    /// Each content has a serial number of its own. It travels as the device's clock, which orders nothing.
    var nextSerial: Int64 { Int64(entries.count + 1) }

    mutating func note(_ entry: Entry) {
        entries[entry.change.deviceMicroseconds] = entry
        committed[entry.dot] = entry
    }

    mutating func withdraw(_ dot: Dot) { committed[dot] = nil }

    /// The entry of a change that was met somewhere, with the effective time it has there.
    func entry(of change: LiveChange) -> Entry? {
        var found = entries[change.deviceMicroseconds]
        found?.change = change
        return found
    }

    /// Of some entries of one record those writing a register, which nobody who wrote it too had met.
    static func maximal(_ entries: [Entry], register: String) -> [Entry] {
        let writing = entries.filter { entry in entry.change.writes.contains { $0.register == register } }
        return writing.filter { entry in !writing.contains { $0.past.contains(entry.dot) } }
    }

    static func value(_ entry: Entry, _ register: String) -> [Value] {
        entry.change.writes.first { $0.register == register }?.values ?? []
    }

    /// What everybody should be shown: of the maximal writes the latest, by dot if they are equally late.
    static func shown(_ maximal: [Entry]) -> Entry? {
        maximal.max { a, b in
            let (x, y) = (a.change.effective?.microseconds ?? .max, b.change.effective?.microseconds ?? .max)
            return x == y ? a.dot < b.dot : x < y
        }
    }

    /// Whether the record should count as deleted.
    static func deletion(_ entries: [Entry], registers: [String]) -> RecordState.Deletion {
        let words = maximal(entries, register: deletedRegister)
        guard let word = shown(words), value(word, deletedRegister) == [.integer(1)] else { return .none }
        let deletions = words.filter { value($0, deletedRegister) == [.integer(1)] }
        let standing = registers.flatMap { maximal(entries, register: $0) }
        let unread = standing.contains { entry in
            value(entry, deletedRegister) != [.integer(1)]
                && !deletions.contains { $0.past.contains(entry.dot) }
        }
        return unread ? .contested : .deleted
    }
}
