public import SyncModel

/// A contact between sessions.
public struct CheckIn: AboutParticipant, Hashable, Sendable {
    /// Its id.
    public let id: RecordID
    /// With whom.
    public internal(set) var participant: RecordID
    /// By which peer.
    public let peer: String
    /// What was done.
    public let activity: String?
    /// The check-in it corrects.
    public let amends: RecordID?
    /// When it began, seconds since 1970.
    public let start: Int64
    /// When it ended.
    public let end: Int64?
    /// How long it counts.
    public let minutes: Int?
    /// In person, by phone.
    public let mode: String?
    /// Where.
    public let site: String?
    /// What we did.
    public let did: String?
    /// What they said.
    public let said: String?
    /// What comes next.
    public let nextStep: String?
    /// When it was signed.
    public let signedAt: Int64?
    /// When it was voided.
    public let voidedAt: Int64?
    /// Why it was voided.
    public let voidReason: String?
    /// Who recorded an imported one at the time.
    public let recordedBy: String?
    /// Whether it is deleted and nobody contests that.
    public let isDeleted: Bool
    /// The registers in conflict.
    public let conflicts: [String]

    /// Reads a record as shown; `nil` if it is of another table, or lacks what makes it a check-in.
    public init?(_ view: RecordView) {
        guard view.table.name == "check_in",
            let participant = view["participant"].reference,
            let peer = view["peer"].text,
            let start = view["start_at"].integer
        else { return nil }
        id = view.id
        self.participant = participant
        self.peer = peer
        activity = view["activity"].text
        amends = view["amends"].reference
        self.start = start
        end = view["end_at"].integer
        minutes = view["minutes"].integer.map(Int.init)
        mode = view["mode"].text
        site = view["site"].text
        did = view["did"].text
        said = view["said"].text
        nextStep = view["next_step"].text
        signedAt = view["signed_at"].integer
        voidedAt = view["voided_at"].integer
        voidReason = view["void_reason"].text
        recordedBy = view["recorded_by"].text
        isDeleted = view.deletion == .deleted
        conflicts = view.conflicts
    }

    /// Whether it counts: neither deleted nor voided.
    public var counts: Bool { !isDeleted && voidedAt == nil }
}
