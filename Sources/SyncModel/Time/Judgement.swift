/// When a change counts as made: a pure function of what the server's clock says, what the device's
/// clocks said when the exchange opened, and what they said when the change was written.
public enum Judgement {
    /// The effective time of a change.
    ///
    /// - Same boot: the server's now less the time that ran on the device's boot clock in between. Exact,
    ///   whatever the wall clock says.
    /// - Another boot: the change's wall clock plus the offset measured now. Estimated.
    /// - Never later than the server's now, unless it has to be later than `floor`.
    /// - Always later than `floor`: the effective times of what the change covers, and of its
    ///   incarnation's earlier change. Whoever read a value wrote after it.
    ///
    /// A boot clock that runs backwards within one boot is broken; such a change counts as made now.
    ///
    /// - Parameters:
    ///   - serverNow: the server's clock, microseconds since 1970.
    ///   - opening: the device's clocks in the exchange's hello.
    ///   - written: the device's clocks in the change.
    ///   - floor: the latest time it must come after, if any.
    public static func effectiveTime(
        serverNow: Int64, opening: ClockReading, written: ClockReading, floor: Int64?
    ) -> EffectiveTime {
        var time: Int64
        var estimated = false
        if opening.boot == written.boot {
            let elapsed = opening.bootMicroseconds.subtractingReportingOverflow(
                written.bootMicroseconds)
            time = clamped(serverNow, minus: elapsed.overflow ? 0 : max(0, elapsed.partialValue))
        } else {
            let age = opening.wallMicroseconds.subtractingReportingOverflow(
                written.wallMicroseconds)
            time = clamped(serverNow, minus: age.overflow ? 0 : age.partialValue)
            estimated = true
        }
        time = min(time, serverNow)
        if let floor, time <= floor { time = floor == .max ? .max : floor + 1 }
        return EffectiveTime(microseconds: max(0, time), isEstimated: estimated)
    }

    /// The effective time of a change that had been given one before: that time, whatever the clocks say now.
    ///
    /// Never later than the server's now, and always later than `covered`, the latest effective time of what
    /// the change covers, if any.
    public static func kept(_ given: EffectiveTime, serverNow: Int64, covered: Int64?) -> EffectiveTime {
        var time = min(given.microseconds, serverNow)
        if let covered, time <= covered { time = covered == .max ? .max : covered + 1 }
        return EffectiveTime(microseconds: max(0, time), isEstimated: given.isEstimated)
    }

    /// How far a device's wall clock is ahead of the server's, in microseconds.
    public static func skew(serverNow: Int64, opening: ClockReading) -> Int64 {
        let difference = opening.wallMicroseconds.subtractingReportingOverflow(serverNow)
        return difference.overflow
            ? (opening.wallMicroseconds < 0 ? .min : .max) : difference.partialValue
    }

    private static func clamped(_ now: Int64, minus age: Int64) -> Int64 {
        let (result, overflow) = now.subtractingReportingOverflow(age)
        return overflow ? now : result
    }
}
