public import SyncModel

/// A referral, as the lists show it.
public struct Referral: Hashable, Sendable {
    /// Its id.
    public let id: RecordID
    /// Of whom.
    public let participant: RecordID
    /// The sending team.
    public let fromTeam: String?
    /// Who sent it.
    public let fromStaff: String?
    /// Whose idea it was.
    public let origin: String?
    /// What is asked for.
    public let need: String?
    /// The receiving team.
    public let toTeam: String?
    /// The peer it is addressed to.
    public let toPeer: String?
    /// Where it stands.
    public let status: ReferralState
    /// Why it was declined.
    public let declineReason: DeclineReason?
    /// What was said with the last step.
    public let note: String?
    /// When it came to stand there, seconds since 1970.
    public let statusAt: Int64?
    /// When it was sent.
    public let sentAt: Int64?
    /// When the visit is.
    public let visitAt: Int64?
    /// Where the visit is.
    public let visitPlace: String?
    /// Whether the two were introduced in person.
    public let isWarmHandoff: Bool
    /// What came of it.
    public let outcome: String?
    /// Whether it is deleted and nobody contests that.
    public let isDeleted: Bool
    /// The registers in conflict.
    public let conflicts: [String]

    /// Reads a record as shown; `nil` if it is of another table, or lacks what makes it a referral.
    public init?(_ view: RecordView) {
        guard view.table.name == "referral",
            let participant = view["participant"].reference,
            let status = view["status"].text.flatMap(ReferralState.init(rawValue:))
        else { return nil }
        id = view.id
        self.participant = participant
        fromTeam = view["from_team"].text
        fromStaff = view["from_staff"].text
        origin = view["origin"].text
        need = view["need"].text
        toTeam = view["to_team"].text
        toPeer = view["to_peer"].text
        self.status = status
        declineReason = view["decline_reason"].text.flatMap(DeclineReason.init(rawValue:))
        note = view["status_note"].text
        statusAt = view["status_at"].integer
        sentAt = view["sent_at"].integer
        visitAt = view["visit_at"].integer
        visitPlace = view["visit_place"].text
        isWarmHandoff = view.isTrue("warm_handoff")
        outcome = view["outcome"].text
        isDeleted = view.deletion == .deleted
        conflicts = view.conflicts
    }
}
