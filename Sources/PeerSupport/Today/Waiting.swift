import SyncModel

/// A referral that waits for somebody.
public struct WaitingReferral: Hashable, Sendable {
    /// What it waits for.
    public enum Need: String, Hashable, Sendable, CaseIterable {
        /// The receiving side has not answered.
        case answer
        /// No visit was set yet, or the last did not happen.
        case visit
        /// The day of the visit has passed, and nobody said how it went.
        case result
        /// The sender asked to take it back.
        case confirmation
        /// People took it steps apart that exclude each other, and nobody has decided which stays.
        case decision
    }

    /// The referral.
    public let referral: Referral
    /// What it waits for.
    public let need: Need
    /// Days since it came to stand where it stands.
    public let days: Int
}

extension Today {
    /// The referrals that wait for the receiving side, longest first. With a peer, only those addressed to that
    /// peer, or to no peer and one of these teams.
    public static func referralsWaiting(
        _ referrals: [Referral], peer: String? = nil, teams: Set<String> = [], at clock: LocalTime
    ) -> [WaitingReferral] {
        let found = referrals.compactMap { row -> WaitingReferral? in
            guard !row.isDeleted, let need = need(of: row, now: clock.now) else { return nil }
            if let peer {
                let isMine = row.toPeer.map { $0 == peer } ?? row.toTeam.map(teams.contains) ?? false
                guard isMine else { return nil }
            }
            let since = row.statusAt.map { clock.date(of: $0).days } ?? clock.today.days
            return WaitingReferral(
                referral: row, need: need, days: max(0, Int(clock.today.days - since)))
        }
        return found.sorted { ($1.days, $0.referral.id) < ($0.days, $1.referral.id) }
    }

    private static func need(of row: Referral, now: Int64) -> WaitingReferral.Need? {
        if row.conflicts.contains("status") { return .decision }
        return switch row.status {
        case .sent: .answer
        case .accepted, .noShow, .visitCancelled: .visit
        case .visitSet:
            if let visit = row.visitAt { visit <= now ? .result : nil } else { .visit }
        case .withdrawalAsked: .confirmation
        case .new, .declined, .seen, .receiving, .withdrawn, .closed: nil
        }
    }

    /// The escalations nobody took up, the most urgent first, then the oldest.
    public static func openEscalations(_ escalations: [Escalation]) -> [Escalation] {
        let order = Dictionary(uniqueKeysWithValues: Words.priorities.enumerated().map { ($1, $0) })
        return escalations.filter(\.isOpen).sorted {
            (order[$0.priority] ?? 0, $0.seenAt, $0.id) < (order[$1.priority] ?? 0, $1.seenAt, $1.id)
        }
    }
}
