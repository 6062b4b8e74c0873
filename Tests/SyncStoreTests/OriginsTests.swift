import PeerSupport
import SyncModel
import SyncStore
import Testing

/// Where what stands in a record was written: of the same person as the history is looked at.
extension HistoryTests {
    private func origins(_ laptop: TestLaptop, _ records: [RecordID]) throws -> [ConflictNotes] {
        let identity = try #require(try agency.store.device(token: laptop.token))
        return try agency.store.origins(of: records, for: identity, now: agency.now)
    }

    @Test
    func `of each live change the laptop and the moment, though nothing is in conflict, and nothing else`()
        throws
    {
        let came = agency.now
        agency.pass(3600)
        let found = try origins(office, [person])
        let own = peer.log.entries.filter { $0.change.record == person }.map(\.change.dot)
        let standing = Set([own.first, own.last].compactMap { $0 })
        #expect(found.count == 1 && standing.count == 2)
        #expect(Set(found[0].origins.map(\.dot)) == standing && found[0].bases.isEmpty)
        #expect(found[0].origins.allSatisfy { $0.device == peer.device && $0.receivedMicroseconds == came })
        // It is no look at anybody's record.
        #expect(try looks().isEmpty)
    }

    @Test func `of what is out of scope as little as of what is not there`() throws {
        let stranger = try agency.enrol("PS09")
        try stranger.sync()
        let nothing = ConflictNotes(bases: [], origins: [])
        #expect(try origins(stranger, [person, agency.id()]) == [nothing, nothing])
        #expect(try origins(peer, [agency.id(), person]).map(\.origins.isEmpty) == [true, false])
        let many = Array(repeating: person, count: Limits.recordsPerOrigins + 5)
        #expect(try origins(peer, many).count == Limits.recordsPerOrigins)
    }

    @Test func `a retired laptop is told nothing`() throws {
        try agency.store.retire(device: peer.device, now: agency.now)
        #expect(code { _ = try origins(peer, [person]) } == .retired)
    }
}
