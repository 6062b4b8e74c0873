public import SyncModel

/// Finds what a person has to decide in one record. Pure: the same record gives the same conflicts everywhere.
public enum ConflictFinder {
    /// What stands against itself in a record.
    ///
    /// - Parameters:
    ///   - view: the record as shown.
    ///   - state: its live changes.
    ///   - chains: the decisions about this record, and whatever may have decided them anew, which may be about another.
    ///     One that accepts a corrected time closes it.
    public static func conflicts(in view: RecordView, _ state: RecordState, _ chains: DecisionChains)
        -> [Conflict]
    {
        let apart = view.conflicts.compactMap { conflict(in: $0, view, state) }
        return apart + clocks(view, state, chains)
            + contested(view, state, chains, besides: Set(apart.compactMap(\.register)))
    }

    /// `nil` where people said the same apart: that something is void, for two reasons, which are both kept; or that a
    /// record is the same person's as another one.
    private static func conflict(in register: String, _ view: RecordView, _ state: RecordState) -> Conflict? {
        let rank = view.table.register(register)?.rank ?? .none
        let sides = state.siblings(of: register, rank: rank).map {
            Conflict.Side(change: $0.change, values: $0.values)
        }
        if register == deletedRegister {
            return Conflict(
                .deletion, view, register: register,
                sides: opposed(sides, [.integer(1)], [.integer(0)], state))
        }
        if let closing = view.table.register(register), closing.isClosing {
            // A void that somebody had not read stands alone in its register: against it stands what they wrote.
            guard state.isInConflict(register) else {
                return Conflict(
                    .void, view, register: register,
                    sides: opposed(sides, sides.first?.values ?? [], closing.nothing, state))
            }
            // Where people decided apart whether it is void, that is the same question, with the same letters.
            let voided = sides.filter { $0.values != closing.nothing }
            let counts = once(sides.filter { $0.values == closing.nothing })
            let open = counts.isEmpty ? wentOn(besides: voided, closing, state) : counts
            return open.isEmpty
                ? nil : Conflict(.void, view, register: register, sides: once(voided) + open)
        }
        if register == "redirect", view.table.name == "participant" {
            // Who merged two first is no question where both led to the same record.
            let different = once(sides) { $0.values.first }
            return different.count > 1 ? Conflict(.fork, view, register: register, sides: different) : nil
        }
        let isStep = view.table.name == "referral" && register == "status"
        return Conflict(isStep ? .transition : .values, view, register: register, sides: sides)
    }

    /// Of those that say the same the one that comes first.
    private static func once<Said: Equatable>(
        _ sides: [Conflict.Side], _ said: (Conflict.Side) -> Said
    ) -> [Conflict.Side] {
        sides.enumerated().filter { place, side in !sides[..<place].contains { said($0) == said(side) } }
            .map(\.element)
    }

    private static func once(_ sides: [Conflict.Side]) -> [Conflict.Side] { once(sides, \.values) }

    /// The newest of what was written by somebody who knew of none of several void marks, and of whom none of them knew.
    private static func wentOn(
        besides voided: [Conflict.Side], _ closing: Register, _ state: RecordState
    ) -> [Conflict.Side] {
        let marks = voided.compactMap(\.change)
        let others = state.live.filter { live in
            live.writes.contains { $0.register != closing.name }
                && !marks.contains { $0.dot == live.dot || $0.covers(live) || live.covers($0) }
        }
        return newest(others).map { [Conflict.Side(change: $0, values: closing.nothing)] } ?? []
    }

    private static func newest(_ changes: [LiveChange]) -> LiveChange? {
        changes.max { ($0.effective?.microseconds ?? .max) < ($1.effective?.microseconds ?? .max) }
    }

    /// What closes the record, and against it the newest of what had not read that.
    private static func opposed(
        _ sides: [Conflict.Side], _ closed: [Value], _ open: [Value], _ state: RecordState
    ) -> [Conflict.Side] {
        let closing = sides.first { $0.values == closed }?.change
        let others = state.live.filter { live in
            live.dot != closing?.dot && closing.map { !$0.covers(live) } ?? true
        }
        return [
            Conflict.Side(change: closing, values: closed),
            Conflict.Side(change: newest(others), values: open),
        ]
    }

    private static func clocks(_ view: RecordView, _ state: RecordState, _ chains: DecisionChains)
        -> [Conflict]
    {
        // Of what is void nothing depends on when it was written, unless somebody asks; where it counts again, it is asked.
        let isVoid = !view["voided_at"].isNone && !view.conflicts.contains("void")
        return state.corrected.compactMap { change in
            // Of what was accepted and asked again only the last word counts; and who asks again is heard, also where
            // somebody else accepted it apart.
            let standing = chains.standing(.register(view.id, clockTopic(change)))
            let open = standing.last(where: chains.isOpen)
            guard standing.isEmpty && !isVoid || open != nil else { return nil }
            return Conflict(
                .clock, view, sides: [Conflict.Side(change: change, values: [])], decision: open)
        }
    }

    /// How a decision names the change whose time it accepts.
    public static func clockTopic(_ change: LiveChange) -> String {
        "\(clockPrefix)\(change.dot.incarnation.text):\(change.dot.n)"
    }

    /// Whether what a decision names as its register is a change whose time it accepts.
    public static func isClockTopic(_ register: String) -> Bool { register.hasPrefix(clockPrefix) }

    private static let clockPrefix = "clock:"

    /// Decisions that are open again. Only what decides them anew closes them. Where the register holds several values
    /// by now of which is asked, these are decided first, so that none goes under; what was decided about a time, or that
    /// two records are two people's, is asked as it was at first.
    private static func contested(
        _ view: RecordView, _ state: RecordState, _ chains: DecisionChains, besides asked: Set<String>
    ) -> [Conflict] {
        chains.about(view.id).filter { decision in
            chains.isOpen(decision) && ![.accept, .distinct].contains(decision.kind)
                && !(decision.register.map(asked.contains) ?? false)
        }
        .map { decision in
            var sides: [Conflict.Side] = []
            if let register = decision.register {
                let known = view.table.register(register)
                let siblings =
                    known.map { state.siblings(of: $0, in: view.table) } ?? state.siblings(of: register)
                sides = siblings.prefix(1).map { Conflict.Side(change: $0.change, values: $0.values) }
            }
            return Conflict(.contested, view, register: decision.register, sides: sides, decision: decision)
        }
    }
}
