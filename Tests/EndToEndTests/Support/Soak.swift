import Foundation

/// How long a trial goes on: a little in every run of the tests, and for as long as `scripts/soak` says.
enum Soak {
    /// From what everything that is drawn is drawn. Each failure tells it.
    static let seed = number("SOAK_SEED").map { UInt64($0) } ?? 1
    /// How often a program is killed.
    static let kills = number("SOAK_KILLS")
    /// How many check-ins are sent over the bad link, in earnest.
    static let checkIns = number("SOAK_CHECK_INS")

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    /// Tells a figure to whoever started the tests.
    static func tell(_ text: String) {
        FileHandle.standardError.write(Data("soak: \(text)\n".utf8))
    }
}
