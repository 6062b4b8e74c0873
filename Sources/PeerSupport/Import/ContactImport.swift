extension ImportTable {
    private static let time: [ImportColumn] = [
        .field("start_at", "2026-03-02T14:30:00Z, or 2026-03-02 14:30 by the clock here", required: true),
        .field("end_at", "likewise"),
        .field("minutes", "0 to 1440; from start and end where it is empty"),
    ]

    static let void: [ImportColumn] = [
        .field("voided_at", "when it was voided"),
        .field("voided_by", "staff code"),
        .field("void_reason", "why"),
    ]

    /// Check-ins.
    public static let checkIn = ImportTable(
        table: "check_in", key: "key",
        columns: [.naming("the row's number in the old system"), .participant] + [
            .code("peer", of: "staff", "staff code", required: true),
            .field("activity", "check_in, walk, accompany, …", required: true),
            .key("amends_key", of: "check_in", "amends", "key of the check-in it corrects", required: false),
        ] + time + [
            .field("mode", "in_person, phone, video, text"),
            .code("site", of: "site", "site code"),
            .field("place_note", "where, in words"),
            .field("did", "what we did"),
            .field("said", "what they said"),
            .field("next_step", "what comes next"),
            .field("signed_at", "when the note was signed"),
        ] + void + ImportColumn.provenance)

    /// Sessions, held once however many came.
    public static let session = ImportTable(
        table: "session", key: "key",
        columns: [.naming("the row's number in the old system")] + [
            .code("peer", of: "staff", "staff code", required: true),
            .field("activity", "curriculum, walk, cooking_class, …", required: true),
            .field("program", "the programme's name"),
            .field("number", "the curriculum's number"),
            .field("phase", "core, transition, maintenance"),
            .field("format", "group, individual", required: true),
            .field("makes_up", "the number it makes up for"),
        ] + time + [
            .code("site", of: "site", "site code", required: true),
            .field("mode", "in_person, phone, video, text", required: true),
            .field("place_note", "where, in words"),
            .field("did", "what we did"),
            .field("adaptation", "what was changed for this group"),
            .field("signed_at", "when the note was signed"),
        ] + void + ImportColumn.provenance)

    /// Attendance: one row for each participant and session.
    public static let attendance = ImportTable(
        table: "attendance", key: "key",
        columns: [.naming("the row's number in the old system")] + [
            .key("session_key", of: "session", "session", "key in session.csv"),
            .participant,
            .code("peer", of: "staff", "staff code", required: true),
            .field("date", "2026-03-02", required: true),
            .field("number", "the curriculum's number"),
            .field("status", "attended, excused, no_show, cancelled", required: true),
            .field("weight", "optional"),
            .field("weight_unit", "lb, kg"),
            .field("weight_absent", "not_taken, prefers_not"),
            .field("minutes_active", "optional"),
            .field("minutes_absent", "not_taken, prefers_not"),
        ] + void + ImportColumn.provenance)
}
