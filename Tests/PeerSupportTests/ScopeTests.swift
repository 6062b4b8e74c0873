import PeerSupport
import SyncModel
import Testing

@Suite struct ScopeTests {
    let domain = PeerSupportDomain()
    let person = Make.id(1)
    let me = Make.id(9)

    private func contributions(_ table: String, _ fields: [String: Value], deleted: Bool = false)
        -> Set<ScopeContribution>
    {
        Set(domain.contributions(of: Make.view(table, fields, deleted: deleted)))
    }

    @Test(arguments: ["site", "team", "staff"]) func `everybody holds the directory`(table: String) {
        #expect(contributions(table, ["code": .text("X")]) == [.key(target: me, key: "directory")])
    }

    @Test func `a participant lies at a site and in a team`() {
        #expect(
            contributions("participant", ["site": .text("S1"), "team": .text("ACT1")]) == [
                .key(target: me, key: "site:S1"), .key(target: me, key: "team:ACT1"),
            ])
        #expect(contributions("participant", ["site": .text("S1")]) == [.key(target: me, key: "site:S1")])
        #expect(contributions("participant", ["preferred_name": .text("Mae")]).isEmpty)
    }

    @Test func `an open assignment puts the participant on a caseload`() {
        let what: [String: Value] = [
            "participant": .reference(person), "peer": .text("PS07"), "from_date": .integer(1),
        ]
        let located = ScopeContribution.inherit(target: me, parent: person)
        #expect(contributions("assignment", what) == [located, .key(target: person, key: "caseload:PS07")])
        #expect(contributions("assignment", what.merging(["to_date": .integer(2)]) { $1 }) == [located])
        #expect(contributions("assignment", what, deleted: true) == [located])
    }

    @Test(arguments: ["check_in", "enrollment", "escalation"])
    func `facts go where their participant goes, deleted or not`(table: String) {
        let fields: [String: Value] = ["participant": .reference(person)]
        #expect(contributions(table, fields) == [.inherit(target: me, parent: person)])
        #expect(contributions(table, fields, deleted: true) == [.inherit(target: me, parent: person)])
    }

    @Test func `a session goes where those go who came`() {
        let session = Make.id(5)
        let fields: [String: Value] = [
            "session": .reference(session), "participant": .reference(person), "status": .text("attended"),
        ]
        let located = ScopeContribution.inherit(target: me, parent: person)
        #expect(contributions("attendance", fields) == [located, .inherit(target: session, parent: person)])
        #expect(contributions("attendance", fields, deleted: true) == [located])
        #expect(
            contributions("session", ["peer": .text("PS07"), "site": .text("S1")]) == [
                .key(target: me, key: "caseload:PS07"), .key(target: me, key: "site:S1"),
            ])
    }

    @Test func `an escalation reaches whoever was told, with the participant until it is taken up or voided`()
    {
        let fields: [String: Value] = ["participant": .reference(person), "told_whom": .text("NU01")]
        let located: Set<ScopeContribution> = [
            .inherit(target: me, parent: person), .key(target: me, key: "person:NU01"),
        ]
        #expect(
            contributions("escalation", fields) == located.union([.key(target: person, key: "person:NU01")]))
        for end in ["acknowledged_at", "voided_at"] {
            #expect(
                contributions("escalation", fields.merging([end: .integer(1)]) { $1 }) == located, "\(end)")
        }
    }

    @Test func `an escalation stays with whoever raised it until it is taken up or voided`() {
        let fields: [String: Value] = ["participant": .reference(person), "seen_by": .text("PS07")]
        let inherited: Set<ScopeContribution> = [.inherit(target: me, parent: person)]
        // The record itself, and never the participant.
        let raised = inherited.union([.key(target: me, key: "person:PS07")])
        #expect(contributions("escalation", fields) == raised)
        #expect(contributions("escalation", fields, deleted: true) == raised)
        for end in ["acknowledged_at", "voided_at"] {
            let ended = fields.merging([end: .integer(1)]) { $1 }
            #expect(contributions("escalation", ended) == inherited, "\(end)")
        }
    }

    @Test func `a referral also goes to those who receive it`() {
        let fields: [String: Value] = [
            "participant": .reference(person), "to_team": .text("ACT1"), "to_peer": .text("PS07"),
        ]
        #expect(
            contributions("referral", fields) == [
                .inherit(target: me, parent: person), .key(target: me, key: "team:ACT1"),
                .key(target: me, key: "caseload:PS07"),
            ])
    }

    @Test(arguments: ReferralState.allCases)
    func `the peer a referral names may see whom it is about, from sending to its end`(state: ReferralState) {
        let fields: [String: Value] = [
            "participant": .reference(person), "to_team": .text("ACT1"), "to_peer": .text("PS07"),
            "status": .text(state.rawValue),
        ]
        let sees = contributions("referral", fields).contains(.key(target: person, key: "caseload:PS07"))
        #expect(sees == (state != .new && !state.isFinal))
    }

    @Test func `supervision lies with the peer and the site, a consult with both who talk`() {
        #expect(
            contributions("supervision", ["peer": .text("PS07"), "site": .text("S1")]) == [
                .key(target: me, key: "caseload:PS07"), .key(target: me, key: "site:S1"),
            ])
        #expect(
            contributions("consult", ["peer": .text("PS07"), "from_team": .text("ACT1")]) == [
                .key(target: me, key: "caseload:PS07"), .key(target: me, key: "team:ACT1"),
            ])
    }

    private func keys(_ role: String, _ staff: RecordView?) -> [ScopeKey] {
        domain.subscriptions(of: Actor(staff: "ME01", role: role, device: "LT1"), staff: staff)
    }

    @Test func `each role holds its part`() {
        let staff = Make.view(
            "staff",
            [
                "site": .text("S1"), "team": .text("ACT1"), "other_sites": .text("S3 S2"),
                "other_teams": .text("RES1"),
            ])
        #expect(keys("peer", staff) == ["caseload:ME01", "directory", "person:ME01"])
        for role in ["primary_provider", "nurse", "referrer"] {
            #expect(keys(role, staff) == ["directory", "person:ME01", "team:ACT1", "team:RES1"])
        }
        #expect(keys("supervisor", staff) == ["directory", "person:ME01", "site:S1", "site:S2", "site:S3"])
        #expect(keys("administrator", staff) == ["all"])
        #expect(keys("sync", nil) == ["all"])
        #expect(keys("peer", nil) == ["caseload:ME01", "directory", "person:ME01"])
        #expect(keys("nurse", nil) == ["directory", "person:ME01"])
        #expect(keys("janitor", staff).isEmpty)
    }

    @Test func `the role is found where the schema has it`() throws {
        let field = domain.roleField
        let place = try #require(domain.schema.table(field.table)?.place(of: field.field))
        #expect(place.register.fields[place.index].kind == .code(Role.allCases.map(\.rawValue)))
    }
}
