extension ImportTable {
    /// Sites, by code.
    public static let site = ImportTable(
        table: "site", key: "code",
        columns: [
            .field("code", "S1; how the site is named everywhere", required: true),
            .field("name", "its name", required: true),
            .field("kind", "agency_office, clinic, residence, community, phone", required: true),
            .field("approach", "treatment_first, housing_first"),
            .field("place_of_service", "billing code of the place, 12 for a home"),
        ])

    /// Teams, by code.
    public static let team = ImportTable(
        table: "team", key: "code",
        columns: [
            .field("code", "ACT1; how the team is named everywhere", required: true),
            .field("name", "its name", required: true),
            .field("program", "ACT, PROS, residential, clinic, …", required: true),
            .code("site", of: "site", "its site's code", required: true),
            .field("floor", "its floor"),
            .field("proximity", "integrated, close, not_close to the peers"),
            .field("proximity_since", "since when"),
        ])

    /// Staff, by code. Only an administrator may import them.
    public static let staff = ImportTable(
        table: "staff", key: "code",
        columns: [
            .field("code", "PS07; how the person is named everywhere", required: true),
            .field("name", "their name", required: true),
            .field(
                "role", "peer, primary_provider, nurse, supervisor, administrator, referrer, sync",
                required: true),
            .code("site", of: "site", "site code"),
            .code("team", of: "team", "team code"),
            .field("floor", "their floor"),
            .codes("other_sites", of: "site", "further site codes, separated by spaces"),
            .codes("other_teams", of: "team", "further team codes, separated by spaces"),
            .field("hours_per_week", "contracted hours"),
            .field("contracted_from", "since when"),
            .field("credential", "certification"),
            .field("credential_expires", "until when"),
            .field("required_hours", "hours of service asked for"),
            .field("required_per", "week, month"),
            .code("supervisor", of: "staff", "staff code"),
            .code("second_supervisor", of: "staff", "staff code"),
            .field("supervised_since", "since when"),
            .field("unavailable_from", "first day away; never a reason"),
            .field("unavailable_to", "last day away"),
            .field("employed_from", "first day"),
            .field("employed_to", "last day"),
        ])
}
