import ArgumentParser
import Foundation

/// What every verb takes to say how it answers.
struct Output: ParsableArguments {
    @Flag(help: "Answer with one line of JSON.")
    var json = false

    /// Prints the answer in one form or the other.
    func print(_ answer: some Encodable, lines: @autoclosure () -> String) throws {
        let text = json ? try Self.json(answer) : lines() + "\n"
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    /// One line of JSON, its fields in order of their names.
    static func json(_ answer: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(answer), as: UTF8.self) + "\n"
    }
}

/// How an instant is written: ISO 8601, UTC, to the second.
func written(microseconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(microseconds / 1_000_000)).formatted(.iso8601)
}

/// How an instant is written for people: by the agency's clock, whose zone is named, because a server's own
/// clock often shows another.
func written(microseconds: Int64, in zone: String) -> String {
    guard let known = TimeZone(identifier: zone) else { return written(microseconds: microseconds) }
    let style = Date.VerbatimFormatStyle(
        format: """
            \(year: .padded(4))-\(month: .twoDigits)-\(day: .twoDigits) \
            \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits)
            """,
        locale: Locale(identifier: "en_US_POSIX"), timeZone: known, calendar: Calendar(identifier: .gregorian)
    )
    return Date(timeIntervalSince1970: Double(microseconds / 1_000_000)).formatted(style) + " \(zone)"
}
