import SyncModel

/// Who works where: the tables that every device holds.
enum DirectoryTables {
    static let all = [site, team, staff]

    static let site = Table(
        "site",
        [
            .identity,
            Register("name", [.line("name", optional: false)], severity: .newestWins),
            Register(
                "kind",
                [
                    Field("kind", .code(Words.siteKinds)),
                    Field("approach", .code(Words.approaches), optional: true),
                ]),
            Register("billing", [.named("place_of_service", optional: true)]),
        ])

    static let team = Table(
        "team",
        [
            .identity,
            Register("name", [.line("name", optional: false)], severity: .newestWins),
            Register("program", [Field("program", .code(Words.programs))]),
            Register("home", [.named("site", indexed: true), .named("floor", optional: true)]),
            Register(
                "proximity",
                [
                    Field("proximity", .code(Words.proximities)),
                    Field("proximity_since", .date, optional: true),
                ]),
        ])

    /// A staff member is never joined with a participant, though they may be one person. There is no field
    /// for anybody's health or for the reason of an absence, and none may be added.
    static let staff = Table(
        "staff",
        [
            .identity,
            Register("name", [.line("name", optional: false)], severity: .newestWins),
            Register("role", [Field("role", .code(Role.allCases.map(\.rawValue)))], severity: .grave),
            Register(
                "place",
                [
                    .named("site", optional: true, indexed: true), .named("team", optional: true),
                    .named("floor", optional: true),
                ]),
            // Further codes, separated by spaces: a peer sits on several teams, a supervisor leads several sites.
            Register("coverage", [.line("other_sites"), .line("other_teams")]),
            Register(
                "contract",
                [
                    Field("hours_per_week", .real(0...80), optional: true),
                    Field("contracted_from", .date, optional: true),
                ]),
            Register(
                "credential", [.line("credential"), Field("credential_expires", .date, optional: true)]),
            Register(
                "requirement",
                [
                    Field("required_hours", .real(0...400), optional: true),
                    Field("required_per", .code(["week", "month"]), optional: true),
                ]),
            Register(
                "supervisors",
                [
                    .named("supervisor", optional: true), .named("second_supervisor", optional: true),
                    Field("supervised_since", .date, optional: true),
                ]),
            Register(
                "availability",
                [
                    Field("unavailable_from", .date, optional: true),
                    Field("unavailable_to", .date, optional: true),
                ]),
            Register(
                "employment",
                [Field("employed_from", .date, optional: true), Field("employed_to", .date, optional: true)]),
        ])
}
