import SyncModel
import SyncReplica
import SyncWire
import Testing

/// Authors and their refused changes, on the laptop.
@Suite struct WithdrawTests {
    private let crash = CrashPoint()
    private let laptop: Laptop
    private let peer = FakePeer()
    private let refusal = Refusal(code: "permission", reason: "not your role")
    private let ada: RecordID

    init() async throws {
        laptop = try Laptop(crash: crash)
        ada = try laptop.person("Ada")
        try laptop.set(ada, Write.phone("1"))
        _ = try await laptop.replica.sync(with: peer)
        await peer.refuse(author: "PS01", refusal)
    }

    private func sync() async throws -> SyncReport { try await laptop.replica.sync(with: peer) }

    /// Writes a phone number, which is refused; gives its number in the outbox.
    private func refused(_ phone: String = "2") async throws -> Int64 {
        try laptop.set(ada, Write.phone(phone))
        _ = try await sync()
        return try #require(try laptop.replica.outbox().last?.number)
    }

    private func phone() throws -> String? { try laptop.replica.view(ada)?["phone"].text }

    private func code(_ body: () throws -> Void) -> SyncError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? SyncError)?.code
        }
    }

    private func sound() throws {
        #expect(try laptop.replica.doctor().allSatisfy { $0.gravity == .fine })
    }

    @Test func `a withdrawn change is shown no more, and the server is told until it confirms`() async throws
    {
        let number = try await refused()
        #expect(try phone() == "2")
        let group = try laptop.replica.withdraw(number, reason: "entered twice")
        #expect(group.map(\.number) == [number])
        #expect(try phone() == "1")
        try laptop.reopen()
        let entry = try #require(try laptop.replica.outbox().first)
        #expect(entry.outcome == .withdrawing && entry.refusal == refusal)
        #expect(entry.withdrawal?.reason == "entered twice")
        var status = try laptop.replica.status()
        #expect(status.quarantined == 0 && status.withdrawing == 1 && status.untold == 1)
        #expect(try laptop.replica.history(ada).count { $0.outcome == .withdrawing } == 1)
        try sound()

        // The server is older; then it is not, and its answer is lost; then it comes.
        await peer.ignoreWithdrawals(true)
        _ = try await sync()
        status = try laptop.replica.status()
        #expect(status.withdrawing == 1 && status.untold == 0)
        await peer.ignoreWithdrawals(false)
        await peer.loseAnswers(1)
        await #expect(throws: SyncError.self) { try await sync() }
        #expect(try laptop.replica.outbox().map(\.outcome) == [.withdrawing])
        let report = try await sync()
        #expect(report.withdrawn == 1 && report.overtaken == 0 && report.quarantined.isEmpty)
        #expect(await peer.requests.suffix(3).allSatisfy { $0.withdrawals.map(\.dot) == [entry.dot] })
        #expect(await peer.requests.last?.withdrawals.first?.reason == "entered twice")
        #expect(try laptop.replica.outbox().isEmpty && phone() == "1")
        _ = try await sync()
        #expect(await peer.requests.last?.withdrawals == [])
        #expect(try laptop.replica.history(ada).count { $0.outcome == .withdrawn } == 1)
        try sound()
    }

    @Test(arguments: [Step.offered, .answered, .disposed, .pageWritten, .pageCommitted])
    func `a crash of the sync forgets nothing of it`(step: Step) async throws {
        let number = try await refused()
        try laptop.replica.withdraw(number)
        crash.arm(step)
        await #expect(throws: CrashPoint.Crash.self) { try await sync() }
        try laptop.reopen()
        let outcomes = try laptop.replica.outbox().map(\.outcome)
        #expect(outcomes == (step == .pageCommitted ? [] : [.withdrawing]))
        _ = try await sync()
        #expect(try laptop.replica.outbox().isEmpty && phone() == "1")
        let dot = await peer.dispositions.last?.dot
        #expect(await peer.dispositions.count { $0.dot == dot && $0.outcome == .withdrawn } == 1)
        try sound()
    }

    @Test func `what was entered together is withdrawn together`() async throws {
        try laptop.replica.edit {
            try $0.write(ada, [Write.phone("2")])
            try $0.create("person", [Write.name("Eve")])
        }
        try laptop.replica.edit { try $0.write(ada, [Write.name("Ada L.")]) }
        _ = try await sync()
        let numbers = try laptop.replica.outbox().map(\.number)
        #expect(try laptop.replica.withdrawable(numbers[1]).map(\.number) == Array(numbers[0...1]))
        try laptop.replica.withdraw(numbers[1])
        #expect(try laptop.visible().count == 1)
        #expect(try phone() == "1" && laptop.name(ada) == "Ada L.")
        #expect(try laptop.replica.outbox().map(\.number) == numbers)
        _ = try await sync()
        #expect(try laptop.replica.outbox().map(\.number) == [numbers[2]])
    }

    @Test func `only what was refused is withdrawn, and only once`() async throws {
        let number = try await refused()
        try laptop.set(ada, Write.phone("3"))
        let waiting = try #require(try laptop.replica.outbox().last?.number)
        #expect(code { try laptop.replica.withdraw(waiting) } == .nothing)
        #expect(code { try laptop.replica.withdraw(99) } == .nothing)
        #expect(code { try laptop.replica.withdraw(1) } == .nothing)
        let long = String(repeating: "x", count: Limits.reasonBytes + 1)
        for reason in [long, "two\nlines"] {
            #expect(code { try laptop.replica.withdraw(number, reason: reason) } == .badValue)
        }
        #expect(try laptop.replica.outbox().map(\.outcome) == [.quarantined(refusal), .waiting])
        try laptop.replica.withdraw(number)
        #expect(code { try laptop.replica.withdraw(number) } == .nothing)
        #expect(code { _ = try laptop.replica.correct(number) { entry, _ in entry.writes } } == .nothing)
    }

    @Test func `what was released first stands, and the laptop hears it`() async throws {
        let number = try await refused()
        let dot = try #require(try laptop.replica.outbox().first?.dot)
        try laptop.replica.withdraw(number)
        await peer.decide(dot, .released)
        let report = try await sync()
        #expect(report.overtaken == 1 && report.withdrawn == 0)
        #expect(try laptop.replica.outbox().isEmpty && laptop.replica.status().withdrawing == 0)
        _ = try await sync()
        #expect(await peer.requests.last?.withdrawals == [])
    }

    @Test func `a correction is an ordinary edit, and takes the refused change back`() async throws {
        let number = try await refused()
        let old = try #require(try laptop.replica.outbox().first)
        await peer.refuse(author: "PS01", nil)
        // What came in between is read by it.
        let other = Dot(Identifier(high: 8, low: 8), 1)
        await peer.put(
            ada, "person",
            [
                LiveChange(
                    dot: other, author: "PS02", writes: [Write.name("Ada L.")], context: Context(),
                    effective: EffectiveTime(microseconds: 1_800_000_000_000_999), deviceMicroseconds: 1)
            ])
        _ = try await sync()
        let correction = try laptop.replica.correct(number, reason: "a slip") { entry, shown in
            #expect(entry == old && shown?["phone"].text == "1")
            return [Write.phone("3")]
        }
        #expect(correction.withdrawn.map(\.number) == [number] && correction.receipt.changes.count == 1)
        #expect(try phone() == "3")
        #expect(try laptop.replica.outbox().map(\.outcome) == [.withdrawing, .waiting])
        let made = try #require(
            try laptop.replica.history(ada).first { $0.dot == correction.receipt.changes[0] })
        #expect(made.context.contains(other) && made.context.contains(old.dot))
        let report = try await sync()
        #expect(report.sent == 1 && report.withdrawn == 1)
        #expect(try laptop.replica.outbox().isEmpty && phone() == "3")
        #expect(await peer.records[ada]?.state.winner(of: "contact") == [.text("3"), .none])
        #expect(try await laptop.replica.digest() == peer.digest)
        try sound()
    }

    @Test func `a correction that breaks a rule changes nothing`() async throws {
        let number = try await refused()
        let before = try laptop.replica.outbox()
        let long = String(repeating: "x", count: 101)
        #expect(code { _ = try laptop.replica.correct(number) { _, _ in [Write.name(long)] } } == .badValue)
        crash.arm(.editWritten)
        #expect(throws: CrashPoint.Crash.self) {
            try laptop.replica.correct(number) { _, _ in [Write.phone("3")] }
        }
        try laptop.reopen()
        #expect(try laptop.replica.outbox() == before && phone() == "2")
        // Where two values stand, nobody replaces them in passing.
        await peer.put(
            ada, "person",
            [
                LiveChange(
                    dot: Dot(Identifier(high: 8, low: 8), 1), author: "PS02", writes: [Write.phone("8")],
                    context: Context(), effective: EffectiveTime(microseconds: 1_800_000_000_000_999),
                    deviceMicroseconds: 1)
            ])
        _ = try await sync()
        #expect(code { _ = try laptop.replica.correct(number) { _, _ in [Write.phone("3")] } } == .inConflict)
        #expect(try laptop.replica.outbox() == before)
    }

    @Test func `a record that was refused is made anew under its own name`() async throws {
        let eve = Identifier(high: 0x019c_aaaa_0000_7001, low: 0x8000_0000_0000_0142)
        try laptop.replica.edit {
            try $0.create("person", id: eve, [Write.name("Evve")])
            try $0.create("visit", [Write.who(eve), Write.time(1, 2), Write.note("met")])
        }
        _ = try await sync()
        try laptop.set(eve, Write.phone("7"))
        let numbers = try laptop.replica.outbox().map(\.number)
        // What was written into it since waits still: the server might take it.
        #expect(
            code { _ = try laptop.replica.correct(numbers[0]) { _, _ in [Write.name("Eve")] } } == .nothing)
        _ = try await sync()
        #expect(try laptop.replica.withdrawable(numbers[0], correcting: true).map(\.number) == numbers)
        let correction = try laptop.replica.correct(numbers[0]) { entry, shown in
            #expect(entry.creates && shown == nil)
            return [Write.name("Eve")]
        }
        #expect(correction.withdrawn.map(\.number) == numbers)
        #expect(correction.receipt.transaction != nil && correction.receipt.records.count == 3)
        #expect(try laptop.name(eve) == "Eve" && laptop.replica.view(eve)?["phone"].text == "7")
        await peer.refuse(author: "PS01", nil)
        _ = try await sync()
        #expect(try laptop.replica.outbox().isEmpty)
        let state = try #require(await peer.records[eve]?.state)
        #expect(state.live.map(\.context).contains { $0.isEmpty })
        #expect(state.winner(of: "name") == [.text("Eve")] && state.conflicts.isEmpty)
        #expect(try await laptop.replica.digest() == peer.digest)
        try sound()
    }

    @Test func `taking a correction back makes the refused change what it was, while nobody was told`()
        async throws
    {
        let number = try await refused()
        let before = try laptop.replica.outbox()
        _ = try laptop.replica.correct(number) { _, _ in [Write.phone("3")] }
        try laptop.replica.undo()
        #expect(try laptop.replica.outbox() == before && phone() == "2")
        _ = try laptop.replica.correct(number) { _, _ in [Write.phone("3")] }
        // No connection came about, so nobody was told; then somebody may have been.
        await #expect(throws: SyncError.self) { try await laptop.replica.sync(with: OfflinePeer()) }
        #expect(try laptop.replica.status().untold == 1)
        try laptop.replica.undo()
        #expect(try laptop.replica.outbox() == before)
        _ = try laptop.replica.correct(number) { _, _ in [Write.phone("3")] }
        await peer.loseRequests(1)
        await #expect(throws: SyncError.self) { try await sync() }
        #expect(code { try laptop.replica.undo() } == .alreadySent)
        try sound()
    }

    @Test func `a restored server is told again what it had forgotten`() async throws {
        let backup = await peer.backup
        let number = try await refused()
        try laptop.replica.withdraw(number, reason: "entered twice")
        _ = try await sync()
        #expect(try laptop.replica.outbox().isEmpty)
        await peer.restore(backup)
        #expect(try await sync().healed)
        let offering = await peer.requests.filter { !$0.withdrawals.isEmpty && !$0.changes.isEmpty }
        #expect(offering.last?.withdrawals.map(\.reason) == ["entered twice"])
        #expect(try laptop.replica.outbox().isEmpty && phone() == "1")
        try sound()
    }

    /// It has the change, and not what was said of it since.
    @Test func `a server that says refused again is told again`() async throws {
        let number = try await refused()
        let dot = try #require(try laptop.replica.outbox().first?.dot)
        try laptop.replica.withdraw(number)
        _ = try await sync()
        await peer.decide(dot, .quarantined(refusal))
        _ = try await sync()
        #expect(try laptop.replica.outbox().map(\.outcome) == [.withdrawing])
        #expect(try await sync().withdrawn == 1)
        #expect(try laptop.replica.outbox().isEmpty)
    }

    /// It was released before anybody heard that it was taken back; the server forgot the release, not the refusal.
    @Test func `what was released first is taken back again where a restore forgot the release`() async throws
    {
        let number = try await refused()
        let dot = try #require(try laptop.replica.outbox().first?.dot)
        try laptop.replica.withdraw(number, reason: "entered twice")
        await peer.decide(dot, .released)
        #expect(try await sync().overtaken == 1)
        await peer.decide(dot, .quarantined(refusal))
        _ = try await sync()
        #expect(try laptop.replica.outbox().map(\.outcome) == [.withdrawing] && phone() == "1")
        #expect(try await sync().withdrawn == 1)
        #expect(await peer.requests.last?.withdrawals.map(\.reason) == ["entered twice"])
        #expect(try laptop.replica.outbox().isEmpty)
        try sound()
    }

    @Test func `what was taken back is not issued anew`() async throws {
        let number = try await refused()
        try laptop.replica.withdraw(number)
        try laptop.set(ada, Write.name("Ada L."))
        let hello = try #require(await peer.requests.last?.hello)
        await peer.refuse(author: "PS01", nil)
        await peer.answer(
            with: ExchangeReply(
                welcome: peer.welcome(.reidentify(agreed: 2)),
                end: End(cursor: hello.cursor, more: false, remaining: 0, heard: hello.heard)))
        let report = try await sync()
        #expect(report.reidentified)
        #expect(try laptop.replica.outbox().isEmpty && phone() == "1" && laptop.name(ada) == "Ada L.")
        try sound()
    }
}

/// A laptop without a network.
struct OfflinePeer: ExchangePeer {
    func exchange(_ request: ExchangeRequest) async throws -> ExchangeReply {
        throw SyncError(.offline, "there is no network")
    }
}
