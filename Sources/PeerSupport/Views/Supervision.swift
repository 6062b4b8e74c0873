public import SyncModel

/// A meeting of a peer with one supervisor or two.
public struct Supervision: Hashable, Sendable {
    /// Its id.
    public let id: RecordID
    /// Whose.
    public let peer: String
    /// Where.
    public let site: String
    /// Joint or individual.
    public let kind: String
    /// The first supervisor.
    public let supervisor: String
    /// The second supervisor.
    public let secondSupervisor: String?
    /// When it began, seconds since 1970.
    public let start: Int64
    /// How long it counts.
    public let minutes: Int?
    /// What it was about.
    public let topics: String?
    /// Whether it is deleted and nobody contests that.
    public let isDeleted: Bool
    /// The registers in conflict.
    public let conflicts: [String]

    /// Reads a record as shown; `nil` if it is of another table, or lacks what makes it a supervision.
    public init?(_ view: RecordView) {
        guard view.table.name == "supervision",
            let peer = view["peer"].text,
            let site = view["site"].text,
            let kind = view["kind"].text,
            let supervisor = view["supervisor"].text,
            let start = view["start_at"].integer
        else { return nil }
        id = view.id
        self.peer = peer
        self.site = site
        self.kind = kind
        self.supervisor = supervisor
        secondSupervisor = view["second_supervisor"].text
        self.start = start
        minutes = view["minutes"].integer.map(Int.init)
        topics = view["topics"].text
        isDeleted = view.deletion == .deleted
        conflicts = view.conflicts
    }
}
