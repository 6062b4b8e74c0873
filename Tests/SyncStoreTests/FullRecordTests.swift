import Foundation
import GRDB
import PeerSupport
import SyncModel
import SyncStore
import SyncWire
import Testing

/// Records on which more stands than anybody has settled.
@Suite("Full records")
struct FullRecordTests: CaseloadSuite {
    let caseload: Caseload

    init() throws { caseload = try Caseload(officeSyncs: false) }

    /// The peer writes a contact knowing nothing of the others.
    private func contact(_ number: String, knowing read: Context) -> Dot {
        peer.write(
            "participant", person, [RegisterWrite("contact", [.text(number), .none])], context: read)
    }

    /// Has so many values stand on the record, as if that many laptops had each written one and come before. In a
    /// moment: written one by one they take a minute of a test's time.
    private func pileUp(upTo count: Int) throws {
        let state = peer.state(person, "participant")
        let others = (state.live.count..<count).map { index in
            LiveChange(
                dot: Dot(Identifier.version4(using: &agency.dice), 1), author: "PS07",
                writes: [RegisterWrite("contact", [.text("555-\(index)"), .none])], context: state.context,
                effective: EffectiveTime(microseconds: agency.now), deviceMicroseconds: agency.now)
        }
        let full = RecordState(table: "participant", live: state.live + others)
        try #require(full.live.count == count)
        try agency.store.close()
        try agency.alter(
            "UPDATE record SET state = ? WHERE id = ?", [Data(StateCodec.encode(full)), Data(person.bytes)])
        try agency.open()
    }

    @Test func `a record takes a thousand unsettled values, and what is one too many delays nothing`() throws
    {
        let read = peer.state(person, "participant").context
        try pileUp(upTo: Limits.liveChanges - 1)
        let last = contact("555-1", knowing: read)
        let surplus = contact("555-2", knowing: read)
        let next = peer.write("check_in", agency.id(), TestAgency.checkIn(person, "PS07"))
        try peer.sync()
        #expect(peer.log.outcomes[last] == .conflict)
        guard case .quarantined(let refusal) = peer.log.outcomes[surplus] else {
            Issue.record("taken: \(String(describing: peer.log.outcomes[surplus]))")
            return
        }
        #expect(refusal.code == "limit")
        #expect(peer.log.outcomes[next] == .applied)
        try office.sync()
        #expect(office.log.states[person]?.live.count == Limits.liveChanges)
    }

    @Test
    func `many values that know nothing of one another all stand, and one that has read them settles them`()
        throws
    {
        let read = peer.state(person, "participant").context
        let before = peer.state(person, "participant").live.count
        let dots = (1...60).map { contact("555-\($0)", knowing: read) }
        try peer.sync()
        #expect(dots.allSatisfy { peer.log.outcomes[$0] == ($0 == dots[0] ? .applied : .conflict) })
        #expect(peer.log.states[person]?.live.count == before + dots.count)
        let settled = contact("555-0", knowing: peer.state(person, "participant").context)
        try peer.sync()
        #expect(peer.log.outcomes[settled] == .applied)
        #expect(peer.log.states[person]?.siblings(of: "contact").map(\.change.dot) == [settled])
    }
}
