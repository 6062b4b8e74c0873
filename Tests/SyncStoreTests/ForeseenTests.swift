import PeerSupport
import SyncModel
import SyncStore
import Testing

/// Ids that follow from a key can be known before the record is there.
@Suite("Foreseen ids")
struct ForeseenTests {
    @Test func `an altered laptop prepares no records of somebody who is yet to come`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        let peer = try agency.enrol("PS07")
        try peer.sync()
        let known = agency.id()
        peer.write("participant", known, TestAgency.participant("P0001"))
        peer.write("assignment", agency.id(), TestAgency.assignment(known, "PS07"))
        try peer.sync()
        // One as it is made, one that pretends to be an edit.
        let plain = NaturalKey.id(table: "participant", key: "P0188")
        let veiled = NaturalKey.id(table: "participant", key: "P0189")
        let first = peer.write("participant", plain, TestAgency.participant("P0188"))
        let read = Context([Context.Entry(peer.log.incarnation, 1)])
        let second = peer.write("participant", veiled, TestAgency.participant("P0189"), context: read)
        let ordinary = peer.write("participant", agency.id(), TestAgency.participant("P0188"))
        try peer.sync()
        for (dot, code) in [(first, "permission"), (second, "scope")] {
            guard case .quarantined(let refusal) = peer.log.outcomes[dot] else {
                Issue.record("it was taken")
                continue
            }
            #expect(refusal.code == code)
        }
        // With a drawn id the same code is taken; on nobody's caseload it leaves the laptop again.
        #expect(peer.log.outcomes[ordinary] == .taken)

        // The office imports them later, and nothing of the peer's is in them.
        let imported = office.write("participant", plain, TestAgency.participant("P0188"))
        try office.sync()
        #expect(office.log.outcomes[imported] == .applied)
        #expect(office.log.states[plain]?.live.map(\.author) == ["AD01"])
        #expect(office.log.states[veiled] == nil)
    }
}
