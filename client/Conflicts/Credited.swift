import SyncModel

/// The fields in which the program writes who did something, and when. Nobody types them: what one decides would stand as
/// somebody else's.
enum Credited {
    private static let fields: Set<String> = [
        "acknowledged_at", "acknowledged_by", "answered_at", "answered_by", "contested_at", "contested_by",
        "decided_at",
        "decided_by", "focus_set_by", "goals_set_by", "merged_at", "merged_by", "recorded_at", "recorded_by",
        "reviewed_by", "seen_by", "signed_at", "signed_by", "status_at", "status_by", "voided_at",
        "voided_by",
    ]

    /// Refuses a value that was typed for one.
    static func refuse(typed field: String) throws {
        guard fields.contains(field) else { return }
        throw SyncError(
            .badValue, "\(Wording.field(field)): that is not for anybody to type",
            means: "nothing was decided, and all values are kept",
            advice: "leave it out: who decides, and when, is written down by itself")
    }
}
