public import SyncModel

/// A participant, as the card and the lists show them.
public struct Participant: Hashable, Sendable {
    /// Its id.
    public let id: RecordID
    /// The code that names them everywhere.
    public let code: String
    /// What they like to be called.
    public let preferredName: String
    /// Their family name, where it is known.
    public let familyName: String?
    /// The year they were born.
    public let birthYear: Int?
    /// Their site's code.
    public let site: String
    /// Their team's code.
    public let team: String?
    /// Where they live, in words.
    public let residence: String?
    /// Their number.
    public let phone: String?
    /// How they like to be reached.
    public let bestWay: String?
    /// How they stand with the agency.
    public let standing: String?
    /// The staff code of their primary provider.
    public let primaryProvider: String?
    /// What the primary provider asks the peer to work on.
    public let focus: String?
    /// Who set the focus.
    public let focusSetBy: String?
    /// When the focus was set.
    public let focusSetOn: CivilDate?
    /// Their goals, as the primary provider wrote them down.
    public let goals: String?
    /// Whether they agreed.
    public let consent: String?
    /// Whether 42 CFR Part 2 covers them.
    public let isPart2: Bool
    /// Whether it is deleted and nobody contests that.
    public let isDeleted: Bool
    /// The registers in conflict.
    public let conflicts: [String]

    /// Reads a record as shown; `nil` if it is of another table, or lacks what makes it a participant.
    public init?(_ view: RecordView) {
        guard view.table.name == "participant",
            let code = view["code"].text,
            let preferredName = view["preferred_name"].text,
            let site = view["site"].text
        else { return nil }
        id = view.id
        self.code = code
        self.preferredName = preferredName
        familyName = view["family_name"].text
        birthYear = view["birth_year"].integer.map(Int.init)
        self.site = site
        team = view["team"].text
        residence = view["residence"].text
        phone = view["phone"].text
        bestWay = view["best_way"].text
        standing = view["standing"].text
        primaryProvider = view["primary_provider"].text
        focus = view["focus"].text
        focusSetBy = view["focus_set_by"].text
        focusSetOn = view.date("focus_set_on")
        goals = view["goals"].text
        consent = view["consent"].text
        isPart2 = view.isTrue("part2")
        isDeleted = view.deletion == .deleted
        conflicts = view.conflicts
    }

    /// The name for one line.
    public var fullName: String {
        [preferredName, familyName ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
    }
}
