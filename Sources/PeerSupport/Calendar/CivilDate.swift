/// A day of the Gregorian calendar, without a time or a zone.
public struct CivilDate: Hashable, Sendable, Comparable {
    /// The year.
    public let year: Int
    /// 1 to 12.
    public let month: Int
    /// 1 to 31.
    public let day: Int

    /// A date; `nil` for one that does not exist, such as 30 February.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), day >= 1, day <= Self.length(ofMonth: month, year: year) else {
            return nil
        }
        self.init(unchecked: year, month, day)
    }

    /// The date so many days after 1970-01-01.
    ///
    /// Counts in eras of 400 years from 1 March, so that the leap day is the last of its year. The method is
    /// Howard Hinnant's "chrono-compatible low-level date algorithms".
    public init(days: Int64) {
        let shifted = Int(days) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        self.init(
            unchecked: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// Reads `YYYY-MM-DD`; `nil` for anything else and for dates that do not exist.
    public init?(text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2,
            let year = Digits.number(parts[0]), let month = Digits.number(parts[1]),
            let day = Digits.number(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    private init(unchecked year: Int, _ month: Int, _ day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Days since 1970-01-01, as the schema keeps dates.
    public var days: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }

    /// The day of the week.
    public var weekday: Weekday {
        let index = Int((days + 3) % 7)
        return Weekday.allCases[index < 0 ? index + 7 : index]
    }

    /// The date so many days later, or earlier.
    public func adding(days count: Int64) -> CivilDate { CivilDate(days: days + count) }

    /// `YYYY-MM-DD`.
    public var text: String { "\(Digits.padded(year, 4))-\(Digits.padded(month))-\(Digits.padded(day))" }

    /// `Mon 2 Mar 2026`, for people.
    public var friendly: String {
        "\(weekday.short) \(day) \(Self.months[month - 1]) \(year)"
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// How many days a month has.
    public static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Orders by time.
    public static func < (a: Self, b: Self) -> Bool {
        (a.year, a.month, a.day) < (b.year, b.month, b.day)
    }
}

/// A day of the week, Monday first.
public enum Weekday: String, CaseIterable, Hashable, Sendable {
    /// Each day.
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday

    /// `Mon`.
    public var short: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst().prefix(2) }

    /// Reads a name, or its beginning of three letters or more, in any case.
    public init?(text: some StringProtocol) {
        let word = text.lowercased()
        guard word.count >= 3, let found = Self.allCases.first(where: { $0.rawValue.hasPrefix(word) })
        else { return nil }
        self = found
    }
}

/// Decimal digits and nothing else: no sign, no space, no other script.
enum Digits {
    static func number(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 9,
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(text)
    }

    static func padded(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
