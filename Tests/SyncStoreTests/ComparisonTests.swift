import PeerSupport
import SyncModel
import SyncStore
import SyncWire
import Testing

/// A laptop asks whether it holds what it should.
@Suite("Comparing a laptop with the server")
struct ComparisonTests {
    let agency: TestAgency
    let office: TestLaptop
    let peer: TestLaptop
    let other: TestLaptop
    let mine: RecordID
    let theirs: RecordID

    init() throws {
        agency = try TestAgency()
        office = try agency.direct()
        peer = try agency.enrol("PS07")
        other = try agency.enrol("PS09")
        for laptop in [peer, other] { try laptop.sync() }
        mine = try Self.caseload(peer, "P1", agency)
        theirs = try Self.caseload(other, "P2", agency)
        for laptop in [peer, other, office] { try laptop.sync() }
    }

    /// A participant with a place on the laptop's caseload, and three check-ins.
    private static func caseload(_ laptop: TestLaptop, _ code: String, _ agency: TestAgency) throws
        -> RecordID
    {
        let person = agency.id()
        laptop.write("participant", person, TestAgency.participant(code))
        laptop.write("assignment", agency.id(), TestAgency.assignment(person, laptop.staff))
        for _ in 0..<3 {
            laptop.write("check_in", agency.id(), TestAgency.checkIn(person, laptop.staff))
        }
        try laptop.sync()
        return person
    }

    private func ask(_ request: VerifyRequest, _ laptop: TestLaptop) throws -> VerifyReply {
        let device = try #require(try agency.store.device(token: laptop.token))
        return try agency.store.compare(request, from: device, now: agency.now)
    }

    private func records(_ laptop: TestLaptop) -> [Bucket.Record] {
        laptop.log.states.sorted { $0.key < $1.key }.map { id, state in
            let print = StateDigest.recordPrint(id: id, table: state.table, state: StateCodec.encode(state))
            return Bucket.Record(id: id, print: print)
        }
    }

    private func prints(_ laptop: TestLaptop, _ bits: Int) -> [RecordPrint] {
        var digests = [StateDigest](repeating: StateDigest(), count: 1 << bits)
        for (id, state) in laptop.log.states.sorted(by: { $0.key < $1.key }) {
            digests[Bucket.number(of: id, bits: bits)].add(
                id: id, table: state.table, state: StateCodec.encode(state))
        }
        return digests.map(\.print)
    }

    private func request(_ laptop: TestLaptop, _ bits: Int, _ question: VerifyRequest.Question)
        -> VerifyRequest
    {
        VerifyRequest(epoch: laptop.log.epoch, cursor: laptop.log.cursor, bits: bits, question: question)
    }

    /// Both questions, as a replica asks them; `nil` when it is behind.
    private func compare(_ laptop: TestLaptop, bits: Int = 3) throws -> VerifyFindings? {
        let first = try ask(request(laptop, bits, .buckets(prints(laptop, bits))), laptop)
        guard case .differing(let numbers) = first else { return nil }
        guard !numbers.isEmpty else { return VerifyFindings() }
        let buckets = numbers.map { number in
            Bucket(
                number: number,
                records: records(laptop).filter { Bucket.number(of: $0.id, bits: bits) == number })
        }
        guard case .found(let findings) = try ask(request(laptop, bits, .records(buckets)), laptop) else {
            return nil
        }
        return findings
    }

    private func audit() throws -> [AuditEntry] {
        var entries: [AuditEntry] = []
        try agency.store.audit { entries.append($0) }
        return entries
    }

    @Test(arguments: [0, 1, 5, 12])
    func `whoever holds what they should is equal, whatever the buckets`(bits: Int) throws {
        for laptop in [office, peer, other] {
            #expect(try compare(laptop, bits: bits) == VerifyFindings(), "\(laptop.staff)")
        }
        #expect(try audit().allSatisfy { $0.kind != "difference" })
    }

    @Test(arguments: [0, 4])
    func `what is altered, missing or too much is named, and nothing else`(bits: Int) throws {
        let altered = try #require(peer.log.states.keys.sorted().first { $0 != mine })
        let stray = agency.id()
        peer.log.states[altered] = RecordState(
            table: "participant", live: office.log.states[mine]?.live ?? [])
        peer.log.states[stray] = peer.log.states[mine]
        peer.log.states[mine] = nil
        let findings = try #require(try compare(peer, bits: bits))
        #expect(findings == VerifyFindings(altered: [altered], missing: [mine], surplus: [stray]))
        let entry = try #require(try audit().last)
        #expect(entry.kind == "difference" && entry.device == peer.device && entry.staff == "PS07")
        #expect(entry.counts == #"{"altered":1,"missing":1,"surplus":1,"unnamed":0}"#)
        #expect(try compare(office) == VerifyFindings())
    }

    @Test func `of what is outside its scope a laptop learns nothing`() throws {
        // The whole of the other peer's caseload, and a record that is nowhere: all alike, none of it is due here.
        let foreign = records(other).filter { peer.log.states[$0.id] == nil }
        #expect(foreign.count >= 5)
        let invented = Bucket.Record(id: agency.id(), print: foreign[0].print)
        let asked = (foreign + [invented]).sorted { $0.id < $1.id }
        let reply = try ask(request(peer, 0, .records([Bucket(number: 0, records: asked)])), peer)
        let due = records(peer).map(\.id)
        #expect(reply == .found(VerifyFindings(missing: due, surplus: asked.map(\.id))))
        // And a laptop that says it has nothing is told only what is its own.
        peer.log.states = [:]
        let empty = try #require(try compare(peer, bits: 0))
        #expect(empty.missing == due && !empty.missing.contains(theirs))
    }

    @Test func `only where everything was fetched is compared`() throws {
        #expect(try compare(peer) == VerifyFindings())
        // What others write outside the scope does not matter.
        other.write("check_in", agency.id(), TestAgency.checkIn(theirs, "PS09"))
        try other.sync()
        #expect(try compare(peer) == VerifyFindings())
        #expect(try compare(office) == nil)
        // Inside it does, until it is fetched.
        office.write("check_in", agency.id(), TestAgency.checkIn(mine, "AD01"))
        try office.sync()
        #expect(try compare(office) == VerifyFindings())
        #expect(try compare(peer) == nil)
        try peer.sync()
        #expect(try compare(peer) == VerifyFindings())
        // A caseload that somebody gains or loses.
        office.write("assignment", agency.id(), TestAgency.assignment(theirs, "PS07"))
        try office.sync()
        #expect(try compare(peer) == nil)
        try peer.sync()
        #expect(try compare(peer) == VerifyFindings())
    }

    @Test func `a cursor of another, a broken one and another epoch compare nothing`() throws {
        let own = peer.log.cursor
        for cursor in [other.log.cursor, [], [UInt8](own.dropLast()), own.map { $0 ^ 1 }] {
            peer.log.cursor = cursor
            #expect(try compare(peer) == nil)
        }
        peer.log.cursor = own
        peer.log.epoch += 1
        #expect(try compare(peer) == nil)
        peer.log.epoch -= 1
        #expect(try compare(peer) == VerifyFindings())
    }

    @Test func `a retired laptop is told so, and it is noted`() throws {
        let asked = request(peer, 0, .buckets(prints(peer, 0)))
        try agency.store.retire(device: peer.device, now: agency.now)
        let error = #expect(throws: SyncError.self) { try ask(asked, peer) }
        #expect(error?.code == .retired)
        let entry = try #require(try audit().last)
        #expect(entry.kind == "refusal" && entry.device == peer.device && entry.counts == #"{"verify":1}"#)
    }
}
