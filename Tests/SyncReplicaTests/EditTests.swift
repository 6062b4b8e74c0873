import GRDB
import SyncModel
import SyncWire
import Testing

@testable import SyncReplica

@Suite struct EditTests {
    @Test func `an edit is a change, a frozen log entry and a visible row`() throws {
        let laptop = try Laptop()
        let id = try laptop.person("Ada")
        try laptop.set(id, Write.born(0), Write.phone("0664"))
        let row = try #require(try laptop.row(id))
        #expect(row.text("name") == "Ada")
        #expect(row.text("born") == "1970-01-01")
        #expect(row.text("phone") == "0664")
        #expect(row.text("email") == nil)
        #expect(row.text("clash") == nil)
        #expect(row.number("waiting") == 1)
        let outbox = try laptop.replica.outbox()
        #expect(outbox.map(\.dot.n) == [1, 2])
        #expect(outbox.allSatisfy { $0.author == "PS01" && $0.outcome == .waiting && !$0.wasOffered })
        #expect(try laptop.replica.doctor().allSatisfy { $0.gravity == .fine })
    }

    @Test(arguments: [Step.editStored, .editWritten])
    func `an edit broken off leaves nothing`(step: Step) throws {
        let crash = CrashPoint()
        let laptop = try Laptop(crash: crash)
        let id = try laptop.person("Ada")
        let before = try laptop.visible()
        crash.arm(step)
        #expect(throws: CrashPoint.Crash.self) { try laptop.set(id, Write.name("Eve")) }
        try laptop.reopen()
        #expect(try laptop.visible() == before)
        #expect(try laptop.replica.outbox().count == 1)
        try laptop.set(id, Write.name("Ida"))
        #expect(try laptop.replica.outbox().map(\.dot.n) == [1, 2])
        #expect(try laptop.replica.doctor().allSatisfy { $0.gravity == .fine })
    }

    @Test func `what several records share is found, and what was made here is known after it is gone`()
        throws
    {
        let laptop = try Laptop()
        let ada = try laptop.person("Ada")
        try laptop.person("Eve")
        #expect(try laptop.replica.repeated("name", in: "person").isEmpty)
        try laptop.person("Ada")
        try laptop.set(ada, Write.phone("0664"))
        #expect(try laptop.replica.repeated("name", in: "person") == ["Ada"])
        #expect(throws: SyncError.self) { try laptop.replica.repeated("nothing", in: "person") }
        try laptop.replica.edit { try $0.delete(ada) }
        #expect(try laptop.replica.repeated("name", in: "person").isEmpty)
        let made = try laptop.replica.made(in: "person")
        #expect(
            made.map { $0.first { $0.register == "name" }?.values.first }
                == [.text("Ada"), .text("Eve"), .text("Ada")])
        #expect(try laptop.replica.made(in: "visit").isEmpty)
    }

    @Test func `several changes of one edit are linked, unless asked otherwise`() throws {
        let laptop = try Laptop()
        let linked = try laptop.replica.edit { edit in
            let id = try edit.create("person", [Write.name("Ada")])
            try edit.create("visit", [Write.who(id), Write.time(0, 45), Write.note("x")])
        }
        #expect(linked.transaction != nil)
        #expect(try laptop.replica.outbox().allSatisfy { $0.transaction == linked.transaction })
        let loose = try laptop.replica.edit(linked: false) { edit in
            try edit.create("person", [Write.name("Bea")])
            try edit.create("person", [Write.name("Cia")])
        }
        #expect(loose.transaction == nil)
        #expect(loose.changes.map(\.n) == [3, 4])
        #expect(try laptop.replica.edit { _ in }.changes.isEmpty)
    }

    @Test func `an edit sees what it has written`() throws {
        let laptop = try Laptop()
        try laptop.replica.edit { edit in
            let id = try edit.create("person", [Write.name("Ada")])
            #expect(try edit.view(id)?["name"] == .text("Ada"))
            try edit.write(id, [Write.name("Ida")])
            #expect(try edit.view(id)?["name"] == .text("Ida"))
            try edit.delete(id)
            #expect(try edit.view(id)?.deletion == .deleted)
        }
        #expect(try laptop.visible().isEmpty)
    }

    @Test func `contexts hold what was shown and every earlier own write`() throws {
        let laptop = try Laptop()
        let id = try laptop.person("Ada")
        try laptop.set(id, Write.name("Ida"))
        try laptop.set(id, Write.phone("1"))
        let entries = try laptop.replica.queue.read { try Log.entries($0, of: id) }
        let changes = try entries.map { try $0.change() }
        let incarnation = try laptop.replica.status().incarnation
        #expect(changes.map { $0.context[incarnation] } == [0, 1, 2])
        #expect(Set(changes.map(\.clock.wallMicroseconds)).count == 3)
    }

    @Test func `what does not fit is refused with its field, and nothing is stored`() throws {
        let laptop = try Laptop(role: "peer")
        let id = try laptop.person("Ada")
        func code(_ body: (Edit) throws -> Void) throws -> SyncError.Code? {
            do { try laptop.replica.edit(body) } catch let error as SyncError { return error.code }
            return nil
        }
        #expect(try code { try $0.write(id, [Write.born(9_000_000)]) } == .badValue)
        #expect(try code { try $0.write(id, [Write.name("a\u{0}b")]) } == .badValue)
        #expect(try code { try $0.create("nowhere", [Write.name("x")]) } == .badValue)
        #expect(try code { try $0.create("person", id: id, [Write.name("x")]) } == .badValue)
        #expect(
            try code { try $0.write(id, [RegisterWrite("goal", [.text("sleep")])]) } == .notPermitted)
        let stranger = Identifier(high: 1, low: 1)
        #expect(try code { try $0.write(stranger, [Write.name("x")]) } == .unknownRecord)
        #expect(
            try code { try $0.create("visit", [Write.who(stranger), Write.time(0, 1), Write.note("x")]) }
                == .badValue)
        #expect(try laptop.replica.outbox().count == 1)
    }

    @Test func `too much for one transaction is refused whole`() throws {
        let laptop = try Laptop()
        let error = #expect(throws: SyncError.self) {
            try laptop.replica.edit { edit in
                for number in 0...Limits.changesPerTransaction {
                    try edit.create("person", [Write.name("\(number)")])
                }
            }
        }
        #expect(error?.code == .limit)
        #expect(try laptop.replica.outbox().isEmpty)
        try laptop.replica.edit(linked: false) { edit in
            for number in 0...Limits.changesPerTransaction {
                try edit.create("person", [Write.name("\(number)")])
            }
        }
        #expect(try laptop.replica.status().waiting == Limits.changesPerTransaction + 1)
    }

    @Test func `two processes on one file take turns and share one log`() throws {
        let laptop = try Laptop()
        let other = try laptop.again(process: 2)
        let id = try laptop.person("Ada")
        try other.edit { try $0.write(id, [Write.name("Bea")]) }
        try laptop.set(id, Write.name("Cia"))
        #expect(try other.view(id)?["name"] == .text("Cia"))
        #expect(try other.outbox().map(\.dot.n) == [1, 2, 3])
        #expect(try other.doctor().allSatisfy { $0.gravity == .fine })
    }

    @Test func `a deleted record is gone from the tables and takes no ordinary edit`() throws {
        let laptop = try Laptop()
        let id = try laptop.person("Ada")
        try laptop.replica.edit { try $0.delete(id) }
        #expect(try laptop.row(id) == nil)
        #expect(try laptop.replica.view(id)?.deletion == .deleted)
        #expect(throws: SyncError.self) { try laptop.set(id, Write.name("Eve")) }
        try laptop.set(id, RegisterWrite(deletedRegister, [.integer(0)]))
        #expect(try laptop.name(id) == "Ada")
        #expect(try laptop.row(id)?.text("name") == "Ada")
    }
}

@Suite struct UndoTests {
    @Test func `the newest edit is taken back as if it had never been`() throws {
        let laptop = try Laptop()
        let id = try laptop.person("Ada")
        let before = try laptop.visible()
        let head = try laptop.replica.queue.read { try Log.current($0) }
        try laptop.replica.edit { edit in
            try edit.write(id, [Write.name("Ida")])
            try edit.create("visit", [Write.who(id), Write.time(0, 45), Write.note("x")])
        }
        let undone = try laptop.replica.undo()
        #expect(undone.changes.map(\.n) == [2, 3])
        #expect(try laptop.visible() == before)
        let after = try laptop.replica.queue.read { try Log.current($0) }
        #expect(after.newest == head.newest && after.hash == head.hash)
        try laptop.set(id, Write.name("Eve"))
        #expect(try laptop.replica.outbox().map(\.dot.n) == [1, 2])
        #expect(try laptop.replica.doctor().allSatisfy { $0.gravity == .fine })
    }

    @Test func `several edits are taken back together, or none of them`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let ada = try laptop.person("Ada")
        let sent = try #require(try laptop.replica.outbox().last?.dot)
        _ = try await laptop.replica.sync(with: peer)
        try laptop.set(ada, Write.name("Ida"))
        let before = try laptop.visible()
        func current() throws -> LogHead { try laptop.replica.queue.read { try Log.current($0) } }
        let head = try current()
        let first = try laptop.person("Eve")
        let dot = try #require(try laptop.replica.outbox().last?.dot)
        try laptop.replica.edit { edit in
            try edit.write(first, [Write.phone("1")])
            try edit.create("visit", [Write.who(first), Write.time(0, 45), Write.note("x")])
        }
        try laptop.set(ada, Write.phone("2"))
        let all = try laptop.visible()
        let error = #expect(throws: SyncError.self) { try laptop.replica.undo(backTo: sent) }
        #expect(error?.code == .alreadySent)
        #expect(try laptop.visible() == all)
        let undone = try laptop.replica.undo(backTo: dot)
        #expect(undone.changes.map(\.n) == [3, 4, 5, 6])
        #expect(try laptop.visible() == before)
        let after = try current()
        #expect(after.newest == head.newest && after.hash == head.hash)
        #expect(try laptop.replica.doctor().allSatisfy { $0.gravity == .fine })
    }

    @Test func `a creation that is undone leaves no row`() throws {
        let laptop = try Laptop()
        let id = try laptop.person("Ada")
        try laptop.replica.undo()
        #expect(try laptop.replica.view(id) == nil)
        #expect(try laptop.visible().isEmpty)
        let error = #expect(throws: SyncError.self) { try laptop.replica.undo() }
        #expect(error?.code == .nothing)
    }

    @Test func `what was offered is never undone, even if nobody answered`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let id = try laptop.person("Ada")
        await peer.loseRequests(1)
        await #expect(throws: SyncError.self) { try await laptop.replica.sync(with: peer) }
        let error = #expect(throws: SyncError.self) { try laptop.replica.undo() }
        #expect(error?.code == .alreadySent)
        try laptop.set(id, Write.name("Ida"))
        try laptop.replica.undo()
        #expect(try laptop.name(id) == "Ada")
        _ = try await laptop.replica.sync(with: peer)
        #expect(throws: SyncError.self) { try laptop.replica.undo() }
    }

    @Test func `the mark is durable before the request leaves`() async throws {
        let crash = CrashPoint()
        let laptop = try Laptop(crash: crash)
        let peer = FakePeer()
        try laptop.person("Ada")
        crash.arm(.offered)
        await #expect(throws: CrashPoint.Crash.self) { try await laptop.replica.sync(with: peer) }
        #expect(await peer.requests.isEmpty)
        try laptop.reopen()
        let error = #expect(throws: SyncError.self) { try laptop.replica.undo() }
        #expect(error?.code == .alreadySent)
    }
}
