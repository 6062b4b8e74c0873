public import SyncModel

/// One stretch of a peer working with a participant.
public struct Assignment: AboutParticipant, Hashable, Sendable {
    /// Its id.
    public let id: RecordID
    /// Who.
    public internal(set) var participant: RecordID
    /// With which peer.
    public let peer: String
    /// How it came about.
    public let basis: String
    /// Since when.
    public let from: CivilDate
    /// Until when; `nil` while it is open.
    public let to: CivilDate?
    /// Whether it is deleted and nobody contests that.
    public let isDeleted: Bool
    /// The registers in conflict.
    public let conflicts: [String]

    /// Reads a record as shown; `nil` if it is of another table, or lacks what makes it an assignment.
    public init?(_ view: RecordView) {
        guard view.table.name == "assignment",
            let participant = view["participant"].reference,
            let peer = view["peer"].text,
            let basis = view["basis"].text,
            let from = view.date("from_date")
        else { return nil }
        id = view.id
        self.participant = participant
        self.peer = peer
        self.basis = basis
        self.from = from
        to = view.date("to_date")
        isDeleted = view.deletion == .deleted
        conflicts = view.conflicts
    }

    /// Whether it still holds.
    public var isOpen: Bool { to == nil && !isDeleted }
}
