import SyncModel

/// What peers and participants did together: facts, of which little may change later.
enum ContactTables {
    static let all = [checkIn, session, attendance]

    static let checkIn = Table(
        "check_in",
        [
            // `amends` names the check-in that this one corrects: a signed note is never overwritten.
            Register(
                "what",
                [
                    .participant, .named("peer", indexed: true), Field("activity", .code(Words.activities)),
                    Field("amends", .reference(table: "check_in"), optional: true, indexed: true),
                ], isFixed: true),
            .time,
            Register(
                "place",
                [Field("mode", .code(Words.modes)), .named("site", optional: true), .line("place_note")]),
            Register(
                "note",
                [
                    .story("did"), .story("said"), .story("next_step"),
                    Field("signed_at", .instant, optional: true),
                ],
                rank: .whenSet(index: 3)),
            .void,
            .provenance,
        ])

    static let session = Table(
        "session",
        [
            // `number` is the curriculum's; empty for a walk or a cooking class. In a make-up `makes_up` repeats
            // the number that was missed.
            Register(
                "what",
                [
                    .named("peer", indexed: true), Field("activity", .code(Words.activities)),
                    .named("program", optional: true),
                    Field("number", .integer(1...99), optional: true),
                    Field("phase", .code(Words.phases), optional: true),
                    Field("format", .code(Words.formats)),
                    Field("makes_up", .integer(1...99), optional: true),
                ], isFixed: true),
            .time,
            Register(
                "place",
                [.named("site", indexed: true), Field("mode", .code(Words.modes)), .line("place_note")]),
            Register(
                "note", [.story("did"), .story("adaptation"), Field("signed_at", .instant, optional: true)],
                rank: .whenSet(index: 2)),
            .void,
            .provenance,
        ])

    static let attendance = Table(
        "attendance",
        [
            Register(
                "what",
                [
                    Field("session", .reference(table: "session"), indexed: true), .participant,
                    .named("peer"),
                    Field("date", .date, indexed: true), Field("number", .integer(1...99), optional: true),
                ], isFixed: true),
            Register("status", [Field("status", .code(Words.attendance))]),
            Register(
                "weight",
                [
                    Field("weight", .real(0...1000), optional: true),
                    Field("weight_unit", .code(Words.weightUnits), optional: true),
                    Field("weight_absent", .code(Words.absences), optional: true),
                ]),
            Register(
                "movement",
                [
                    Field("minutes_active", .integer(0...10_080), optional: true),
                    Field("minutes_absent", .code(Words.absences), optional: true),
                ]),
            .void,
            .provenance,
        ])
}
