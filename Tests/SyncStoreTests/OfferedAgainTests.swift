import Foundation
import PeerSupport
import SyncModel
import SyncStore
import SyncWire
import Testing

/// What is offered again to a restored server, and was refused or would be refused today.
///
/// A retired laptop decides nothing any more, and may be in other hands. What it had written while nobody had retired it
/// is no less true: where others show that the server had taken it, it counts as before. So does what had been released.
@Suite("Offered again to a restored server")
struct OfferedAgainTests: CaseloadSuite {
    let caseload: Caseload
    /// Which of the peer's entries are in the backup.
    private let earlier: UInt64

    init() throws {
        caseload = try Caseload()
        earlier = UInt64(caseload.peer.log.entries.count)
        try agency.store.close()
        try agency.copyAside()
        try agency.open()
    }

    private func restore() throws {
        agency.pass(3600)
        try agency.putBackAndNotice(by: office)
    }

    /// An administrator's laptop offers again what it wrote, and brings back records as it held them.
    private func bring(_ records: RecordID...) throws { try bring(records) }

    private func bring(_ records: [RecordID]) throws {
        let held = try records.map { id in
            KeptRecord(id: id, state: StateCodec.encode(try #require(office.log.states[id])))
        }
        // No page comes before it has brought back what it holds.
        let states = office.log.states
        try office.offerAgain()
        office.log.states = states
        var request = office.request()
        request.remembered.kept = held
        try office.apply(try office.send(request).reply)
    }

    private func contact(_ text: String) -> [RegisterWrite] {
        [RegisterWrite("contact", [.text(text), .none])]
    }

    private func retire() throws {
        try agency.store.retire(device: peer.device, now: agency.now)
    }

    /// The changes in quarantine, counted from the first that the backup lacks.
    private func refused(of laptop: TestLaptop? = nil) throws -> [UInt64] {
        let laptop = laptop ?? peer
        return try laptop.log.entries.map(\.change.dot.n).filter { n in
            try agency.number(
                """
                SELECT count(*) FROM change JOIN incarnation ON incarnation.number = change.incarnation
                JOIN device ON device.number = incarnation.device
                WHERE device.code = '\(laptop.device)' AND change.outcome = 2 AND change.n = \(n)
                """) == 1
        }
        .map { laptop === peer ? $0 - earlier : $0 }
    }

    @Test(arguments: [true, false])
    func `what was taken before it was retired counts as before, whoever calls first`(
        laptopFirst: Bool
    ) throws {
        let visit = agency.id()
        peer.write("check_in", visit, TestAgency.checkIn(person, "PS07"))
        peer.write("participant", person, contact("555 0134"))
        peer.write("participant", person, contact("555 0135"))
        try peer.sync()
        try office.sync()
        let before = try agency.store.digest()
        let changes = try agency.store.figures().changes
        try retire()
        try restore()

        if laptopFirst {
            try peer.offerAgain()
            #expect(try refused() == [1, 2, 3])
        }
        try bring(visit, person)
        if !laptopFirst { try peer.offerAgain() }
        #expect(try refused() == [])
        #expect(try agency.store.digest() == before)
        // A change that was replaced is in the history again, though no state had it any more.
        #expect(try agency.store.figures().changes == changes)
        #expect(failure { _ = try Store.verify(at: agency.path) } == nil)
    }

    @Test func `what nobody brings back waits for an administrator`() throws {
        let visit = agency.id()
        peer.write("check_in", visit, TestAgency.checkIn(person, "PS07"))
        try peer.sync()
        peer.write("participant", person, contact("555 0134"))
        try retire()
        try peer.sync()
        try office.sync()
        try restore()
        try peer.offerAgain()
        #expect(try refused() == [1, 2])
        try bring(visit)
        // What had come too late had come too late: nobody held it.
        #expect(try refused() == [2])
        office.write("participant", person, contact("555 0136"))
        try office.sync()
        #expect(try refused() == [2])
    }

    @Test func `who has the laptop now cannot put other words under the old number`() throws {
        let visit = agency.id()
        let dot = peer.write("check_in", visit, TestAgency.checkIn(person, "PS07"))
        try peer.sync()
        try office.sync()
        try retire()
        try restore()
        peer.log.entries.removeLast()
        let forged = peer.write("check_in", visit, TestAgency.checkIn(person, "PS07", did: "never said"))
        #expect(forged == dot)
        try peer.offerAgain()
        try bring(visit)
        #expect(try refused() == [1])
        let state = try #require(office.log.states[visit])
        try office.sync()
        #expect(office.log.states[visit] == state)
    }

    @Test func `nor does a change that others had read count while it would alter a record`() throws {
        let person = person
        peer.write(
            "participant", person, contact("555 0134") + [RegisterWrite("name", [.text("Bo"), .none])])
        try peer.sync()
        try office.sync()
        office.write("participant", person, contact("555 0135"))
        try office.sync()
        try retire()
        try restore()
        let held = office.log.states
        // The office has read it, and replaced a half of it: the other half nobody has said again.
        try office.offerAgain()
        try peer.offerAgain()
        #expect(try refused() == [1])
        office.log.states = held
        try bring(person)
        #expect(try refused() == [])
    }

    /// A peer sets no goals; an administrator lets it stand.
    private func release(_ text: String) throws {
        peer.write("participant", person, [RegisterWrite("goals", [.text(text), .none, .none])])
        try peer.sync()
        let ids = try agency.store.quarantine().map(\.id)
        #expect(ids.count == 1)
        let decision = QuarantineDecision(staff: "AD01", reason: "she was there")
        #expect(try agency.store.release(ids, decision, now: agency.now, using: &agency.dice).count == 1)
        try office.sync()
    }

    /// Every order, with a laptop that was retired since and one that was not.
    @Test(arguments: [true, false], [true, false])
    func `what had been released stands once, and is in quarantine no more`(
        laptopFirst: Bool, isRetired: Bool
    ) throws {
        try release("run")
        let before = try agency.store.digest()
        if isRetired { try retire() }
        try restore()
        if laptopFirst {
            try peer.offerAgain()
            #expect(try refused() == [1])
        }
        try bring(person)
        if !laptopFirst { try peer.offerAgain() }
        #expect(try refused() == [])
        #expect(try agency.store.digest() == before)
        guard !isRetired else { return }
        try peer.sync()
        #expect(peer.log.outcomes[Dot(peer.log.incarnation, earlier + 1)] == .applied)
    }

    @Test func `nor is what had been released and then replaced`() throws {
        try release("run")
        office.write("participant", person, [RegisterWrite("goals", [.text("swim"), .none, .none])])
        try office.sync()
        let before = try agency.store.digest()
        try restore()
        try peer.offerAgain()
        try bring(person)
        #expect(try refused() == [])
        #expect(try agency.store.digest() == before)
    }

    @Test func `a release that nobody has any more is decided once more`() throws {
        peer.write("participant", person, contact("555 0134"))
        try release("run")
        try restore()
        try peer.offerAgain()
        try office.offerAgain()
        #expect(try refused() == [2])
        let ids = try agency.store.quarantine().map(\.id)
        let decision = QuarantineDecision(staff: "AD01", reason: "once more")
        #expect(try agency.store.release(ids, decision, now: agency.now, using: &agency.dice).count == 1)
        try office.sync()
        #expect(office.log.states[person]?.siblings(of: "goals").map(\.values.first) == [.text("run")])
    }

    @Test func `what somebody wrote in a role they had counts, though nobody else had it`() throws {
        let lead = try agency.enrol("SU01")
        try lead.sync()
        agency.pass(60)
        lead.write("participant", person, contact("555 0134"))
        agency.pass(60)
        let staff = NaturalKey.id(table: "staff", key: "SU01")
        office.write("staff", staff, [RegisterWrite("role", [.text("peer")])])
        try office.sync()
        try lead.sync()
        #expect(try refused(of: lead) == [])
        let late = try agency.enrol("SU01")
        try late.sync()
        try restore()
        try office.offerAgain()
        try lead.offerAgain()
        #expect(try refused(of: lead) == [])
        try office.sync()
        let state = try #require(office.log.states[person])
        #expect(state.siblings(of: "contact").map(\.values.first) == [.text("555 0134")])
        // A laptop that they were given since never received it.
        late.write("participant", person, contact("555 0136"), context: state.context)
        try late.offerAgain()
        #expect(try refused(of: late) == [1])
    }

    /// What waits for news on another laptop is woken by it.
    @Test func `whoever holds a record is told that a retired laptop's offer moved it`() throws {
        peer.write("participant", person, contact("555 0134"))
        try peer.sync()
        try office.sync()
        try retire()
        try restore()
        try bring(person)
        peer.log.epoch = 2
        peer.log.cursor = []
        peer.log.acknowledged = 0
        let outcome = try peer.send(peer.request())
        #expect(outcome.reply.welcome.verdict == .sealed && outcome.counts.quarantined == 0)
        #expect(outcome.touched.contains("caseload:PS07") && outcome.touched.contains("all"))
    }

    /// Of everything that an exchange brings, and not of the first two thousand.
    @Test func `however much is brought back, what waited for it is taken`() throws {
        var visits: [RecordID] = []
        for number in 0..<1_050 {
            let visit = agency.id()
            visits.append(visit)
            peer.write("check_in", visit, TestAgency.checkIn(person, "PS07"))
            peer.write(
                "check_in", visit,
                [RegisterWrite("note", [.text("walked \(number)"), .none, .none, .none])])
        }
        try peer.sync()
        try office.sync()
        let before = try agency.store.digest()
        try retire()
        try restore()
        try peer.offerAgain()
        #expect(try agency.store.figures().quarantined == 2_100)
        try bring(visits)
        #expect(try agency.store.figures().quarantined == 0)
        #expect(try agency.store.digest() == before)
    }
}
