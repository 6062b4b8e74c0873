public import SyncModel

/// Why a date or time that somebody typed was not taken.
public enum CalendarError: Error, Hashable, Sendable {
    /// The date does not exist: 30 February.
    case noSuchDate(String)
    /// The time does not exist: hour 25.
    case noSuchTime(String)
    /// Could be read in two ways: 03/04/2026.
    case ambiguous(String)
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
        default: "today, yesterday 10:05, mon 3pm, noon, 2026-03-02 or 2026-03-02 14:30"
        }
    }
}

extension CalendarError: CustomStringConvertible {
    /// One sentence.
    public var description: String {
        switch self {
        case .noSuchDate(let text): "there is no such date as \(text)"
        case .noSuchTime(let text): "there is no such time as \(text)"
        case .ambiguous(let text): "\(text) can be read in more than one way"
        case .unreadable(let text): "\(text.isEmpty ? "an empty text" : text) is not a date or time"
        case .timeMissing(let text): "\(text) is a day, and a time is needed"
        case .skipped(let text): "there was no \(text): the clocks were put forward"
        case .twice(let text): "\(text) came twice: the clocks were put back"
        }
    }
}
