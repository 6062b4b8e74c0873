import SyncModel

/// SplitMix64 (Steele, Lea and Flood 2014): the same seed gives the same run on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }

    /// A whole number below `bound`.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    /// True in so many of a hundred cases.
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}

/// Short ways to say what tests say often.
enum Fixture {
    /// Incarnations whose order is the reverse of their numbers, so that the order in which they appear
    /// and the order in which they sort are never the same by accident.
    static func incarnation(_ number: UInt64) -> Incarnation {
        Incarnation(high: ~number << 16 | 0x7000, low: 0x8000_0000_0000_0000 | number)
    }

    static func dot(_ who: UInt64, _ n: UInt64) -> Dot { Dot(incarnation(who), n) }

    static func context(_ entries: [UInt64: UInt64]) -> Context {
        Context(entries.map { Context.Entry(incarnation($0), $1) })
    }

    /// A change that writes whole numbers into registers of one field each.
    static func change(
        _ who: UInt64, _ n: UInt64, _ writes: [String: Int64], read: [UInt64: UInt64] = [:],
        at time: Int64? = 0
    ) -> LiveChange {
        LiveChange(
            dot: dot(who, n), author: "PS0\(who)",
            writes: writes.sorted { $0.key < $1.key }.map { RegisterWrite($0, [.integer($1)]) },
            context: context(read), effective: time.map { EffectiveTime(microseconds: $0) },
            deviceMicroseconds: 0)
    }

    static func state(_ changes: [LiveChange]) -> RecordState {
        RecordState(table: "thing", live: changes)
    }

    static func octets(_ hexadecimal: String) -> [UInt8] {
        var found: [UInt8] = []
        var rest = hexadecimal[...]
        while rest.count >= 2 {
            found.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
            rest = rest.dropFirst(2)
        }
        return found
    }
}
