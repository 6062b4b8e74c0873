import Foundation
import GRDB
import SyncModel
import Testing

@testable import SyncReplica

/// A laptop that was retired shows nothing and is sent nothing, and hands in all that it has, as often as a server
/// may have lost it.
@Suite struct SealedTests {
    let laptop: Laptop
    let crash = CrashPoint()
    let peer = FakePeer()
    let small = SyncOptions(changesPerExchange: 2)

    init() throws { laptop = try Laptop(crash: crash) }

    /// Syncs, and is told once more that the laptop was retired.
    private func handIn() async throws {
        let error = await #expect(throws: SyncError.self) {
            try await laptop.replica.sync(with: peer, options: small)
        }
        #expect(error == Failures.handedIn)
    }

    private func waiting() throws -> [Int] {
        [try laptop.replica.status().waiting, try laptop.replica.outbox().count]
    }

    @Test func `what waits goes to the office, however many exchanges it takes`() async throws {
        for number in 1...7 { try laptop.person("Person \(number)") }
        await peer.retire()
        try await handIn()
        #expect(await peer.logs.values.map(\.count) == [7])
        #expect(await peer.requests.map(\.changes.count) == [2, 2, 2, 1])
        #expect(try waiting() == [0, 0])
        #expect(try laptop.replica.status().isSealed)
        #expect(throws: Failures.sealed) { try laptop.replica.find(Query("person")) }
        // It asks whether the server still has it, and hears the same.
        try await handIn()
        #expect(await peer.requests.map(\.changes.count) == [2, 2, 2, 1, 0])
        #expect(try laptop.replica.events().map(\.kind) == [.sealed])
    }

    @Test func `where it is broken off it goes on`() async throws {
        for number in 1...5 { try laptop.person("Person \(number)") }
        await peer.retire()
        crash.arm(.answered)
        await #expect(throws: CrashPoint.Crash.self) {
            try await laptop.replica.sync(with: peer, options: small)
        }
        try laptop.reopen()
        crash.arm(.pageCommitted)
        await #expect(throws: CrashPoint.Crash.self) {
            try await laptop.replica.sync(with: peer, options: small)
        }
        try laptop.reopen()
        #expect(try waiting() == [3, 3])
        // The batch that had left is shown no more either: the laptop was told.
        #expect(throws: Failures.sealed) { try laptop.replica.find(Query("person")) }
        try await handIn()
        #expect(await peer.logs.values.map(\.count) == [5])
        #expect(try waiting() == [0, 0])
    }

    /// The server has a record that this laptop did not write.
    private func putSomebodyElses() async {
        await peer.put(
            Identifier(high: 5, low: 5), "person",
            [
                LiveChange(
                    dot: Dot(Identifier(high: 9, low: 9), 1), author: "PS02",
                    writes: [Write.name("Somebody else's")], context: Context(),
                    effective: EffectiveTime(microseconds: 1), deviceMicroseconds: 1)
            ])
    }

    @Test func `a restored server is offered again what it had, of every log, and sends nothing`()
        async throws
    {
        try laptop.person("Ada")
        _ = try await laptop.replica.sync(with: peer)
        let backup = await peer.backup
        await putSomebodyElses()
        try laptop.person("Bea")
        _ = try await laptop.replica.sync(with: peer)
        try laptop.person("Cleo")
        await peer.retire()
        try await handIn()
        let all = await peer.logs
        #expect(all.values.map(\.count) == [3])

        for _ in 1...2 {
            await peer.restore(backup)
            let before = await peer.requests.count
            try await handIn()
            #expect(await peer.logs.filter { !$0.value.isEmpty } == all)
            let requests = await peer.requests.dropFirst(before)
            #expect(requests.contains { $0.changes.count == 2 })
            // Nobody would believe it what others wrote, so it does not say.
            #expect(requests.allSatisfy { $0.remembered.kept.isEmpty && !$0.hello.asksMarks })
        }
        #expect(try laptop.replica.status().isSealed)
        #expect(try laptop.replica.doctor().allSatisfy { $0.gravity != .grave })
    }

    @Test func `a copy of it hands in what only the copy has`() async throws {
        try laptop.person("Ada")
        await peer.retire()
        try await handIn()
        await peer.answer(
            with: ExchangeReply(
                welcome: peer.welcome(.reidentify(agreed: 0)),
                end: End(cursor: [], more: false, remaining: 0, heard: 0)))
        try await handIn()
        #expect(await peer.logs.values.map(\.count).sorted() == [1, 1])
        #expect(try waiting() == [0, 0])
    }

    @Test func `a server that has forgotten that it was retired sends it nothing even so`() async throws {
        try laptop.person("Ada")
        await peer.retire()
        try await handIn()
        await peer.retire(false)
        await putSomebodyElses()
        let report = try await laptop.replica.sync(with: peer)
        #expect(report.received == 0)
        let held = try await laptop.replica.queue.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM sync_record")
        }
        #expect(held == 0)
        #expect(try laptop.replica.status().isSealed)
    }

    @Test func `one that was not taken from is not told that all of it is at the office`() async throws {
        try laptop.person("Ada")
        await peer.answer(
            with: ExchangeReply(
                welcome: peer.welcome(.sealed, taken: 0),
                end: End(cursor: [], more: false, remaining: 0, heard: 0)))
        await #expect(throws: Failures.sealed) { try await laptop.replica.sync(with: peer, options: small) }
        #expect(try waiting() == [1, 1])
    }
}
