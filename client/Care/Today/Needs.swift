import PeerSupport
import SyncModel
import SyncReplica

/// The rows behind "who needs me", fetched so that a year of records need not be read for one screen.
enum Needs {
    /// Make-ups due, for one peer's caseload or for everybody on this laptop.
    static func makeUps(peer: String?, in replica: Replica) throws -> [MakeUpDue] {
        let caseload = try peer.map { try participants(of: $0, in: replica) }
        let merged = try Merged(in: replica)
        let all = try replica.find(Query("enrollment")).compactMap {
            Enrollment($0)?.leading(to: merged.redirects)
        }
        let active = all.filter { row in
            row.isActive && caseload?.contains(row.participant) ?? true
        }
        let people = Set(active.map(\.participant))
        let missed = try attendance(
            of: people, status: Words.attendance.filter { $0 != "attended" }, in: replica)
        // Whoever missed nothing has nothing to make up, so only the others' attendance is read.
        let came = try attendance(of: Set(missed.map(\.participant)), status: ["attended"], in: replica)
        return Today.makeUpsDue(
            attendance: TwiceOnList.once(missed + came), enrollments: active,
            voidSessions: try voidSessions(in: replica))
    }

    /// The sessions that were voided. Attendance may have been recorded or kept that whoever voided them did not hold.
    static func voidSessions(in replica: Replica) throws -> Set<RecordID> {
        Set(try replica.find(Query("session", where: [.isSet("voided_at")])).map(\.id))
    }

    /// Who had no contact for more than so many days.
    static func noContact(
        peer: String?, days: Int, in replica: Replica, at time: LocalTime
    ) throws -> [NoContact] {
        let merged = try Merged(in: replica).redirects
        let open = try assignments(of: peer, in: replica)
        let void = try voidSessions(in: replica)
        let day = time.today.adding(days: -Int64(days))
        let begin = time.now - (Int64(days) + 1) * 86_400
        let recent = try replica.find(Query("check_in", where: [.atLeast("start_at", .integer(begin))]))
            .compactMap { CheckIn($0)?.leading(to: merged) }
        let recentSessions = try replica.find(
            Query("attendance", where: [.atLeast("date", .integer(day.days))])
        )
        .compactMap { Attendance($0)?.leading(to: merged) }
        let quiet = Today.noContact(
            assignments: open, checkIns: recent, attendance: TwiceOnList.once(recentSessions),
            voidSessions: void, days: days, at: time)
        // Only of those who are quiet is the last contact looked up, however long ago it was.
        let people = Set(quiet.map(\.participant))
        let checkIns = try people.compactMap { person in
            try last("check_in", of: person, [.below("start_at", .integer(time.now + 1))], in: replica)
        }
        let sessions = try people.compactMap { person in
            try lastSession(of: person, void, in: replica, at: time)
        }
        return Today.noContact(
            assignments: open.filter { people.contains($0.participant) },
            checkIns: checkIns.compactMap { CheckIn($0)?.leading(to: merged) },
            attendance: sessions.map { $0.leading(to: merged) }, days: days, at: time)
    }

    /// The open assignments of a peer, or all of them; each person once for each peer, whatever records they have.
    /// Whose record was deleted as a mistake is on nobody's caseload.
    static func assignments(of peer: String?, in replica: Replica) throws -> [Assignment] {
        let mine = peer.map { [Query.Condition.equals("peer", .text($0))] } ?? []
        let merged = try Merged(in: replica).redirects
        var seen: Set<[String]> = []
        // Who is deleted has no row, as whoever is not on this laptop, and only of these few the record is read.
        let shown = Set(try replica.ids(Query("participant")))
        func isDeleted(_ person: RecordID) throws -> Bool {
            try !shown.contains(person) && replica.view(person)?.deletion == .deleted
        }
        return try replica.find(Query.openAssignments(mine, order: [Query.Order("from_date")]))
            .compactMap { Assignment($0)?.leading(to: merged) }
            .filter { try !isDeleted($0.participant) }
            .filter { merged.isEmpty || seen.insert([$0.participant.text, $0.peer]).inserted }
    }

    private static func participants(of peer: String, in replica: Replica) throws -> Set<RecordID> {
        Set(try assignments(of: peer, in: replica).map(\.participant))
    }

    private static func last(
        _ table: String, of person: RecordID, _ more: [Query.Condition], in replica: Replica
    ) throws -> RecordView? {
        let field = table == "attendance" ? "date" : "start_at"
        let counts: [Query.Condition] = [try replica.isAbout(person), .isNone("voided_at")]
        return try replica.find(
            Query(table, where: counts + more, order: [Query.Order(field, descending: true)], limit: 1)
        ).first
    }

    /// The last session that somebody came to. That they came has to be the answer that counts, where there are several.
    private static func lastSession(
        of person: RecordID, _ void: Set<RecordID>, in replica: Replica, at time: LocalTime
    ) throws -> Attendance? {
        var left = void
        while true {
            let came = try last(
                "attendance", of: person,
                [
                    .below("date", .integer(time.today.days + 1)), .equals("status", .text("attended")),
                    .noneOf("session", left.sorted().map { .reference($0) }),
                ], in: replica)
            guard let session = came?["session"].reference else { return nil }
            let there = try replica.find(
                Query(
                    "attendance", where: [replica.isAbout(person), .equals("session", .reference(session))])
            ).compactMap { Attendance($0) }.filter(\.counts).min { $0.id < $1.id }
            if let there, there.isAttended { return there }
            left.insert(session)
        }
    }

    private static func attendance(
        of people: Set<RecordID>, status: [String], in replica: Replica
    ) throws -> [Attendance] {
        let merged = try Merged(in: replica)
        let people = people.flatMap { merged.all(of: $0) }.sorted()
        return try stride(from: 0, to: people.count, by: 500).flatMap { start in
            let some = people[start..<min(start + 500, people.count)].map { Value.reference($0) }
            return try replica.find(
                Query(
                    "attendance",
                    where: [
                        .oneOf("participant", some), .oneOf("status", status.map { .text($0) }),
                        .isSet("number"),
                    ])
            ).compactMap { Attendance($0)?.leading(to: merged.redirects) }
        }
    }

    /// A make-up for programs.
    static func json(_ row: MakeUpDue, _ people: People) throws -> JSON {
        [
            "participant": .text(row.participant.text), "participant_code": try people.code(row.participant),
            "session": .count(row.number), "missed": .text(row.missed.text), "status": .text(row.status),
        ]
    }
}
