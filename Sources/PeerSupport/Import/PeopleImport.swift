extension ImportTable {
    /// Participants, by code.
    public static let participant = ImportTable(
        table: "participant", key: "code",
        columns: [
            .field("code", "P0142; how the participant is named everywhere", required: true),
            .field("preferred_name", "what they like to be called", required: true),
            .field("family_name", "family name"),
            .field("birth_year", "year only"),
            .code("site", of: "site", "site code", required: true),
            .code("team", of: "team", "team code"),
            .field("residence", "where they live, in words"),
            .field("phone", "number"),
            .field("best_way", "how they like to be reached"),
            .field("standing", "active, waiting, inactive, left"),
            .field("standing_since", "since when"),
            .field("primary_provider", "staff code, never a peer's"),
            .field("focus", "what the primary provider asks the peer to work on"),
            .field("focus_set_by", "staff code"),
            .field("focus_set_on", "when"),
            .field("goals", "goals, as the primary provider wrote them down"),
            .field("goals_set_by", "staff code"),
            .field("goals_set_on", "when"),
            .field("consent", "yes, no, not_asked"),
            .field("consent_on", "when"),
            .field("part2", "yes if 42 CFR Part 2 covers them"),
        ] + ImportColumn.provenance)

    /// Assignments: who worked with whom, from when to when.
    public static let assignment = ImportTable(
        table: "assignment", key: "key",
        columns: [
            .naming("the row's number in the old system"),
            .participant,
            .code("peer", of: "staff", "staff code", required: true),
            .field("basis", "referral, own, team_decision", required: true),
            .field("decided_by", "who decided, for a team decision"),
            .field("from_date", "first day", required: true),
            .field("to_date", "last day; empty while it goes on"),
        ] + ImportColumn.provenance)

    /// Enrollments in a programme.
    public static let enrollment = ImportTable(
        table: "enrollment", key: "key",
        columns: [
            .naming("the row's number in the old system"),
            .participant,
            .field("program", "the programme's name", required: true),
            .field("start_date", "first day", required: true),
            .field("phase", "core, transition, maintenance"),
            .field("phase_since", "since when"),
            .field("status", "active, paused, completed, left"),
            .field("status_reason", "in words"),
            .field("status_by", "staff code"),
            .field("status_on", "when"),
        ] + ImportColumn.provenance)
}
