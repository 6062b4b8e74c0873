#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
public import SyncModel

/// What a replica takes from the world besides its file: clocks, dice, and who else is running.
///
/// Everything in it is a closure, so that a test or a simulator replaces it, and the same calls with the same
/// answers leave the same bytes.
public struct Surroundings: Sendable {
    /// The device's clocks, now.
    public var clock: @Sendable () -> ClockReading
    /// 64 random bits, fit for secrets.
    public var random: @Sendable () -> UInt64
    /// The number of this process, under which it holds the lease of a sync.
    public var process: Int64
    /// Whether a process of that number runs on this machine.
    public var isRunning: @Sendable (Int64) -> Bool
    /// Called between any two durable steps. Throwing there is what a crash at that point looks like.
    package var reached: @Sendable (Step) throws -> Void = { _ in }

    /// Puts the surroundings together; the process defaults to the one that runs.
    public init(
        clock: @escaping @Sendable () -> ClockReading,
        random: @escaping @Sendable () -> UInt64,
        process: Int64? = nil,
        isRunning: @escaping @Sendable (Int64) -> Bool = { isProcessRunning($0) }
    ) {
        self.clock = clock
        self.random = random
        self.process = process ?? Int64(getpid())
        self.isRunning = isRunning
    }

    /// A generator that draws from ``random``.
    public var dice: Dice { Dice(random: random) }

    /// Draws so many octets.
    func octets(_ count: Int) -> [UInt8] {
        var octets: [UInt8] = []
        while octets.count < count {
            let word = random()
            for shift in 0..<8 where octets.count < count {
                octets.append(UInt8(truncatingIfNeeded: word >> (8 * UInt64(shift))))
            }
        }
        return octets
    }
}

/// The random numbers of the surroundings, as Swift's own generators are used.
public struct Dice: RandomNumberGenerator, Sendable {
    private let random: @Sendable () -> UInt64

    init(random: @escaping @Sendable () -> UInt64) { self.random = random }

    /// The next 64 bits.
    public mutating func next() -> UInt64 { random() }
}

/// The points between durable steps, for tests that break off there.
package enum Step: String, Sendable, CaseIterable {
    /// The changes of an edit are stored, the visible rows not yet.
    case editStored
    /// Everything of an edit is written, and not committed.
    case editWritten
    /// The changes about to leave are marked as offered.
    case offered
    /// An answer came, and nothing of it is applied.
    case answered
    /// The dispositions of an answer are applied, its records not yet.
    case disposed
    /// All of an answer is written, and not committed.
    case pageWritten
    /// All of an answer is committed.
    case pageCommitted
    /// A fresh incarnation is written, and not committed.
    case reissued
    /// A restored server was found: a fresh incarnation and what is to be offered again are written, and not committed.
    case healingBegun
    /// How far an own log was offered again to a restored server is written, and not committed.
    case healingMoved
    /// How far others' changes were brought back to a restored server is written, and not committed.
    case recalled
}

/// Whether a process of that number runs on this machine.
public func isProcessRunning(_ process: Int64) -> Bool {
    guard let number = pid_t(exactly: process), number > 0 else { return false }
    return kill(number, 0) == 0 || errno == EPERM
}
