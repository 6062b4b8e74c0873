import PeerSupport
import SyncModel
import SyncStore
import Testing

@Suite("Who holds what")
struct ScopeTests {
    let agency: TestAgency
    let office: TestLaptop
    let first: TestLaptop
    let second: TestLaptop
    let person: RecordID
    let assignment: RecordID
    let visit: RecordID

    init() throws {
        agency = try TestAgency()
        office = try agency.direct()
        first = try agency.enrol("PS07")
        second = try agency.enrol("PS09")
        try first.sync()
        try second.sync()
        person = agency.id()
        assignment = agency.id()
        visit = agency.id()
        first.write("participant", person, TestAgency.participant("P1"))
        first.write("assignment", assignment, TestAgency.assignment(person, "PS07"))
        first.write("check_in", visit, TestAgency.checkIn(person, "PS07"))
        try first.sync()
        try office.sync()
    }

    private func handOver() throws {
        office.write(
            "assignment", assignment, [RegisterWrite("period", [.integer(20_000), .integer(20_100)])])
        office.write("assignment", agency.id(), TestAgency.assignment(person, "PS09"))
        try office.sync()
    }

    @Test(arguments: [1, 2, 1000] as [UInt32])
    func `a hand-over takes every dependent record along`(page: UInt32) throws {
        try handOver()
        try first.sync(page: page)
        try second.sync(page: page)
        #expect(Set(first.log.left) == [person, assignment, visit])
        #expect(first.log.states[visit] == nil)
        #expect(second.log.states[visit] != nil && second.log.states[person] != nil)
        let fresh = try agency.enrol("PS09")
        try fresh.sync()
        #expect(fresh.digest == second.digest)
    }

    @Test func `what was written before the hand-over still counts`() throws {
        let late = agency.id()
        let dot = first.write("check_in", late, TestAgency.checkIn(person, "PS07", did: "late"))
        try handOver()
        let outcome = try first.send(first.request())
        let said = Dictionary(uniqueKeysWithValues: outcome.reply.dispositions.map { ($0.dot, $0.outcome) })
        #expect(said[dot] == .taken)
        #expect(!outcome.reply.records.contains { $0.id == late })
        try second.sync()
        #expect(second.log.states[late] != nil)
    }

    @Test func `a participant who comes back comes back whole`() throws {
        try handOver()
        try first.sync()
        office.write("assignment", agency.id(), TestAgency.assignment(person, "PS07"))
        try office.sync()
        try first.sync()
        #expect(first.log.states[visit] != nil && first.log.states[person] != nil)
        let fresh = try agency.enrol("PS07")
        try fresh.sync()
        #expect(fresh.digest == first.digest)
    }

    @Test func `dependents that come before their parent find their keys when it comes`() throws {
        let later = agency.id()
        let early = agency.id()
        office.write("check_in", early, TestAgency.checkIn(later, "PS07"))
        office.write("assignment", agency.id(), TestAgency.assignment(later, "PS07"))
        try office.sync()
        try first.sync()
        #expect(first.log.states[early] == nil)
        office.write("participant", later, TestAgency.participant("P7"))
        try office.sync()
        try first.sync()
        #expect(first.log.states[early] != nil)
    }

    @Test func `a new key starts at the beginning and an old one is dropped`() throws {
        let nurse = try agency.enrol("NU01")
        try nurse.sync()
        #expect(nurse.log.states[visit] != nil)
        let staff = NaturalKey.id(table: "staff", key: "NU01")
        office.write("staff", staff, [RegisterWrite("place", [.text("S1"), .text("ACT2"), .none])])
        let other = agency.id()
        office.write("participant", other, TestAgency.participant("P2", site: "S2", team: "ACT2"))
        try office.sync()
        try nurse.sync()
        #expect(nurse.log.states[visit] == nil && nurse.log.states[person] == nil)
        #expect(nurse.log.states[other] != nil)
        office.write("staff", staff, [RegisterWrite("place", [.text("S1"), .text("ACT1"), .none])])
        try office.sync()
        try nurse.sync()
        let fresh = try agency.enrol("NU01")
        try fresh.sync()
        #expect(fresh.digest == nurse.digest)
        #expect(nurse.log.states[visit] != nil)
    }

    @Test func `whoever is told sees of whom, until somebody has taken it up`() throws {
        let nurse = try agency.enrol("NU01")
        try nurse.sync()
        let stranger = agency.id()
        office.write("participant", stranger, TestAgency.participant("P8", site: "S2", team: ""))
        office.write("assignment", agency.id(), TestAgency.assignment(stranger, "PS09"))
        try office.sync()
        let other = try agency.enrol("PS09")
        try other.sync()
        try nurse.sync()
        #expect(nurse.log.states[stranger] == nil)
        let escalation = agency.id()
        let dot = other.write(
            "escalation", escalation, TestAgency.escalation(stranger, told: "NU01", by: "PS09"))
        try other.sync()
        #expect(other.log.outcomes[dot] == .applied)
        try nurse.sync()
        #expect(nurse.log.states[escalation] != nil && nurse.log.states[stranger] != nil)
        nurse.write(
            "escalation", escalation,
            [
                RegisterWrite(
                    "acknowledged", [.text("NU01"), .integer(1_770_000_600), .text("rang the clinic")])
            ])
        try nurse.sync()
        #expect(nurse.log.states[stranger] == nil)
        #expect(nurse.log.states[escalation] != nil)
        try other.sync()
        #expect(other.log.states[escalation]?.siblings(of: "acknowledged").count == 1)
    }

    @Test func `whoever raised an escalation sees that it is open after a hand-over, and not of whom`() throws
    {
        let nurse = try agency.enrol("NU01")
        let stranger = agency.id()
        let assignment = agency.id()
        office.write("participant", stranger, TestAgency.participant("P8", site: "S2", team: ""))
        office.write("assignment", assignment, TestAgency.assignment(stranger, "PS09"))
        try office.sync()
        let raiser = try agency.enrol("PS09")
        try raiser.sync()
        let escalation = agency.id()
        raiser.write("escalation", escalation, TestAgency.escalation(stranger, told: "NU01", by: "PS09"))
        let visit = agency.id()
        raiser.write("check_in", visit, TestAgency.checkIn(stranger, "PS09"))
        try raiser.sync()
        try office.sync()
        office.write(
            "assignment", assignment, [RegisterWrite("period", [.integer(20_000), .integer(20_001)])])
        office.write("assignment", agency.id(), TestAgency.assignment(stranger, "PS07"))
        try office.sync()
        try raiser.sync()
        #expect(raiser.log.states[stranger] == nil && raiser.log.states[visit] == nil)
        #expect(raiser.log.states[escalation]?.siblings(of: "told").first?.values.first == .text("NU01"))
        // Another laptop of theirs has the same.
        let fresh = try agency.enrol("PS09")
        try fresh.sync()
        #expect(fresh.digest == raiser.digest)

        try nurse.sync()
        nurse.write(
            "escalation", escalation,
            [
                RegisterWrite(
                    "acknowledged", [.text("NU01"), .integer(1_770_000_600), .text("rang the clinic")])
            ])
        try nurse.sync()
        try raiser.sync()
        #expect(raiser.log.states[escalation] == nil)
        try fresh.sync()
        #expect(fresh.digest == raiser.digest)
    }

    @Test func `the peer a referral names sees the participant until it ends`() throws {
        let referral = agency.id()
        func status(_ word: String, _ reason: Value = .none) -> RegisterWrite {
            RegisterWrite("status", [.text(word), reason, .none, .text("AD01"), .integer(1_770_000_000)])
        }
        office.write(
            "referral", referral,
            [
                RegisterWrite(
                    "what", [.reference(person), .text("ACT1"), .text("AD01"), .text("worker"), .none, .none]),
                RegisterWrite("recipient", [.text("ACT1"), .text("PS09")]), status("sent"),
            ])
        try office.sync()
        #expect(office.log.outcomes.values.allSatisfy { $0 == .applied })
        try second.sync()
        #expect(second.log.states[referral] != nil && second.log.states[person] != nil)
        second.write(
            "referral", referral,
            [
                RegisterWrite(
                    "status",
                    [
                        .text("declined"), .text("caseload_full"), .none, .text("PS09"),
                        .integer(1_770_000_100),
                    ])
            ])
        try second.sync()
        #expect(second.log.states[referral] != nil)
        #expect(second.log.states[person] == nil && second.log.states[visit] == nil)
    }

    @Test func `one person with two records goes where either goes, and nowhere that neither does`() throws {
        let other = agency.id()
        office.write("participant", other, TestAgency.participant("P2", team: ""))
        func lead(_ from: RecordID, to into: Value) {
            let mark: [Value] = [into, .text("AD01"), .integer(1_770_000_000)]
            office.write("participant", from, [RegisterWrite("redirect", mark)])
        }
        // The other record leads to the one on the caseload.
        lead(other, to: .reference(person))
        try office.sync()
        try first.sync()
        #expect(first.log.states[other] != nil)
        // And that one back to it, as when two people merge them in opposite directions.
        lead(person, to: .reference(other))
        try office.sync()
        try first.sync()
        #expect(first.log.states[other] != nil && first.log.states[person] != nil)
        try handOver()
        try first.sync()
        try second.sync()
        #expect(Set(first.log.left) == [person, other, assignment, visit])
        #expect(first.log.states[person] == nil && first.log.states[other] == nil)
        #expect(second.log.states[person] != nil && second.log.states[other] != nil)
        // Two people again: the other record is with nobody's caseload.
        lead(person, to: .none)
        lead(other, to: .none)
        try office.sync()
        try second.sync()
        #expect(second.log.states[person] != nil && second.log.states[other] == nil)
        #expect(second.log.left.contains(other))
    }

    @Test func `a deletion reaches those who hold the record`() throws {
        office.write("check_in", visit, [RegisterWrite(deletedRegister, [.integer(1)])])
        try office.sync()
        try first.sync()
        #expect(first.log.states[visit]?.deletion == .deleted)
    }

    @Test func `a deletion that somebody did not know of is a conflict and hides nothing`() throws {
        office.write("check_in", visit, [RegisterWrite(deletedRegister, [.integer(1)])])
        try office.sync()
        let dot = first.write(
            "check_in", visit, [RegisterWrite("note", [.text("more"), .none, .none, .none])])
        try first.sync()
        #expect(first.log.outcomes[dot] == .conflict)
        #expect(first.log.states[visit]?.deletion == .contested)
    }

    @Test func `random moves leave every laptop with what a fresh one gets`() throws {
        var dice = Dice(state: 11)
        var people: [(id: RecordID, assignment: RecordID)] = []
        for index in 0..<5 {
            let id = agency.id()
            let assignment = agency.id()
            office.write("participant", id, TestAgency.participant("Q\(index)"))
            office.write("assignment", assignment, TestAgency.assignment(id, "PS07"))
            people.append((id, assignment))
        }
        try office.sync()
        for step in 0..<60 {
            let index = Int.random(in: 0..<people.count, using: &dice)
            let person = people[index]
            switch Int.random(in: 0..<4, using: &dice) {
            case 0:
                office.write(
                    "assignment", person.assignment,
                    [RegisterWrite("period", [.integer(20_000), .integer(Int64(20_001 + step))])])
                people[index].assignment = agency.id()
                let peer = Bool.random(using: &dice) ? "PS07" : "PS09"
                office.write(
                    "assignment", people[index].assignment, TestAgency.assignment(person.id, peer))
            case 1: office.write("check_in", agency.id(), TestAgency.checkIn(person.id, "PS07"))
            case 2:
                office.write(
                    "participant", person.id,
                    [
                        RegisterWrite(
                            "home",
                            [.text(Bool.random(using: &dice) ? "S1" : "S2"), .text("ACT1"), .none])
                    ])
            default:
                let laptop = Bool.random(using: &dice) ? first : second
                try laptop.sync(page: UInt32.random(in: 1...3, using: &dice))
            }
            try office.sync()
        }
        for laptop in [first, second] {
            try laptop.sync(page: 2)
            let fresh = try agency.enrol(laptop.staff)
            try fresh.sync()
            #expect(fresh.digest == laptop.digest)
        }
    }
}
