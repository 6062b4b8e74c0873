import Foundation
import GRDB
import PeerSupport
import SyncModel
import SyncStore
import SyncWire
import Testing

/// All that was ever written into a record, for those who receive it.
@Suite("The history of one record")
struct HistoryTests {
    let agency: TestAgency
    let office: TestLaptop
    let peer: TestLaptop
    let provider: TestLaptop
    let person: RecordID

    init() throws {
        agency = try TestAgency()
        office = try agency.direct()
        peer = try agency.enrol("PS07")
        try peer.sync()
        provider = try agency.enrol("PP01")
        person = agency.id()
        peer.write("participant", person, TestAgency.participant("P1"))
        peer.write("assignment", agency.id(), TestAgency.assignment(person, "PS07"))
        for number in 0..<4 {
            peer.write("participant", person, [RegisterWrite("contact", [.text("555 010\(number)"), .none])])
        }
        try peer.sync()
        try office.sync()
        try provider.sync()
    }

    private func page(
        _ laptop: TestLaptop, _ record: RecordID? = nil, after: UInt64 = 0, limit: Int = 1000
    ) throws -> HistoryPage {
        let identity = try #require(try agency.store.device(token: laptop.token))
        return try agency.store.history(
            HistoryRequest(record: record ?? person, after: after, limit: limit), for: identity,
            now: agency.now)
    }

    func looks() throws -> [AuditEntry] {
        var found: [AuditEntry] = []
        try agency.store.audit { if $0.kind == "history" { found.append($0) } }
        return found
    }

    @Test func `it has what was replaced too, in the order in which it came`() throws {
        let page = try page(peer)
        #expect(page.record == person && page.table == "participant" && page.next == nil)
        let own = peer.log.entries.filter { $0.change.record == person }.map(\.change.dot)
        #expect(page.changes.map(\.change.dot) == own)
        #expect(page.changes.map(\.isLive) == [true, false, false, false, true])
        #expect(page.changes.allSatisfy { $0.origin.device == peer.device && $0.outcome == .applied })
        #expect(
            page.changes.allSatisfy {
                $0.change.effective != nil && $0.origin.receivedMicroseconds == agency.now
            })
        #expect(
            page.changes.dropFirst().map { $0.change.values(of: "contact")?.first }
                == (0..<4).map { .text("555 010\($0)") })
    }

    @Test func `it comes a page at a time`() throws {
        var dots: [Dot] = []
        var after: UInt64? = 0
        var pages = 0
        while let from = after {
            let page = try page(peer, after: from, limit: 2)
            #expect(page.changes.count <= 2)
            dots += page.changes.map(\.change.dot)
            after = page.next
            pages += 1
        }
        #expect(pages == 3)
        #expect(try dots == page(peer).changes.map(\.change.dot))
        #expect(try page(peer, after: 9_999).changes.isEmpty)
    }

    @Test func `of what is out of scope nothing is said that would not be said of what is not there`() throws
    {
        let stranger = try agency.enrol("PS09")
        try stranger.sync()
        let outside = failure { _ = try page(stranger) }
        let unknown = failure { _ = try page(stranger, agency.id()) }
        #expect(outside?.code == .unknownRecord && outside == unknown)
        // Named by somebody, and never made.
        let named = agency.id()
        office.write("assignment", agency.id(), TestAgency.assignment(named, "PS09"))
        try office.sync()
        #expect(failure { _ = try page(stranger, named) } == unknown)
        // Handed over, it is the other's.
        office.write("assignment", agency.id(), TestAgency.assignment(person, "PS09"))
        try office.sync()
        #expect(try page(stranger).changes.count == 5)
    }

    @Test func `what was refused is told to its author only, and what was released to everybody`() throws {
        let dot = peer.write("participant", person, [RegisterWrite("goals", [.text("run"), .none, .none])])
        try peer.sync()
        let mine = try #require(try page(peer).changes.last)
        #expect(mine.change.dot == dot && !mine.isLive && mine.change.effective == nil)
        guard case .quarantined(let refusal) = mine.outcome else {
            Issue.record("\(mine.outcome)")
            return
        }
        #expect(refusal.code == "permission")
        #expect(try page(provider).changes.count == 5 && page(office).changes.count == 5)
        let id = try #require(try agency.store.quarantine().first?.id)
        let came = agency.now
        agency.pass(60)
        _ = try agency.store.release(
            [id], QuarantineDecision(staff: "AD01", reason: "agreed"), now: agency.now, using: &agency.dice)
        let released = try #require(try page(provider).changes.last)
        #expect(released.isLive && released.change.author == "PS07" && released.change.dot != dot)
        #expect(released.origin.device == peer.device && released.origin.receivedMicroseconds == came)
        #expect(released.origin.arrival == .released(at: agency.now))
        #expect(try page(peer).changes.suffix(2).map(\.outcome) == [.released, released.outcome])
    }

    @Test func `an administrator's look is in the audit log, and nobody else's`() throws {
        _ = try page(peer)
        #expect(try looks().isEmpty)
        _ = try page(office)
        let look = try #require(try looks().first)
        #expect(look.staff == "AD01" && look.device == office.device && look.note == person.text)
        #expect(look.counts == #"{"changes":5}"#)
        #expect(code { _ = try page(office, agency.id()) } == .unknownRecord)
        #expect(try looks().count == 1)
        try agency.store.close()
        _ = try Store.verify(at: agency.path)
        try agency.open()
    }

    @Test func `a retired laptop is shown nothing`() throws {
        try agency.store.retire(device: peer.device, now: agency.now)
        #expect(code { _ = try page(peer) } == .retired)
    }

    @Test func `what was redacted stays out`() throws {
        try agency.store.close()
        let queue = try DatabaseQueue(path: agency.path)
        try queue.write { db in
            let row = try #require(
                try Row.fetchOne(
                    db, sql: "SELECT position, bytes FROM change ORDER BY position DESC LIMIT 1 OFFSET 1"))
            let bytes: Data = row["bytes"]
            let redacted = FrozenCodec.encode(try FrozenCodec.decode(Array(bytes)).frozen.redacting(0))
            try db.execute(
                sql: "UPDATE change SET bytes = ? WHERE position = ?",
                arguments: [Data(redacted), row["position"] as Int64])
        }
        try queue.close()
        try agency.open()
        let page = try page(peer)
        #expect(page.changes[3].change.writes == [RegisterWrite("contact", [])])
        #expect(page.changes[4].change.writes.first?.values.isEmpty == false)
    }

    @Test func `what a restored server got back from others is in it once`() throws {
        try agency.store.close()
        try agency.copyAside()
        try agency.open()
        let dot = peer.write("participant", person, [RegisterWrite("birth", [.integer(1961)])])
        try peer.sync()
        try office.sync()
        let kept = office.log.states.map { KeptRecord(id: $0.key, state: StateCodec.encode($0.value)) }
        try agency.store.close()
        try agency.putBack()
        try agency.open()
        _ = try office.send(office.request())
        office.log.epoch = 2
        office.log.cursor = []
        office.log.heard = 0
        office.log.acknowledged = 0
        try office.sync()
        var bringing = office.request()
        bringing.remembered = Remembered(kept: kept)
        _ = try office.send(bringing)
        let brought = try #require(try page(office).changes.last)
        #expect(brought.change.dot == dot && brought.isLive)
        #expect(brought.origin.arrival == .brought(at: agency.now, by: office.device))
        peer.log.epoch = 2
        peer.log.cursor = []
        peer.log.heard = 0
        peer.log.acknowledged = 0
        try peer.sync()
        let all = try page(office).changes.filter { $0.change.dot == dot }
        #expect(all.count == 1 && all.first?.origin.arrival == .sent)
    }
}
