import SyncModel
import SyncWire
import Testing

@testable import SyncReplica

@Suite struct SyncTests {
    @Test func `two laptops that record apart agree byte for byte after they sync`() async throws {
        let one = try Laptop(1)
        let two = try Laptop(2)
        let peer = FakePeer()
        let ada = try one.person("Ada")
        try two.person("Bea")
        let report = try await one.replica.sync(with: peer)
        #expect(report.sent == 1 && report.applied == 1)
        _ = try await two.replica.sync(with: peer)
        try two.set(ada, Write.phone("0664"))
        _ = try await two.replica.sync(with: peer)
        _ = try await one.replica.sync(with: peer)
        #expect(try one.replica.digest() == two.replica.digest())
        #expect(try await one.replica.digest() == peer.digest)
        #expect(try one.visible() == two.visible())
        #expect(try one.replica.view(ada)?["phone"] == .text("0664"))
        #expect(try one.replica.status().waiting == 0)
        #expect(try one.replica.status().lastSyncMicroseconds != nil)
        #expect(try one.replica.doctor().allSatisfy { $0.gravity == .fine })
    }

    @Test func `an idle sync is one exchange without changes`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        _ = try await laptop.replica.sync(with: peer)
        let before = await peer.requests.count
        let report = try await laptop.replica.sync(with: peer, options: SyncOptions(waitSeconds: 50))
        #expect(report.exchanges == 1)
        let last = try #require(await peer.requests.last)
        #expect(await peer.requests.count == before + 1)
        #expect(last.changes.isEmpty && last.hello.waitSeconds == 50)
    }

    @Test func `a lost answer is asked for again and nothing comes twice`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let id = try laptop.person("Ada")
        await peer.loseAnswers(1)
        let error = await #expect(throws: SyncError.self) { try await laptop.replica.sync(with: peer) }
        #expect(error?.code == .cutShort)
        #expect(try laptop.replica.status().lastFailure?.code == .cutShort)
        #expect(try laptop.replica.status().waiting == 1)
        #expect(try laptop.name(id) == "Ada")
        let report = try await laptop.replica.sync(with: peer)
        #expect(report.sent == 1)
        #expect(await peer.logs.values.map(\.count) == [1])
        #expect(try await laptop.replica.digest() == peer.digest)
        #expect(try laptop.replica.status().lastFailure == nil)
    }

    @Test(arguments: [1, 2, 3, 50])
    func `any page size brings the same`(page: Int) async throws {
        let laptop = try Laptop()
        let other = try Laptop(2)
        let peer = FakePeer()
        try other.replica.edit(linked: false) { edit in
            for number in 0..<7 { try edit.create("person", [Write.name("\(number)")]) }
        }
        _ = try await other.replica.sync(with: peer)
        let report = try await laptop.replica.sync(with: peer, options: SyncOptions(pageRecords: page))
        #expect(report.received == 7)
        #expect(try laptop.replica.digest() == other.replica.digest())
        #expect(try laptop.visible() == other.visible())
    }

    @Test func `a linked transaction is never split, whatever the batch`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        try laptop.person("Ada")
        try laptop.replica.edit { edit in
            for number in 0..<3 { try edit.create("person", [Write.name("\(number)")]) }
        }
        try laptop.person("Bea")
        _ = try await laptop.replica.sync(with: peer, options: SyncOptions(changesPerExchange: 2))
        #expect(await peer.requests.map(\.changes.count) == [1, 3, 1])
    }

    @Test func `what failed to get through is tried again by halves, and grows back`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        try laptop.replica.edit(linked: false) { edit in
            for number in 0..<100 { try edit.create("person", [Write.name("\(number)")]) }
        }
        await peer.loseRequests(2)
        for _ in 0..<2 {
            await #expect(throws: SyncError.self) { try await laptop.replica.sync(with: peer) }
        }
        #expect(await peer.requests.map(\.changes.count) == [100, 50])
        #expect(try await laptop.replica.sync(with: peer).sent == 100)
        #expect(await peer.requests.map(\.changes.count) == [100, 50, 25, 50, 25])
        // One change is no reason to fetch page after page of one record.
        try laptop.person("Ada")
        await peer.loseRequests(1)
        let batch = try laptop.replica.read { _, meta in meta.batch }
        await #expect(throws: SyncError.self) { try await laptop.replica.sync(with: peer) }
        #expect(try laptop.replica.read { _, meta in meta.batch } == batch / 2)
    }

    @Test func `batches halve after a failure and grow back, across restarts`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        await peer.loseRequests(3)
        for _ in 0..<3 {
            await #expect(throws: SyncError.self) { try await laptop.replica.sync(with: peer) }
        }
        try laptop.reopen()
        #expect(try laptop.replica.read { _, meta in meta.batch } == Limits.changesPerExchange / 8)
        _ = try await laptop.replica.sync(with: peer)
        #expect(await peer.requests.last?.hello.failures == 3)
        #expect(await peer.requests.last?.hello.pageRecords == UInt32(Limits.changesPerExchange / 8))
        for _ in 0..<4 { _ = try await laptop.replica.sync(with: peer) }
        #expect(try laptop.replica.read { _, meta in meta.batch } == Limits.changesPerExchange)
    }

    @Test func `one process syncs at a time, and a dead one is taken over`() async throws {
        let laptop = try Laptop()
        let other = try laptop.again(process: 2)
        let dead = try laptop.again(process: 5_000)
        let peer = FakePeer()
        try laptop.replica.write { db, _ in try Lease.take(db, token: [1], dead.surroundings) }
        _ = try await laptop.replica.sync(with: peer)
        try laptop.replica.write { db, _ in try Lease.take(db, token: [1], other.surroundings) }
        let error = await #expect(throws: SyncError.self) { try await laptop.replica.sync(with: peer) }
        #expect(error?.code == .syncing)
        laptop.clock.pass(seconds: Limits.leaseSeconds)
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.replica.read { db, _ in try Lease.load(db) } == nil)
    }

    /// A laptop with something to send, and a sync of it under the lease `[1]` that took longer than a lease lasts before
    /// its request left.
    private func slow() throws -> (laptop: Laptop, round: SyncRound) {
        let laptop = try Laptop()
        _ = try laptop.person("Ada")
        let round = try laptop.replica.open(SyncOptions(), lease: [1])
        laptop.clock.pass(seconds: Limits.leaseSeconds + 1)
        return (laptop, round)
    }

    /// To the server the request of whoever was overtaken looks like a copy's, if others sent more meanwhile.
    @Test func `an answer is not applied by whoever lost the lease, also when nobody holds it any more`()
        async throws
    {
        let (laptop, round) = try slow()
        let peer = FakePeer()
        var report = SyncReport()
        await peer.loseAnswers(1)
        await #expect(throws: SyncError.self) { try await laptop.replica.sync(with: peer) }
        #expect(try laptop.replica.read { db, _ in try Lease.load(db) } == nil)
        let before = try laptop.replica.status()
        let forked = ExchangeReply(
            welcome: await peer.welcome(.reidentify(agreed: 0)),
            end: End(cursor: round.request.hello.cursor, more: false, remaining: 0, heard: 0))
        do {
            _ = try laptop.replica.apply(forked, of: round, lease: [1], to: &report)
            Issue.record("it was applied")
        } catch let error as SyncError {
            #expect(error.code == .syncing)
        }
        #expect(try laptop.replica.status() == before)
        #expect(try await laptop.replica.sync(with: peer).sent == 1)
    }

    /// Nobody came in between, so nothing is lost by having been slow.
    @Test func `whoever is slow and was not overtaken goes on`() async throws {
        let (laptop, round) = try slow()
        let peer = FakePeer()
        var report = SyncReport()
        let reply = try await peer.exchange(round.request)
        _ = try laptop.replica.apply(reply, of: round, lease: [1], to: &report)
        #expect(report.sent == 1)
        try laptop.replica.write { db, _ in try Lease.drop(db, token: [1]) }
    }

    @Test func `an edit made while the server is awaited is kept and sent next`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let id = try laptop.person("Ada")
        let other = try laptop.again(process: 2)
        await peer.during { try other.edit { try $0.write(id, [Write.name("Ida")]) } }
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.name(id) == "Ida")
        #expect(try laptop.replica.status().waiting == 0)
        #expect(try await laptop.replica.digest() == peer.digest)
    }

    @Test(arguments: [Step.answered, .disposed, .pageWritten, .pageCommitted])
    func `a sync broken off anywhere ends well the next time`(step: Step) async throws {
        let crash = CrashPoint()
        let laptop = try Laptop(crash: crash)
        let peer = FakePeer()
        let id = try laptop.person("Ada")
        crash.arm(step)
        await #expect(throws: CrashPoint.Crash.self) { try await laptop.replica.sync(with: peer) }
        try laptop.reopen()
        #expect(try laptop.name(id) == "Ada")
        _ = try await laptop.replica.sync(with: peer)
        #expect(await peer.logs.values.map(\.count) == [1])
        #expect(try await laptop.replica.digest() == peer.digest)
        #expect(try laptop.replica.doctor().allSatisfy { $0.gravity == .fine })
    }

    @Test func `a laptop that is told that it was retired, and no more, keeps what it has not handed in`()
        async throws
    {
        let laptop = try Laptop()
        let peer = FakePeer()
        let id = try laptop.person("Ada")
        await peer.answer(
            with: ExchangeReply(
                welcome: peer.welcome(.sealed, taken: 0),
                end: End(cursor: [], more: false, remaining: 0, heard: 0)))
        let error = await #expect(throws: SyncError.self) { try await laptop.replica.sync(with: peer) }
        #expect(error?.code == .retired)
        try laptop.reopen()
        #expect(throws: SyncError.self) { try laptop.replica.view(id) }
        #expect(throws: SyncError.self) { try laptop.person("Bea") }
        #expect(try laptop.replica.status().isSealed)
        #expect(try laptop.replica.outbox().count == 1)
        #expect(try laptop.replica.status().waiting == 1)
    }

    @Test func `an unknown protocol asks for a newer program`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        await peer.answer(
            with: ExchangeReply(
                welcome: peer.welcome(.upgrade(2...3)),
                end: End(cursor: [], more: false, remaining: 0, heard: 0)))
        let error = await #expect(throws: SyncError.self) { try await laptop.replica.sync(with: peer) }
        #expect(error?.code == .upgrade)
        _ = try await laptop.replica.sync(with: peer)
    }

    @Test func `what was offered to nobody can be taken back`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let ada = try laptop.person("Ada")
        _ = try await laptop.replica.sync(with: peer)
        try laptop.set(ada, Write.name("Adah"))
        let silent = FailingPeer(SyncError(.offline, "no connection could be made"))
        await #expect(throws: SyncError.self) { _ = try await laptop.replica.sync(with: silent) }
        try laptop.replica.undo()
        #expect(try laptop.name(ada) == "Ada")
        // Once it was on its way, nobody knows.
        try laptop.set(ada, Write.name("Adele"))
        let deaf = FailingPeer(SyncError(.stalled, "nothing came back"))
        await #expect(throws: SyncError.self) { _ = try await laptop.replica.sync(with: deaf) }
        await #expect(throws: SyncError.self) { _ = try await laptop.replica.sync(with: silent) }
        let error = #expect(throws: SyncError.self) { try laptop.replica.undo() }
        #expect(error?.code == .alreadySent)
        #expect(try laptop.name(ada) == "Adele")
    }

    @Test func `a cancelled sync stops and can be resumed`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        try laptop.person("Ada")
        let replica = laptop.replica
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await replica.sync(with: peer)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(await peer.requests.isEmpty)
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.replica.status().waiting == 0)
    }
}

/// A server that is never there.
struct FailingPeer: ExchangePeer {
    let error: SyncError

    init(_ error: SyncError) { self.error = error }

    func exchange(_ request: ExchangeRequest) async throws -> ExchangeReply { throw error }
}
