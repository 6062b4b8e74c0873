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

    /// Reads a day: `today`, `mon`, `last friday`, `2 days ago`, `5 nov`, `11/05` (the month first), `2026-03-02`.
    ///
    /// - Throws: ``CalendarError``.
    public func parseDate(_ text: some StringProtocol, _ direction: Direction = .past)
        throws(CalendarError) -> CivilDate
    {
        let words = Self.words(text)
        guard let phrase = try dayPhrase(words[...], direction), phrase.length == words.count else {
            throw Self.dateError(text.lowercased())
        }
        return phrase.date
    }

    /// Reads a day and a time (`yesterday 10:05`, `mon 3pm`, `2 days ago at noon`, `2026-03-02 14:30`), a time alone
    /// for today, `now`, or how long ago it was (`20 minutes ago`). An offset from UTC may follow:
    /// `2026-11-01 01:30 -04:00`, `2026-03-02T14:30:00Z`.
    ///
    /// A whole hour behind a day, `today 9`, is of the 24-hour clock from 7 on; before that nobody can say which half
    /// of the day is meant.
    ///
    /// - Throws: ``CalendarError``.
    public func parseInstant(_ text: some StringProtocol, _ direction: Direction = .past)
        throws(CalendarError) -> ParsedInstant
    {
        let words = Self.words(text)
        if words == ["now"] { return ParsedInstant(instant: now, isFuture: false) }
        if let seconds = Self.timeAgo(words) { return ParsedInstant(instant: now - seconds, isFuture: false) }
        guard let first = words.first else { throw .unreadable(String(text)) }
        if let day = try dayPhrase(words[...], direction) {
            let rest = Array(words.dropFirst(day.length))
            guard let clock = rest.first else { throw .timeMissing(String(text)) }
            guard rest.count <= 2 else { throw .unreadable(String(text)) }
            return try moment(
                day.date, Self.second(of: clock, mayBeWholeHour: true), rest.dropFirst().first, text)
        }
        // `3pm yesterday` says the same as `yesterday 3pm`.
        if words.count > 1, let day = try dayPhrase(words[1...], direction), day.length == words.count - 1 {
            return try moment(day.date, Self.second(of: first, mayBeWholeHour: true), nil, text)
        }
        guard Self.isTime(first) else { throw Self.dateError(first) }
        guard words.count <= 2 else { throw .unreadable(String(text)) }
        return try moment(
            today, Self.second(of: first, mayBeWholeHour: false), words.dropFirst().first, text)
    }

    private func moment(
        _ date: CivilDate, _ second: Int, _ offset: String?, _ text: some StringProtocol
    ) throws(CalendarError) -> ParsedInstant {
        let instant: Int64
        if let offset {
            guard let offset = Self.offset(offset) else { throw .unreadable(String(text)) }
            instant = date.days * 86_400 + Int64(second) - offset
        } else {
            instant = try self.instant(date, minute: second / 60) + Int64(second % 60)
        }
        return ParsedInstant(instant: instant, isFuture: instant > now)
    }

    /// Splits at blanks and commas, at the `T` of a standard time stamp, and before its `Z` or offset.
    static func words(_ text: some StringProtocol) -> [String] {
        var characters = Array(text.lowercased())
        if characters.count > 10, characters[4] == "-", characters[7] == "-" {
            if characters[10] == "t" { characters[10] = " " }
            if characters.last == "z", characters.dropLast().last?.isNumber == true {
                characters.insert(" ", at: characters.count - 1)
            }
            // Only behind a standard date: in `yesterday 10:05-11:00` the sign means until.
            if let sign = characters.indices.dropFirst(12).first(where: { "+-".contains(characters[$0]) }),
                characters[sign - 1].isNumber
            {
                characters.insert(" ", at: sign)
            }
        }
        var words: [String] = []
        for word in String(characters).split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
            let word = Self.plain[String(word)] ?? String(word)
            if word == "am" || word == "pm", let hour = words.last, hour.first?.isNumber == true {
                words[words.count - 1] = hour + word
            } else {
                words.append(word)
            }
        }
        // `yesterday at 3pm`, `at noon`, `on monday at 9am`
        if words.count > 1 { words.removeAll { $0 == "at" || $0 == "on" } }
        return words
    }

    /// Midnight is not among them: nobody can say at which end of the day it lies.
    private static let plain = ["noon": "12:00", "a.m.": "am", "p.m.": "pm"]

    /// How many seconds ago: `20 minutes ago`, `an hour ago`.
    private static func timeAgo(_ words: [String]) -> Int64? {
        guard words.count == 3, words[2] == "ago", let count = count(words[0]) else { return nil }
        switch words[1] {
        case "minute", "minutes", "min", "mins": return Int64(count) * 60
        case "hour", "hours": return Int64(count) * 3600
        default: return nil
        }
    }

    /// Whether this can only be a time of the day: `10:05`, `10.05`, `3pm`.
    private static func isTime(_ text: String) -> Bool {
        if text.contains(":") || isHour(text) { return true }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && Digits.number(parts[0]) != nil && parts[1].utf8.count >= 2
            && Digits.number(parts[1].prefix(2)) != nil
    }

    /// Whether this is an hour alone: `3pm`.
    private static func isHour(_ text: String) -> Bool {
        (text.hasSuffix("am") || text.hasSuffix("pm")) && text.utf8.count <= 4
            && Digits.number(text.dropLast(2)) != nil
    }

    /// The second of the day of `14:30`, `14.30`, `14:30:05`, `2:30pm`, `3pm` or, where a day stands beside it, `9`.
    private static func second(of text: String, mayBeWholeHour: Bool) throws(CalendarError) -> Int {
        let half = text.hasSuffix("am") ? 0 : text.hasSuffix("pm") ? 12 : nil
        let digits = half == nil ? text[...] : text.dropLast(2)
        var parts = digits.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 1, isTime(text) {
            parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        }
        if isHour(text) || mayBeWholeHour && parts.count == 1 && half == nil && text.utf8.count <= 2 {
            parts.append("00")
        }
        let numbers = parts.compactMap { $0.utf8.count <= 2 ? Digits.number($0) : nil }
        guard numbers.count == parts.count, (2...3).contains(parts.count), parts[1].utf8.count == 2 else {
            throw Digits.number(text) != nil || half != nil ? .ambiguous(text) : .unreadable(text)
        }
        var hour = numbers[0]
        if let half {
            guard (1...12).contains(hour) else { throw .noSuchTime(text) }
            hour = hour % 12 + half
        } else if text.utf8.count <= 2, hour < 7 {
            throw hour == 0 ? .ambiguous(text) : .halfOfDay(text)
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
    static func dateError(_ text: String) -> CalendarError {
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
