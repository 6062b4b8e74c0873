import SyncModel

/// What the code in a text field names. What is written under a code that nobody has reaches nobody: whoever may see
/// a record is found by it.
public enum CodeOf: Hashable, Sendable {
    /// A site.
    case site
    /// A team.
    case team
    /// A member of staff, of whatever role.
    case staff
    /// A member of staff who is a peer specialist.
    case peer
    /// A participant: their own code, which nobody else may have.
    case participant

    /// What the code in a field names; `nil` for a field of anything else.
    ///
    /// Not among them: the code of a record of the directory, from which its id is made; codes of several, with blanks
    /// between; and who recorded an imported row at the time, who may never have been in the directory.
    public static func field(_ name: String, of table: String) -> CodeOf? {
        switch name {
        case "code": table == "participant" ? .participant : nil
        case "site": .site
        case "team", "from_team", "to_team": .team
        case "to_peer": .peer
        case "peer": table == "assignment" ? .peer : .staff
        case "decided_by": table == "decision" ? .staff : nil
        case "primary_provider", "focus_set_by", "goals_set_by", "merged_by", "status_by", "from_staff",
            "suggested_by", "answered_by", "seen_by", "told_whom", "acknowledged_by", "supervisor",
            "second_supervisor", "reviewed_by", "voided_by", "contested_by", "to_staff":
            .staff
        default: nil
        }
    }
}
