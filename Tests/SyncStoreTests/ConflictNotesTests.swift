import PeerSupport
import SyncModel
import SyncStore
import SyncWire
import Testing

/// What the server says of a conflict beside the state.
@Suite("Notes on conflicts")
struct ConflictNotesTests {
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
        peer.write("participant", person, contact("555 0100"))
        try peer.sync()
        try office.sync()
        try provider.sync()
    }

    private func contact(_ phone: String) -> [RegisterWrite] {
        [RegisterWrite("contact", [.text(phone), .none])]
    }

    /// Everybody has read the same, and then each writes a phone number, a minute apart.
    private func disagree(_ laptops: [TestLaptop]) throws -> [Dot] {
        var dots: [Dot] = []
        for (index, laptop) in laptops.enumerated() {
            agency.pass(60)
            dots.append(laptop.write("participant", person, contact("555 020\(index)")))
        }
        return dots
    }

    private func notes(_ laptop: TestLaptop) -> ConflictNotes? { laptop.log.notes[person] }

    @Test func `the value that both had read comes with the conflict, to both`() throws {
        let base = try #require(peer.log.entries.last?.change.dot)
        let dots = try disagree([peer, provider])
        agency.pass(30)
        try peer.sync()
        #expect(notes(peer) == nil)
        let first = agency.now
        agency.pass(3600)
        let last = try provider.sync()
        // Its own change comes back to the provider as its own, and the notes with it.
        #expect(last.last?.reply.records.contains { $0.id == person } == true)
        for laptop in [provider, peer, office] {
            try laptop.sync()
            let notes = try #require(self.notes(laptop))
            #expect(notes.bases.map(\.register) == ["contact"])
            let found = try #require(notes.base(of: "contact"))
            #expect(
                found.values == [.text("555 0100"), .none] && found.dot == base && found.author == "PS07")
            #expect(found.effective == peer.log.times[base])
            #expect(
                notes.origin(of: dots[0])
                    == ConflictNotes.Origin(
                        dot: dots[0], device: peer.device, receivedMicroseconds: first, arrival: .sent))
            #expect(notes.origin(of: dots[1])?.device == provider.device)
            #expect(notes.origin(of: dots[1])?.receivedMicroseconds == agency.now)
            // The change that made the record is live too: it holds the name.
            #expect(notes.origins.count == laptop.log.states[person]?.live.count)
        }
        #expect(try office.digest == agency.store.digest())
    }

    @Test func `notes also come with a record that the laptop puts together itself`() throws {
        _ = try disagree([peer, provider])
        try peer.sync()
        try provider.sync()
        try peer.sync()
        // The peer holds both values now, and adds a third register: that comes as its own.
        agency.pass(60)
        peer.write("participant", person, [RegisterWrite("birth", [.integer(1970)])])
        let record = try #require(try peer.sync().last?.reply.records.first { $0.id == person })
        #expect(record.body == .own)
        #expect(record.notes?.base(of: "contact")?.values == [.text("555 0100"), .none])
        #expect(record.notes?.origins.contains { $0.receivedMicroseconds == agency.now } == true)
    }

    @Test func `three who disagree had all read the same`() throws {
        let dots = try disagree([peer, provider, office])
        for laptop in [office, provider, peer, office, provider] { try laptop.sync() }
        for laptop in [peer, provider, office] {
            let notes = try #require(self.notes(laptop))
            #expect(notes.base(of: "contact")?.values == [.text("555 0100"), .none])
            #expect(
                dots.map { notes.origin(of: $0)?.device } == [peer.device, provider.device, office.device])
        }
    }

    @Test func `there is no base where nobody had written the register, and no notes without a conflict`()
        throws
    {
        for (laptop, year) in [(peer, Int64(1960)), (office, 1961)] {
            laptop.write("participant", person, [RegisterWrite("birth", [.integer(year)])])
        }
        try peer.sync()
        try office.sync()
        try peer.sync()
        #expect(notes(peer)?.bases == [] && notes(peer)?.origins.isEmpty == false)
        #expect(peer.log.notes.count == 1)
        // Settled by somebody who has read both: the record comes without notes.
        office.write("participant", person, [RegisterWrite("birth", [.integer(1962)])])
        try office.sync()
        try peer.sync()
        #expect(notes(peer) == nil && notes(office) == nil)
        #expect(peer.log.states[person]?.conflicts == [])
    }

    @Test func `who deletes what another goes on with is told what it had said`() throws {
        let visit = agency.id()
        peer.write("check_in", visit, TestAgency.checkIn(person, "PS07", did: "walked"))
        try peer.sync()
        try office.sync()
        office.write("check_in", visit, [RegisterWrite(deletedRegister, [.integer(1)])])
        peer.write("check_in", visit, [RegisterWrite("note", [.text("swam"), .none, .none, .none])])
        try office.sync()
        try peer.sync()
        let notes = try #require(peer.log.notes[visit])
        #expect(notes.bases.map(\.register) == ["note"])
        #expect(notes.base(of: "note")?.values.first == .text("walked"))
        #expect(Set(notes.origins.compactMap(\.device)) == [office.device, peer.device])
    }

    @Test func `a page of one carries the notes of its record`() throws {
        _ = try disagree([peer, office])
        try peer.sync()
        try office.sync()
        let spare = try agency.enrol("PS07")
        let outcomes = try spare.sync(page: 1)
        #expect(outcomes.allSatisfy { $0.reply.records.count <= 1 })
        #expect(notes(spare) == notes(office) && notes(spare) != nil)
        #expect(outcomes.flatMap(\.reply.records).count { $0.notes != nil } == 1)
    }

    @Test func `of a released change the way is told: when it first came, and when it was released`() throws {
        let dot = peer.write("participant", person, [RegisterWrite("goals", [.text("run"), .none, .none])])
        agency.pass(60)
        try peer.sync()
        let came = agency.now
        agency.pass(60)
        provider.write("participant", person, [RegisterWrite("goals", [.text("walk"), .none, .none])])
        try provider.sync()
        agency.pass(60)
        let id = try #require(try agency.store.quarantine().first?.id)
        _ = try agency.store.release(
            [id], QuarantineDecision(staff: "AD01", reason: "agreed"), now: agency.now, using: &agency.dice)
        try office.sync()
        let issued = try #require(
            office.log.states[person]?.siblings(of: "goals").first { $0.values.first == .text("run") }?.change
        )
        #expect(issued.dot != dot)
        #expect(
            notes(office)?.origin(of: issued.dot)
                == ConflictNotes.Origin(
                    dot: issued.dot, device: peer.device, receivedMicroseconds: came,
                    arrival: .released(at: agency.now)))
    }

    @Test func `what is outside a laptop's scope is not noted for it`() throws {
        let stranger = try agency.enrol("PS09")
        _ = try disagree([peer, office])
        try peer.sync()
        try office.sync()
        let outcomes = try stranger.sync()
        #expect(outcomes.flatMap(\.reply.records).allSatisfy { $0.notes == nil })
        #expect(stranger.log.notes.isEmpty)
    }

    @Test func `a restored server says what it still knows, of what was brought back too`() throws {
        try agency.store.close()
        try agency.copyAside()
        try agency.open()
        let dots = try disagree([peer, provider])
        try peer.sync()
        try provider.sync()
        try office.sync()
        let kept = office.log.states.map { KeptRecord(id: $0.key, state: StateCodec.encode($0.value)) }
        agency.pass(3600)
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
        try office.sync()
        let notes = try #require(self.notes(office))
        #expect(notes.base(of: "contact")?.values == [.text("555 0100"), .none])
        // The peer was known before the backup; when its change first came is not.
        #expect(
            notes.origin(of: dots[0])
                == ConflictNotes.Origin(
                    dot: dots[0], device: peer.device, receivedMicroseconds: nil,
                    arrival: .brought(at: agency.now, by: office.device)))
        #expect(notes.origin(of: dots[1])?.device == nil)
        // Their author calls after all, and so the next that hears of the record is told.
        peer.log.epoch = 2
        peer.log.cursor = []
        peer.log.heard = 0
        peer.log.acknowledged = 0
        try peer.sync()
        #expect(self.notes(peer)?.origin(of: dots[0])?.arrival == .sent)
        #expect(try agency.store.digest() == office.digest)
    }

    @Test func `a file of before tells of its conflicts too`() throws {
        _ = try disagree([peer, office])
        try peer.sync()
        try office.sync()
        try agency.store.close()
        try agency.alter("UPDATE record SET disputed = NULL")
        try agency.open()
        let spare = try agency.enrol("PS07")
        try spare.sync()
        #expect(notes(spare)?.base(of: "contact") != nil && spare.log.notes.count == 1)
    }
}
