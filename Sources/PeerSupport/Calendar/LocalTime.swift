/// A wall clock somewhere: what time it is now, and by how much its zone differs from UTC at any moment.
///
/// Both come from outside, so that this is as pure as the rest; the offset is asked for each moment, so that
/// daylight saving is right on both sides of the change.
public struct LocalTime: Sendable {
    /// Now, seconds since 1970 UTC.
    public let now: Int64
    /// Seconds to add to UTC at a moment given in seconds since 1970.
    public let offset: @Sendable (Int64) -> Int64
    /// What is said of the zone behind a date with a time; nothing where everybody who reads it is in one zone.
    private let zone: String

    /// Sets a clock.
    public init(now: Int64, zone: String = "", offset: @escaping @Sendable (Int64) -> Int64) {
        self.now = now
        self.zone = zone
        self.offset = offset
    }

    /// A clock that shows UTC.
    ///
    /// - Parameter says: whether texts say that they are in UTC.
    public static func utc(now: Int64, says: Bool = false) -> LocalTime {
        LocalTime(now: now, zone: says ? " UTC" : "") { _ in 0 }
    }

    /// The date here and now.
    public var today: CivilDate { date(of: now) }

    /// The date here at a moment.
    public func date(of instant: Int64) -> CivilDate {
        CivilDate(days: Self.floor(instant + offset(instant), 86_400))
    }

    /// The minute of the day here at a moment, 0 to 1439.
    public func minute(of instant: Int64) -> Int {
        let local = instant + offset(instant)
        return Int((local - Self.floor(local, 86_400) * 86_400) / 60)
    }

    /// `2026-03-02 14:30`, local; where the zone is to be said `2026-03-02 14:30 UTC`.
    public func text(of instant: Int64) -> String {
        "\(date(of: instant).text) \(clock(of: instant))\(zone)"
    }

    /// `14:30`, local.
    public func clock(of instant: Int64) -> String {
        let minute = minute(of: instant)
        return "\(Digits.padded(minute / 60)):\(Digits.padded(minute % 60))"
    }

    /// The moment at which clocks here show a date and a minute of the day.
    ///
    /// - Throws: ``CalendarError/skipped(_:)`` or ``CalendarError/twice(_:)`` around a change of the clocks.
    public func instant(_ date: CivilDate, minute: Int) throws(CalendarError) -> Int64 {
        let local = date.days * 86_400 + Int64(minute) * 60
        // No zone changes twice within two days, so one of the offsets around it is the right one.
        let offsets = Set([offset(local - 86_400), offset(local + 86_400)])
        let found = offsets.map { local - $0 }.filter { $0 + offset($0) == local }
        let shown = "\(date.text) \(Digits.padded(minute / 60)):\(Digits.padded(minute % 60))"
        guard let instant = found.first else { throw .skipped(shown) }
        guard found.count == 1 else { throw .twice(shown) }
        return instant
    }

    static func floor(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : -((-a + b - 1) / b) }
}

/// A moment as programs write it.
public enum Instant {
    /// `2026-03-02T14:30:00Z`.
    public static func text(_ seconds: Int64) -> String {
        let day = LocalTime.floor(seconds, 86_400)
        let rest = Int(seconds - day * 86_400)
        return CivilDate(days: day).text + "T" + Digits.padded(rest / 3600) + ":"
            + Digits.padded(rest / 60 % 60) + ":" + Digits.padded(rest % 60) + "Z"
    }
}
