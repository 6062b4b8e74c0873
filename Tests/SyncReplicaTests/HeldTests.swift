import SyncModel
import Testing

@testable import SyncReplica

/// What a laptop holds from before a restore, and the server may have taken from it since.
@Suite struct HeldTests {
    let laptop: Laptop
    let peer = FakePeer()
    let ids = (1...3).map { Identifier(high: 5, low: $0) }

    /// A laptop that received three records, which the restored server does not have.
    init() async throws {
        laptop = try Laptop()
        let backup = await peer.backup
        for (number, id) in ids.enumerated() {
            await peer.put(
                id, "person",
                [
                    LiveChange(
                        dot: Dot(Identifier(high: 9, low: 9), UInt64(number + 1)), author: "PS02",
                        writes: [Write.name("Somebody")], context: Context(),
                        effective: EffectiveTime(microseconds: 1), deviceMicroseconds: 1)
                ])
        }
        _ = try await laptop.replica.sync(with: peer)
        await peer.restore(backup)
        _ = try await laptop.replica.sync(with: peer)
    }

    /// What the laptop asks about in one sync, which is one exchange.
    private func asked(batch: Int) async throws -> [RecordID] {
        let report = try await laptop.replica.sync(
            with: peer, options: SyncOptions(changesPerExchange: batch))
        #expect(report.exchanges == 1)
        return await peer.requests.last?.remembered.held ?? []
    }

    @Test func `every sync asks about all of it where that fits`() async throws {
        for _ in 1...3 { #expect(try await asked(batch: 50).sorted() == ids) }
    }

    @Test func `otherwise it is asked about round and round`() async throws {
        let first = try await asked(batch: 2)
        let (second, third) = (try await asked(batch: 2), try await asked(batch: 2))
        #expect(first.count == 2 && second.count == 2 && third.count == 2)
        #expect(Set(first + second) == Set(ids))
        // Six places for three: each has its turn twice.
        #expect((first + second + third).sorted() == (ids + ids).sorted())
    }

    @Test func `what leaves is asked about no more`() async throws {
        await peer.put(ids[1], "person", [])
        await peer.leave(ids[1])
        _ = try await laptop.replica.sync(with: peer)
        #expect(try await asked(batch: 50).sorted() == [ids[0], ids[2]])
    }
}
