/// What a staff member may do. The word stands in `staff.role` and behind every device.
public enum Role: String, CaseIterable, Hashable, Sendable {
    /// A peer specialist, who holds a caseload.
    case peer
    /// The worker who sets goals and focus. Never a peer.
    case primaryProvider = "primary_provider"
    /// A team's nurse, to whom what was seen is told.
    case nurse
    /// Leads peers at one or more sites.
    case supervisor
    /// Looks after staff, devices and conflicts.
    case administrator
    /// Sends referrals.
    case referrer
    /// The job at the office that imports and exports.
    case sync
}

/// The closed lists of words, so that the schema, the commands and the import agree on them.
public enum Words {
    /// What kind of place a site is.
    public static let siteKinds = ["agency_office", "clinic", "residence", "community", "phone"]
    /// How an agency houses people: both kinds occur, and leaders compare them.
    public static let approaches = ["treatment_first", "housing_first"]
    /// What a team does.
    public static let programs = [
        "ACT", "PROS", "residential", "clinic", "alumni", "outpatient", "supported_employment",
        "dual_diagnosis", "psychosocial", "primary_care",
    ]
    /// How near a team works to the peers.
    public static let proximities = ["integrated", "close", "not_close"]
    /// How a participant came onto a caseload.
    public static let bases = ["referral", "own", "team_decision"]
    /// How contact was made.
    public static let modes = ["in_person", "phone", "video", "text"]
    /// Whether one or several people took part.
    public static let formats = ["group", "individual"]
    /// What was done together.
    public static let activities = [
        "check_in", "curriculum", "skills_training", "recovery_education", "outreach", "resources",
        "advocacy", "crisis_support", "accompany", "walk", "cooking_class", "other",
    ]
    /// Parts of the curriculum.
    public static let phases = Phase.allCases.map(\.rawValue)
    /// How an enrollment stands.
    public static let enrollmentStates = ["active", "paused", "completed", "left"]
    /// Whether somebody came.
    public static let attendance = ["attended", "excused", "no_show", "cancelled"]
    /// Units of weight.
    public static let weightUnits = ["lb", "kg"]
    /// Why something optional is empty. Nobody is made to be weighed.
    public static let absences = ["not_taken", "prefers_not"]
    /// Who had the idea of a referral.
    public static let origins = [
        "worker", "supervisor_made", "supervisor_suggested", "team", "participant_asked",
    ]
    /// How soon somebody must look at an escalation.
    public static let priorities = ["urgent", "soon", "routine"]
    /// How somebody was told.
    public static let channels = ["in_person", "phone", "message", "not_yet"]
    /// Whether one supervisor or two were there.
    public static let supervisionKinds = ["joint", "individual"]
    /// Answers to a question of consent.
    public static let consents = ["yes", "no", "not_asked"]
    /// How a participant stands with the agency.
    public static let standings = ["active", "waiting", "inactive", "left"]
}
