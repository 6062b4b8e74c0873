import Foundation
import SyncModel
import SyncWire
import Testing

@testable import SyncReplica

@Suite struct ReissueTests {
    /// The own log as (incarnation's place, n, name written, context).
    private func log(_ laptop: Laptop) throws -> [(LogEntry, Change)] {
        try laptop.replica.read { db, _ in
            var found: [(LogEntry, Change)] = []
            for head in try Log.heads(db) {
                try Log.each(db, head, from: 1) { entry, _ in
                    found.append((entry, try entry.change()))
                    return true
                }
            }
            return found
        }
    }

    @Test func `what the server does not know is issued anew, contexts clipped to what was known`()
        async throws
    {
        let laptop = try Laptop()
        let peer = FakePeer()
        let ada = try laptop.person("Ada")
        let bea = try laptop.person("Bea")
        _ = try await laptop.replica.sync(with: peer)
        try laptop.set(ada, Write.name("Ada 2"))
        try laptop.set(bea, Write.name("Bea 2"))
        try laptop.set(ada, Write.name("Ada 3"))
        let before = try log(laptop).map(\.1)
        let old = try laptop.replica.status().incarnation
        await peer.answer(
            with: ExchangeReply(
                welcome: peer.welcome(.reidentify(agreed: 2)),
                end: End(cursor: [], more: false, remaining: 0, heard: 0)))
        let report = try await laptop.replica.sync(with: peer)
        #expect(report.reidentified && report.sent == 3)
        let new = try laptop.replica.status().incarnation
        #expect(new != old)
        let after = try log(laptop).map(\.1)
        #expect(after.map(\.dot) == [Dot(old, 1), Dot(old, 2), Dot(new, 1), Dot(new, 2), Dot(new, 3)])
        #expect(after.map(\.writes) == before.map(\.writes))
        #expect(after.map(\.clock) == before.map(\.clock))
        #expect(after.map(\.author) == before.map(\.author))
        // As reference/records.py has it: the old share cut to what is agreed, and of the new numbers the
        // greatest whose predecessor had been read on the same record.
        #expect(after[2].context == Context([.init(old, 1)]))
        #expect(after[3].context == Context([.init(old, 2)]))
        #expect(after[4].context == Context([.init(old, 2), .init(new, 1)]))
        #expect(try laptop.name(ada) == "Ada 3")
        #expect(try laptop.replica.view(ada)?.conflicts == [])
        #expect(try await laptop.replica.digest() == peer.digest)
        #expect(try laptop.replica.doctor().allSatisfy { $0.gravity == .fine })
    }

    /// The number that their own change had when it was shown stands for what another copy wrote, and they have not read.
    @Test func `an edit of what was shown before the log was cut back closes nothing of another copy's`()
        async throws
    {
        let laptop = try Laptop()
        let peer = FakePeer()
        let ada = try laptop.person("Ada")
        _ = try await laptop.replica.sync(with: peer)
        let old = try laptop.replica.status().incarnation
        try laptop.set(ada, Write.phone("1"))
        let shown = try #require(try laptop.replica.token(for: ada))
        #expect(shown.context.contains(Dot(old, 2)))
        await peer.put(
            ada, "person",
            [
                LiveChange(
                    dot: Dot(old, 2), author: "PS01", writes: [Write.name("The copy's")],
                    context: Context([.init(old, 1)]), effective: EffectiveTime(microseconds: 1),
                    deviceMicroseconds: 1)
            ])
        await peer.answer(
            with: ExchangeReply(
                welcome: peer.welcome(.reidentify(agreed: 1)),
                end: End(cursor: [], more: false, remaining: 0, heard: 0)))
        #expect(try await laptop.replica.sync(with: peer).reidentified)
        func names() throws -> Set<String> {
            Set(try laptop.replica.siblings(ada, of: "name").compactMap { $0.values.first?.text })
        }
        #expect(try names() == ["The copy's"])
        let now = try #require(try laptop.replica.token(for: ada))
        try laptop.replica.edit(token: shown) { try $0.write(ada, [Write.name("Ada 2")]) }
        #expect(try names() == ["Ada 2", "The copy's"])
        // What is shown now has it; what was shown before the edit has not that.
        #expect(now.context.contains(Dot(old, 2)))
        #expect(throws: SyncError.self) {
            try laptop.replica.edit(token: now, resolving: true) { try $0.write(ada, [Write.name("Ada 3")]) }
        }
        let last = try #require(try laptop.replica.token(for: ada))
        try laptop.replica.edit(token: last, resolving: true) { try $0.write(ada, [Write.name("Ada 4")]) }
        #expect(try names() == ["Ada 4"])
    }

    /// A restored server may know neither the entry nor what was decided of it. Whoever drops it from the log drops the
    /// only copy; what its author took back is nobody's to offer.
    @Test(arguments: [Disposition.Outcome.released, .withdrawn])
    func `what an administrator decided is issued anew, what its author took back is not`(
        decision: Disposition.Outcome
    ) async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let ada = try laptop.person("Ada")
        _ = try await laptop.replica.sync(with: peer)
        await peer.refuse(author: "PS01", Refusal(code: "permission", reason: "not your role"))
        for phone in ["1", "2"] { try laptop.set(ada, Write.phone(phone)) }
        _ = try await laptop.replica.sync(with: peer)
        let entries = try laptop.replica.outbox()
        #expect(entries.count == 2)
        try laptop.replica.withdraw(entries[1].number)
        await peer.decide(entries[0].dot, decision)
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.replica.outbox().isEmpty)
        await peer.refuse(author: "PS01", nil)
        await peer.answer(
            with: ExchangeReply(
                welcome: peer.welcome(.reidentify(agreed: 1)),
                end: End(cursor: [], more: false, remaining: 0, heard: 0)))
        #expect(try await laptop.replica.sync(with: peer).reidentified)
        let after = try log(laptop).map(\.1)
        #expect(after.map(\.writes) == [after[0].writes, [Write.phone("1")]])
        #expect(after[1].dot.incarnation != entries[0].dot.incarnation)
    }

    /// A server that is put back once more, and is not told, learns of it from what an answer without a page left behind.
    @Test func `what was brought back is followed by the cursor of the answer to it`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let backup = await peer.backup
        for name in ["Ada", "Bea", "Cyd"] { _ = try laptop.person(name) }
        _ = try await laptop.replica.sync(with: peer)
        await peer.restore(backup)
        let options = SyncOptions(changesPerExchange: 1)
        #expect(try await laptop.replica.sync(with: peer, options: options).healed)
        let offers = await peer.requests.filter { $0.hello.epoch == 2 && $0.hello.pageRecords == 0 }
        #expect(offers.count >= 3 && offers[0].hello.cursor.isEmpty)
        #expect(offers.dropFirst().allSatisfy { !$0.hello.cursor.isEmpty })
    }

    @Test func `a copied database takes a fresh incarnation and both keep everything`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let ada = try laptop.person("Ada")
        _ = try await laptop.replica.sync(with: peer)
        try laptop.checkpoint()
        let copy = laptop.folder.appendingPathComponent("copy.db").path
        // The file beside it too: without that, the copy would know by itself what it is.
        for suffix in ["", "-id"] {
            try FileManager.default.copyItem(atPath: laptop.path + suffix, toPath: copy + suffix)
        }
        let twin = try Replica.open(
            at: copy, domain: laptop.domain, surroundings: Laptop(8).replica.surroundings)
        try laptop.set(ada, Write.name("here"))
        try twin.edit { try $0.write(ada, [Write.name("there")]) }
        _ = try await laptop.replica.sync(with: peer)
        let report = try await twin.sync(with: peer)
        #expect(report.reidentified)
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.replica.digest() == twin.digest())
        let values = try twin.siblings(ada, of: "name").compactMap { $0.values.first?.text }
        #expect(values.sorted() == ["here", "there"])
    }

    @Test func `a crash while reissuing leaves the old log whole`() async throws {
        let crash = CrashPoint()
        let laptop = try Laptop(crash: crash)
        let peer = FakePeer()
        let id = try laptop.person("Ada")
        await peer.answer(
            with: ExchangeReply(
                welcome: peer.welcome(.reidentify(agreed: 0)),
                end: End(cursor: [], more: false, remaining: 0, heard: 0)))
        crash.arm(.reissued)
        await #expect(throws: CrashPoint.Crash.self) { try await laptop.replica.sync(with: peer) }
        try laptop.reopen()
        #expect(try laptop.replica.doctor().allSatisfy { $0.gravity == .fine })
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.name(id) == "Ada")
        #expect(try await laptop.replica.digest() == peer.digest)
    }

    @Test func `what had been offered under its old number cannot be undone under its new one`() async throws
    {
        let laptop = try Laptop()
        let peer = FakePeer()
        try laptop.person("Ada")
        await peer.answer(
            with: ExchangeReply(
                welcome: peer.welcome(.reidentify(agreed: 0)),
                end: End(cursor: [], more: false, remaining: 0, heard: 0)))
        // The first request carried the change; the network goes before the second.
        await #expect(throws: SyncError.self) { try await laptop.replica.sync(with: OnlyOnce(peer)) }
        let error = #expect(throws: SyncError.self) { try laptop.replica.undo() }
        #expect(error?.code == .alreadySent)
    }

    @Test func `a rewind sends again from there, under the same numbers`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        try laptop.person("Ada")
        try laptop.person("Bea")
        _ = try await laptop.replica.sync(with: peer)
        await peer.answer(
            with: ExchangeReply(
                welcome: peer.welcome(.rewind(expected: 1)),
                end: End(cursor: [], more: false, remaining: 0, heard: 0)))
        _ = try await laptop.replica.sync(with: peer)
        #expect(await peer.requests.suffix(2).map(\.changes.count) == [0, 2])
        #expect(await peer.requests.last?.hello.firstUnsent == 1)
        #expect(try laptop.replica.status().waiting == 0)
    }

    @Test func `a restored server gets back what it had lost, and the rest comes anew`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let ada = try laptop.person("Ada")
        _ = try await laptop.replica.sync(with: peer)
        let backup = await peer.backup
        try laptop.set(ada, Write.name("Ada 2"))
        let bea = try laptop.person("Bea")
        _ = try await laptop.replica.sync(with: peer)
        try laptop.set(bea, Write.name("Bea 2"))
        let old = try laptop.replica.status().incarnation
        await peer.restore(backup)
        let report = try await laptop.replica.sync(with: peer)
        #expect(report.healed)
        #expect(try laptop.replica.status().epoch == 2)
        #expect(await peer.logs[old]?.count == 3)
        #expect(try laptop.name(ada) == "Ada 2" && laptop.name(bea) == "Bea 2")
        #expect(try laptop.replica.status().waiting == 0)
        #expect(try laptop.replica.status().conflicts == 0)
        #expect(try await laptop.replica.digest() == peer.digest)
        let fresh = try Laptop(2)
        _ = try await fresh.replica.sync(with: peer)
        #expect(try fresh.visible() == laptop.visible())
    }

    @Test func `what a restored server still has is not issued anew, though its answer never came`()
        async throws
    {
        let laptop = try Laptop()
        let peer = FakePeer()
        let ada = try laptop.person("Ada")
        _ = try await laptop.replica.sync(with: peer)
        try laptop.set(ada, Write.name("Ada 2"))
        await peer.loseAnswers(1)
        await #expect(throws: SyncError.self) { _ = try await laptop.replica.sync(with: peer) }
        let backup = await peer.backup
        try laptop.set(ada, Write.name("Ada 3"))
        let old = try laptop.replica.status().incarnation
        await peer.restore(backup)
        let report = try await laptop.replica.sync(with: peer)
        #expect(report.healed)
        // Two under the old incarnation, and only the third under the new one.
        #expect(await peer.logs[old]?.count == 2)
        #expect(await peer.logs.values.map(\.count).reduce(0, +) == 3)
        #expect(try await laptop.replica.digest() == peer.digest)
        #expect(try laptop.replica.status().conflicts == 0)
    }

    @Test func `a server that asks for the same again and again is left in the end`() async throws {
        let laptop = try Laptop()
        let ada = try laptop.person("Ada")
        let peer = RewindingPeer()
        let error = await #expect(throws: SyncError.self) { _ = try await laptop.replica.sync(with: peer) }
        #expect(error?.code == .malformed)
        #expect(try laptop.name(ada) == "Ada")
    }

    /// A database whose counters do not agree with its log notices at every page that it has gone back.
    @Test func `a server that was restored at every answer is left in the end`() async throws {
        let laptop = try Laptop()
        let ada = try laptop.person("Ada")
        let peer = ForgetfulPeer()
        _ = try await laptop.replica.sync(with: peer)
        let error = await #expect(throws: SyncError.self) { _ = try await laptop.replica.sync(with: peer) }
        #expect(error?.code == .malformed)
        #expect(error?.advice.contains("porchlightd verify") == true)
        #expect(await peer.asked < 20)
        #expect(try laptop.name(ada) == "Ada")
        // Put right, it gets all that there is, once.
        await peer.putRight()
        _ = try await laptop.replica.sync(with: peer)
        #expect(try await laptop.replica.digest() == peer.digest)
        #expect(await peer.changes == 1)
        #expect(try laptop.replica.status().waiting == 0)
    }

    @Test(arguments: [Step.healingBegun, .healingMoved, .answered, .pageCommitted])
    func `healing that is broken off goes on where it was`(step: Step) async throws {
        let crash = CrashPoint()
        let laptop = try Laptop(crash: crash)
        let peer = FakePeer()
        let backup = await peer.backup
        for number in 0..<5 { try laptop.person("\(number)") }
        _ = try await laptop.replica.sync(with: peer)
        await peer.restore(backup)
        var broken = 0
        for _ in 0..<12 {
            crash.arm(step)
            do {
                _ = try await laptop.replica.sync(with: peer, options: SyncOptions(changesPerExchange: 2))
            } catch is CrashPoint.Crash { broken += 1 }
            try laptop.reopen()
        }
        crash.arm(.editStored)
        _ = try await laptop.replica.sync(with: peer)
        #expect(broken > 0)
        #expect(try await laptop.replica.digest() == peer.digest)
        #expect(await peer.records.count == 5)
    }
}

/// Lets one exchange through, and then is out of reach.
actor OnlyOnce: ExchangePeer {
    private let peer: FakePeer
    private var used = false

    init(_ peer: FakePeer) { self.peer = peer }

    func exchange(_ request: ExchangeRequest) async throws -> ExchangeReply {
        if used { throw SyncError(.offline, "no network") }
        used = true
        return try await peer.exchange(request)
    }
}

/// Takes what it is sent, and then asks for it again.
actor RewindingPeer: ExchangePeer {
    private let peer = FakePeer()
    private var turn = 0

    func exchange(_ request: ExchangeRequest) async throws -> ExchangeReply {
        turn += 1
        let end = End(cursor: request.hello.cursor, more: true, remaining: 0, heard: request.hello.heard)
        let verdict: Welcome.Verdict = turn % 2 == 0 ? .rewind(expected: 1) : .ok
        let taken = request.hello.firstUnsent - 1 + UInt64(request.changes.count)
        return ExchangeReply(welcome: await peer.welcome(verdict, taken: taken), end: end)
    }
}

/// A server that begins a new epoch before every answer, until somebody puts it right.
actor ForgetfulPeer: ExchangePeer {
    private let peer = FakePeer()
    private var isRight = false
    private(set) var asked = 0

    func putRight() { isRight = true }

    /// How many entries its logs have.
    var changes: Int { get async { await peer.logs.values.map(\.count).reduce(0, +) } }

    var digest: String { get async { await peer.digest } }

    func exchange(_ request: ExchangeRequest) async throws -> ExchangeReply {
        asked += 1
        if !isRight, request.hello.epoch != 0 { await peer.restore(await peer.backup) }
        return try await peer.exchange(request)
    }
}
