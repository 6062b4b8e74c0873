/// When a change counts as made, as the server judged it once, when it took it.
public struct EffectiveTime: Hashable, Sendable, Comparable {
    /// Microseconds since 1970-01-01T00:00Z by the server's clock.
    public var microseconds: Int64
    /// True when it rests on the device's wall clock, because the device had been restarted in between.
    public var isEstimated: Bool

    /// Makes an effective time.
    public init(microseconds: Int64, isEstimated: Bool = false) {
        self.microseconds = microseconds
        self.isEstimated = isEstimated
    }

    /// Orders by time, then the exact before the estimated.
    public static func < (a: Self, b: Self) -> Bool {
        (a.microseconds, a.isEstimated ? 1 : 0) < (b.microseconds, b.isEstimated ? 1 : 0)
    }
}

/// A change as it lives in a record: what it says, what it had read, and when it counts as made.
public struct LiveChange: Hashable, Sendable {
    /// Its dot.
    public var dot: Dot
    /// The staff code of its author.
    public var author: String
    /// What it writes, sorted by register.
    public var writes: [RegisterWrite]
    /// What its writer had read of this record.
    public var context: Context
    /// When it counts as made; `nil` while no server has judged it.
    public var effective: EffectiveTime?
    /// The device's own wall clock, microseconds: evidence, never an order.
    public var deviceMicroseconds: Int64

    /// Makes a live change.
    public init(
        dot: Dot, author: String, writes: [RegisterWrite], context: Context,
        effective: EffectiveTime?, deviceMicroseconds: Int64
    ) {
        self.dot = dot
        self.author = author
        self.writes = writes
        self.context = context
        self.effective = effective
        self.deviceMicroseconds = deviceMicroseconds
    }

    /// A change, with the time it was given.
    public init(_ change: Change, effective: EffectiveTime?) {
        self.init(
            dot: change.dot, author: change.author, writes: change.writes,
            context: change.context, effective: effective,
            deviceMicroseconds: change.clock.wallMicroseconds)
    }

    /// Whether this change's writer had read the other one.
    public func covers(_ other: LiveChange) -> Bool { context.contains(other.dot) }

    /// What it says of a register; `nil` if it does not write it.
    public func values(of register: String) -> [Value]? {
        for write in writes where write.register == register { return write.values }
        return nil
    }

    /// Whether its time differs from what the device's clock said by more than
    /// ``Limits/tolerableCorrectionMicroseconds``.
    public var isCorrected: Bool {
        guard let effective else { return false }
        let difference = effective.microseconds.subtractingReportingOverflow(deviceMicroseconds)
        return difference.overflow
            || difference.partialValue.magnitude > Limits.tolerableCorrectionMicroseconds.magnitude
    }
}

/// Everything that is true of one record: its live changes, sorted by dot.
///
/// A state is only ever made by ``merge(_:_:)``, ``RecordState/init(live:)`` or decoding, and all of them
/// leave it *normal*: sorted, each dot once, nothing dead. Two states of the same changes are equal.
public struct RecordState: Hashable, Sendable {
    /// The record's table.
    public let table: String
    /// The live changes, sorted by dot.
    public internal(set) var live: [LiveChange]

    /// A record of which nothing is known.
    public init(table: String) {
        self.table = table
        live = []
    }

    /// The normal state of some changes, dead ones among them or not.
    public init(table: String, live changes: [LiveChange]) {
        self.table = table
        live = RecordState.normalised(changes)
    }

    /// All that is known in this state: every live change and all that they had read.
    ///
    /// Because contexts are transitive this contains every dot that was ever merged into it.
    public var context: Context {
        var all = Context()
        for change in live {
            all.formUnion(change.context)
            all.include(change.dot)
        }
        return all
    }
}
