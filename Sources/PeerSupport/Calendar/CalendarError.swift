public import SyncModel

/// Why a date or time that somebody typed was not taken.
public enum CalendarError: Error, Hashable, Sendable {
    /// The date does not exist: 30 February.
    case noSuchDate(String)
    /// The time does not exist: hour 25.
    case noSuchTime(String)
    /// Could be read in two ways: 04.03.2026.
    case ambiguous(String)
    /// An hour that may be in the morning or in the afternoon: `today 3`.
    case halfOfDay(String)
    /// Not a date or time at all.
    case unreadable(String)
    /// A date where a time is needed too.
    case timeMissing(String)
    /// The clocks were put forward over this time.
    case skipped(String)
    /// The clocks were put back, and this time came twice.
    case twice(String)

    /// The error as a person meets it. The text is what they typed themselves.
    public var syncError: SyncError {
        SyncError(.badValue, description, means: "nothing was recorded", advice: advice)
    }

    private var advice: String {
        switch self {
        case .twice: "add the offset from UTC, as in 2026-11-01 01:30 -04:00"
        case .timeMissing: "add the time, as in yesterday 10:05"
        case .skipped: "the clocks went forward that night; use the time they showed afterwards"
        case .halfOfDay(let text): "write \(text)am or \(text)pm"
        default: CalendarError.understood
        }
    }

    /// Every way to say a day or a time, by an example.
    public static let understood =
        "days: today, yesterday, mon, last friday, 2 days ago, 5 nov, 11/05 (the month first), 2026-03-02; "
        + "times: 10:05, 10.05, 3pm, noon, 20 minutes ago; both: yesterday 10:05, today 9, mon 3pm"
}

extension CalendarError: CustomStringConvertible {
    /// One sentence.
    public var description: String {
        switch self {
        case .noSuchDate(let text): "there is no such date as \(text)"
        case .noSuchTime(let text): "there is no such time as \(text)"
        case .halfOfDay(let text): "\(text) can be in the morning or in the afternoon"
        case .ambiguous(let text): "\(text) can be read in more than one way"
        case .unreadable(let text): "\(text.isEmpty ? "an empty text" : text) is not a date or time"
        case .timeMissing(let text): "\(text) is a day, and a time is needed"
        case .skipped(let text): "there was no \(text): the clocks were put forward"
        case .twice(let text): "\(text) came twice: the clocks were put back"
        }
    }
}
