public import SyncModel

/// Finds check-ins that one person voided and another, not knowing of it, corrected: the correction counts, though
/// somebody said that the visit does not.
///
/// A correction voids what it corrects as well, so in the void mark stand two reasons. Which of them stays is not what
/// there is to decide: it is whether the visit counts, as corrected, or not at all.
public enum VoidedCorrections {
    /// One conflict for each such check-in: every void mark that no correction left, and last the correction.
    ///
    /// Where several corrections count, which of them stays is decided first, and then this is asked.
    ///
    /// - Parameters:
    ///   - views: every check-in that corrects another, and those that they correct, as they are shown.
    ///   - states: their live changes. What is not among them is left out.
    ///   - chains: the decisions about them.
    public static func conflicts(
        _ views: [RecordView], _ states: [RecordID: RecordState], _ chains: DecisionChains
    ) -> [Conflict] {
        Amendments.families(views).flatMap { _, members in
            members.compactMap { question($0, members, states, chains) }
        }
    }

    private static func question(
        _ voided: RecordView, _ members: [RecordView], _ states: [RecordID: RecordState],
        _ chains: DecisionChains
    ) -> Conflict? {
        let open = chains.standing(.register(voided.id, "void")).last { chains.isOpen($0) && isSuch($0) }
        guard let state = states[voided.id], open != nil || state.isInConflict("void") else { return nil }
        let corrections = following(voided, members)
        let counting = corrections.filter { CheckIn($0)?.counts ?? false }
        guard counting.count < 2,
            let correction = counting.first ?? givenUp(corrections, with: voided, chains).first
        else { return nil }
        // What a decision that is open again had not kept stands nowhere else.
        let marks = marks(
            of: voided, state, corrections, states, chains.about(voided.id),
            with: (open?.valuesBefore ?? []).map(\.values).filter(isMark))
        let left = marks.filter(\.isCorrections)
        let against = marks.filter { !$0.isCorrections }.map(\.side)
        // Two who voided it for two reasons, and nobody who corrected it: that is about a reason.
        guard !against.isEmpty, open != nil || !left.isEmpty else { return nil }
        let made = states[correction.id]?.siblings(of: "what").first?.change
        return Conflict(
            .void, voided, register: "void",
            sides: against + [Conflict.Side(change: made, values: [], record: correction)], decision: open)
    }

    /// The void mark that a correction leaves on what it corrects, as it stands now or stood when it was decided; `nil`
    /// where none is known.
    public static func mark(
        of conflict: Conflict, _ state: RecordState, _ correction: RecordState
    ) -> [Value]? {
        let against = conflict.sides.filter { $0.record == nil }.map(\.values)
        let decided = conflict.decision.map { ($0.before ?? "") + "\n" + ($0.after ?? "") }
        let known = state.siblings(of: "void").map(\.values) + DecidedValue.read(decided ?? "").map(\.values)
        return known.first { isMark($0) && !against.contains($0) }
            ?? correction.siblings(of: "what").first.map { made in
                VoidMark.values(
                    at: made.change.deviceMicroseconds / 1_000_000, by: made.change.author, reason: reason)
            }
    }

    /// Why a check-in is void that was corrected, where nothing else is said.
    public static let reason = "corrected by a later entry"

    /// Whether one conflict is part of another of this kind: the void marks as values of their own, and decisions about
    /// them, or about the correction's, that are open again.
    public static func asks(_ conflict: Conflict, about marks: Conflict) -> Bool {
        guard conflict.kind == .void, let correction = conflict.correction, marks.register == "void",
            marks != conflict
        else { return false }
        return marks.view.id == conflict.view.id || marks.kind == .contested && marks.view.id == correction.id
    }

    /// Whether a decision was about such a question: among what stood there is that the visit counts.
    public static func isSuch(_ decision: Decision) -> Bool {
        let values = decision.valuesBefore.map(\.values)
        return values.contains(where: isMark) && values.contains { $0.allSatisfy(\.isNone) }
    }

    private static func isMark(_ values: [Value]) -> Bool { values.contains { !$0.isNone } }

    /// The corrections of a check-in, and theirs, sorted by id.
    private static func following(_ view: RecordView, _ members: [RecordView]) -> [RecordView] {
        var found: [RecordView] = []
        var waiting = [view.id]
        while let next = waiting.popLast() {
            for one in members
            where one["amends"].reference == next && one.id != view.id
                && !found.contains(where: { $0.id == one.id })
            {
                found.append(one)
                waiting.append(one.id)
            }
        }
        return found.sorted { $0.id < $1.id }
    }

    /// Those that are void because somebody decided so, and not by a word of their own.
    private static func givenUp(
        _ corrections: [RecordView], with voided: RecordView, _ chains: DecisionChains
    ) -> [RecordView] {
        corrections.filter { view in
            chains.about(view.id).contains { decision in
                decision.kind == .resolve && decision.register == "void"
                    && decision.other == nil
                    && decision.valuesAfter.first?.values == view.values(of: "void")
                    && (!decision.isPlainVoid || isWith(voided, decision, chains))
            }
        }
    }

    /// Whether a decision about a correction was made in one go with one about what it corrects.
    private static func isWith(_ voided: RecordView, _ decision: Decision, _ chains: DecisionChains) -> Bool {
        chains.together(with: decision).contains { $0.subject == voided.id && $0.register == "void" }
    }

    private struct Mark {
        let side: Conflict.Side
        let isCorrections: Bool
    }

    /// The marks that stand there, and those of some others that do not.
    private static func marks(
        of voided: RecordView, _ state: RecordState, _ corrections: [RecordView],
        _ states: [RecordID: RecordState], _ decisions: [Decision], with others: [[Value]]
    ) -> [Mark] {
        var sides = state.siblings(of: "void").filter { isMark($0.values) }
            .map { Conflict.Side(change: $0.change, values: $0.values) }
        for values in others where !sides.contains(where: { $0.values == values }) {
            sides.append(Conflict.Side(change: nil, values: values))
        }
        let behind = self.corrections(
            leaving: sides, on: voided, among: made(corrections, states), decisions)
        return zip(sides, behind).map { Mark(side: $0, isCorrections: $1 != nil) }
    }

    private static func made(_ corrections: [RecordView], _ states: [RecordID: RecordState]) -> [Conflict
        .Side]
    {
        corrections.map { view in
            Conflict.Side(
                change: states[view.id]?.siblings(of: "what").first?.change, values: [], record: view)
        }
    }

    /// The corrections that left the void marks of what they correct, mark by mark; `nil` for each that none left.
    ///
    /// A mark says so itself: it is by whoever made the correction, in the same moment. So it is known also after somebody
    /// else wrote it anew; but each correction leaves one, and where that is known no other is taken for it: one person with
    /// two laptops may void and correct within seconds. Nor is a mark that somebody decided for against the correction.
    ///
    /// - Parameters:
    ///   - marks: all that stand in the check-in's void mark, and those that a decision about it had not kept.
    ///   - voided: the check-in.
    ///   - made: its corrections, each with the change that made it.
    ///   - decisions: those about the check-in, in any order.
    public static func corrections(
        leaving marks: [Conflict.Side], on voided: RecordView, among made: [Conflict.Side],
        _ decisions: [Decision]
    ) -> [RecordID?] {
        let conflict = Conflict(.amendments, voided, sides: made)
        var behind = Amendments.corrections(behind: marks, of: voided.id, in: conflict, decisions)
        let against = decisions.filter { $0.kind == .resolve && $0.other == nil && isSuch($0) }
            .compactMap { $0.valuesAfter.first?.values }
        for side in made where !behind.contains(where: { $0 != nil && $0 == side.record?.id }) {
            let near = marks.indices.compactMap { place -> (place: Int, seconds: UInt64)? in
                guard behind[place] == nil, !against.contains(marks[place].values) else { return nil }
                return distance(of: marks[place].values, from: side).map { (place, $0) }
            }
            guard let nearest = near.min(by: { $0.seconds < $1.seconds })?.place else { continue }
            // Who decided apart for one mark wrote it twice.
            for place in marks.indices where marks[place].values == marks[nearest].values {
                behind[place] = behind[place] ?? side.record?.id
            }
        }
        return behind
    }

    /// How many seconds lie between a void mark and a correction by the same person; `nil` where it cannot be this one's.
    private static func distance(of mark: [Value], from made: Conflict.Side) -> UInt64? {
        guard mark.count == 3, let at = mark[0].integer, let change = made.change,
            change.author == mark[1].text
        else { return nil }
        let difference = at.subtractingReportingOverflow(change.deviceMicroseconds / 1_000_000)
        guard !difference.overflow, difference.partialValue.magnitude <= 5 else { return nil }
        return difference.partialValue.magnitude
    }
}
