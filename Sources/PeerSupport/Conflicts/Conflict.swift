public import SyncModel

/// What kind of thing a person has to decide.
public enum ConflictKind: String, CaseIterable, Hashable, Sendable {
    /// One register holds several values that were written apart.
    case values
    /// Two steps of a referral that exclude each other: accepted here, declined there.
    case transition
    /// Somebody deleted a record, and somebody else, not knowing of it, went on with it.
    case deletion
    /// Somebody voided a record, and somebody else, not knowing of it, changed or corrected it.
    case void
    /// Two records may be one person.
    case duplicate
    /// A time was corrected, because the laptop's clock was off.
    case clock
    /// Somebody whose value was not kept asks for another look.
    case contested
    /// Records were merged in opposite directions, or in a ring.
    case ring
    /// One record was merged into two different ones.
    case fork
    /// Somebody wrote on a record that leads to another, and whoever merged the two had not read it.
    case late
    /// A check-in was corrected on two laptops apart, and both corrections count.
    case amendments
}

/// One thing that a person has to decide.
public struct Conflict: Hashable, Sendable {
    /// One of the values, in the order in which they are offered.
    public struct Side: Hashable, Sendable {
        /// The change that wrote it; `nil` where it is told by a decision alone.
        public let change: LiveChange?
        /// What it says. Empty where a side is no value of a register.
        public let values: [Value]
        /// The record that it is, where there is a choice between records.
        public let record: RecordView?

        /// Puts a side together.
        public init(change: LiveChange?, values: [Value], record: RecordView? = nil) {
            self.change = change
            self.values = values
            self.record = record
        }
    }

    /// What kind it is.
    public let kind: ConflictKind
    /// The record; of ``ConflictKind/amendments`` the one that was corrected.
    public let view: RecordView
    /// The register in which it lies, if it lies in one.
    public let register: String?
    /// What there is to choose from, the shown one first; of a deletion, what deletes, and of a void mark, what voids (see
    /// ``shownPlace``). Of a ring the merges, once round: each record with what says where it leads. There is no choice
    /// between these.
    public let sides: [Side]
    /// The other record of a pair; of what came late, the record under which the person is shown.
    public let other: RecordView?
    /// The decision that is contested.
    public let decision: Decision?

    /// Puts a conflict together.
    public init(
        _ kind: ConflictKind, _ view: RecordView, register: String? = nil, sides: [Side] = [],
        other: RecordView? = nil, decision: Decision? = nil
    ) {
        self.kind = kind
        self.view = view
        self.register = register
        self.sides = sides
        self.other = other
        self.decision = decision
    }

    /// Which of the sides everybody is shown until somebody decides. A record that somebody deleted and somebody else
    /// went on with is shown; one that was deleted while somebody only wrote about it is not. Whether something is void is shown
    /// as it stands in its void mark, which does not stand against a signature that its writer had not read.
    public var shownPlace: Int {
        switch kind {
        case .deletion: view.deletion != .deleted ? 1 : 0
        case .void:
            sides.firstIndex { $0.record == nil && $0.values == register.flatMap(view.values) } ?? 0
        case .values, .transition, .duplicate, .clock, .contested, .ring, .fork, .late, .amendments: 0
        }
    }

    /// Whether everything that there is to choose from was written in the register itself: not one who voided it stands against
    /// one who went on, but people who said of the same thing that it is so, and that it is not.
    public var isDecidedApart: Bool {
        guard let register, sides.count > 1 else { return false }
        return sides.allSatisfy { $0.change?.values(of: register) != nil }
    }

    /// Whether it asks about one correction, by another than who had recorded the check-in, whether it stays: nothing was
    /// corrected apart, and one entry counts.
    public var isDoubted: Bool {
        kind == .amendments && sides.count { $0.record.flatMap { CheckIn($0) }?.counts ?? false } == 1
    }

    /// Whether a check-in counts beside what it was corrected to: whoever corrected it had not read that it was signed; or
    /// somebody decided that it counts.
    public var countsBesideCorrection: Bool {
        kind == .amendments && !isDoubted
            && sides.contains {
                $0.record?.id == view.id && $0.record.flatMap { CheckIn($0) }?.counts ?? false
            }
    }

    /// Of a check-in that was voided by one and corrected by another, the correction.
    public var correction: RecordView? { kind == .void ? sides.last?.record : nil }

    /// How grave it is.
    public var severity: Severity {
        switch kind {
        case .values, .late: register.flatMap { view.table.register($0)?.severity } ?? .ask
        case .transition, .deletion, .void, .fork: .grave
        case .duplicate, .contested, .ring, .amendments: .ask
        case .clock: .newestWins
        }
    }

    /// Since when it is open: when the last of its values counts as written, microseconds since 1970. What no server
    /// has judged is as new as can be.
    public var since: Int64 {
        if let at = decision?.contestedAt {
            return at.multipliedReportingOverflow(by: 1_000_000).partialValue
        }
        let times = sides.compactMap(\.change).map { $0.effective?.microseconds ?? .max }
        return times.max() ?? .max
    }

    /// The participant whose record it is, or whom the record is about.
    public var participant: RecordID? {
        view.table.name == "participant" ? view.id : view["participant"].reference
    }

    /// Gravest first, and of the same gravity the oldest.
    public static func comesFirst(_ a: Conflict, _ b: Conflict) -> Bool {
        if a.severity != b.severity { return a.severity > b.severity }
        if a.since != b.since { return a.since < b.since }
        if a.view.id != b.view.id { return a.view.id < b.view.id }
        return (a.kind.rawValue, a.register ?? "") < (b.kind.rawValue, b.register ?? "")
    }
}
