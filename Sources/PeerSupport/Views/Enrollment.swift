public import SyncModel

/// A participant's year in a programme.
public struct Enrollment: AboutParticipant, Hashable, Sendable {
    /// Its id.
    public let id: RecordID
    /// Who.
    public internal(set) var participant: RecordID
    /// In which programme.
    public let program: String
    /// Since when.
    public let start: CivilDate
    /// The phase somebody wrote down.
    public let phase: Phase?
    /// How it stands; nothing written means active.
    public let status: String?
    /// Whether it is deleted and nobody contests that.
    public let isDeleted: Bool
    /// The registers in conflict.
    public let conflicts: [String]

    /// Reads a record as shown; `nil` if it is of another table, or lacks what makes it an enrollment.
    public init?(_ view: RecordView) {
        guard view.table.name == "enrollment",
            let participant = view["participant"].reference,
            let program = view["program"].text,
            let start = view.date("start_date")
        else { return nil }
        id = view.id
        self.participant = participant
        self.program = program
        self.start = start
        phase = view["phase"].text.flatMap(Phase.init(rawValue:))
        status = view["status"].text
        isDeleted = view.deletion == .deleted
        conflicts = view.conflicts
    }

    /// Whether sessions are still due.
    public var isActive: Bool { (status == nil || status == "active") && !isDeleted }
}
