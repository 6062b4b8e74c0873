import Foundation
import GRDB
import SyncModel
import SyncWire
import Testing

@testable import SyncReplica

/// The journal of what happened to a replica.
@Suite struct EventTests {
    @Test func `a sound replica has nothing to tell`() async throws {
        let laptop = try Laptop()
        try laptop.person("Ada")
        _ = try await laptop.replica.sync(with: FakePeer())
        #expect(try laptop.replica.events().isEmpty)
    }

    @Test func `that it was a copy is told with what was agreed and what was issued anew`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        try laptop.person("Ada")
        try laptop.person("Bea")
        _ = try await laptop.replica.sync(with: peer)
        try laptop.person("Cleo")
        await peer.answer(
            with: ExchangeReply(
                welcome: peer.welcome(.reidentify(agreed: 1)),
                end: End(cursor: [], more: false, remaining: 0, heard: 0)))
        _ = try await laptop.replica.sync(with: peer)
        let events = try laptop.replica.events()
        #expect(events.map(\.kind) == [.copied(agreed: 1, reissued: 2)])
        #expect(try #require(events.first).at > 1_700_000_000_000_000)
    }

    /// One server that was put back to its beginning, and what is told of it then.
    private func restored(recording more: [String]) async throws -> [ReplicaEvent.Kind] {
        let laptop = try Laptop()
        let peer = FakePeer()
        let backup = await peer.backup
        try laptop.person("Ada")
        try more.first.map { _ = try laptop.person($0) }
        _ = try await laptop.replica.sync(with: peer)
        try more.dropFirst().forEach { _ = try laptop.person($0) }
        await peer.restore(backup)
        #expect(try laptop.replica.events().isEmpty)
        _ = try await laptop.replica.sync(with: peer)
        return try laptop.replica.events().map(\.kind)
    }

    /// Also where nothing was recorded since.
    @Test(arguments: [(["Bea", "Cleo"], 2, 1), ([], 1, 0)])
    func `that the server was restored is told with both epochs and what was offered again`(
        more: [String], offered: Int, reissued: Int
    ) async throws {
        let kinds = try await restored(recording: more)
        guard case .serverRestored(from: 1, to: 2, offered, reissued, _) = kinds.first else {
            Issue.record("\(kinds)")
            return
        }
        #expect(kinds.count == 1)
    }

    @Test func `that it was retired is told, and once`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        for _ in 0..<2 {
            await peer.answer(
                with: ExchangeReply(
                    welcome: peer.welcome(.sealed),
                    end: End(cursor: [], more: false, remaining: 0, heard: 0)))
            await #expect(throws: SyncError.self) { try await laptop.replica.sync(with: peer) }
        }
        #expect(try laptop.replica.events().map(\.kind) == [.sealed])
    }

    @Test func `it is bounded, and the newest stay; what a newer program noted is passed over`() throws {
        let laptop = try Laptop()
        try laptop.replica.queue.write { db in
            for number in 0..<(Limits.eventsKept + 20) {
                try EventLog.note(db, .copied(agreed: UInt64(number), reissued: 0), at: Int64(number))
            }
        }
        let events = try laptop.replica.events()
        #expect(events.count == Limits.eventsKept)
        #expect(events.map(\.at) == (20..<(Int64(Limits.eventsKept) + 20)).map { $0 })
        try laptop.replica.queue.write { db in
            try db.execute(
                sql: """
                    INSERT INTO sync_event (at, kind, was, became, offered, reissued, brought)
                    VALUES (1, 'abducted', 0, 0, 0, 0, 0)
                    """)
        }
        #expect(try laptop.replica.events() == events)
    }
}
