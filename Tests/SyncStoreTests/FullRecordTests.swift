import Foundation
import PeerSupport
import SyncModel
import SyncStore
import SyncWire
import Testing

/// Records on which more stands than anybody has settled.
@Suite("Full records")
struct FullRecordTests {
    let agency: TestAgency
    let office: TestLaptop
    let peer: TestLaptop
    let person: RecordID

    init() throws {
        (agency, office, peer, person) = try TestAgency.withCaseload()
    }

    /// Contacts of a person that know nothing of one another.
    private func pileUp(_ count: Int) throws {
        let read = peer.state(person, "participant").context
        for index in 1...count {
            peer.write(
                "participant", person, [RegisterWrite("contact", [.text("555-\(index)"), .none])],
                context: read)
        }
        try peer.sync()
    }

    @Test func `a record takes a thousand unsettled values, and what is one too many delays nothing`() throws
    {
        let before = peer.state(person, "participant").live.count
        try pileUp(Limits.liveChanges - before)
        #expect(try agency.store.figures().quarantined == 0)
        #expect(peer.log.states[person]?.live.count == Limits.liveChanges)
        let read = peer.state(person, "participant").live[0].context
        let surplus = peer.write(
            "participant", person, [RegisterWrite("contact", [.text("555-0"), .none])], context: read)
        let next = peer.write("check_in", agency.id(), TestAgency.checkIn(person, "PS07"))
        try peer.sync()
        guard case .quarantined(let refusal) = peer.log.outcomes[surplus] else {
            Issue.record("taken: \(String(describing: peer.log.outcomes[surplus]))")
            return
        }
        #expect(refusal.code == "limit")
        #expect(peer.log.outcomes[next] == .applied)
        #expect(peer.log.states[person]?.siblings(of: "contact").count == Limits.liveChanges - before)
    }
}
