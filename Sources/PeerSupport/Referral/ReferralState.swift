/// Where a referral stands, in words people use. *Accepted* and *receiving* are kept apart on purpose.
public enum ReferralState: String, CaseIterable, Hashable, Sendable {
    /// Written, not sent.
    case new
    /// Waiting for the receiving side.
    case sent
    /// The receiving side takes it on.
    case accepted
    /// The receiving side, or the participant, said no.
    case declined
    /// A first visit has a date.
    case visitSet = "visit_set"
    /// The participant did not come.
    case noShow = "no_show"
    /// The visit was called off.
    case visitCancelled = "visit_cancelled"
    /// They met.
    case seen
    /// They meet regularly.
    case receiving
    /// The sender asked to take it back.
    case withdrawalAsked = "withdrawal_asked"
    /// Taken back.
    case withdrawn
    /// Over, with an outcome.
    case closed

    /// Whether nothing can follow.
    public var isFinal: Bool { self == .declined || self == .withdrawn || self == .closed }
}

/// Why a referral was declined. *Said no* is the participant's own answer, and counted apart.
public enum DeclineReason: String, CaseIterable, Hashable, Sendable {
    /// The participant said no.
    case saidNo = "said_no"
    /// The caseload is full.
    case caseloadFull = "caseload_full"
    /// It does not fit.
    case notAFit = "not_a_fit"
    /// Another service serves better.
    case otherService = "other_service"

    /// In words, for the middle of a sentence.
    public var plain: String {
        switch self {
        case .saidNo: "the participant said no"
        case .caseloadFull: "the caseload is full"
        case .notAFit: "it does not fit"
        case .otherService: "another service serves better"
        }
    }
}

/// The two ends of a referral.
public enum ReferralSide: String, CaseIterable, Hashable, Sendable {
    /// Who sent it.
    case initiator
    /// Who receives it.
    case recipient
}

/// What somebody does to a referral. Each leads to one state.
public enum ReferralStep: String, CaseIterable, Hashable, Sendable {
    /// Send it.
    case send
    /// Take it on.
    case accept
    /// Say no, with a reason.
    case decline
    /// Ask to take it back.
    case askToWithdraw = "ask_to_withdraw"
    /// Set or move the visit.
    case schedule
    /// Note that the participant did not come.
    case noShow = "no_show"
    /// Call the visit off.
    case cancelVisit = "cancel_visit"
    /// Note that they met.
    case see
    /// Note that they meet regularly.
    case receive
    /// Agree that it is taken back.
    case confirmWithdrawal = "confirm_withdrawal"
    /// Close it with an outcome.
    case close
}
