import SyncModel

/// What passes between peers and everybody else: referrals, questions, what must be told, supervision.
enum CoordinationTables {
    static let all = [referral, consult, escalation, supervision]

    static let referral = Table(
        "referral",
        [
            Register(
                "what",
                [
                    .participant, .named("from_team", optional: true),
                    .named("from_staff", optional: true, indexed: true),
                    Field("origin", .code(Words.origins)), .named("suggested_by", optional: true),
                    .line("need"),
                ], isFixed: true),
            Register(
                "recipient",
                [.named("to_team", indexed: true), .named("to_peer", optional: true, indexed: true)]),
            Register("sent", [Field("sent_at", .instant)]),
            Register(
                "status",
                [
                    Field("status", .code(ReferralState.allCases.map(\.rawValue)), indexed: true),
                    Field("decline_reason", .code(DeclineReason.allCases.map(\.rawValue)), optional: true),
                    .line("status_note"), .named("status_by"), Field("status_at", .instant),
                ]),
            Register("visit", [Field("visit_at", .instant), .line("visit_place")]),
            Register(
                "handoff",
                [
                    Field("warm_handoff", .flag), Field("handoff_on", .date, optional: true),
                    .line("handoff_present"),
                ]),
            Register("outcome", [.line("outcome"), Field("loop_closed_at", .instant, optional: true)]),
            .provenance,
        ])

    static let consult = Table(
        "consult",
        [
            Register(
                "what",
                [
                    Field("participant", .reference(table: "participant"), optional: true, indexed: true),
                    .named("from_team", optional: true), .named("from_staff"), .named("peer", indexed: true),
                    Field("asked_at", .instant), .story("question"),
                ], isFixed: true),
            Register(
                "answer",
                [
                    Field("answered_at", .instant, optional: true), .named("answered_by", optional: true),
                    .minutes(), .story("answer"),
                ]),
            .provenance,
        ])

    /// Something seen that another person must know: what was seen and never what it might be.
    static let escalation = Table(
        "escalation",
        [
            Register(
                "what",
                [
                    .participant, .named("seen_by", indexed: true), Field("seen_at", .instant), .story("saw"),
                    Field("priority", .code(Words.priorities)),
                ], isFixed: true),
            Register(
                "told",
                [
                    .named("told_whom", optional: true), Field("told_how", .code(Words.channels)),
                    Field("told_at", .instant, optional: true),
                ]),
            Register(
                "acknowledged",
                [.named("acknowledged_by"), Field("acknowledged_at", .instant), .story("response")],
                severity: .grave),
            .void,
            .provenance,
        ])

    static let supervision = Table(
        "supervision",
        [
            Register(
                "what",
                [
                    .named("peer", indexed: true), .named("site"),
                    Field("kind", .code(Words.supervisionKinds)),
                    .named("supervisor", indexed: true), .named("second_supervisor", optional: true),
                ], isFixed: true),
            .time,
            Register("topics", [.line("topics")]),
            Register(
                "review",
                [
                    .story("review"), .named("reviewed_by", optional: true),
                    Field("reviewed_on", .date, optional: true),
                ]),
            .void,
            .provenance,
        ])
}
