import PeerSupport
import SyncModel
import SyncStore
import Testing

@Suite("An exchange")
struct ExchangeTests {
    @Test func `a check-in reaches those who may see it and nobody else`() throws {
        let agency = try TestAgency()
        _ = try agency.direct()
        let peer = try agency.enrol("PS07")
        let other = try agency.enrol("PS09")
        let nurse = try agency.enrol("NU01")
        let supervisor = try agency.enrol("SU01")
        try peer.sync()
        let person = agency.id()
        let visit = agency.id()
        peer.write("participant", person, TestAgency.participant("P1"))
        peer.write("assignment", agency.id(), TestAgency.assignment(person, "PS07"))
        peer.write("check_in", visit, TestAgency.checkIn(person, "PS07"))
        try peer.sync()
        for laptop in [other, nurse, supervisor] { try laptop.sync() }
        #expect(peer.log.states[visit] != nil)
        #expect(nurse.log.states[visit] != nil)
        #expect(supervisor.log.states[visit] != nil)
        #expect(other.log.states[visit] == nil)
        #expect(other.log.states[person] == nil)
        #expect(other.log.states[NaturalKey.id(table: "staff", key: "PS07")] != nil)
    }

    @Test func `an administrator who has synced has the server's digest`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        let peer = try agency.enrol("PS07")
        try peer.sync()
        let person = agency.id()
        peer.write("participant", person, TestAgency.participant("P1"))
        peer.write("assignment", agency.id(), TestAgency.assignment(person, "PS07"))
        try peer.sync()
        #expect(try office.digest != agency.store.digest())
        try office.sync()
        #expect(try office.digest == agency.store.digest())
    }

    @Test func `a laptop puts its own work together itself`() throws {
        let agency = try TestAgency()
        _ = try agency.direct()
        let peer = try agency.enrol("PS07")
        try peer.sync()
        let person = agency.id()
        peer.write("participant", person, TestAgency.participant("P1"))
        peer.write("assignment", agency.id(), TestAgency.assignment(person, "PS07"))
        let received = peer.log.received
        try peer.sync()
        #expect(peer.log.received == received)
        #expect(peer.log.receivedOwn == 2)
        let fresh = try agency.enrol("PS07")
        try fresh.sync()
        #expect(fresh.digest == peer.digest)
    }

    @Test func `after a lost answer the whole state comes`() throws {
        let agency = try TestAgency()
        _ = try agency.direct()
        let peer = try agency.enrol("PS07")
        try peer.sync()
        let person = agency.id()
        peer.write("participant", person, TestAgency.participant("P1"))
        peer.write("assignment", agency.id(), TestAgency.assignment(person, "PS07"))
        _ = try peer.send(peer.request())
        let received = peer.log.received
        let outcomes = try peer.sync()
        #expect(outcomes.first?.counts.repeated == 2)
        #expect(peer.log.received == received + 2)
        #expect(peer.log.outcomes.values.allSatisfy { $0 == .applied })
        let fresh = try agency.enrol("PS07")
        try fresh.sync()
        #expect(fresh.digest == peer.digest)
    }

    @Test func `the same exchange twice changes nothing the second time`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        office.write("participant", agency.id(), TestAgency.participant("P1"))
        let request = office.request()
        let first = try office.send(request)
        let before = try agency.store.digest()
        let position = try agency.store.figures().position
        let second = try office.send(request)
        #expect(first.reply.dispositions == second.reply.dispositions)
        #expect(second.counts.taken == 0)
        #expect(try agency.store.digest() == before)
        #expect(try agency.store.figures().position == position)
    }

    @Test func `two who wrote apart make a conflict that both are told of`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        let person = agency.id()
        office.write("participant", person, TestAgency.participant("P1"))
        try office.sync()
        let second = try agency.enrol("AD01")
        try second.sync()
        let one = office.write("participant", person, [RegisterWrite("contact", [.text("555-1"), .none])])
        agency.pass(60)
        let two = second.write("participant", person, [RegisterWrite("contact", [.text("555-2"), .none])])
        try office.sync()
        try second.sync()
        try office.sync()
        #expect(office.log.outcomes[one] == .applied)
        #expect(second.log.outcomes[two] == .conflict)
        #expect(office.digest == second.digest)
        let siblings = try #require(office.log.states[person]).siblings(of: "contact")
        #expect(siblings.map { $0.values[0].text } == ["555-2", "555-1"])
        office.write("participant", person, [RegisterWrite("contact", [.text("555-2"), .none])])
        try office.sync()
        try second.sync()
        #expect(second.log.states[person]?.conflicts == [])
    }

    @Test func `an idle exchange says nothing and writes nothing`() throws {
        let agency = try TestAgency()
        _ = try agency.direct()
        let peer = try agency.enrol("PS07")
        try peer.sync()
        let outcome = try peer.send(peer.request())
        #expect(outcome.saidNothing)
        #expect(outcome.reply.records.isEmpty)
        #expect(outcome.reply.end.cursor == peer.log.cursor)
    }

    @Test func `no common version is said before anything else`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        var request = office.request()
        request.hello.protocols = 2...3
        #expect(try office.send(request).reply.welcome.verdict == .upgrade(1...1))
    }

    @Test(arguments: [1, 2, 3, 7, 1000] as [UInt32])
    func `the size of a page is irrelevant`(page: UInt32) throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        let people = (0..<6).map { _ in agency.id() }
        for (index, person) in people.enumerated() {
            office.write("participant", person, TestAgency.participant("P\(index)"))
            office.write(
                "assignment", agency.id(), TestAgency.assignment(person, index % 2 == 0 ? "PS07" : "PS09"))
        }
        try office.sync()
        let whole = try agency.enrol("PS07")
        let paged = try agency.enrol("PS07")
        try whole.sync()
        try paged.sync(page: page)
        #expect(whole.digest == paged.digest)
        #expect(people.filter { whole.log.states[$0] != nil }.count == 3)
    }
}
