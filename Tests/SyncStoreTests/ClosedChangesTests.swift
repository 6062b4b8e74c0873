import PeerSupport
import SyncModel
import SyncStore
import Testing

/// What was decided about quarantine is told to administrators afterwards: who, when, why and about what, and nothing of
/// what anybody wrote.
@Suite("Decisions about quarantine")
struct ClosedChangesTests: CaseloadSuite {
    let caseload: Caseload

    init() throws { caseload = try Caseload() }

    private func ask(_ request: QuarantineRequest, _ laptop: TestLaptop) throws -> QuarantineReply {
        let device = try #require(try agency.store.device(token: laptop.token))
        return try agency.store.quarantine(request, from: device, now: agency.now, using: &agency.dice).reply
    }

    private func closed(after: Int64 = 0, since: Int64 = 0) throws -> [ClosedChange] {
        guard case .closed(let all, more: false) = try ask(.closed(after: after, since: since), office)
        else { throw SyncError(.malformed, "not all was answered") }
        return all
    }

    /// What a peer may not write.
    private func refused(_ text: String, _ transaction: TransactionID? = nil) -> Dot {
        peer.write(
            "participant", person, [RegisterWrite("goals", [.text(text), .none, .none])],
            transaction: transaction)
    }

    @Test func `released, discarded and withdrawn are told with who, when, why and about what`() throws {
        #expect(try closed().isEmpty)
        let dots = ["run", "swim", "row"].map { refused($0) }
        try peer.sync()
        let ids = try agency.store.quarantine().map(\.id)
        let refusal = try #require(try agency.store.quarantine().first?.refusal)
        agency.pass(60)
        let first = agency.now
        _ = try ask(.release([ids[0]], reason: "agreed"), office)
        agency.pass(60)
        _ = try ask(.discard([ids[1]], reason: "entered twice", alone: false), office)
        agency.pass(60)
        peer.log.takenBack = [Withdrawal(dot: dots[2], reason: "wrong person")]
        try peer.sync()

        let all = try closed()
        #expect(all.map(\.id) == ids)
        #expect(all.map(\.decision.closing) == [.released, .discarded, .withdrawn])
        #expect(all.map(\.decision.by) == ["AD01", "AD01", "PS07"])
        #expect(all.map(\.decision.at) == [first, first + 60_000_000, first + 120_000_000])
        #expect(all.map(\.decision.reason) == ["agreed", "entered twice", "wrong person"])
        for change in all {
            #expect(change.device == peer.device && change.staff == "PS07" && change.table == "participant")
            #expect(change.record == person && change.refusal == refusal && refusal.code == "permission")
        }
        // The entries of the audit log have the same numbers, and more stand between and after them.
        var entries: [Int64] = []
        try agency.store.audit {
            if ["release", "discard", "withdrawal"].contains($0.kind) { entries.append($0.number) }
        }
        #expect(all.map(\.decision.entry) == entries)
        #expect(try closed(after: entries[0]) == Array(all.dropFirst()) && closed(after: entries[2]).isEmpty)
        #expect(try closed(since: first + 1) == Array(all.dropFirst()))
        #expect(try closed(since: first) == all && closed(since: agency.now + 1).isEmpty)
        // Asking is no reading of anybody's words.
        #expect(try agency.audit().allSatisfy { $0 != "show" })
        #expect(try !"\(all)".contains("swim") && agency.store.quarantine().isEmpty)
    }

    @Test func `what was entered together is told each, under one entry`() throws {
        let together = Identifier.version4(using: &agency.dice)
        for text in ["run", "swim"] { _ = refused(text, together) }
        _ = refused("row")
        try peer.sync()
        let ids = try agency.store.quarantine().map(\.id)
        _ = try ask(.discard([ids[2]], reason: "first", alone: false), office)
        _ = try ask(.discard([ids[1]], reason: "second", alone: false), office)
        let all = try closed()
        try #require(all.map(\.id) == [ids[2], ids[0], ids[1]])
        #expect(all[1].decision == all[2].decision && all[0].decision.entry < all[1].decision.entry)
    }

    @Test func `what was taken back before it came has no refusal`() throws {
        let dot = refused("run")
        peer.log.takenBack = [Withdrawal(dot: dot)]
        try peer.sync()
        let only = try #require(try closed().first)
        #expect(only.refusal == nil && only.decision.closing == .withdrawn && only.decision.reason == "")
    }

    @Test func `nobody but an administrator is told, and it is noted that they asked`() throws {
        _ = refused("run")
        try peer.sync()
        let id = try #require(try agency.store.quarantine().first?.id)
        _ = try ask(.discard([id], reason: "entered twice", alone: false), office)
        let supervisor = try agency.enrol("SU01")
        try supervisor.sync()
        for laptop in [peer, supervisor] {
            let code = failure { _ = try ask(.closed(after: 0, since: 0), laptop) }?.code
            #expect(code == .notPermitted, "\(laptop.staff)")
            #expect(try agency.audit().last == "refusal")
        }
        let device = try #require(try agency.store.device(token: office.token))
        try agency.store.retire(device: office.device, now: agency.now)
        #expect(
            failure {
                _ = try agency.store.quarantine(
                    .closed(after: 0, since: 0), from: device, now: agency.now, using: &agency.dice)
            }?.code == .retired)
    }

    @Test func `a decision that a restore takes back is no longer told, and its change is there again`()
        throws
    {
        _ = refused("run")
        try peer.sync()
        let id = try #require(try agency.store.quarantine().first?.id)
        try agency.backup()
        _ = try ask(.discard([id], reason: "entered twice", alone: false), office)
        #expect(try closed().map(\.id) == [id])
        try agency.restore()
        try office.sync()
        try peer.sync()
        #expect(try closed().isEmpty && agency.store.quarantine().count == 1)
    }
}
