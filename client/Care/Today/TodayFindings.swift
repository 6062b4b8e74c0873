import PeerSupport
import SyncModel
import SyncReplica

/// What `today` shows, most pressing first.
struct TodayFindings {
    let days: Int
    let escalations: [Escalation]
    let unsent: Set<RecordID>
    let makeUps: [MakeUpDue]
    let quiet: [NoContact]
    let referrals: [WaitingReferral]
    private let people: People

    init(at desk: Desk, days: Int, all: Bool) throws {
        let replica = try desk.replica()
        let me = try desk.enrolment().staff
        let peer = try !all && desk.isRole(.peer) ? me : nil
        let staff = try desk.myself()
        let others = CodeList.codes(in: staff?["other_teams"].text ?? "")
        let teams = Set([staff?["team"].text].compactMap { $0 } + others)
        self.days = days
        people = People(replica)
        escalations = Today.openEscalations(
            try replica.find(
                Query("escalation", where: [.isNone("acknowledged_at"), .isNone("voided_at")])
            )
            .compactMap { Escalation($0) })
        unsent = try desk.waiting(in: "escalation")
        makeUps = try Needs.makeUps(peer: peer, in: replica)
        quiet = try Needs.noContact(peer: peer, days: days, in: replica, at: desk.time)
        referrals = Today.referralsWaiting(
            try replica.openReferrals().compactMap { Referral($0) }, peer: peer, teams: teams, at: desk.time)
    }

    var isEmpty: Bool { escalations.isEmpty && makeUps.isEmpty && quiet.isEmpty && referrals.isEmpty }

    func show(on page: inout Page, _ desk: Desk, limit: Int) throws {
        let time = desk.time
        if !escalations.isEmpty {
            page.line()
            page.line("Open escalations (\(escalations.count)):", .bad)
        }
        try rows(escalations, limit, on: &page) { row in
            [
                unsent.contains(row.id) ? Page.Cell("NOT SENT", .bad) : Page.Cell("sent", .faint),
                Page.Cell(row.priority, row.priority == "urgent" ? .bad : .plain),
                Page.Cell(try people.name(row.participant)), Page.Cell(TextWidth.cut(row.saw ?? "", to: 44)),
                Page.Cell(time.ago(row.seenAt)), Page.Cell(row.id.short, .faint),
            ]
        }
        heading("Make-up sessions due", makeUps.count, on: &page)
        try rows(makeUps, limit, on: &page) { row in
            [
                Page.Cell(try people.name(row.participant)), Page.Cell("session \(row.number)"),
                Page.Cell("\(row.status.spaced) on \(row.missed.friendly)"),
            ]
        }
        heading("No contact for more than \(Wording.count(days, "day"))", quiet.count, on: &page)
        try rows(quiet, limit, on: &page) { row in
            [
                Page.Cell(try people.name(row.participant)), Page.Cell(Wording.count(row.days, "day")),
                Page.Cell(row.last.map { "last \($0.friendly)" } ?? "never yet"), Page.Cell(row.peer, .faint),
            ]
        }
        heading("Referrals waiting", referrals.count, on: &page)
        try rows(referrals, limit, on: &page) { row in
            [
                Page.Cell(try people.name(row.referral.participant)), Page.Cell(row.plain, .warning),
                Page.Cell(row.days == 0 ? "since today" : "for \(Wording.count(row.days, "day"))"),
                Page.Cell(row.referral.toPeer ?? row.referral.toTeam ?? ""),
                Page.Cell(row.referral.id.short, .faint),
            ]
        }
    }

    private func heading(_ text: String, _ count: Int, on page: inout Page) {
        guard count > 0 else { return }
        page.line()
        page.line("\(text) (\(count)):", .strong)
    }

    private func rows<Row>(
        _ found: [Row], _ limit: Int, on page: inout Page, _ cells: (Row) throws -> [Page.Cell]
    ) throws {
        page.table([], try found.prefix(limit).map { [Page.Cell(" ")] + (try cells($0)) })
        if found.count > limit { page.line("  and \(found.count - limit) more; --limit shows them", .faint) }
    }

    func json(_ status: ReplicaStatus, _ attention: Attention, _ desk: Desk) throws -> JSON {
        [
            "date": .text(desk.time.today.text), "days": .count(days),
            "escalations": .list(
                try escalations.map { row in
                    [
                        "id": .text(row.id.text), "participant": .text(row.participant.text),
                        "participant_code": try people.code(row.participant), "priority": .text(row.priority),
                        "saw": .optional(row.saw), "seen_at": .text(Instant.text(row.seenAt)),
                        "sent": .flag(!unsent.contains(row.id)),
                    ]
                }),
            "make_ups": .list(try makeUps.map { try Needs.json($0, people) }),
            "no_contact": .list(
                try quiet.map { row in
                    [
                        "participant": .text(row.participant.text),
                        "participant_code": try people.code(row.participant), "peer": .text(row.peer),
                        "last": .optional(row.last?.text), "days": .count(row.days),
                    ]
                }),
            "referrals": .list(
                try referrals.map { row in
                    [
                        "id": .text(row.referral.id.text),
                        "participant": .text(row.referral.participant.text),
                        "participant_code": try people.code(row.referral.participant),
                        "needs": .text(row.need.rawValue), "status": .text(row.referral.status.rawValue),
                        "days": .count(row.days),
                    ]
                }),
            "conflicts": .count(status.conflicts), "refused": .count(status.quarantined),
            "waiting": .count(status.waiting), "last_sync": .moment(status.lastSyncMicroseconds),
            "double_codes": attention.doubleCodes, "to_decide": .count(attention.open.toDecide),
        ]
    }
}

extension WaitingReferral {
    /// What somebody should do.
    var plain: String {
        switch need {
        case .decision: "decide where it stands: porchlight conflicts show \(referral.conflictName)"
        case .answer: "accept or decline"
        case .visit: "set a visit"
        case .result: "say how the visit went"
        case .confirmation: "confirm the withdrawal"
        }
    }
}
