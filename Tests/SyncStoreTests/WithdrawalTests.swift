import PeerSupport
import SyncModel
import SyncStore
import SyncWire
import Testing

/// Authors take back what was refused of theirs.
@Suite("Withdrawing")
struct WithdrawalTests: CaseloadSuite {
    let caseload: Caseload

    init() throws { caseload = try Caseload() }

    /// What a peer may not write.
    private func refused(_ text: String = "run", _ transaction: TransactionID? = nil) -> Dot {
        peer.write(
            "participant", person, [RegisterWrite("goals", [.text(text), .none, .none])],
            transaction: transaction)
    }

    private func entries() throws -> [AuditEntry] {
        var entries: [AuditEntry] = []
        try agency.store.audit { if $0.kind == "withdrawal" { entries.append($0) } }
        return entries
    }

    private func verify() throws {
        try agency.store.close()
        _ = try Store.verify(at: agency.path)
        try agency.open()
    }

    @Test func `what was taken back is withdrawn, and said to be so once`() throws {
        let dot = refused()
        try peer.sync()
        let id = try #require(try agency.store.quarantine().first?.id)
        let before = try agency.store.digest()
        peer.log.takenBack = [Withdrawal(dot: dot, reason: "entered for somebody else")]
        // Nothing but the withdrawal is sent, so the round begins as one that only reads.
        let outcome = try #require(try peer.sync().first)
        #expect(outcome.reply.dispositions == [Disposition(dot: dot, outcome: .withdrawn, effective: nil)])
        #expect(try agency.store.quarantine().isEmpty && agency.store.figures().quarantined == 0)
        let entry = try #require(try entries().first)
        #expect(entry.device == peer.device && entry.staff == "PS07")
        #expect(
            entry.counts == #"{"change":\#(id),"changes":1}"# && entry.note == "entered for somebody else")
        // Said again and again, because an answer may be lost.
        let again = try peer.sync()
        #expect(again.allSatisfy { $0.reply.dispositions.isEmpty && $0.saidNothing })
        #expect(try entries().count == 1)
        #expect(try agency.store.digest() == before)
        #expect(code { _ = try agency.store.quarantined(id, now: agency.now) } == .nothing)
        try verify()
    }

    @Test func `a withdrawal may come with the change that is entered instead`() throws {
        let dot = refused()
        try peer.sync()
        peer.log.takenBack = [Withdrawal(dot: dot)]
        let instead = peer.write("participant", person, [RegisterWrite("contact", [.text("555"), .none])])
        try peer.sync()
        #expect(peer.log.outcomes[dot] == .withdrawn && peer.log.outcomes[instead] == .applied)
        #expect(try agency.audit().suffix(2) == ["withdrawal", "exchange"])
        try verify()
    }

    @Test func `what was entered together goes together`() throws {
        let together = agency.id()
        let dots = [refused("run", together), refused("swim", together)]
        let alone = refused("fly")
        try peer.sync()
        peer.log.takenBack = [Withdrawal(dot: dots[1])]
        try peer.sync()
        #expect(dots.map { peer.log.outcomes[$0] } == [.withdrawn, .withdrawn])
        #expect(peer.log.outcomes[alone] != .withdrawn)
        #expect(try entries().map(\.counts).first?.contains(#""changes":2"#) == true)
        #expect(try agency.store.quarantine().count == 1)
    }

    @Test func `nobody takes back what is somebody else's, what was taken, or what never was`() throws {
        let taken = peer.write("participant", person, [RegisterWrite("contact", [.text("555"), .none])])
        let dot = refused()
        try peer.sync()
        let stranger = try agency.enrol("PS09")
        stranger.log.takenBack = [Withdrawal(dot: dot)]
        office.log.takenBack = [Withdrawal(dot: dot)]
        try stranger.sync()
        try office.sync()
        peer.log.takenBack = [
            Withdrawal(dot: taken), Withdrawal(dot: Dot(dot.incarnation, 99)),
            Withdrawal(dot: Dot(agency.id(), 1)),
        ]
        try peer.sync()
        #expect(peer.log.outcomes[taken] == .applied)
        #expect(try agency.store.quarantine().count == 1)
        #expect(try entries().isEmpty)
    }

    @Test func `what an administrator did first stands, and its laptop hears it`() throws {
        let why = QuarantineDecision(staff: "AD01", reason: "agreed")
        let dots = [refused("run"), refused("swim")]
        try peer.sync()
        let ids = try agency.store.quarantine().map(\.id)
        _ = try agency.store.release([ids[0]], why, now: agency.now, using: &agency.dice)
        peer.log.takenBack = dots.map { Withdrawal(dot: $0) }
        try peer.sync()
        #expect(dots.map { peer.log.outcomes[$0] } == [.released, .withdrawn])
        #expect(peer.log.states[person]?.siblings(of: "goals").map(\.values.first) == [.text("run")])
        // And the other way round: what was withdrawn is there no more.
        #expect(
            code { _ = try agency.store.discard([ids[1]], why, alone: false, now: agency.now) } == .nothing)
        let told = failure {
            _ = try agency.store.release([ids[1]], why, now: agency.now, using: &agency.dice)
        }
        #expect(told?.what.contains("withdrawn or discarded before") == true)
        try office.sync()
        #expect(try agency.store.digest() == office.digest)
    }

    @Test func `what waited for a record waits for it no more`() throws {
        let child = agency.id()
        // An assignment of somebody who is not here yet would give access to them, and waits.
        let dot = peer.write("assignment", agency.id(), TestAgency.assignment(child, "PS07"))
        try peer.sync()
        #expect(try agency.number("SELECT count(*) FROM parked") == 1)
        peer.log.takenBack = [Withdrawal(dot: dot)]
        try peer.sync()
        #expect(try agency.number("SELECT count(*) FROM parked") == 0)
        office.write("participant", child, TestAgency.participant("P2"))
        try office.sync()
        try peer.sync()
        #expect(peer.log.outcomes[dot] == .withdrawn && peer.log.states[child] == nil)
    }

    @Test func `what comes with a withdrawal does not wake what is withdrawn`() throws {
        let child = agency.id()
        let dot = peer.write("assignment", agency.id(), TestAgency.assignment(child, "PS07"))
        try peer.sync()
        peer.log.takenBack = [Withdrawal(dot: dot)]
        peer.write("participant", child, TestAgency.participant("P2"), context: Context())
        try peer.sync()
        #expect(peer.log.outcomes[dot] == .withdrawn)
        #expect(try agency.store.figures().quarantined == 0)
    }

    @Test func `a retired laptop takes nothing back`() throws {
        let dot = refused()
        try peer.sync()
        try agency.store.retire(device: peer.device, now: agency.now)
        peer.log.takenBack = [Withdrawal(dot: dot)]
        #expect(try peer.sync().first?.reply.welcome.verdict == .sealed)
        #expect(try agency.store.quarantine().count == 1)
        #expect(try entries().isEmpty)
    }

    @Test func `a restored server is told again, and judges nothing of it`() throws {
        let (dot, allowed) = (refused(), refused("swim"))
        try agency.store.close()
        try agency.copyAside()
        try agency.open()
        try peer.sync()
        peer.log.takenBack = [Withdrawal(dot: dot), Withdrawal(dot: allowed, reason: "not mine to say")]
        try peer.sync()
        let before = try agency.store.digest()
        try agency.store.close()
        try agency.putBack()
        // What had been refused would be taken now.
        try agency.alter("UPDATE role SET role = 'primary_provider' WHERE staff = 'PS07'")
        try agency.open()
        try peer.sync()
        peer.log.epoch = try agency.store.figures().epoch
        #expect(peer.log.epoch == 2)
        peer.log.cursor = []
        peer.log.heard = 0
        peer.log.acknowledged = 0
        peer.log.outcomes = [:]
        try peer.sync()
        #expect(peer.log.outcomes[dot] == .withdrawn && peer.log.outcomes[allowed] == .withdrawn)
        #expect(try entries().map(\.note) == ["", "not mine to say"])
        #expect(try agency.store.quarantine().isEmpty)
        #expect(try agency.store.digest() == before)
        try verify()
    }
}
