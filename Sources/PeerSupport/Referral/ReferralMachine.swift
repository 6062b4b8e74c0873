/// The life cycle of a referral, as one table. It follows the published state transitions of the
/// bidirectional services e-referral guide, in plain words.
public enum ReferralMachine {
    /// One row: who may take a step, from which states, to which.
    public struct Row: Hashable, Sendable {
        /// The step.
        public let step: ReferralStep
        /// Whose it is.
        public let side: ReferralSide
        /// Where it may be taken.
        public let from: [ReferralState]
        /// Where it leads.
        public let to: ReferralState
    }

    /// All rows, one per step; each leads to a state of its own.
    public static let rows: [Row] = [
        Row(step: .send, side: .initiator, from: [.new], to: .sent),
        Row(step: .accept, side: .recipient, from: [.sent], to: .accepted),
        Row(
            step: .decline, side: .recipient,
            from: [.sent, .accepted, .receiving, .visitSet, .noShow, .seen], to: .declined),
        Row(
            step: .askToWithdraw, side: .initiator,
            from: [.sent, .accepted, .receiving, .visitSet, .noShow, .visitCancelled, .seen],
            to: .withdrawalAsked),
        Row(
            step: .schedule, side: .recipient,
            from: [.accepted, .visitSet, .noShow, .visitCancelled, .seen], to: .visitSet),
        Row(step: .noShow, side: .recipient, from: [.visitSet], to: .noShow),
        Row(step: .cancelVisit, side: .recipient, from: [.visitSet, .noShow, .seen], to: .visitCancelled),
        Row(step: .see, side: .recipient, from: [.accepted, .visitSet, .seen], to: .seen),
        Row(step: .receive, side: .recipient, from: [.seen], to: .receiving),
        Row(step: .confirmWithdrawal, side: .recipient, from: [.withdrawalAsked], to: .withdrawn),
        Row(
            step: .close, side: .recipient,
            from: [.accepted, .visitSet, .seen, .receiving, .withdrawalAsked], to: .closed),
    ]

    /// The states in which a referral may be made.
    public static let initial: [ReferralState] = [.new, .sent]

    /// The row of a step.
    public static func row(_ step: ReferralStep) -> Row? { rows.first { $0.step == step } }

    /// Where a step leads from a state; `nil` where it may not be taken.
    public static func next(_ state: ReferralState, _ step: ReferralStep) -> ReferralState? {
        row(step).flatMap { $0.from.contains(state) ? $0.to : nil }
    }

    /// The row that leads from one state to another; `nil` where none does.
    public static func row(from: ReferralState, to: ReferralState) -> Row? {
        rows.first { $0.to == to && $0.from.contains(from) }
    }

    /// The steps that may be taken from a state, in the table's order.
    public static func steps(from state: ReferralState) -> [ReferralStep] {
        rows.filter { $0.from.contains(state) }.map(\.step)
    }
}
