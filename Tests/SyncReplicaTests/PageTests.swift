import SyncModel
import SyncWire
import Testing

@testable import SyncReplica

@Suite struct PageTests {
    private static let stranger = Identifier(high: 9, low: 9)

    private func change(
        _ n: UInt64, _ writes: [RegisterWrite], read: [Dot] = [], at time: Int64 = 5
    ) -> LiveChange {
        var context = Context()
        for dot in read { context.include(dot) }
        return LiveChange(
            dot: Dot(Self.stranger, n), author: "PS09", writes: writes.sorted { $0.register < $1.register },
            context: context, effective: EffectiveTime(microseconds: time), deviceMicroseconds: time)
    }

    @Test func `an answer to a question that was asked before is not applied`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let id = try laptop.person("Ada")
        let round = try laptop.replica.open(SyncOptions(), lease: [1])
        let late = try await peer.exchange(round.request)
        try laptop.replica.write { db, _ in try Lease.drop(db, token: [1]) }
        _ = try await laptop.replica.sync(with: peer)
        let digest = try laptop.replica.digest()
        var report = SyncReport()
        let error = #expect(throws: SyncError.self) {
            try laptop.replica.apply(late, of: round, lease: [1], to: &report)
        }
        #expect(error?.code == .syncing)
        #expect(try laptop.replica.digest() == digest)
        #expect(try laptop.name(id) == "Ada")
    }

    @Test func `what nobody has to decide is kept and counted nowhere`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        func seen(_ at: Int64) -> RegisterWrite { RegisterWrite("seen", [.integer(at)]) }
        let id = try #require(
            try laptop.replica.edit { try $0.create("memo", [seen(1)]) }.records.first)
        _ = try await laptop.replica.sync(with: peer)
        let first = try #require(try laptop.replica.history(id).first)
        await peer.put(id, "memo", [change(1, [seen(2)], read: [first.dot])])
        try laptop.set(id, seen(3))
        let report = try await laptop.replica.sync(with: peer)
        #expect(report.applied == 1 && report.conflicts == 0)
        #expect(try laptop.replica.status().conflicts == 0)
        // Both are there all the same.
        #expect(try laptop.replica.siblings(id, of: "seen").count == 2)
    }

    @Test func `two values written apart are a conflict, which an ordinary edit may not touch`() async throws
    {
        let laptop = try Laptop()
        let peer = FakePeer()
        let id = try laptop.person("Ada")
        _ = try await laptop.replica.sync(with: peer)
        let first = try #require(try laptop.replica.history(id).first)
        let token = try #require(try laptop.replica.token(for: id))
        await peer.put(id, "person", [change(1, [Write.name("Eva")], read: [first.dot])])
        try laptop.set(id, Write.name("Ida"))
        let report = try await laptop.replica.sync(with: peer)
        #expect(report.conflicts == 1)
        #expect(try laptop.replica.view(id)?.conflicts == ["name"])
        #expect(try laptop.row(id)?.text("clash") == "name")
        #expect(try laptop.replica.status().conflicts == 1)
        #expect(try laptop.replica.conflicted().map(\.id) == [id])
        #expect(try laptop.replica.siblings(id, of: "name").count == 2)
        let error = #expect(throws: SyncError.self) { try laptop.set(id, Write.name("Uma")) }
        #expect(error?.code == .inConflict)
        try laptop.set(id, Write.phone("1"))
        let stale = #expect(throws: SyncError.self) {
            try laptop.replica.edit(token: token, resolving: true) { try $0.write(id, [Write.name("Uma")]) }
        }
        #expect(stale?.code == .stale)
        let now = try #require(try laptop.replica.token(for: id))
        let carried = try #require(ReadToken(text: now.text))
        #expect(carried == now)
        try laptop.replica.edit(token: carried, resolving: true) { try $0.write(id, [Write.name("Uma")]) }
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.replica.view(id)?.conflicts == [])
        #expect(try laptop.name(id) == "Uma")
        #expect(try laptop.row(id)?.text("clash") == nil)
        #expect(try await laptop.replica.digest() == peer.digest)
    }

    @Test func `an edit from an older token becomes a conflict and overwrites nothing`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let id = try laptop.person("Ada")
        _ = try await laptop.replica.sync(with: peer)
        let token = try #require(try laptop.replica.token(for: id))
        let mine = try #require(try laptop.replica.history(id).first)
        await peer.put(id, "person", [change(1, [Write.name("Eva")], read: [mine.dot])])
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.name(id) == "Eva")
        try laptop.replica.edit(token: token) { try $0.write(id, [Write.name("Ida")]) }
        #expect(try laptop.name(id) == "Ida")
        #expect(try laptop.replica.view(id)?.conflicts == ["name"])
    }

    @Test func `a record that leaves takes its row along, and no unsent change`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let id = Identifier(high: 3, low: 3)
        await peer.put(id, "person", [change(1, [Write.name("Eva")])])
        _ = try await laptop.replica.sync(with: peer)
        try laptop.set(id, Write.phone("1"))
        let other = try laptop.again(process: 2)
        await peer.leave(id)
        await peer.during { try other.edit { try $0.write(id, [Write.phone("2")]) } }
        let report = try await laptop.replica.sync(with: peer)
        #expect(report.left > 0)
        #expect(report.sent == 2)
        #expect(try laptop.row(id) == nil)
        #expect(try laptop.replica.view(id) == nil)
        #expect(try laptop.replica.status().waiting == 0)
        #expect(await peer.records[id]?.state.winner(of: "contact") == [.text("2"), .none])
    }

    @Test func `a key that is no longer received takes along what has no other`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let ids = (1...3).map { Identifier(high: 3, low: UInt64($0)) }
        await peer.set(keys: ["a", "b"])
        await peer.put(ids[0], "person", [change(1, [Write.name("A")])], keys: ["a"])
        await peer.put(ids[1], "person", [change(2, [Write.name("B")])], keys: ["a", "b"])
        await peer.put(ids[2], "person", [change(3, [Write.name("C")])], keys: ["b"])
        _ = try await laptop.replica.sync(with: peer)
        let fresh = try laptop.person("Mine")
        await peer.set(keys: ["b"])
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.name(ids[0]) == nil)
        #expect(try laptop.row(ids[0]) == nil)
        #expect(try laptop.name(ids[1]) == "B")
        #expect(try laptop.name(ids[2]) == "C")
        #expect(try laptop.name(fresh) == "Mine")
        #expect(try laptop.replica.status().keys == ["b"])
        #expect(try laptop.replica.doctor().allSatisfy { $0.gravity == .fine })
    }

    @Test func `an own record is put together from what is here`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        _ = try await laptop.replica.sync(with: peer)
        let id = try laptop.person("Ada")
        try laptop.set(id, Write.name("Ida"))
        let incarnation = try laptop.replica.status().incarnation
        let time = EffectiveTime(microseconds: 77)
        let cursor = [UInt8](repeating: 0, count: 7) + [9]
        await peer.answer(
            with: ExchangeReply(
                welcome: peer.welcome(.ok, taken: 2),
                dispositions: [1, 2].map {
                    Disposition(dot: Dot(incarnation, $0), outcome: .applied, effective: time)
                },
                records: [PageRecord(id: id, keys: ["all"], body: .own)],
                end: End(cursor: cursor, more: false, remaining: 0, heard: 2)))
        _ = try await laptop.replica.sync(with: peer)
        let state = try #require(try laptop.replica.state(id))
        #expect(state.live.map(\.dot.n) == [2])
        #expect(state.live.first?.effective == time)
        #expect(try laptop.row(id)?.number("waiting") == 0)
        var expected = StateDigest()
        expected.add(id: id, table: "person", state: StateCodec.encode(state))
        #expect(try laptop.replica.digest() == expected.text)
    }

    @Test func `a quarantined change is shown to its author and is no part of the digest`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let known = Identifier(high: 3, low: 3)
        await peer.put(known, "person", [change(1, [Write.name("Eva")])])
        _ = try await laptop.replica.sync(with: peer)
        let before = try laptop.replica.digest()
        let refusal = Refusal(code: "permission", reason: "not your role")
        await peer.refuse(author: "PS01", refusal)
        let id = try laptop.person("Ada")
        let report = try await laptop.replica.sync(with: peer)
        #expect(report.quarantined.count == 1)
        #expect(try laptop.replica.status().quarantined == 1)
        #expect(try laptop.replica.status().waiting == 0)
        #expect(try laptop.replica.outbox().map(\.outcome) == [.quarantined(refusal)])
        #expect(try laptop.name(id) == "Ada")
        #expect(try laptop.replica.digest() == before)
        let dot = try #require(try laptop.replica.outbox().first?.dot)
        await peer.answer(
            with: ExchangeReply(
                welcome: peer.welcome(.ok, taken: 1),
                dispositions: [Disposition(dot: dot, outcome: .withdrawn, effective: nil)],
                end: End(cursor: [1], more: false, remaining: 0, heard: 9)))
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.name(id) == nil)
        #expect(try laptop.replica.outbox().isEmpty)
    }

    @Test func `tables and registers of a newer schema pass through unharmed`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let person = Identifier(high: 3, low: 3)
        let alien = Identifier(high: 3, low: 4)
        let newer = RegisterWrite("zodiac", [.text("crab")])
        await peer.put(person, "person", [change(1, [Write.name("Eva"), newer])])
        await peer.put(alien, "starship", [change(2, [Write.name("NCC")])])
        _ = try await laptop.replica.sync(with: peer)
        try laptop.set(person, Write.name("Ida"))
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.replica.view(alien) == nil)
        #expect(try laptop.replica.state(alien)?.table == "starship")
        #expect(try laptop.replica.state(person)?.winner(of: "zodiac") == [.text("crab")])
        #expect(try await laptop.replica.digest() == peer.digest)
        let more = [Register("zodiac", [Field("zodiac", .text(limit: 20))])]
        let updated = try laptop.again(domain: TestDomain(schema: TestDomain.tables(version: 2, more: more)))
        #expect(try updated.view(person)?["zodiac"] == .text("crab"))
        #expect(try updated.count(Query("person", where: [.equals("zodiac", .text("crab"))])) == 1)
    }

    @Test func `delete here and edit there stays visible and flagged`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let id = Identifier(high: 3, low: 3)
        await peer.put(id, "person", [change(1, [Write.name("Eva")])])
        _ = try await laptop.replica.sync(with: peer)
        try laptop.replica.edit { try $0.delete(id) }
        #expect(try laptop.row(id) == nil)
        await peer.put(
            id, "person", [change(2, [Write.phone("1")], read: [Dot(Self.stranger, 1)])])
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.row(id)?.text("clash") == "deleted")
        #expect(try laptop.replica.view(id)?.deletion == .contested)
    }

    @Test func `an unreadable record spoils the whole answer and moves nothing`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        _ = try await laptop.replica.sync(with: peer)
        let cursor = try laptop.replica.read { _, meta in meta.cursor }
        await peer.answer(
            with: ExchangeReply(
                welcome: peer.welcome(.ok),
                records: [
                    PageRecord(id: Identifier(high: 3, low: 3), keys: ["all"], body: .state([1, 2, 3]))
                ],
                end: End(cursor: [5], more: false, remaining: 0, heard: 0)))
        let error = await #expect(throws: SyncError.self) { try await laptop.replica.sync(with: peer) }
        #expect(error?.code == .malformed)
        #expect(try laptop.replica.read { _, meta in meta.cursor } == cursor)
    }

    @Test func `what joined by an earlier word goes when a later one says that it is out of scope`()
        async throws
    {
        let laptop = try Laptop()
        let peer = FakePeer()
        let id = try laptop.person("Ada")
        let dot = try #require(try laptop.replica.history(id).first?.dot)
        for (heard, outcome) in [Disposition.Outcome.applied, .taken].enumerated() {
            let disposition = Disposition(
                dot: dot, outcome: outcome, effective: EffectiveTime(microseconds: 5))
            let welcome = await peer.welcome(.ok, taken: dot.n)
            await peer.answer(
                with: ExchangeReply(
                    welcome: welcome, dispositions: [disposition],
                    end: End(cursor: [UInt8(heard)], more: false, remaining: 0, heard: UInt64(heard + 1))))
            _ = try await laptop.replica.sync(with: peer)
            #expect(try laptop.replica.view(id) != nil || outcome == .taken)
        }
        #expect(try laptop.replica.view(id) == nil)
        #expect(try laptop.row(id) == nil)
    }
}
