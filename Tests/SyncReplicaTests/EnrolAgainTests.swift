import SyncModel
import Testing

@testable import SyncReplica

@Suite struct EnrolAgainTests {
    /// A laptop with two logs, all of it acknowledged by a server that is lost, and one entry that waits.
    private func laptop() async throws -> (Laptop, RecordID) {
        let (laptop, lost) = (try Laptop(), FakePeer())
        let ada = try laptop.person("Ada")
        _ = try await laptop.replica.sync(with: lost)
        try laptop.set(ada, Write.name("Ada 2"))
        await lost.answer(
            with: ExchangeReply(
                welcome: lost.welcome(.reidentify(agreed: 1)),
                end: End(cursor: [], more: false, remaining: 0, heard: 0)))
        #expect(try await laptop.replica.sync(with: lost).reidentified)
        try laptop.person("Bea")
        return (laptop, ada)
    }

    private func again(_ staff: String = "PS01") -> Enrolment {
        var enrolment = Laptop.enrolment()
        enrolment.device = "LT-7"
        enrolment.token = "another"
        enrolment.staff = staff
        return enrolment
    }

    /// Its epoch may be the number that the other server is in, and no epoch tells the laptop that all is lost.
    @Test func `a server that knows nothing gets every log, also in an epoch of that number`() async throws {
        let (laptop, ada) = try await laptop()
        let other = FakePeer()
        try await laptop.replica.enrolAgain(again(), with: other)
        #expect(try laptop.replica.enrolment == again())
        _ = try await laptop.replica.sync(with: other)
        #expect(try laptop.replica.status().waiting == 0)
        #expect(try laptop.name(ada) == "Ada 2")
        #expect(await other.records.count == 2)
        #expect(try await laptop.replica.digest() == other.digest)
        #expect(try laptop.replica.doctor().allSatisfy { $0.gravity == .fine })
    }

    private func reply(_ peer: FakePeer, _ verdict: Welcome.Verdict) async -> ExchangeReply {
        ExchangeReply(
            welcome: await peer.welcome(verdict), end: End(cursor: [], more: false, remaining: 0, heard: 0))
    }

    /// The log of a copy, or what this laptop was called before: the server says from where on it lacks something.
    @Test func `a log that is there under another device of the owner's is gone on with`() async throws {
        let (laptop, _) = try await laptop()
        let other = FakePeer()
        await other.answer(with: reply(other, .rewind(expected: 1)))
        try await laptop.replica.enrolAgain(again(), with: other)
        #expect(try laptop.replica.enrolment == again())
        _ = try await laptop.replica.sync(with: other)
        #expect(try await laptop.replica.digest() == other.digest)
        #expect(try laptop.replica.status().waiting == 0)
    }

    @Test func `a laptop on which nothing was written has nothing to lose by another's log`() async throws {
        let (laptop, other) = (try Laptop(), FakePeer())
        await other.answer(with: reply(other, .reidentify(agreed: 0)))
        try await laptop.replica.enrolAgain(again(), with: other)
        #expect(try laptop.replica.enrolment == again())
        let ada = try laptop.person("Ada")
        _ = try await laptop.replica.sync(with: other)
        #expect(await Array(other.records.keys) == [ada])
    }

    @Test func `a server of another version changes nothing`() async throws {
        let (laptop, _) = try await laptop()
        let (before, other) = (try laptop.replica.enrolment, FakePeer())
        await other.answer(with: reply(other, .upgrade(90...91)))
        let error = await #expect(throws: SyncError.self) {
            try await laptop.replica.enrolAgain(again(), with: other)
        }
        #expect(error?.code == .upgrade)
        #expect(try laptop.replica.enrolment == before)
    }

    @Test func `a laptop that was retired is told so by its server, and moves with it`() async throws {
        let (laptop, other) = (try await laptop().0, FakePeer())
        var moved = try laptop.replica.enrolment
        let same = moved
        moved.server = "https://new.example"
        moved.device = "LT-99"
        await other.answer(with: reply(other, .sealed))
        let told = await #expect(throws: SyncError.self) {
            _ = try await laptop.replica.move(to: same, unlessUnknownTo: other)
        }
        #expect(told == Failures.sealedForGood)
        let known = await #expect(throws: SyncError.self) {
            _ = try await laptop.replica.move(to: same, unlessUnknownTo: other)
        }
        #expect(known == Failures.knownToServer)
        for verdict in [Welcome.Verdict.sealed, .ok] {
            await other.answer(with: reply(other, verdict))
            #expect(try await laptop.replica.move(to: moved, unlessUnknownTo: other))
            // Of what it was given beside the address nothing is taken.
            #expect(try laptop.replica.enrolment.device == same.device)
            #expect(try laptop.replica.enrolment.server == moved.server)
            moved.server += "/next"
        }
    }

    @Test func `a log that is there under another name, or another code, changes nothing`() async throws {
        let (laptop, _) = try await laptop()
        let before = try laptop.replica.enrolment
        let other = FakePeer()
        await other.answer(with: reply(other, .reidentify(agreed: 0)))
        var codes: [SyncError.Code] = []
        for enrolment in [again(), again("PS09")] {
            do {
                try await laptop.replica.enrolAgain(enrolment, with: other)
            } catch let error as SyncError {
                codes.append(error.code)
            }
        }
        #expect(codes == [.alreadyEnrolled, .notPermitted])
        #expect(try laptop.replica.enrolment == before)
        #expect(try laptop.replica.status().waiting == 1)
    }
}
