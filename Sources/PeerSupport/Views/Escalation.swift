public import SyncModel

/// Something seen that another person must know.
public struct Escalation: Hashable, Sendable {
    /// Its id.
    public let id: RecordID
    /// About whom.
    public let participant: RecordID
    /// Who saw it.
    public let seenBy: String
    /// When, seconds since 1970.
    public let seenAt: Int64
    /// What was seen.
    public let saw: String?
    /// How soon somebody must look.
    public let priority: String
    /// Who was told.
    public let toldWhom: String?
    /// How.
    public let toldHow: String?
    /// When.
    public let toldAt: Int64?
    /// Who took it up.
    public let acknowledgedBy: String?
    /// When it was taken up.
    public let acknowledgedAt: Int64?
    /// What they answered.
    public let response: String?
    /// When it was voided.
    public let voidedAt: Int64?
    /// Who voided it.
    public let voidedBy: String?
    /// Why it was voided.
    public let voidReason: String?
    /// Whether it is deleted and nobody contests that.
    public let isDeleted: Bool
    /// The registers in conflict.
    public let conflicts: [String]

    /// Reads a record as shown; `nil` if it is of another table, or lacks what makes it an escalation.
    public init?(_ view: RecordView) {
        guard view.table.name == "escalation",
            let participant = view["participant"].reference,
            let seenBy = view["seen_by"].text,
            let seenAt = view["seen_at"].integer,
            let priority = view["priority"].text
        else { return nil }
        id = view.id
        self.participant = participant
        self.seenBy = seenBy
        self.seenAt = seenAt
        saw = view["saw"].text
        self.priority = priority
        toldWhom = view["told_whom"].text
        toldHow = view["told_how"].text
        toldAt = view["told_at"].integer
        acknowledgedBy = view["acknowledged_by"].text
        acknowledgedAt = view["acknowledged_at"].integer
        response = view["response"].text
        voidedAt = view["voided_at"].integer
        voidedBy = view["voided_by"].text
        voidReason = view["void_reason"].text
        isDeleted = view.deletion == .deleted
        conflicts = view.conflicts
    }

    /// Whether it counts: neither deleted nor voided.
    public var counts: Bool { !isDeleted && voidedAt == nil }

    /// Whether it counts, and nobody took it up yet.
    public var isOpen: Bool { acknowledgedAt == nil && counts }
}
