import PeerSupport
import SyncModel
import SyncStore
import SyncWire
import Testing

/// What is too long, too large or too much is refused by itself, and its neighbours go through.
@Suite("Sizes in quarantine")
struct QuarantineSizeTests: CaseloadSuite {
    let caseload: Caseload

    init() throws { caseload = try Caseload() }

    private func checkIn(_ did: String = "walked", _ transaction: TransactionID? = nil) -> Dot {
        peer.write(
            "check_in", agency.id(), TestAgency.checkIn(person, "PS07", did: did), transaction: transaction)
    }

    private func code(of dot: Dot) -> String? {
        guard case .quarantined(let refusal) = peer.log.outcomes[dot] else { return nil }
        #expect(!refusal.reason.isEmpty)
        return refusal.code
    }

    private func text(_ bytes: Int) -> String { String(repeating: "x", count: bytes) }

    @Test(arguments: [(16 << 10) + 1, Limits.textBytes, Limits.textBytes + 1, 200_000])
    func `a text longer than its field may be is refused, and its neighbours are taken`(bytes: Int) throws {
        let (before, long, after) = (checkIn(text(16 << 10)), checkIn(text(bytes)), checkIn())
        try peer.sync()
        #expect(code(of: long) == "schema")
        #expect(peer.log.outcomes[before] == .applied && peer.log.outcomes[after] == .applied)
        let listed = try #require(try agency.store.quarantine().first)
        let shown = try agency.store.quarantined(listed.id, now: agency.now)
        #expect(shown.registers.contains { $0.write.values.first == .text(text(bytes)) })
        try isWhole()
    }

    /// A change of just so many bytes.
    private func change(_ bytes: Int, _ transaction: TransactionID? = nil) throws -> Dot {
        let empty = FrozenCodec.encode(
            unchecked: Change(
                dot: Dot(peer.log.incarnation, 1_000), epoch: 1, author: "PS07", table: "check_in",
                record: person, writes: TestAgency.checkIn(person, "PS07", did: text(1 << 17)),
                context: Context(), clock: peer.clock, transaction: transaction),
            seed: [UInt8](repeating: 0, count: 12)
        ).bytes.count
        let dot = checkIn(text(bytes - empty + (1 << 17)), transaction)
        // Lengths of lengths may differ by an octet or two.
        let found = try #require(peer.log.entries.last?.bytes.count)
        #expect(abs(found - bytes) < 16)
        return dot
    }

    @Test(arguments: [Limits.changeBytes + 100, Limits.exchangeBytes - 100])
    func `a change larger than any may be is refused by itself, and what comes after it is taken`(
        bytes: Int
    ) throws {
        let (before, large, after) = (checkIn(), try change(bytes), checkIn())
        // Over the wire, as a laptop would send it.
        let request = try ExchangeCodec.decode(request: try ExchangeCodec.encode(peer.request()))
        try peer.apply(try peer.send(request).reply)
        #expect(peer.log.acknowledged == after.n)
        #expect(code(of: large) == "size")
        #expect(peer.log.outcomes[before] == .applied && peer.log.outcomes[after] == .applied)

        // Nobody can release it; it can be looked at, and discarded.
        let id = try #require(try agency.store.quarantine().first?.id)
        let why = QuarantineDecision(staff: "AD01", reason: "nobody's program takes it")
        let refused = failure {
            _ = try agency.store.release([id], why, now: agency.now, using: &agency.dice)
        }
        #expect(refused?.code == .badValue && refused?.what.contains("(size)") == true)
        let shown = try agency.store.quarantined(id, now: agency.now)
        let body = try QuarantineCodec.encode(.content(shown))
        #expect(try QuarantineCodec.decode(reply: body) == .content(shown))
        _ = try agency.store.discard([id], why, alone: false, now: agency.now)
        try peer.sync()
        #expect(peer.log.outcomes[large] == .withdrawn)
        try isWhole()
    }

    @Test func `the largest change that anybody may write is judged like any other`() throws {
        let large = try change(Limits.changeBytes - 20)
        try peer.sync()
        #expect(code(of: large) == "schema")
        try isWhole()
    }

    @Test func `what was entered together with a change that is too large is refused with it`() throws {
        let together = agency.id()
        let before = checkIn("walked", together)
        let large = try change(Limits.changeBytes + 100, together)
        let behind = checkIn("talked", together)
        let after = checkIn()
        try peer.sync()
        #expect([before, large, behind].map(code) == ["together", "size", "together"])
        #expect(peer.log.outcomes[after] == .applied)
        try isWhole()
    }
}
