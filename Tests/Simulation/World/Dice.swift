import Synchronization

/// SplitMix64 (Steele, Lea, Flood 2014): small, seeded, the same on every machine.
package struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    package init(_ seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// The one source of chance in a run. Every act starts it anew from a seed of its own, so that leaving out
/// one act of a schedule does not change what the others do.
package final class Dice: Sendable {
    private let generator: Mutex<SplitMix64>

    private let isStray: Bool
    private static let outside = Mutex(SplitMix64(0))

    /// - Parameter isStray: a defect: that chance comes from outside the seed.
    package init(_ seed: UInt64, isStray: Bool = false) {
        generator = Mutex(SplitMix64(seed))
        self.isStray = isStray
    }

    func start(from seed: UInt64) {
        let stray = isStray ? Self.outside.withLock { $0.next() } : 0
        generator.withLock { $0 = SplitMix64(seed ^ stray) }
    }

    func next() -> UInt64 { generator.withLock { $0.next() } }

    /// A number from 0 to one below the bound.
    func below(_ bound: Int) -> Int { bound <= 1 ? 0 : Int(next() % UInt64(bound)) }

    func chance(_ odds: Double) -> Bool { Double(next() >> 11) / Double(1 << 53) < odds }

    func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[below(elements.count)]
    }

    /// As Swift's own functions take it.
    var generatorView: DiceView { DiceView(dice: self) }
}

struct DiceView: RandomNumberGenerator {
    let dice: Dice

    mutating func next() -> UInt64 { dice.next() }
}
