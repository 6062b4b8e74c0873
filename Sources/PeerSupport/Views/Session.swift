public import SyncModel

/// A session held once, for one or for many.
public struct Session: Hashable, Sendable {
    /// Its id.
    public let id: RecordID
    /// Who led it.
    public let peer: String
    /// What it was.
    public let activity: String?
    /// The curriculum's number.
    public let number: Int?
    /// The curriculum's phase.
    public let phase: Phase?
    /// For a group or for one.
    public let format: String?
    /// The number it makes up for.
    public let makesUp: Int?
    /// When it began, seconds since 1970.
    public let start: Int64
    /// When it ended.
    public let end: Int64?
    /// How long it counts.
    public let minutes: Int?
    /// Where.
    public let site: String
    /// When it was signed.
    public let signedAt: Int64?
    /// When it was voided.
    public let voidedAt: Int64?
    /// Why it was voided.
    public let voidReason: String?
    /// Whether it is deleted and nobody contests that.
    public let isDeleted: Bool
    /// The registers in conflict.
    public let conflicts: [String]

    /// Reads a record as shown; `nil` if it is of another table, or lacks what makes it a session.
    public init?(_ view: RecordView) {
        guard view.table.name == "session",
            let peer = view["peer"].text,
            let start = view["start_at"].integer,
            let site = view["site"].text
        else { return nil }
        id = view.id
        self.peer = peer
        activity = view["activity"].text
        number = view["number"].integer.map(Int.init)
        phase = view["phase"].text.flatMap(Phase.init(rawValue:))
        format = view["format"].text
        makesUp = view["makes_up"].integer.map(Int.init)
        self.start = start
        end = view["end_at"].integer
        minutes = view["minutes"].integer.map(Int.init)
        self.site = site
        signedAt = view["signed_at"].integer
        voidedAt = view["voided_at"].integer
        voidReason = view["void_reason"].text
        isDeleted = view.deletion == .deleted
        conflicts = view.conflicts
    }

    /// Whether it counts: neither deleted nor voided.
    public var counts: Bool { !isDeleted && voidedAt == nil }
}
