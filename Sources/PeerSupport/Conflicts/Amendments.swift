public import SyncModel

/// Finds check-ins that were corrected apart: each correction voids what it corrects, so two that did not know of each
/// other stand both, and one visit counts twice.
public enum Amendments {
    /// Check-ins about one visit, of which one is to count.
    public struct Group: Hashable, Sendable {
        /// The check-in that was corrected; where it is not known, the first of those to choose from.
        public let corrected: RecordView
        /// What there is to choose from, sorted by id.
        public let choice: [RecordView]
    }

    /// The visits of which more than one check-in counts; and those of which none does, because people who decided
    /// apart kept different ones, so that each voided what the other had kept.
    ///
    /// And those of which somebody asks for another look at a correction that was made by another than who had recorded it:
    /// whether that one stays, or the entry as it was.
    ///
    /// A correction may itself be corrected, so what is compared is where each chain of corrections began. A check-in
    /// that was corrected and counts again, because somebody decided so, is of its own group.
    ///
    /// - Parameters:
    ///   - views: every check-in that corrects another, and those that they correct, as they are shown.
    ///   - chains: the decisions about them.
    ///   - marks: of those whose void mark several wrote apart, everything that stands there. Of the others it is what is
    ///     shown.
    public static func groups(
        _ views: [RecordView], _ chains: DecisionChains, marks: [RecordID: [[Value]]] = [:]
    ) -> [Group] {
        families(views).compactMap { root, all in
            let members = all.filter { CheckIn($0) != nil }
            let counting = members.filter { CheckIn($0)?.counts ?? false }
            let choice =
                switch counting.count {
                case 0: keptApart(members, chains, marks)
                case 1: counting + doubted(members, chains)
                default: counting
                }
            guard choice.count > 1, let first = choice.first else { return nil }
            return Group(corrected: members.first { $0.id == root } ?? first, choice: choice)
        }
    }

    /// Check-ins about one visit each, sorted by id, with that which the chain of corrections began with; sorted by it.
    public static func families(_ views: [RecordView]) -> [(root: RecordID, members: [RecordView])] {
        let chains = Redirects(
            views.compactMap { view in view["amends"].reference.map { (from: view.id, into: $0) } })
        return Dictionary(grouping: views) { chains.root(of: $0.id) }.sorted { $0.key < $1.key }
            .map { root, members in (root, members.sorted { $0.id < $1.id }) }
    }

    /// Those that one person kept and another gave up for one that the first had given up.
    private static func keptApart(
        _ members: [RecordView], _ chains: DecisionChains, _ marks: [RecordID: [[Value]]]
    ) -> [RecordView] {
        let shown = Dictionary(members.map { ($0.id, [$0.values(of: "void") ?? []]) }) { first, _ in first }
        let kept = chains.keptApart(members.map(\.id)) { marks[$0] ?? shown[$0] ?? [] }
        return members.filter { kept.contains($0.id) }
    }

    /// Those that somebody else corrected, while somebody asks whether the correction is right.
    private static func doubted(_ members: [RecordView], _ chains: DecisionChains) -> [RecordView] {
        members.filter { view in
            !view["voided_at"].isNone
                && chains.about(view.id).contains { $0.isPlainCorrection && chains.isOpen($0) }
        }
    }

    /// The conflict of a group, the oldest of its check-ins first.
    ///
    /// - Parameter states: the live changes of those to choose from. What is not among them is left out.
    public static func conflict(of group: Group, _ states: [RecordID: RecordState]) -> Conflict {
        let sides = group.choice.compactMap { view in
            states[view.id].map { state in
                // What is written once was written by whoever made it.
                Conflict.Side(change: state.siblings(of: "what").first?.change, values: [], record: view)
            }
        }
        return Conflict(.amendments, group.corrected, sides: sides.sorted(by: isOlder))
    }

    /// For which corrections the void marks of a check-in were written, mark by mark; `nil` for each that was written for
    /// none of them. A correction voids what it corrects in the same edit, and one edit has one reading of the clock; or
    /// somebody decided which correction stays, and with it the mark of that one.
    ///
    /// - Parameters:
    ///   - marks: what stands in the check-in's void mark.
    ///   - conflict: the one about its corrections.
    ///   - decisions: those about the check-in, in any order.
    public static func corrections(
        behind marks: [Conflict.Side], of record: RecordID, in conflict: Conflict, _ decisions: [Decision]
    ) -> [RecordID?] {
        let choice = conflict.sides.compactMap { $0.record?.id }
        return marks.map { mark in
            let own = conflict.sides.first { side in
                side.change.map { one in
                    one.dot.incarnation == mark.change?.dot.incarnation
                        && one.deviceMicroseconds == mark.change?.deviceMicroseconds
                } ?? false
            }
            let decided = decisions.first { decision in
                decision.subject == record && decision.kind == .resolve && decision.register == "void"
                    && decision.other.map(choice.contains) ?? false
                    && decision.valuesAfter.first?.values == mark.values
            }
            return own?.record?.id ?? decided?.other
        }
    }

    /// Whether one of two conflicts is part of the other: the void marks that several corrections left on what they
    /// correct, or that one of these marks, or one of the corrections, was decided about and this is open again. Whoever
    /// says which correction stays has decided about these too. Where somebody voided it for another reason as well, that is
    /// asked afterwards: see ``VoidedCorrections``.
    public static func asks(_ conflict: Conflict, about marks: Conflict, _ decisions: [Decision]) -> Bool {
        if conflict.kind == .amendments, marks.kind == .contested, marks.register == "void" {
            return conflict.sides.contains { $0.record?.id == marks.view.id }
                || corrected(in: conflict).contains(marks.view.id) && marks.decision != nil
        }
        // Where what was corrected counts as well, because whoever corrected it had not read that it was signed, it is one to
        // choose from.
        let isChoice = conflict.sides.contains { $0.record?.id == marks.view.id }
        guard conflict.kind == .amendments, marks.register == "void", marks.kind == .void,
            marks.isDecidedApart || isChoice, corrected(in: conflict).contains(marks.view.id)
        else { return false }
        return corrections(behind: marks.sides, of: marks.view.id, in: conflict, decisions)
            .contains { $0 != nil }
    }

    /// What the check-ins of a conflict correct, sorted.
    public static func corrected(in conflict: Conflict) -> [RecordID] {
        Set([conflict.view.id] + conflict.sides.compactMap { $0.record?["amends"].reference }).sorted()
    }

    private static func isOlder(_ a: Conflict.Side, _ b: Conflict.Side) -> Bool {
        let first = a.change?.effective?.microseconds ?? .max
        let second = b.change?.effective?.microseconds ?? .max
        guard first == second, let one = a.record?.id, let other = b.record?.id else { return first < second }
        return one < other
    }
}
