import SyncModel

/// Participants, who works with them, and what they are enrolled in.
enum PeopleTables {
    static let all = [participant, assignment, enrollment]

    static let participant = Table(
        "participant",
        [
            // Unlike codes of the directory this one may change: two people can be given one code apart.
            Register("identity", [.named("code", indexed: true)], severity: .grave),
            Register("name", [.line("preferred_name", optional: false), .line("family_name")]),
            Register("birth", [Field("birth_year", .integer(1900...2200), optional: true)]),
            Register(
                "home",
                [
                    .named("site", indexed: true), .named("team", optional: true, indexed: true),
                    .line("residence"),
                ]),
            Register("contact", [.line("phone"), .line("best_way")]),
            Register(
                "standing",
                [Field("standing", .code(Words.standings)), Field("standing_since", .date, optional: true)]),
            Register("primary_provider", [.named("primary_provider", optional: true)], severity: .grave),
            // Written by the primary provider, read by the peer: a peer sets neither.
            Register(
                "focus",
                [
                    .story("focus"), .named("focus_set_by", optional: true),
                    Field("focus_set_on", .date, optional: true),
                ]),
            Register(
                "goals",
                [
                    .story("goals"), .named("goals_set_by", optional: true),
                    Field("goals_set_on", .date, optional: true),
                ]),
            Register(
                "consent",
                [Field("consent", .code(Words.consents)), Field("consent_on", .date, optional: true)],
                severity: .grave),
            Register("privacy", [Field("part2", .flag)], severity: .grave),
            .provenance,
            // Two records of one person: this one leads to that one, and both histories stay.
            Register(
                "redirect",
                [
                    Field("merged_into", .reference(table: "participant"), optional: true, indexed: true),
                    .named("merged_by", optional: true), Field("merged_at", .instant, optional: true),
                ],
                severity: .grave),
        ])

    /// One stretch of working together. A hand-over ends one and begins another, and erases nothing.
    static let assignment = Table(
        "assignment",
        [
            Register(
                "what",
                [
                    .participant, .named("peer", indexed: true), Field("basis", .code(Words.bases)),
                    .line("decided_by"),
                ],
                isFixed: true),
            Register(
                "period", [Field("from_date", .date), Field("to_date", .date, optional: true)],
                severity: .grave),
            .provenance,
        ])

    static let enrollment = Table(
        "enrollment",
        [
            Register("what", [.participant, .named("program")], isFixed: true),
            Register("start", [Field("start_date", .date)]),
            Register(
                "phase", [Field("phase", .code(Words.phases)), Field("phase_since", .date, optional: true)]),
            Register(
                "status",
                [
                    Field("status", .code(Words.enrollmentStates)), .line("status_reason"),
                    .named("status_by", optional: true),
                    Field("status_on", .date, optional: true),
                ]),
            .provenance,
        ])
}
