import PeerSupport
import SyncModel
import SyncStore
import Testing

@Suite("Quarantine")
struct QuarantineTests: CaseloadSuite {
    let caseload: Caseload

    init() throws { caseload = try Caseload(officeSyncs: false) }

    /// Syncs, and says with which code a change was refused.
    private func code(of dot: Dot, on laptop: TestLaptop? = nil) throws -> String? {
        let laptop = laptop ?? peer
        try laptop.sync()
        guard case .quarantined(let refusal) = laptop.log.outcomes[dot] else { return nil }
        #expect(!refusal.reason.isEmpty)
        return refusal.code
    }

    @Test func `one refused change does not delay its neighbours`() throws {
        let first = peer.write("check_in", agency.id(), TestAgency.checkIn(person, "PS07"))
        let bad = peer.write("participant", person, [RegisterWrite("goals", [.text("run"), .none, .none])])
        let last = peer.write("check_in", agency.id(), TestAgency.checkIn(person, "PS07"))
        #expect(try code(of: bad) == "permission")
        #expect(peer.log.outcomes[first] == .applied)
        #expect(peer.log.outcomes[last] == .applied)
        #expect(try agency.store.figures().quarantined == 1)
        #expect(peer.log.states[person]?.siblings(of: "goals") == [])
    }

    @Test func `somebody else's name is refused`() throws {
        let dot = peer.write("check_in", agency.id(), TestAgency.checkIn(person, "PS09"), author: "PS09")
        #expect(try code(of: dot) == "author")
    }

    @Test func `a context that claims what was never given out is refused`() throws {
        var context = peer.state(person, "participant").context
        context.include(Dot(office.log.incarnation, 10_000))
        let dot = peer.write(
            "participant", person, [RegisterWrite("contact", [.text("1"), .none])], context: context)
        #expect(try code(of: dot) == "context")
    }

    @Test func `a context that claims its own future is refused`() throws {
        var context = peer.state(person, "participant").context
        context.include(Dot(peer.log.incarnation, 900))
        let dot = peer.write(
            "participant", person, [RegisterWrite("contact", [.text("1"), .none])], context: context)
        #expect(try code(of: dot) == "context")
    }

    @Test func `what does not fit the forms is refused`() throws {
        let unknown = peer.write("diagnosis", agency.id(), [RegisterWrite("what", [.text("x")])])
        #expect(try code(of: unknown) == "schema")
        let short = peer.write("participant", person, [RegisterWrite("contact", [.text("1")])])
        #expect(try code(of: short) == "schema")
        let other = peer.write("assignment", person, TestAgency.assignment(person, "PS07"))
        #expect(try code(of: other) == "schema")
    }

    @Test func `a record that the laptop never held is refused`() throws {
        let stranger = agency.id()
        office.write("participant", stranger, TestAgency.participant("P2", site: "S2", team: ""))
        try office.sync()
        let edit = peer.write("participant", stranger, [RegisterWrite("contact", [.text("1"), .none])])
        let visit = peer.write("check_in", agency.id(), TestAgency.checkIn(stranger, "PS07"))
        let grab = peer.write("assignment", agency.id(), TestAgency.assignment(stranger, "PS07"))
        #expect(try code(of: edit) == "scope")
        #expect(peer.log.outcomes[visit].map { "\($0)".contains("scope") } == true)
        #expect(peer.log.outcomes[grab].map { "\($0)".contains("scope") } == true)
        #expect(peer.log.states[stranger] == nil)
    }

    @Test func `nobody gives themselves a record that is not there yet`() throws {
        // An id that can be guessed, or was heard of, and a laptop whose program was altered.
        let future = agency.id()
        let grab = peer.write("assignment", agency.id(), TestAgency.assignment(future, "PS07"))
        let ask = peer.write("referral", agency.id(), TestAgency.referral(future, to: "PS07", by: "PS07"))
        let tell = peer.write(
            "escalation", agency.id(), TestAgency.escalation(future, told: "PS07", by: "PS07"))
        let edit = peer.write(
            "participant", future, [RegisterWrite("contact", [.text("1"), .none])],
            context: peer.state(person, "participant").context)
        #expect(try code(of: grab) == "scope")
        #expect(try code(of: ask) == "scope")
        #expect(try code(of: tell) == "scope")
        #expect(try code(of: edit) == "scope")
        office.write("participant", future, TestAgency.participant("P2", site: "S2", team: ""))
        try office.sync()
        let visit = office.write("check_in", agency.id(), TestAgency.checkIn(future, "PS09"))
        try office.sync()
        try peer.sync()
        #expect(peer.log.states[future] == nil)
        #expect(office.log.outcomes[visit] == .applied)
        #expect(peer.log.states.values.allSatisfy { $0.table != "check_in" })
        #expect(try agency.store.figures().quarantined == 4)
    }

    @Test func `nobody turns a record of their own towards a stranger`() throws {
        let stranger = agency.id()
        office.write("participant", stranger, TestAgency.participant("P2", site: "S2", team: ""))
        try office.sync()
        // Written twice, each time as if it were the first: the later of the two would be shown.
        let assignment = agency.id()
        let honest = peer.write("assignment", assignment, TestAgency.assignment(person, "PS07"))
        agency.pass(5)
        let turned = peer.write(
            "assignment", assignment, TestAgency.assignment(stranger, "PS07"), context: Context())
        #expect(try code(of: turned) == "scope")
        #expect(peer.log.outcomes[honest] == .applied)
        #expect(peer.log.states[stranger] == nil)
    }

    @Test func `what gives access to a record that was refused waits for it`() throws {
        let nobody = agency.id()
        let refused = peer.write(
            "participant", nobody,
            TestAgency.participant("P9", team: "") + [RegisterWrite("goals", [.text("x"), .none, .none])])
        let assignmentID = agency.id()
        let assignment = peer.write("assignment", assignmentID, TestAgency.assignment(nobody, "PS07"))
        #expect(try code(of: refused) == "permission")
        #expect(try code(of: assignment) == "scope")
        peer.write("participant", nobody, TestAgency.participant("P9", team: ""), context: Context())
        try peer.sync()
        #expect(peer.log.outcomes[assignment] == .applied)
        #expect(try agency.store.figures().quarantined == 1)
        #expect(peer.log.keys[nobody]?.contains("caseload:PS07") == true)
        #expect(peer.log.keys[assignmentID]?.contains("caseload:PS07") == true)
        let again = try agency.enrol("PS07")
        try again.sync()
        try peer.sync()
        #expect(again.log.states[nobody] == peer.log.states[nobody])
        #expect(again.log.states[assignmentID] == peer.log.states[assignmentID])
    }

    @Test func `a step is judged by what its writer had read, whatever came before it meanwhile`() throws {
        func step(_ word: String, _ reason: Value) -> [RegisterWrite] {
            [RegisterWrite("status", [.text(word), reason, .none, .text("PS07"), .integer(1_770_000_100)])]
        }
        try office.sync()
        let referral = agency.id()
        office.write("referral", referral, TestAgency.referral(person, to: "PS07", by: "AD01"))
        try office.sync()
        try peer.sync()
        let second = try agency.enrol("PS07")
        try second.sync()
        let declined = peer.write("referral", referral, step("declined", .text("caseload_full")))
        #expect(try code(of: declined) == nil)
        // What was declined cannot be accepted: but this laptop had read that it was sent.
        let accepted = second.write("referral", referral, step("accepted", .none))
        #expect(try code(of: accepted, on: second) == nil)
        #expect(second.log.outcomes[accepted] == .conflict)
        // Whoever has read that it was declined goes on from there.
        let late = peer.write("referral", referral, step("accepted", .none))
        #expect(try code(of: late) == "transition")
    }

    @Test func `what was entered together is refused together`() throws {
        let together = agency.id()
        let good = peer.write(
            "check_in", agency.id(), TestAgency.checkIn(person, "PS07"), transaction: together)
        let bad = peer.write(
            "participant", person, [RegisterWrite("goals", [.text("x"), .none, .none])],
            transaction: together)
        let after = peer.write("check_in", agency.id(), TestAgency.checkIn(person, "PS07"))
        #expect(try code(of: bad) == "permission")
        #expect(try code(of: good) == "together")
        #expect(peer.log.outcomes[after] == .applied)
    }

    @Test func `a refused group leaves a record as it was, though it wrote it twice`() throws {
        let before = try agency.store.digest()
        let together = agency.id()
        for text in ["1", "2"] {
            peer.write(
                "participant", person, [RegisterWrite("contact", [.text(text), .none])],
                transaction: together)
        }
        let bad = peer.write(
            "participant", person, [RegisterWrite("goals", [.text("x"), .none, .none])],
            transaction: together)
        #expect(try code(of: bad) == "permission")
        #expect(try agency.store.digest() == before)
    }

    @Test func `a check-in whose participant was refused stays with its device until there is one`() throws {
        let nobody = agency.id()
        let together = agency.id()
        let participant = peer.write(
            "participant", nobody,
            TestAgency.participant("P9") + [RegisterWrite("goals", [.text("x"), .none, .none])],
            transaction: together)
        let visitID = agency.id()
        let visit = peer.write("check_in", visitID, TestAgency.checkIn(nobody, "PS07"))
        #expect(try code(of: participant) == "permission")
        #expect(peer.log.outcomes[visit] == .applied)
        #expect(peer.log.keys[visitID] == ["device:\(peer.device)"])
        office.write("participant", nobody, TestAgency.participant("P9", site: "S2", team: ""))
        try office.sync()
        try peer.sync()
        #expect(peer.log.states[visitID] == nil)
        #expect(peer.log.left == [visitID])
        #expect(office.log.states[visitID] != nil)
    }

    @Test func `a retired laptop is sealed, and what it still had is kept in quarantine`() throws {
        let dot = peer.write("check_in", agency.id(), TestAgency.checkIn(person, "PS07"))
        try agency.store.retire(device: peer.device, now: agency.now)
        let outcome = try peer.send(peer.request())
        #expect(outcome.reply.welcome.verdict == .sealed)
        #expect(outcome.reply.welcome.taken == dot.n)
        #expect(outcome.reply.records.isEmpty && outcome.reply.welcome.keys.isEmpty)
        #expect(outcome.counts.quarantined == 1)
        let row = try #require(try agency.store.devices().first { $0.device == peer.device })
        #expect(row.waitingQuarantine == 1 && row.retiredAt == agency.now)
    }

    @Test func `a role counts as it was when the change was written`() throws {
        agency.pass(60)
        let dot = peer.write("check_in", agency.id(), TestAgency.checkIn(person, "PS07"))
        agency.pass(3600)
        office.write(
            "staff", NaturalKey.id(table: "staff", key: "PS07"), [RegisterWrite("role", [.text("referrer")])])
        try office.sync()
        agency.pass(3600)
        let late = peer.write("check_in", agency.id(), TestAgency.checkIn(person, "PS07"))
        let outcome = try peer.send(peer.request())
        let said = Dictionary(uniqueKeysWithValues: outcome.reply.dispositions.map { ($0.dot, $0.outcome) })
        #expect(said[dot] == .applied)
        #expect("\(String(describing: said[late]))".contains("permission"))
        #expect(
            outcome.reply.welcome.keys == ["device:\(peer.device)", "directory", "person:PS07", "team:ACT1"])
    }
}
