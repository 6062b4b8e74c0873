extension ImportTable {
    /// Referrals.
    public static let referral = ImportTable(
        table: "referral", key: "key",
        columns: [.naming("the row's number in the old system"), .participant] + [
            .field("from_team", "team code"),
            .field("from_staff", "staff code"),
            .field(
                "origin", "worker, supervisor_made, supervisor_suggested, team, participant_asked",
                required: true),
            .field("suggested_by", "staff code"),
            .field("need", "what is asked for"),
            .code("to_team", of: "team", "team code", required: true),
            .code("to_peer", of: "staff", "staff code"),
            .field("sent_at", "when it was sent"),
            .field("status", "new, sent, accepted, declined, visit_set, seen, receiving, …", required: true),
            .field("decline_reason", "said_no, caseload_full, not_a_fit, other_service"),
            .field("status_note", "in words"),
            .field("status_by", "staff code", required: true),
            .field("status_at", "when", required: true),
            .field("visit_at", "when the visit is"),
            .field("visit_place", "where"),
            .field("warm_handoff", "yes if the two were introduced in person"),
            .field("handoff_on", "when"),
            .field("handoff_present", "who was there"),
            .field("outcome", "what came of it"),
            .field("loop_closed_at", "when the sender was told"),
        ] + ImportColumn.provenance)

    /// Consults.
    public static let consult = ImportTable(
        table: "consult", key: "key",
        columns: [.naming("the row's number in the old system")] + [
            .key(
                "participant_code", of: "participant", "participant",
                "code in participant.csv, if about anybody",
                required: false),
            .field("from_team", "team code"),
            .field("from_staff", "staff code", required: true),
            .code("peer", of: "staff", "staff code", required: true),
            .field("asked_at", "when", required: true),
            .field("question", "what was asked"),
            .field("answered_at", "when"),
            .field("answered_by", "staff code"),
            .field("minutes", "how long it took"),
            .field("answer", "what was answered"),
        ] + ImportColumn.provenance)

    /// Escalations.
    public static let escalation = ImportTable(
        table: "escalation", key: "key",
        columns: [.naming("the row's number in the old system"), .participant] + [
            .code("seen_by", of: "staff", "staff code", required: true),
            .field("seen_at", "when", required: true),
            .field("saw", "what was seen, never what it might be"),
            .field("priority", "urgent, soon, routine", required: true),
            .field("told_whom", "staff code"),
            .field("told_how", "in_person, phone, message, not_yet"),
            .field("told_at", "when"),
            .field("acknowledged_by", "staff code"),
            .field("acknowledged_at", "when"),
            .field("response", "what they answered"),
        ] + void + ImportColumn.provenance)

    /// Supervision.
    public static let supervision = ImportTable(
        table: "supervision", key: "key",
        columns: [.naming("the row's number in the old system")] + [
            .code("peer", of: "staff", "staff code", required: true),
            .code("site", of: "site", "site code", required: true),
            .field("kind", "joint, individual", required: true),
            .field("supervisor", "staff code", required: true),
            .field("second_supervisor", "staff code"),
            .field("start_at", "when it began", required: true),
            .field("end_at", "when it ended"),
            .field("minutes", "from start and end where it is empty"),
            .field("topics", "in words"),
            .field("review", "in words"),
            .field("reviewed_by", "staff code"),
            .field("reviewed_on", "when"),
        ] + void + ImportColumn.provenance)
}
