import Foundation
import PeerSupport
import SyncModel
import SyncStore
import SyncWire
import Testing

/// What a restored server takes back, in whatever order the laptops call, and what it does not believe.
@Suite("A restored server is healed")
struct HealingTests {
    let agency: TestAgency
    let office: TestLaptop
    let peer: TestLaptop
    let other: TestLaptop

    /// A backup is made when all are enrolled and nobody has recorded anything.
    init() throws {
        agency = try TestAgency()
        office = try agency.direct()
        peer = try agency.enrol("PS07")
        other = try agency.enrol("PS09")
        try peer.sync()
        try other.sync()
        try agency.store.close()
        try agency.copyAside()
        try agency.open()
    }

    private func restore() throws { try agency.putBackAndNotice(by: office) }

    private func heal(_ laptop: TestLaptop) throws { try laptop.offerAgain() }

    /// Every order in which three laptops may call.
    static let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]

    @Test(arguments: orders)
    func `the order in which laptops heal it does not matter`(order: [Int]) throws {
        let person = agency.id()
        office.write("participant", person, TestAgency.participant("P1", team: ""))
        office.write("assignment", agency.id(), TestAgency.assignment(person, "PS07"))
        try office.sync()
        try peer.sync()
        peer.write("participant", person, [RegisterWrite("contact", [.text("555 0134"), .none])])
        peer.write("check_in", agency.id(), TestAgency.checkIn(person, "PS07"))
        peer.write("assignment", agency.id(), TestAgency.assignment(person, "PS07"))
        peer.write("referral", agency.id(), TestAgency.referral(person, to: "PS09", by: "PS07"))
        try peer.sync()
        try other.sync()
        other.write("check_in", agency.id(), TestAgency.checkIn(person, "PS09"))
        try other.sync()
        #expect(try agency.store.figures().quarantined == 0)
        for laptop in [office, peer, other] { try laptop.sync() }
        let before = try agency.store.digest()

        agency.pass(3 * 3600)
        try restore()
        for index in order { try heal([office, peer, other][index]) }
        for laptop in [office, peer, other] { try laptop.sync() }
        #expect(try agency.store.figures().quarantined == 0)
        // Not only the same values: the same bytes, effective times included.
        #expect(try agency.store.digest() == before)
        #expect(try agency.store.digest() == office.digest)
        let states = [office, peer, other].map { $0.log.states[person] }
        #expect(states[0] != nil && states[0] == states[1] && states[1] == states[2])
    }

    @Test(arguments: [[0, 1], [1, 0]])
    func `work on somebody who had left the caseload before comes back too`(order: [Int]) throws {
        let person = agency.id()
        let assignment = agency.id()
        office.write("participant", person, TestAgency.participant("P1", team: ""))
        office.write("assignment", assignment, TestAgency.assignment(person, "PS07"))
        try office.sync()
        try peer.sync()
        let visit = peer.write("check_in", agency.id(), TestAgency.checkIn(person, "PS07"))
        try peer.sync()
        office.write(
            "assignment", assignment, [RegisterWrite("period", [.integer(20_000), .integer(20_100)])])
        try office.sync()
        try peer.sync()
        #expect(peer.log.left.contains(person))

        try restore()
        for index in order { try heal([office, peer][index]) }
        try peer.sync()
        try office.sync()
        #expect(peer.log.outcomes[visit] != nil)
        #expect(try agency.store.figures().quarantined == 0)
        #expect(office.log.states.values.contains { $0.table == "check_in" })
        #expect(peer.log.states[person] == nil)
    }

    @Test func `a laptop that says it is old gets no further than one that does not`() throws {
        let person = agency.id()
        office.write("participant", agency.id(), TestAgency.participant("P0", team: ""))
        try office.sync()
        try restore()
        try heal(office)
        office.write("participant", person, TestAgency.participant("P1", team: ""))
        try office.sync()
        try heal(peer)
        // All of it stamped as written before the restore, under a fresh incarnation.
        peer.reidentify()
        peer.log.epoch = 1
        let edit = peer.write("participant", person, [RegisterWrite("contact", [.text("1"), .none])])
        let grab = peer.write("assignment", agency.id(), TestAgency.assignment(person, "PS07"))
        let later = agency.id()
        let plant = peer.write("assignment", agency.id(), TestAgency.assignment(later, "PS07"))
        peer.log.epoch = 2
        try peer.sync()
        office.write("participant", later, TestAgency.participant("P2", team: ""))
        try office.sync()
        try peer.sync()
        for dot in [edit, grab, plant] {
            #expect(peer.log.outcomes[dot].map { "\($0)".contains("scope") } == true)
        }
        #expect(peer.log.states[person] == nil && peer.log.states[later] == nil)
        #expect(office.log.states[person]?.siblings(of: "contact") == [])
    }

    @Test func `an edit of what its author has not brought back yet waits for it`() throws {
        let person = agency.id()
        office.write("participant", person, TestAgency.participant("P1", team: ""))
        office.write("assignment", agency.id(), TestAgency.assignment(person, "PS07"))
        office.write("assignment", agency.id(), TestAgency.assignment(person, "PS09"))
        try office.sync()
        try peer.sync()
        peer.write("participant", person, [RegisterWrite("contact", [.text("old"), .none])])
        try peer.sync()
        try other.sync()
        try restore()
        try heal(office)
        // PS09 has read what PS07 wrote, and PS07 has not called yet.
        let read = other.state(person, "participant").context
        try heal(other)
        let edit = other.write(
            "participant", person, [RegisterWrite("contact", [.text("new"), .none])], context: read)
        try other.sync()
        #expect(other.log.outcomes[edit].map { "\($0)".contains("context") } == true)
        try heal(peer)
        for laptop in [other, office, peer] { try laptop.sync() }
        #expect(other.log.outcomes[edit] == .applied)
        #expect(office.log.states[person]?.siblings(of: "contact").map(\.values) == [[.text("new"), .none]])
        #expect(peer.log.states[person] == office.log.states[person])
        #expect(try agency.store.figures().quarantined == 0)
    }

    @Test func `an edit of what somebody else brings back comes true too`() throws {
        let person = agency.id()
        office.write("participant", person, TestAgency.participant("P1", team: ""))
        office.write("assignment", agency.id(), TestAgency.assignment(person, "PS07"))
        office.write("assignment", agency.id(), TestAgency.assignment(person, "PS09"))
        try office.sync()
        try peer.sync()
        peer.write("participant", person, [RegisterWrite("contact", [.text("old"), .none])])
        for laptop in [peer, other, office] { try laptop.sync() }
        let kept = try #require(office.log.states[person])
        try restore()
        try heal(office)
        let read = other.state(person, "participant").context
        try heal(other)
        let edit = other.write(
            "participant", person, [RegisterWrite("contact", [.text("new"), .none])], context: read)
        try other.sync()
        #expect(other.log.outcomes[edit].map { "\($0)".contains("context") } == true)
        // PS07 never calls again; the office, which holds everything, brings what PS07 wrote.
        var bringing = office.request()
        bringing.remembered = Remembered(kept: [KeptRecord(id: person, state: StateCodec.encode(kept))])
        _ = try office.send(bringing)
        for laptop in [other, office] { try laptop.sync() }
        #expect(other.log.outcomes[edit] == .applied)
        #expect(office.log.states[person]?.siblings(of: "contact").map(\.values) == [[.text("new"), .none]])
        #expect(try agency.store.figures().quarantined == 0)
    }

    @Test func `an entry nobody had made before the restore is not waited for`() throws {
        let person = agency.id()
        office.write("participant", person, TestAgency.participant("P1", team: ""))
        office.write("assignment", agency.id(), TestAgency.assignment(person, "PS07"))
        try office.sync()
        try peer.sync()
        try restore()
        try heal(office)
        try heal(peer)
        // It claims to have read what the office has not written yet, to close it unseen.
        var context = peer.state(person, "participant").context
        context.include(Dot(office.log.incarnation, UInt64(office.log.entries.count) + 1))
        let blind = peer.write(
            "participant", person, [RegisterWrite("contact", [.text("mine"), .none])], context: context)
        try peer.sync()
        office.write("participant", person, [RegisterWrite("contact", [.text("theirs"), .none])])
        try office.sync()
        try peer.sync()
        #expect(peer.log.outcomes[blind].map { "\($0)".contains("context") } == true)
        #expect(
            office.log.states[person]?.siblings(of: "contact").map(\.values) == [[.text("theirs"), .none]])
    }

    @Test func `what somebody wrote who never calls again is brought back by who holds everything`() throws {
        let person = agency.id()
        office.write("participant", person, TestAgency.participant("P1", team: ""))
        office.write("assignment", agency.id(), TestAgency.assignment(person, "PS07"))
        try office.sync()
        try peer.sync()
        peer.write("participant", person, [RegisterWrite("contact", [.text("555 0134"), .none])])
        let visit = agency.id()
        let dot = peer.write("check_in", visit, TestAgency.checkIn(person, "PS07"))
        try peer.sync()
        try office.sync()
        let before = try agency.store.digest()
        let kept = office.log.states.map { KeptRecord(id: $0.key, state: StateCodec.encode($0.value)) }
        agency.pass(3 * 3600)

        try restore()
        try heal(office)
        var asking = office.request()
        asking.hello.asksMarks = true
        let marks = try office.send(asking).reply.marks
        #expect(marks.contains(Mark(Dot(office.log.incarnation, UInt64(office.log.entries.count)))))
        #expect(!marks.contains { $0.dot.incarnation == dot.incarnation && $0.dot.n >= dot.n })

        // A laptop that does not hold everything is not believed; one that does is.
        var stranger = other.request()
        stranger.hello.epoch = 2
        stranger.hello.cursor = []
        stranger.remembered = Remembered(kept: kept)
        let entries = try agency.audit().count
        _ = try other.send(stranger)
        #expect(try agency.store.digest() != before)
        var bringing = office.request()
        bringing.remembered = Remembered(kept: kept)
        let outcome = try office.send(bringing)
        #expect(try agency.store.digest() == before)
        // The audit log says who brought how much, though nothing was taken of their own.
        #expect(outcome.counts.brought == 2 && outcome.counts.taken == 0)
        #expect(try agency.audit().count == entries + 1)
        var last: AuditEntry?
        try agency.store.audit { last = $0 }
        #expect(last?.kind == "exchange" && last?.device == office.device && last?.staff == "AD01")
        #expect(last?.counts == #"{"brought":2,"conflicts":0,"quarantined":0,"taken":0}"#)
        // Once more, and by its author after all: nothing is different.
        _ = try office.send(bringing)
        #expect(try agency.store.digest() == before)
        #expect(try agency.audit().count == entries + 1)
        try heal(peer)
        #expect(try agency.store.digest() == before)
        #expect(peer.log.outcomes[dot] == .applied)
        try agency.store.close()
        #expect(try Store.verify(at: agency.path).records > 0)
    }

    @Test func `who made a record that somebody else brought back still has made it`() throws {
        let person = agency.id()
        let together = agency.id()
        let made = peer.write(
            "participant", person, TestAgency.participant("P1", team: ""), transaction: together)
        let assigned = peer.write(
            "assignment", agency.id(), TestAgency.assignment(person, "PS07"), transaction: together)
        try peer.sync()
        try office.sync()
        let before = try agency.store.digest()
        let kept = try #require(office.log.states[person])
        agency.pass(3600)
        try restore()
        try heal(office)
        // Only the participant comes back before its author calls, under an incarnation the server never knew.
        var bringing = office.request()
        bringing.remembered = Remembered(kept: [KeptRecord(id: person, state: StateCodec.encode(kept))])
        _ = try office.send(bringing)
        try heal(peer)
        #expect(peer.log.outcomes[made] == .applied)
        #expect(peer.log.outcomes[assigned] == .applied)
        #expect(try agency.store.digest() == before)
        #expect(try agency.store.figures().quarantined == 0)
    }

    @Test func `a release that was lost is brought back, and its change is in quarantine no more`() throws {
        let person = agency.id()
        office.write("participant", person, TestAgency.participant("P1", team: ""))
        office.write("assignment", agency.id(), TestAgency.assignment(person, "PS07"))
        try office.sync()
        try peer.sync()
        let goals = RegisterWrite("goals", [.text("run"), .none, .none])
        let dot = peer.write("participant", person, [goals])
        try peer.sync()
        let why = QuarantineDecision(staff: "AD01", reason: "agreed with the team")
        func release() throws {
            let ids = try agency.store.quarantine().map(\.id)
            _ = try agency.store.release(ids, why, now: agency.now, using: &agency.dice)
        }
        try release()
        try office.sync()
        try peer.sync()
        let before = try agency.store.digest()
        let kept = office.log.states.map { KeptRecord(id: $0.key, state: StateCodec.encode($0.value)) }
        agency.pass(3600)

        try restore()
        try heal(office)
        var bringing = office.request()
        bringing.remembered = Remembered(kept: kept)
        _ = try office.send(bringing)
        try heal(peer)
        #expect(try agency.store.digest() == before)
        #expect(peer.log.outcomes[dot] == .applied)
        #expect(try agency.store.quarantine().isEmpty)
        try office.sync()
        #expect(office.log.states[person]?.conflicts == [])
        #expect(try agency.store.digest() == office.digest)
        try agency.store.close()
        #expect(try Store.verify(at: agency.path).records > 0)
        try agency.open()
    }

    @Test func `in the first epoch nobody can bring anything`() throws {
        let id = agency.id()
        let state = RecordState(
            table: "participant",
            live: [
                LiveChange(
                    dot: Dot(agency.id(), 1), author: "PS09",
                    writes: TestAgency.participant("P1").sorted { $0.register < $1.register },
                    context: Context(), effective: EffectiveTime(microseconds: 5), deviceMicroseconds: 5)
            ])
        var request = office.request()
        request.remembered = Remembered(kept: [KeptRecord(id: id, state: StateCodec.encode(state))])
        let before = try agency.store.digest()
        _ = try office.send(request)
        #expect(try agency.store.digest() == before)
    }

    @Test func `a laptop hears which of its records have left, and nothing of those that are not here`()
        throws
    {
        let person = agency.id()
        office.write("participant", person, TestAgency.participant("P1", team: ""))
        try office.sync()
        try restore()
        try heal(office)
        try heal(peer)
        var asking = peer.request()
        let unknown = agency.id()
        let mine = NaturalKey.id(table: "staff", key: "PS07")
        asking.remembered = Remembered(held: [person, unknown, mine])
        #expect(try peer.send(asking).reply.leaves == [person])

        // What it asks about is no part of the page: it is answered also while the logs are still compared.
        let first = peer.log.acknowledged + 1
        for _ in 0..<2 { peer.write("participant", agency.id(), TestAgency.participant("P2")) }
        _ = try peer.send(peer.request())
        asking = peer.request(from: first, to: first)
        asking.remembered = Remembered(held: [person, unknown, mine])
        let reply = try peer.send(asking).reply
        #expect(reply.end.more && reply.records.isEmpty)
        #expect(reply.leaves == [person])
    }
}
