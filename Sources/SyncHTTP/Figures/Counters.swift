import Synchronization

/// The server's counts since it started. Nothing in them names anybody.
final class Counters: Sendable {
    /// All counts at one moment.
    struct Snapshot: Sendable {
        /// Requests being answered now; the only one that falls again.
        var running = 0
        /// Exchanges answered, by verdict.
        var exchanges: [String: Int] = [:]
        /// Requests refused, by code.
        var refused: [String: Int] = [:]
        /// Devices enrolled.
        var enrolled = 0
        /// Changes, by what became of them.
        var changes: [String: Int] = [:]
        /// Records sent.
        var records = 0
        /// Records that left a device.
        var leaves = 0
        /// Bytes of bodies received, as they came.
        var bytesIn = 0
        /// Bytes of bodies sent, as they went.
        var bytesOut = 0
        /// Failed exchanges that clients report having had before this one.
        var clientFailures = 0
        /// How long exchanges took, without the time they were held.
        var durations = Histogram()
    }

    private let state = Mutex(Snapshot())

    /// All counts now.
    var snapshot: Snapshot { state.withLock { $0 } }

    /// Counts.
    func count(_ body: (inout Snapshot) -> Void) {
        state.withLock { body(&$0) }
    }
}

/// How many durations were at most so long.
struct Histogram: Sendable {
    /// The upper bounds, microseconds.
    static let bounds: [Int64] = [1_000, 5_000, 20_000, 100_000, 500_000, 2_000_000, 10_000_000]

    /// Per bound, how many were at most that long and longer than the bound before; one more for the rest.
    private(set) var buckets = [Int](repeating: 0, count: bounds.count + 1)
    /// The sum of all, microseconds.
    private(set) var sum: Int64 = 0

    /// How many there were.
    var count: Int { buckets.reduce(0, +) }

    /// Adds one.
    mutating func add(_ microseconds: Int64) {
        let index = Self.bounds.firstIndex { microseconds <= $0 } ?? Self.bounds.count
        buckets[index] += 1
        sum += microseconds
    }
}
