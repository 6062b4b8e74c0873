/// A day as people say it, at the beginning of some words.
struct DayPhrase {
    let date: CivilDate
    /// How many words say it.
    let length: Int
}

extension LocalTime {
    /// The day that the words begin with; `nil` if they begin with none.
    ///
    /// - Throws: ``CalendarError`` for a day that does not exist, or that can be read in several ways.
    func dayPhrase(
        _ words: ArraySlice<String>, _ direction: Direction
    ) throws(CalendarError) -> DayPhrase? {
        guard let first = words.first else { return nil }
        if let phrase = try relative(Array(words.prefix(3)), direction) { return phrase }
        if let phrase = try monthByName(Array(words.prefix(3)), direction) { return phrase }
        switch first {
        case "today": return DayPhrase(date: today, length: 1)
        case "yesterday": return DayPhrase(date: today.adding(days: -1), length: 1)
        case "tomorrow": return DayPhrase(date: today.adding(days: 1), length: 1)
        default: break
        }
        if let weekday = Weekday(text: first) {
            let step: Int64 = direction == .past ? -1 : 1
            return nearest(weekday, from: 0, step: step).map { DayPhrase(date: $0, length: 1) }
        }
        if let date = CivilDate(text: first) { return DayPhrase(date: date, length: 1) }
        if let date = try monthFirst(first, direction) { return DayPhrase(date: date, length: 1) }
        // What looks like a date and is none is told as such, and not taken for a time.
        let parts = first.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ Digits.number($0) != nil }) else { return nil }
        throw Self.dateError(first)
    }

    /// `last friday`, `2 days ago`, `a week ago`, `in 3 days`.
    private func relative(
        _ words: [String], _ direction: Direction
    ) throws(CalendarError) -> DayPhrase? {
        if words.count >= 2, let weekday = Weekday(text: words[1]) {
            switch words[0] {
            // Never today itself, which would be called today.
            case "last": return nearest(weekday, from: -1, step: -1).map { DayPhrase(date: $0, length: 2) }
            // For some the coming one, for others the one in the week after.
            case "next": throw .ambiguous("next \(words[1])")
            default: break
            }
        }
        guard words.count == 3 else { return nil }
        if words[2] == "ago", let days = Self.days(words[0], words[1]) {
            return DayPhrase(date: today.adding(days: -days), length: 3)
        }
        if words[0] == "in", let days = Self.days(words[1], words[2]) {
            return DayPhrase(date: today.adding(days: days), length: 3)
        }
        return nil
    }

    private func nearest(_ weekday: Weekday, from first: Int64, step: Int64) -> CivilDate? {
        (0..<7).map { today.adding(days: first + step * $0) }.first { $0.weekday == weekday }
    }

    /// `5 nov`, `nov 5`, `5th november 2026`.
    private func monthByName(
        _ words: [String], _ direction: Direction
    ) throws(CalendarError) -> DayPhrase? {
        guard words.count >= 2 else { return nil }
        let named: (month: Int, day: Int)? =
            if let month = Self.month(words[1]), let day = Self.dayOfMonth(words[0]) {
                (month, day)
            } else if let month = Self.month(words[0]), let day = Self.dayOfMonth(words[1]) {
                (month, day)
            } else {
                nil
            }
        guard let named else { return nil }
        let year = words.dropFirst(2).first.flatMap { $0.utf8.count == 4 ? Digits.number($0) : nil }
        let said = words.prefix(year == nil ? 2 : 3).joined(separator: " ")
        let date = try date(named.month, named.day, year, direction, said: said)
        return DayPhrase(date: date, length: year == nil ? 2 : 3)
    }

    /// `11/05`, `11/5/2026`, `11/05/26`: with strokes the month comes first, as it is written here.
    private func monthFirst(
        _ text: String, _ direction: Direction
    ) throws(CalendarError) -> CivilDate? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Digits.number($0) }
        guard (2...3).contains(parts.count), numbers.count == parts.count,
            parts.prefix(2).allSatisfy({ $0.utf8.count <= 2 })
        else { return nil }
        var year: Int?
        if parts.count == 3 {
            guard [2, 4].contains(parts[2].utf8.count) else { return nil }
            year = parts[2].utf8.count == 2 ? 2000 + numbers[2] : numbers[2]
        }
        return try date(numbers[0], numbers[1], year, direction, said: text)
    }

    /// A day of a month. Without a year it is the latest such day for what happened, the next for what is planned.
    ///
    /// What lies less than a month ahead is not a year ago, though: somebody mistook the day, and is asked about one
    /// that lies ahead rather than credited with one in another year.
    private func date(
        _ month: Int, _ day: Int, _ year: Int?, _ direction: Direction, said text: String
    ) throws(CalendarError) -> CivilDate {
        let year = year ?? self.year(month, day, direction)
        guard let date = CivilDate(year: year, month: month, day: day) else { throw .noSuchDate(text) }
        return date
    }

    private func year(_ month: Int, _ day: Int, _ direction: Direction) -> Int {
        let today = today
        let coming = (month, day) < (today.month, today.day) ? today.year + 1 : today.year
        if direction == .future { return coming }
        let isSoon =
            CivilDate(year: coming, month: month, day: day).map { $0.days - today.days <= Self.soon } ?? false
        return isSoon ? coming : coming - 1
    }

    /// So many days ahead.
    private static let soon: Int64 = 31

    /// Days of `2 weeks`.
    private static func days(_ number: String, _ unit: String) -> Int64? {
        guard let count = count(number) else { return nil }
        switch unit {
        case "day", "days": return Int64(count)
        case "week", "weeks": return Int64(count) * 7
        default: return nil
        }
    }

    /// A small number, in digits or as a word.
    static func count(_ text: String) -> Int? {
        let words = ["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
        if text == "a" || text == "an" { return 1 }
        if let found = words.dropFirst().firstIndex(of: text) { return found }
        return text.utf8.count <= 4 ? Digits.number(text) : nil
    }

    /// A month's name, or its beginning of three letters or more.
    private static func month(_ word: String) -> Int? {
        let names = [
            "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
            "november", "december",
        ]
        let plain = word.hasSuffix(".") ? String(word.dropLast()) : word
        guard plain.utf8.count >= 3 else { return nil }
        return names.firstIndex { $0.hasPrefix(plain) }.map { $0 + 1 }
    }

    /// `5` or `5th`.
    private static func dayOfMonth(_ word: String) -> Int? {
        let plain =
            ["st", "nd", "rd", "th"].first { word.hasSuffix($0) } == nil ? word[...] : word.dropLast(2)
        return plain.utf8.count <= 2 ? Digits.number(plain) : nil
    }
}
