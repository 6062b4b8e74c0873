import SyncModel
import SyncReplica
import SyncWire
import Testing

@Suite struct ReleasedTests {
    @Test func `a released change stands in the history once, and in the outbox no more`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        await peer.refuse(author: "PS01", Refusal(code: "permission", reason: "not your role"))
        let id = try laptop.person("Ada")
        _ = try await laptop.replica.sync(with: peer)
        let refused = try #require(try laptop.replica.outbox().first)
        let own = try #require(try laptop.replica.history(id).first)
        #expect(own.outcome != .released && own.effective == nil)

        // What an administrator issued for it: the same, under an incarnation of the server's.
        let issued = LiveChange(
            dot: Dot(Identifier(high: 9, low: 9), 1), author: refused.author, writes: refused.writes,
            context: own.context, effective: EffectiveTime(microseconds: 1_800_000_000_000_000),
            deviceMicroseconds: refused.writtenMicroseconds)
        await peer.put(id, "person", [issued])
        let state = try #require(await peer.records[id]?.state)
        await peer.answer(
            with: ExchangeReply(
                welcome: peer.welcome(.ok, taken: 1),
                dispositions: [Disposition(dot: refused.dot, outcome: .released, effective: nil)],
                records: [PageRecord(id: id, keys: ["all"], body: .state(StateCodec.encode(state)))],
                end: End(cursor: [1], more: false, remaining: 0, heard: 9)))
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.replica.outbox().isEmpty && laptop.replica.status().quarantined == 0)
        #expect(try laptop.name(id) == "Ada")
        #expect(try laptop.replica.history(id).map(\.dot) == [issued.dot])

        // Replaced, what was issued is gone from the record; of the own change there still is one line.
        let writer = Identifier(high: 8, low: 8)
        var context = Context()
        context.include(issued.dot)
        let later = LiveChange(
            dot: Dot(writer, 1), author: "AD01", writes: refused.writes, context: context,
            effective: EffectiveTime(microseconds: 1_800_000_000_000_009), deviceMicroseconds: 1)
        await peer.put(id, "person", [later])
        _ = try await laptop.replica.sync(with: peer)
        let history = try laptop.replica.history(id)
        #expect(history.count == 2 && history.count { $0.outcome == .released } == 1)
    }
}
