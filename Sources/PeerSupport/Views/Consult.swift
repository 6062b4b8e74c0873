public import SyncModel

/// A question to a peer, which is no referral.
public struct Consult: Hashable, Sendable {
    /// Its id.
    public let id: RecordID
    /// About whom, if about anybody.
    public let participant: RecordID?
    /// Who asked.
    public let fromStaff: String
    /// Who was asked.
    public let peer: String
    /// When, seconds since 1970.
    public let askedAt: Int64
    /// What was asked.
    public let question: String?
    /// When it was answered.
    public let answeredAt: Int64?
    /// What was answered.
    public let answer: String?
    /// Whether it is deleted and nobody contests that.
    public let isDeleted: Bool
    /// The registers in conflict.
    public let conflicts: [String]

    /// Reads a record as shown; `nil` if it is of another table, or lacks what makes it a consult.
    public init?(_ view: RecordView) {
        guard view.table.name == "consult",
            let fromStaff = view["from_staff"].text,
            let peer = view["peer"].text,
            let askedAt = view["asked_at"].integer
        else { return nil }
        id = view.id
        participant = view["participant"].reference
        self.fromStaff = fromStaff
        self.peer = peer
        self.askedAt = askedAt
        question = view["question"].text
        answeredAt = view["answered_at"].integer
        answer = view["answer"].text
        isDeleted = view.deletion == .deleted
        conflicts = view.conflicts
    }
}
