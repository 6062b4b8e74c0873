public import SyncModel

/// A member of staff, as the directory shows them.
public struct StaffMember: Hashable, Sendable {
    /// Its id.
    public let id: RecordID
    /// The code that names them everywhere.
    public let code: String
    /// Their name.
    public let name: String
    /// What they may do.
    public let role: Role
    /// Where they work.
    public let site: String?
    /// Their first team.
    public let team: String?
    /// Their floor.
    public let floor: String?
    /// Contracted hours.
    public let hoursPerWeek: Double?
    /// What they are certified as.
    public let credential: String?
    /// Their first supervisor.
    public let supervisor: String?
    /// Their second supervisor.
    public let secondSupervisor: String?
    /// Whether it is deleted and nobody contests that.
    public let isDeleted: Bool
    /// The registers in conflict.
    public let conflicts: [String]

    /// Reads a record as shown; `nil` if it is of another table, or lacks what makes it a staffmember.
    public init?(_ view: RecordView) {
        guard view.table.name == "staff",
            let code = view["code"].text,
            let name = view["name"].text,
            let role = view["role"].text.flatMap(Role.init(rawValue:))
        else { return nil }
        id = view.id
        self.code = code
        self.name = name
        self.role = role
        site = view["site"].text
        team = view["team"].text
        floor = view["floor"].text
        hoursPerWeek = view.real("hours_per_week")
        credential = view["credential"].text
        supervisor = view["supervisor"].text
        secondSupervisor = view["second_supervisor"].text
        isDeleted = view.deletion == .deleted
        conflicts = view.conflicts
    }
}
