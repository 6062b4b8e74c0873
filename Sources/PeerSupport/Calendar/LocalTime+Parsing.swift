/// A moment somebody typed.
public struct ParsedInstant: Hashable, Sendable {
    /// Seconds since 1970 UTC.
    public let instant: Int64
    /// Whether it lies ahead of now: worth asking about, when what happened is being recorded.
    public let isFuture: Bool
}

extension LocalTime {
    /// Which way a bare weekday points.
    public enum Direction: Hashable, Sendable {
        /// The latest such day, today included: for what happened.
        case past
        /// The next such day, today included: for what is planned.
        case future
    }

    /// Reads `today`, `yesterday`, `tomorrow`, `mon`, `2026-03-02`.
    ///
    /// - Throws: ``CalendarError``.
    public func parseDate(_ text: some StringProtocol, _ direction: Direction = .past)
        throws(CalendarError) -> CivilDate
    {
        let word = text.lowercased()
        switch word {
        case "today": return today
        case "yesterday": return today.adding(days: -1)
        case "tomorrow": return today.adding(days: 1)
        default: break
        }
        if let weekday = Weekday(text: word) {
            let step: Int64 = direction == .past ? -1 : 1
            let days = (0..<7).map { today.adding(days: step * $0) }
            if let found = days.first(where: { $0.weekday == weekday }) { return found }
        }
        if let date = CivilDate(text: word) { return date }
        throw Self.dateError(word)
    }

    /// Reads a day and a time (`yesterday 10:05`, `mon 3pm`, `yesterday at noon`, `2026-03-02 14:30`), a time alone
    /// for today, or `now`. An offset from UTC may follow: `2026-11-01 01:30 -04:00`, `2026-03-02T14:30:00Z`.
    ///
    /// - Throws: ``CalendarError``.
    public func parseInstant(_ text: some StringProtocol, _ direction: Direction = .past)
        throws(CalendarError) -> ParsedInstant
    {
        var words = Self.words(text)
        // `3pm yesterday` says the same as `yesterday 3pm`.
        if words.count == 2, (try? parseDate(words[1], direction)) != nil { words.reverse() }
        if words == ["now"] { return ParsedInstant(instant: now, isFuture: false) }
        guard let first = words.first, words.count <= 3 else { throw .unreadable(String(text)) }
        let startsWithTime = first.contains(":") || Self.isHour(first)
        if !startsWithTime, words.count == 1 {
            _ = try parseDate(first, direction)
            throw .timeMissing(String(text))
        }
        let date = startsWithTime ? today : try parseDate(first, direction)
        let rest = Array(startsWithTime ? words[...] : words.dropFirst())
        guard let clock = rest.first, rest.count <= 2 else { throw .unreadable(String(text)) }
        let second = try Self.second(of: clock)
        let instant: Int64
        if rest.count == 2 {
            guard let offset = Self.offset(rest[1]) else { throw .unreadable(String(text)) }
            instant = date.days * 86_400 + Int64(second) - offset
        } else {
            instant = try self.instant(date, minute: second / 60) + Int64(second % 60)
        }
        return ParsedInstant(instant: instant, isFuture: instant > now)
    }

    /// Splits at spaces, at the `T` of a standard time stamp, and before a `Z`.
    private static func words(_ text: some StringProtocol) -> [String] {
        var characters = Array(text.lowercased())
        if characters.count > 10, characters[10] == "t", characters[4] == "-" { characters[10] = " " }
        if characters.last == "z", characters.dropLast().last?.isNumber == true {
            characters.insert(" ", at: characters.count - 1)
        }
        if let sign = characters.indices.dropFirst(12).first(where: { "+-".contains(characters[$0]) }),
            characters[sign - 1].isNumber
        {
            characters.insert(" ", at: sign)
        }
        var words = String(characters).split(separator: " ").map(String.init)
        if words.count > 1, let last = words.last, last == "am" || last == "pm" {
            words.removeLast()
            words[words.count - 1] += last
        }
        // `yesterday at 3pm`, `at noon`, `on monday at 9am`
        if words.count > 1 { words.removeAll { $0 == "at" || $0 == "on" } }
        return words.map { clockWords[$0] ?? $0 }
    }

    /// Midnight is not among them: nobody can say at which end of the day it lies.
    private static let clockWords = ["noon": "12:00"]

    /// Whether this is an hour alone: `3pm`.
    private static func isHour(_ text: String) -> Bool {
        (text.hasSuffix("am") || text.hasSuffix("pm")) && text.utf8.count <= 4
            && Digits.number(text.dropLast(2)) != nil
    }

    /// The second of the day of `14:30`, `14:30:05`, `2:30pm` or `3pm`.
    private static func second(of text: String) throws(CalendarError) -> Int {
        let half = text.hasSuffix("am") ? 0 : text.hasSuffix("pm") ? 12 : nil
        var parts = (half == nil ? text[...] : text.dropLast(2)).split(
            separator: ":", omittingEmptySubsequences: false)
        if isHour(text) { parts.append("00") }
        let numbers = parts.compactMap { $0.utf8.count <= 2 ? Digits.number($0) : nil }
        guard numbers.count == parts.count, (2...3).contains(parts.count), parts[1].utf8.count == 2 else {
            throw Digits.number(text) != nil || half != nil ? .ambiguous(text) : .unreadable(text)
        }
        var hour = numbers[0]
        if let half {
            guard (1...12).contains(hour) else { throw .noSuchTime(text) }
            hour = hour % 12 + half
        }
        guard hour < 24, numbers[1] < 60, numbers.count < 3 || numbers[2] < 60 else {
            throw .noSuchTime(text)
        }
        return hour * 3600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
    }

    /// Seconds of `z`, `+02:00`, `-0400`.
    private static func offset(_ text: String) -> Int64? {
        if text == "z" || text == "utc" { return 0 }
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard digits.utf8.count == 4, let number = Digits.number(digits), number % 100 < 60,
            number / 100 <= 14
        else { return nil }
        let seconds = Int64(number / 100 * 3600 + number % 100 * 60)
        return sign == "-" ? -seconds : seconds
    }

    /// What is wrong with a text that is no date.
    private static func dateError(_ text: String) -> CalendarError {
        let parts = text.split { "-/.".contains($0) }
        let numbers = parts.compactMap { Digits.number($0) }
        guard numbers.count == parts.count, (2...3).contains(parts.count) else {
            return .unreadable(text)
        }
        let isStandard = parts.count == 3 && parts[0].utf8.count == 4 && text.contains("-")
        return isStandard && parts[1].utf8.count == 2 && parts[2].utf8.count == 2
            ? .noSuchDate(text) : .ambiguous(text)
    }
}
