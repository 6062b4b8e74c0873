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

    @Test func `a log that is there under another name, or another code, changes nothing`() async throws {
        let (laptop, _) = try await laptop()
        let before = try laptop.replica.enrolment
        let other = FakePeer()
        await other.answer(
            with: ExchangeReply(
                welcome: other.welcome(.reidentify(agreed: 0)),
                end: End(cursor: [], more: false, remaining: 0, heard: 0)))
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
