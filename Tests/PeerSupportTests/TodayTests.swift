import PeerSupport
import SyncModel
import Testing

@Suite struct TodayTests {
    let ann = Make.id(1)
    let bea = Make.id(2)
    /// Noon on day 20,000.
    let clock = LocalTime.utc(now: 20_000 * 86_400 + 43_200)

    private func attendance(
        _ person: RecordID, _ number: Int, _ day: Int64, _ status: String, void: Bool = false
    ) throws -> Attendance {
        try #require(
            Attendance(
                Make.view(
                    "attendance",
                    [
                        "session": .reference(Make.id(50)), "participant": .reference(person),
                        "peer": .text("PS01"),
                        "date": .integer(day), "number": .integer(Int64(number)), "status": .text(status),
                        "voided_at": void ? .integer(1) : .none,
                    ])))
    }

    private func enrollment(_ person: RecordID, _ status: String = "active") throws -> Enrollment {
        try #require(
            Enrollment(
                Make.view(
                    "enrollment",
                    [
                        "participant": .reference(person), "program": .text("PGLB"),
                        "start_date": .integer(1),
                        "status": .text(status),
                    ])))
    }

    @Test func `a missed session is due until its number was attended`() throws {
        let missed = try [
            attendance(ann, 3, 100, "no_show"), attendance(ann, 4, 107, "excused"),
            attendance(ann, 3, 103, "attended"), attendance(bea, 3, 100, "cancelled"),
            attendance(bea, 3, 99, "attended", void: true),
        ]
        let due = try Today.makeUpsDue(
            attendance: missed, enrollments: [enrollment(ann), enrollment(bea)])
        #expect(due.map(\.participant) == [bea, ann])
        #expect(due.map(\.number) == [3, 4])
        #expect(due.map(\.status) == ["cancelled", "excused"])
    }

    @Test func `at a session that was voided nobody missed anything, came, or was met`() throws {
        let void: Set = [Make.id(50)]
        let missed = try [attendance(ann, 3, 19_990, "no_show")]
        #expect(try Today.makeUpsDue(attendance: missed, enrollments: [enrollment(ann)]).count == 1)
        #expect(
            try Today.makeUpsDue(attendance: missed, enrollments: [enrollment(ann)], voidSessions: void)
                .isEmpty)
        let came = try [attendance(ann, 3, 19_999, "attended")]
        #expect(Today.nextSession(attendance: came) == 4)
        #expect(Today.nextSession(attendance: came, voidSessions: void) == 1)
        let open = try [assignment(ann)]
        func quiet(_ void: Set<RecordID>) -> [NoContact] {
            Today.noContact(
                assignments: open, checkIns: [], attendance: came, voidSessions: void, days: 10, at: clock)
        }
        #expect(quiet([]).isEmpty)
        #expect(quiet(void).map(\.participant) == [ann])
    }

    private func assignment(_ person: RecordID) throws -> Assignment {
        try #require(
            Assignment(
                Make.view(
                    "assignment",
                    [
                        "participant": .reference(person), "peer": .text("PS01"), "basis": .text("own"),
                        "from_date": .integer(19_000),
                    ])))
    }

    @Test func `nobody who left owes a make-up`() throws {
        let missed = try [attendance(ann, 3, 100, "no_show")]
        #expect(try Today.makeUpsDue(attendance: missed, enrollments: [enrollment(ann, "left")]).isEmpty)
        #expect(Today.makeUpsDue(attendance: missed, enrollments: []).isEmpty)
    }

    @Test func `the next session follows the latest held`() throws {
        #expect(Today.nextSession(attendance: []) == 1)
        #expect(try Today.nextSession(attendance: [attendance(ann, 5, 1, "no_show")]) == 6)
        #expect(try Today.nextSession(attendance: [attendance(ann, 22, 1, "attended")]) == nil)
    }

    private func assignment(_ person: RecordID, from: Int64, to: Int64? = nil) throws -> Assignment {
        try #require(
            Assignment(
                Make.view(
                    "assignment",
                    [
                        "participant": .reference(person), "peer": .text("PS01"), "basis": .text("own"),
                        "from_date": .integer(from), "to_date": to.map(Value.integer) ?? .none,
                    ])))
    }

    private func checkIn(_ person: RecordID, day: Int64, void: Bool = false) throws -> CheckIn {
        try #require(
            CheckIn(
                Make.view(
                    "check_in",
                    [
                        "participant": .reference(person), "peer": .text("PS01"),
                        "start_at": .integer(day * 86_400), "voided_at": void ? .integer(1) : .none,
                    ])))
    }

    @Test func `no contact counts check-ins and sessions attended, not voids and not plans`() throws {
        let open = try [assignment(ann, from: 19_000), assignment(bea, from: 19_000)]
        let found = try Today.noContact(
            assignments: open,
            checkIns: [
                checkIn(ann, day: 19_985), checkIn(ann, day: 19_999, void: true), checkIn(ann, day: 20_003),
            ],
            attendance: [attendance(bea, 1, 19_991, "attended"), attendance(bea, 2, 19_999, "no_show")],
            days: 10, at: clock)
        #expect(found.map(\.participant) == [ann])
        #expect(found.first?.days == 15)
        #expect(found.first?.last == CivilDate(days: 19_985))
    }

    @Test func `somebody never met counts from the assignment, closed ones not at all`() throws {
        let found = try Today.noContact(
            assignments: [assignment(ann, from: 19_980), assignment(bea, from: 19_000, to: 19_500)],
            checkIns: [], attendance: [], days: 10, at: clock)
        #expect(found.count == 1)
        #expect(found.first?.last == nil)
        #expect(found.first?.days == 20)
        #expect(
            try Today.noContact(
                assignments: [assignment(ann, from: 19_990)], checkIns: [checkIn(ann, day: 19_000)],
                attendance: [], days: 10, at: clock
            ).isEmpty)
    }

    private func referral(
        _ n: Int, _ status: ReferralState, day: Int64, peer: String? = nil, visit: Int64? = nil
    ) throws -> Referral {
        try #require(
            Referral(
                Make.view(
                    "referral",
                    [
                        "participant": .reference(ann), "origin": .text("worker"), "to_team": .text("ACT1"),
                        "to_peer": peer.map(Value.text) ?? .none, "status": .text(status.rawValue),
                        "status_at": .integer(day * 86_400), "visit_at": visit.map(Value.integer) ?? .none,
                    ], id: Make.id(n))))
    }

    @Test func `referrals wait for what comes next, the longest first`() throws {
        let rows = try [
            referral(1, .sent, day: 19_999), referral(2, .accepted, day: 19_990),
            referral(3, .closed, day: 1),
            referral(4, .visitSet, day: 19_995, visit: clock.now + 60),
            referral(5, .visitSet, day: 19_996, visit: clock.now - 60), referral(6, .visitSet, day: 19_994),
            referral(7, .withdrawalAsked, day: 19_998), referral(8, .noShow, day: 19_997),
        ]
        let waiting = Today.referralsWaiting(rows, at: clock)
        #expect(waiting.map(\.referral.id) == [2, 6, 5, 8, 7, 1].map(Make.id))
        #expect(waiting.map(\.need) == [.visit, .visit, .result, .visit, .confirmation, .answer])
        #expect(waiting.first?.days == 10)
    }

    @Test func `a peer sees what is addressed to them or to their team`() throws {
        let rows = try [
            referral(1, .sent, day: 1, peer: "PS01"), referral(2, .sent, day: 2, peer: "PS02"),
            referral(3, .sent, day: 3),
        ]
        let mine = Today.referralsWaiting(rows, peer: "PS01", teams: ["ACT1"], at: clock)
        #expect(mine.map(\.referral.id) == [1, 3].map(Make.id))
        let without = Today.referralsWaiting(rows, peer: "PS01", teams: [], at: clock)
        #expect(without.map(\.referral.id) == [Make.id(1)])
    }

    @Test func `open escalations come urgent first, then oldest`() throws {
        func row(
            _ n: Int, _ priority: String, _ at: Int64, done: Bool = false, void: Bool = false
        ) throws -> Escalation {
            try #require(
                Escalation(
                    Make.view(
                        "escalation",
                        [
                            "participant": .reference(ann), "seen_by": .text("PS01"), "seen_at": .integer(at),
                            "priority": .text(priority), "acknowledged_at": done ? .integer(9) : .none,
                            "voided_at": void ? .integer(9) : .none,
                        ], id: Make.id(n))))
        }
        let rows = try [
            row(1, "routine", 1), row(2, "urgent", 9), row(3, "urgent", 5), row(4, "urgent", 1, done: true),
            row(5, "soon", 7), row(6, "urgent", 2, void: true),
        ]
        #expect(Today.openEscalations(rows).map(\.id) == [3, 2, 5, 1].map(Make.id))
    }

    @Test func `a view of another table, or an incomplete one, is none`() {
        #expect(CheckIn(Make.view("session", ["peer": .text("PS01")])) == nil)
        #expect(CheckIn(Make.view("check_in", ["did": .text("x")])) == nil)
        #expect(Participant(Make.view("participant", ["code": .text("P1")])) == nil)
    }
}
