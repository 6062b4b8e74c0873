import PeerSupport
import SyncModel
import SyncStore
import Testing

/// What is about somebody in quarantine is decided with them, and not without.
@Suite("Releasing what belongs together")
struct WholeReleaseTests: CaseloadSuite {
    let caseload: Caseload
    let why = QuarantineDecision(staff: "AD01", reason: "written before the laptop was lost")

    init() throws { caseload = try Caseload() }

    /// Somebody new, on the caseload, and a check-in about them, sent by a laptop that was retired: three entries.
    private func refused(retired: Bool = true) throws -> (person: RecordID, visit: RecordID) {
        let nobody = agency.id()
        let visit = agency.id()
        peer.write("participant", nobody, TestAgency.participant("P9", team: ""))
        peer.write("assignment", agency.id(), TestAgency.assignment(nobody, "PS07"))
        peer.write("check_in", visit, TestAgency.checkIn(nobody, "PS07"))
        if retired { try agency.store.retire(device: peer.device, now: agency.now) }
        _ = try peer.send(peer.request())
        return (nobody, visit)
    }

    private func ids() throws -> [Int64] { try agency.store.quarantine().map(\.id) }

    private func release(_ ids: [Int64]) throws -> [Int64] {
        try agency.store.release(ids, why, now: agency.now, using: &agency.dice).map(\.id)
    }

    @Test func `a check-in is not released without its participant, and says which number that is`() throws {
        let (nobody, visit) = try refused()
        let listed = try agency.store.quarantine()
        try #require(listed.count == 3)
        let ids = listed.map(\.id)
        #expect(listed.map(\.needs) == [[], [ids[0]], [ids[0]]])
        let shown = try agency.store.quarantined(ids[0], now: agency.now)
        #expect(shown.dependents == .init(waiting: [ids[1], ids[2]], taken: 0) && !shown.isAdrift)
        let about = try agency.store.quarantined(ids[2], now: agency.now)
        #expect(about.change.needs == [ids[0]] && about.dependents.isEmpty && !about.isAdrift)

        for alone in [ids[1], ids[2]] {
            let early = try #require(failure { _ = try release([alone]) })
            #expect(early.code == .badValue && early.what.contains("(scope)"))
            #expect(early.advice.contains("`quarantine release \(ids[0]) \(alone)`"), "\(early.advice)")
        }
        #expect(try self.ids() == ids)
        #expect(try release([ids[2], ids[0]]) == [ids[0], ids[2]])
        // The participant is there by now, so the rest can go alone.
        #expect(try agency.store.quarantine().map(\.needs) == [[]])
        #expect(try release([ids[1]]) == [ids[1]])
        let spare = try agency.enrol("PS07")
        try spare.sync()
        #expect(spare.log.states[nobody] != nil && spare.log.states[visit] != nil)
        try isWhole()
    }

    @Test func `what needs what needs a third is released with both, whatever came first`() throws {
        let nobody = agency.id()
        let session = agency.id()
        // The attendance comes first, as it may from another laptop after a restore.
        peer.write(
            "attendance", agency.id(),
            [
                RegisterWrite(
                    "what", [.reference(session), .reference(nobody), .text("PS07"), .integer(20_000), .none])
            ])
        peer.write("check_in", agency.id(), TestAgency.checkIn(nobody, "PS07"))
        peer.write("participant", nobody, TestAgency.participant("P9", team: ""))
        peer.write(
            "session", session,
            [RegisterWrite("place", [.text("S1"), .none, .none])])
        try agency.store.retire(device: peer.device, now: agency.now)
        _ = try peer.send(peer.request())
        let listed = try agency.store.quarantine()
        let ids = listed.map(\.id)
        try #require(ids.count == 4)
        #expect(listed.map(\.needs) == [[ids[2], ids[3]], [ids[2]], [], []])
        let early = try #require(failure { _ = try release([ids[0], ids[2]]) })
        #expect(early.advice.contains("`quarantine release \(ids[0]) \(ids[2]) \(ids[3])`"), "\(early)")
        #expect(try release([ids[1], ids[2]]) == [ids[2], ids[1]])
        try isWhole()
    }

    @Test func `a participant about whom something waits is discarded with it, or with one word more`() throws
    {
        _ = try refused()
        let ids = try ids()
        func discard(_ ids: [Int64], alone: Bool) throws -> [Int64] {
            try agency.store.discard(ids, why, alone: alone, now: agency.now).map(\.id)
        }
        let refused = try #require(failure { _ = try discard([ids[0]], alone: false) })
        #expect(refused.code == .badValue && refused.what.contains("\(ids[1]) and \(ids[2]) in quarantine"))
        #expect(refused.advice.contains("`quarantine discard \(ids[0]) \(ids[1]) \(ids[2])`"))
        #expect(try self.ids() == ids)
        #expect(try discard([ids[1]], alone: false) == [ids[1]], "nobody builds upon it")
        #expect(try discard([ids[0]], alone: true) == [ids[0]])
        // Nobody can release the check-in now: it would be about nobody.
        let left = try agency.store.quarantined(ids[2], now: agency.now)
        #expect(left.isAdrift && left.change.needs.isEmpty)
        let adrift = try #require(failure { _ = try release([ids[2]]) })
        #expect(adrift.code == .badValue && adrift.what.contains("not here, nor in quarantine"))
        #expect(try discard([ids[2]], alone: false) == [ids[2]])
        try isWhole()
    }

    @Test func `what builds upon what builds upon a participant is left behind with it`() throws {
        let (nobody, visit) = (agency.id(), agency.id())
        peer.write("participant", nobody, TestAgency.participant("P9", team: ""))
        let made = peer.write("check_in", visit, TestAgency.checkIn(nobody, "PS07"))
        // Of the participant the correction says nothing: it follows the check-in.
        peer.write(
            "check_in", visit, [RegisterWrite("note", [.text("ran"), .none, .none, .none])],
            context: Context([Context.Entry(made.incarnation, made.n)]))
        try agency.store.retire(device: peer.device, now: agency.now)
        _ = try peer.send(peer.request())
        let listed = try agency.store.quarantine()
        let ids = listed.map(\.id)
        try #require(ids.count == 3)
        #expect(listed.map(\.needs) == [[], [ids[0]], [ids[0], ids[1]]])
        for (id, left) in zip(ids, [[ids[1], ids[2]], [ids[2]], []]) {
            #expect(
                try agency.store.quarantined(id, now: agency.now).dependents == .init(waiting: left, taken: 0)
            )
        }
        let refused = try #require(
            failure { _ = try agency.store.discard([ids[0]], why, alone: false, now: agency.now) })
        #expect(refused.advice.contains("`quarantine discard \(ids[0]) \(ids[1]) \(ids[2])`"), "\(refused)")
        #expect(try release([ids[2], ids[1], ids[0]]) == ids)
        try isWhole()
    }

    @Test func `what was taken about a participant in quarantine is counted before they are discarded`()
        throws
    {
        let nobody = agency.id()
        // A peer sets no goals, so the participant is refused; the check-ins are taken.
        peer.write(
            "participant", nobody,
            TestAgency.participant("P9") + [RegisterWrite("goals", [.text("run"), .none, .none])])
        for _ in 0..<2 { peer.write("check_in", agency.id(), TestAgency.checkIn(nobody, "PS07")) }
        try peer.sync()
        let ids = try ids()
        try #require(ids.count == 1)
        #expect(
            try agency.store.quarantined(ids[0], now: agency.now).dependents == .init(waiting: [], taken: 2))
        let refused = try #require(
            failure { _ = try agency.store.discard(ids, why, alone: false, now: agency.now) })
        #expect(refused.what.contains("2 that were taken already") && refused.advice.contains("--alone"))
        #expect(try self.ids() == ids)
        #expect(try release(ids) == ids)
        try isWhole()
    }
}
