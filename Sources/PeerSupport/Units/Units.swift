/// How minutes become 15-minute units. It differs between payers, so it is configuration.
public enum UnitRule: String, CaseIterable, Hashable, Sendable {
    /// The 8-minute rule: 8 to 22 minutes are one unit, 23 to 37 two. A Medicare rule that many programs
    /// borrow, and not all.
    case cms8
    /// Only full quarters of an hour count.
    case full15

    /// The units of so many minutes.
    public func units(minutes: Int) -> Int {
        switch self {
        case .cms8: minutes < 8 ? 0 : (minutes + 7) / 15
        case .full15: max(0, minutes) / 15
        }
    }
}

/// Whether each contact counts alone, or a day's minutes are added up first.
public enum UnitSum: String, CaseIterable, Hashable, Sendable {
    /// Each contact alone.
    case contact
    /// A participant's minutes of a day together.
    case day
}

/// One contact, as far as units go.
public struct TimedContact<Person: Hashable & Sendable>: Hashable, Sendable {
    /// Who it was with.
    public let participant: Person
    /// On which day, days since 1970 where the contact was.
    public let day: Int64
    /// How long.
    public let minutes: Int

    /// Makes a contact.
    public init(participant: Person, day: Int64, minutes: Int) {
        self.participant = participant
        self.day = day
        self.minutes = minutes
    }
}

/// A payer's way of counting.
public struct UnitPolicy: Hashable, Sendable {
    /// Minutes to units.
    public let rule: UnitRule
    /// What is rounded.
    public let sum: UnitSum

    /// Makes a policy.
    public init(rule: UnitRule, sum: UnitSum) {
        self.rule = rule
        self.sum = sum
    }

    /// The units of some contacts. With ``UnitSum/day``, those of one participant on one day add up first.
    public func units<Person>(of contacts: [TimedContact<Person>]) -> Int {
        switch sum {
        case .contact:
            contacts.reduce(0) { $0 + rule.units(minutes: $1.minutes) }
        case .day:
            Dictionary(grouping: contacts) { Day(participant: $0.participant, day: $0.day) }.values
                .reduce(0) { total, day in
                    total + rule.units(minutes: day.reduce(0) { $0 + max(0, $1.minutes) })
                }
        }
    }

    private struct Day<Person: Hashable & Sendable>: Hashable {
        let participant: Person
        let day: Int64
    }
}
