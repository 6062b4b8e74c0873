/// Sebastiano Vigna's SplitMix64: one word of state, and the same numbers on every machine and in every version
/// of the standard library, which the system's generator does not promise.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }

    /// A number below `bound`, by multiplication; the bias is far below anything samples could show.
    mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(max(1, bound))).high)
    }

    /// A number within bounds.
    mutating func within(_ bounds: ClosedRange<Int>) -> Int {
        bounds.lowerBound + below(bounds.count)
    }

    /// True so many times in a hundred.
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    /// One of some things; the first of the rest follows where there is none.
    mutating func pick<Item>(_ items: [Item], or fallback: Item) -> Item {
        items.isEmpty ? fallback : items[below(items.count)]
    }

    /// One of some words.
    mutating func pick(_ words: [String]) -> String { pick(words, or: "") }
}
