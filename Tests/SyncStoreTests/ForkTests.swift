import Foundation
import PeerSupport
import SyncModel
import SyncStore
import Testing

@Suite("Copies, gaps and restored servers")
struct ForkTests {
    private func office() throws -> (TestAgency, TestLaptop) {
        let agency = try TestAgency()
        return (agency, try agency.direct())
    }

    @Test func `a copy that wrote something else under a used number is told how far the logs agree`() throws
    {
        let (agency, laptop) = try office()
        laptop.write("participant", agency.id(), TestAgency.participant("P1"))
        let shared = UInt64(laptop.log.entries.count)
        let copy = laptop.log
        laptop.write("participant", agency.id(), TestAgency.participant("P2"))
        try laptop.sync()
        laptop.log = copy
        laptop.write("participant", agency.id(), TestAgency.participant("P3"))
        let verdict = try laptop.send(laptop.request()).reply.welcome.verdict
        #expect(verdict == .reidentify(agreed: shared))
    }

    @Test func `a laptop restored from its own backup is told so before it writes`() throws {
        let (agency, laptop) = try office()
        let backup = laptop.log
        laptop.write("participant", agency.id(), TestAgency.participant("P1"))
        try laptop.sync()
        laptop.log = backup
        let verdict = try laptop.send(laptop.request()).reply.welcome.verdict
        #expect(verdict == .reidentify(agreed: UInt64(backup.entries.count)))
    }

    /// A page could hold what the other copy wrote under a number that this one has still to give.
    @Test func `a copy that sends in batches gets no page before all the server has was compared`() throws {
        let (agency, laptop) = try office()
        let cursor = laptop.log.cursor
        let mark = laptop.log.acknowledged
        let people = (0..<4).map { _ in agency.id() }
        for (index, id) in people.enumerated() {
            laptop.write("participant", id, TestAgency.participant("P\(index)"))
        }
        let copy = laptop.log
        laptop.write("participant", people[0], [RegisterWrite("contact", [.text("555 0107"), .none])])
        try laptop.sync()
        laptop.log = copy
        for last in 1...3 {
            let reply = try laptop.send(laptop.request(to: mark + UInt64(last))).reply
            #expect(reply.welcome.verdict == .ok && reply.records.isEmpty && reply.leaves.isEmpty)
            #expect(reply.dispositions.map(\.dot.n) == (1...UInt64(last)).map { mark + $0 })
            #expect(reply.end.more)
            let opened = reply.end.cursor
            try laptop.apply(reply)
            // Nothing was skipped: what is not served now comes when it has a log of its own.
            laptop.log.acknowledged = mark
            laptop.log.heard = copy.heard
            #expect(!cursor.isEmpty && !opened.isEmpty)
        }
        #expect(try laptop.send(laptop.request()).reply.welcome.verdict == .reidentify(agreed: mark + 4))
        laptop.reidentify()
        try laptop.sync()
        #expect(try laptop.digest == agency.store.digest())
    }

    @Test func `nothing of a forked request is taken`() throws {
        let (agency, laptop) = try office()
        let copy = laptop.log
        laptop.write("participant", agency.id(), TestAgency.participant("P1"))
        try laptop.sync()
        let before = try agency.store.digest()
        laptop.log = copy
        laptop.write("participant", agency.id(), TestAgency.participant("P2"))
        laptop.write("participant", agency.id(), TestAgency.participant("P3"))
        _ = try laptop.send(laptop.request())
        #expect(try agency.store.digest() == before)
    }

    @Test func `a log that does not join on is asked for again from where it does`() throws {
        let (agency, laptop) = try office()
        for index in 0..<4 { laptop.write("participant", agency.id(), TestAgency.participant("P\(index)")) }
        let mark = laptop.log.acknowledged
        let verdict = try laptop.send(laptop.request(from: mark + 3)).reply.welcome.verdict
        #expect(verdict == .rewind(expected: mark + 1))
    }

    @Test func `two logs that parted long ago are led back to where they agree`() throws {
        let (agency, laptop) = try office()
        let agreed = UInt64(laptop.log.entries.count)
        let copy = laptop.log
        for index in 0..<9 { laptop.write("participant", agency.id(), TestAgency.participant("A\(index)")) }
        try laptop.sync()
        laptop.log = copy
        for index in 0..<9 { laptop.write("participant", agency.id(), TestAgency.participant("B\(index)")) }
        var first = UInt64(laptop.log.entries.count)
        var rounds = 0
        while rounds < 20 {
            rounds += 1
            let verdict = try laptop.send(laptop.request(from: first)).reply.welcome.verdict
            if case .rewind(let expected) = verdict {
                #expect(expected < first)
                first = expected
                continue
            }
            #expect(verdict == .reidentify(agreed: agreed))
            break
        }
        #expect(rounds > 1 && rounds < 8)
    }

    @Test func `a server restored from a backup starts a new epoch by itself and gives no page`() throws {
        let (agency, laptop) = try office()
        try agency.store.close()
        let backup = try Data(contentsOf: URL(fileURLWithPath: agency.path))
        agency.store = try Store.open(at: agency.path, domain: agency.domain, now: agency.now)
        laptop.write("participant", agency.id(), TestAgency.participant("P1"))
        try laptop.sync()
        try agency.store.close()
        try backup.write(to: URL(fileURLWithPath: agency.path))
        agency.store = try Store.open(at: agency.path, domain: agency.domain, now: agency.now)
        let outcome = try laptop.send(laptop.request())
        #expect(outcome.reply.welcome.verdict == .rewind(expected: laptop.log.acknowledged + 1))
        #expect(outcome.reply.welcome.epoch == laptop.log.epoch + 1)
        #expect(outcome.reply.records.isEmpty)
        #expect(try agency.store.figures().epoch == 2)
        // Re-offered under the old dots it is all there again.
        laptop.log.epoch = 2
        laptop.log.cursor = []
        laptop.log.heard = 0
        laptop.log.acknowledged = 0
        try laptop.sync()
        #expect(try laptop.digest == agency.store.digest())
    }

    @Test func `one incarnation is not taken from two devices`() throws {
        let (agency, laptop) = try office()
        let thief = try agency.enrol("AD01")
        thief.log.incarnation = laptop.log.incarnation
        thief.write("participant", agency.id(), TestAgency.participant("P1"))
        #expect(try thief.send(thief.request()).reply.welcome.verdict == .reidentify(agreed: 0))
    }

    /// It was enrolled again, and is a copy of the other, or has its own earlier name before it.
    @Test func `a log that the owner's other device has is compared to its end, and not added to`() throws {
        let (agency, laptop) = try office()
        laptop.write("staff", agency.id(), TestAgency.staff("PS07", "peer", site: "S1", team: "ACT1"))
        for index in 0..<3 {
            laptop.write("participant", agency.id(), TestAgency.participant("P\(index)"))
        }
        try laptop.sync()
        let digest = try agency.store.digest()
        let mark = UInt64(laptop.log.entries.count)
        let (longer, parted) = (try agency.enrol("AD01"), try agency.enrol("AD01"))
        var shorter = laptop.log
        shorter.entries.removeLast()
        longer.log = laptop.log
        parted.log = shorter
        for one in [longer, parted] { one.write("participant", agency.id(), TestAgency.participant("P7")) }
        func verdict(_ staff: String, _ log: TestLaptop.Log, _ numbers: ClosedRange<UInt64>) throws
            -> Welcome.Verdict
        {
            let other = try agency.enrol(staff)
            other.log = log
            other.log.cursor = []
            return try other.send(other.request(from: numbers.lowerBound, to: numbers.upperBound)).reply
                .welcome.verdict
        }
        let logs = [
            (laptop.log, mark), (shorter, mark - 1), (longer.log, mark), (parted.log, mark - 1),
        ]
        for (log, agreed) in logs {
            #expect(try verdict("AD01", log, 1...99) == .reidentify(agreed: agreed))
            #expect(try verdict("AD01", log, 1...1) == .rewind(expected: 2))
            #expect(try verdict("AD01", log, 2...99) == .reidentify(agreed: agreed))
            // Of somebody else's it says nothing, not even that they are alike.
            #expect(try verdict("PS07", log, 1...99) == .reidentify(agreed: 0))
        }
        #expect(try agency.store.digest() == digest)
        #expect(try agency.number("SELECT count(*) FROM incarnation WHERE mark > 0") == 2)
    }

    @Test func `a cursor that was made up or lent starts from the beginning`() throws {
        let (agency, laptop) = try office()
        let other = try agency.enrol("AD01")
        try other.sync()
        let all = other.log.received
        var forged = other.request()
        forged.hello.cursor[3] ^= 1
        #expect(try other.send(forged).reply.records.count == all)
        var lent = other.request()
        lent.hello.cursor = laptop.log.cursor
        #expect(try other.send(lent).reply.records.count == all)
        #expect(try other.send(other.request()).reply.records.isEmpty)
    }
}
