import SyncModel

/// Random numbers from a seed (SplitMix64), so that every failure can be had again.
struct Seeded: RandomNumberGenerator {
    private var position: UInt64

    init(_ seed: UInt64) { position = seed }

    mutating func next() -> UInt64 {
        position &+= 0x9e37_79b9_7f4a_7c15
        var mixed = position
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    mutating func octets(_ count: Int) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(count + 8)
        while octets.count < count {
            withUnsafeBytes(of: next().littleEndian) { octets.append(contentsOf: $0) }
        }
        return Array(octets[..<count])
    }

    mutating func identifier() -> Identifier { .version4(using: &self) }

    /// Small as often as not, and every so often the largest there may be.
    mutating func count() -> UInt64 {
        switch below(8) {
        case 0: UInt64(Int64.max)
        case 1: UInt64.random(in: 1...UInt64(Int64.max), using: &self)
        default: UInt64(1 + below(300))
        }
    }

    mutating func time() -> Int64 {
        switch below(8) {
        case 0: 0
        case 1: Int64.random(in: .min ... .max, using: &self)
        default: 1_760_000_000_000_000 + Int64(below(1_000_000_000))
        }
    }

    mutating func word() -> String {
        let words = ["PS07", "walk", "Ünlü", "nächste Woche", "😀", "a", "medication refused twice"]
        return words[below(words.count)]
    }

    mutating func value() -> Value {
        switch below(8) {
        case 0: .none
        case 1: .text("")
        case 2: .text((0..<below(60)).map { _ in word() }.joined(separator: " "))
        case 3: .integer([0, -1, .min, .max, 20_000][below(5)])
        case 4: .real([0, -0.0, 1.5, .infinity, 1e-300][below(5)])
        case 5: .reference(identifier())
        case 6: .integer(time())
        default: .text(word())
        }
    }

    mutating func writes() -> [RegisterWrite] {
        let names = ["contact", "deleted", "mood", "note", "status", "times", "zone"]
        let count = 1 + below(names.count)
        return names.shuffled(using: &self).prefix(count).sorted().map { name in
            RegisterWrite(name, (0...below(5)).map { _ in value() })
        }
    }

    mutating func context() -> Context {
        Context((0..<below(4)).map { _ in Context.Entry(identifier(), count()) })
    }

    mutating func clock() -> ClockReading {
        ClockReading(
            wallMicroseconds: time(), boot: identifier(), bootMicroseconds: time())
    }

    mutating func change() -> Change {
        Change(
            dot: Dot(identifier(), count()), epoch: below(2) == 0 ? 0 : count(), author: "PS07",
            table: "check_in", record: identifier(), writes: writes(), context: context(),
            clock: clock(), transaction: below(3) == 0 ? identifier() : nil)
    }

    mutating func state() -> RecordState {
        let live = (0..<1 + below(4)).map { _ in
            LiveChange(
                dot: Dot(identifier(), count()), author: "PS0\(below(9))", writes: writes(),
                context: context(),
                effective: below(4) == 0
                    ? nil : EffectiveTime(microseconds: time(), isEstimated: below(2) == 0),
                deviceMicroseconds: time())
        }
        return RecordState(table: "check_in", live: live)
    }
}
