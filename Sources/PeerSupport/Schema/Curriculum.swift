/// A part of the year's curriculum.
public enum Phase: String, CaseIterable, Hashable, Sendable {
    /// Twelve sessions, one a week.
    case core
    /// Four sessions, one every other week.
    case transition
    /// Six sessions, one a month.
    case maintenance
}

/// The delivery schedule: numbers and phases only. Titles and texts are licensed, and the agency's to add.
public struct Curriculum: Hashable, Sendable {
    /// A run of sessions at one cadence.
    public struct Part: Hashable, Sendable {
        /// Which phase.
        public let phase: Phase
        /// How many sessions.
        public let count: Int
        /// Days from one session to the next.
        public let everyDays: Int
    }

    /// The parts in order.
    public let parts: [Part]

    /// The schedule as published: 12 weekly core, 4 transition, 6 monthly.
    public static let standard = Curriculum(parts: [
        Part(phase: .core, count: 12, everyDays: 7),
        Part(phase: .transition, count: 4, everyDays: 14),
        Part(phase: .maintenance, count: 6, everyDays: 30),
    ])

    /// How many sessions there are.
    public var count: Int { parts.reduce(0) { $0 + $1.count } }

    /// The phase a session belongs to; `nil` for a number the curriculum does not have.
    public func phase(of number: Int) -> Phase? {
        guard number > 0 else { return nil }
        var last = 0
        for part in parts {
            last += part.count
            if number <= last { return part.phase }
        }
        return nil
    }

    /// On which day after the start a session is due, the first on day 0.
    public func day(of number: Int) -> Int? {
        guard phase(of: number) != nil else { return nil }
        var day = 0
        var next = 1
        for part in parts {
            for _ in 0..<part.count {
                if next > 1 { day += part.everyDays }
                if next == number { return day }
                next += 1
            }
        }
        return nil
    }

    /// The last session due by a day after the start; 0 before the first.
    public func due(byDay day: Int) -> Int {
        (1...max(count, 1)).last { number in self.day(of: number).map { $0 <= day } ?? false } ?? 0
    }
}
