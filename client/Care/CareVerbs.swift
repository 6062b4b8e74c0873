import ArgumentParser

/// The verbs of the work itself, by the headings under which `porchlight --help` lists them.
enum CareVerbs {
    /// What writes something down.
    static let record: [any ParsableCommand.Type] = [
        CheckInVerbs.self, SessionVerbs.self, Escalate.self, EscalationVerbs.self, ReferralVerbs.self,
        ParticipantVerbs.self, Assign.self, EnrollmentVerbs.self,
    ]
    /// What shows something.
    static let look: [any ParsableCommand.Type] = [TodayVerb.self, CaseloadVerb.self]
    /// What is done to the laptop as a whole.
    static let laptop: [any ParsableCommand.Type] = [
        StaffVerbs.self, SiteVerbs.self, TeamVerbs.self, ImportVerb.self,
    ]
}
