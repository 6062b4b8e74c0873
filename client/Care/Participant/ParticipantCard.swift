import PeerSupport
import SyncModel
import SyncReplica

/// Everything that this laptop knows about one participant, gathered for one screen.
struct ParticipantCard {
    let view: RecordView
    let person: Participant
    let assignments: [Assignment]
    let enrollments: [(view: RecordView, week: Int?, next: Int?)]
    let contacts: [RecordView]
    let contactCount: Int
    /// Those of them that may be about somebody else.
    let recordedWhile: [RecordID: RecordedWhile]
    let referrals: [RecordView]
    let escalations: [RecordView]
    let unsent: Set<RecordID>
    /// The person's other records, which were merged.
    let others: [RecordView]
    let clashes: [SideBySide]

    /// How many of the latest contacts are shown.
    static let contactsShown = 5

    init(_ person: Participant, at desk: Desk) throws {
        let replica = try desk.replica()
        guard let view = try replica.view(person.id) else {
            throw SyncError(.unknownRecord, "this participant is not on this laptop")
        }
        let merged = try Merged(in: replica)
        let mine = merged.isAbout(person.id)
        others = try merged.all(of: person.id).filter { $0 != person.id }.compactMap { try replica.view($0) }
        func rows(_ table: String, _ more: [Query.Condition] = []) throws -> [RecordView] {
            try replica.find(Query(table, where: [mine] + more))
        }
        self.view = view
        self.person = person
        let stretches = try replica.find(Query.openAssignments([mine]))
        // Whoever has several of the person's records has the person once, since the first of them.
        var peers: Set<String> = []
        assignments = stretches.compactMap { Assignment($0) }
            .sorted { ($0.from, $0.id) < ($1.from, $1.id) }
            .filter { peers.insert($0.peer).inserted }
        contacts = try replica.find(
            Query(
                "check_in", where: [mine, .isNone("voided_at")],
                order: [Query.Order("start_at", descending: true)],
                limit: Self.contactsShown))
        recordedWhile = try RecordedWhile.all(of: contacts, in: replica)
        contactCount = try replica.count(Query("check_in", where: [mine, .isNone("voided_at")]))
        let void = try Needs.voidSessions(in: replica)
        let attendance = try rows("attendance").compactMap { Attendance($0) }
        let today = desk.time.today
        let years = try rows("enrollment")
        enrollments = years.compactMap { view in
            guard let year = Enrollment(view) else { return nil }
            let since = today.days - year.start.days
            let isRunning = year.isActive && since >= 0
            return (
                view, isRunning ? Int(since / 7) + 1 : nil,
                year.isActive ? Today.nextSession(attendance: attendance, voidSessions: void) : nil
            )
        }
        referrals = try rows("referral").filter { view in
            Referral(view).map { !$0.status.isFinal || $0.isApart } ?? false
        }
        escalations = try rows("escalation", [.isNone("acknowledged_at"), .isNone("voided_at")])
        unsent = try desk.waiting(in: "escalation")
        var shown: [RecordView] = [view]
        for more in [stretches, years, referrals, escalations] { shown += more }
        clashes = try SideBySide.all(of: shown, in: replica)
    }

    /// What stands in the participant's own record, without focus and goals.
    static func facts(_ person: Participant) -> [(String, Page.Cell)] {
        texts(person).map { label, text in (label, Page.Cell(text)) }
    }

    /// What another record of the same person says that this one does not, in words; empty where they agree.
    func differing(_ other: RecordView) -> String {
        guard let other = Participant(other) else { return "" }
        let mine = Dictionary(Self.texts(person) + Self.stories(person)) { first, _ in first }
        return (Self.texts(other) + Self.stories(other)).filter { mine[$0.0] != $0.1 }
            .map { label, text in "\(label) \(text)" }.joined(separator: ", ")
    }

    private static func stories(_ person: Participant) -> [(String, String)] {
        [("focus", person.focus), ("goals", person.goals)].compactMap { label, text in
            text.map { (label, $0) }
        }
    }

    private static func texts(_ person: Participant) -> [(String, String)] {
        let all: [(String, String?)] = [
            ("born", person.birthYear.map { String($0) }), ("site", person.site), ("team", person.team),
            ("residence", person.residence), ("phone", person.phone), ("best way", person.bestWay),
            ("standing", person.standing), ("primary provider", person.primaryProvider),
            ("consent", person.consent?.spaced), ("42 CFR Part 2", person.isPart2 ? "yes" : nil),
        ]
        return all.compactMap { label, text in text.map { (label, $0) } }
    }
}

extension Desk {
    /// A participant for programs, with the token that an edit of this version takes.
    func participantJSON(_ view: RecordView) throws -> JSON {
        JSON(view).adding("token", .optional(try replica().token(for: view.id)?.text))
    }
}
