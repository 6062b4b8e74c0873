import Foundation
import GRDB
import SyncModel
import SyncWire
import Testing

@testable import SyncReplica

/// The file beside the database: a copy takes a fresh incarnation before it writes.
@Suite struct BesideTests {
    private func copy(_ laptop: Laptop, to name: String, whole: Bool) throws -> String {
        try laptop.checkpoint()
        let target = laptop.folder.appendingPathComponent(name).path
        for suffix in whole ? ["", "-id"] : [""] {
            try? FileManager.default.removeItem(atPath: target + suffix)
            try FileManager.default.copyItem(atPath: laptop.path + suffix, toPath: target + suffix)
        }
        return target
    }

    private func open(_ path: String, _ laptop: Laptop) throws -> Replica {
        try Replica.open(
            at: path, domain: laptop.domain, surroundings: Laptop(8).replica.surroundings)
    }

    private func incarnation(_ replica: Replica) throws -> Incarnation { try replica.status().incarnation }

    @Test func `a replica that stays where it is keeps its incarnation`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let first = try incarnation(laptop.replica)
        for round in 0..<3 {
            try laptop.person("Ada \(round)")
            _ = try await laptop.replica.sync(with: peer)
            try laptop.reopen()
            try laptop.person("Bea \(round)")
            try laptop.replica.undo()
            _ = try await laptop.replica.sync(with: peer)
        }
        #expect(try incarnation(laptop.replica) == first)
        #expect(try laptop.replica.events().isEmpty)
        let mode = try FileManager.default.attributesOfItem(atPath: laptop.path + "-id")[.posixPermissions]
        #expect((mode as? NSNumber)?.intValue == 0o600)
        // Nothing is left lying beside it.
        let names = try FileManager.default.contentsOfDirectory(atPath: laptop.folder.path)
        #expect(names.allSatisfy { ["", "-wal", "-shm", "-id"].contains($0.dropFirst("replica.db".count)) })
    }

    @Test func `a copy without the file takes a name of its own, and no number is used twice`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let ada = try laptop.person("Ada")
        _ = try await laptop.replica.sync(with: peer)
        let twin = try open(try copy(laptop, to: "copy.db", whole: false), laptop)
        #expect(try incarnation(twin) == incarnation(laptop.replica))
        try laptop.set(ada, Write.name("here"))
        try twin.edit { try $0.write(ada, [Write.name("there")]) }
        #expect(try incarnation(twin) != incarnation(laptop.replica))
        #expect(try twin.events().map(\.kind) == [.displaced])
        #expect(try laptop.replica.events().isEmpty)
        for replica in [laptop.replica, twin, laptop.replica] {
            #expect(try await !replica.sync(with: peer).reidentified)
        }
        #expect(try laptop.replica.digest() == twin.digest())
        let values = try twin.siblings(ada, of: "name").compactMap { $0.values.first?.text }
        #expect(values.sorted() == ["here", "there"])
        // Once is enough.
        let taken = try incarnation(twin)
        try twin.edit(resolving: true) { try $0.write(ada, [Write.name("again")]) }
        #expect(try incarnation(twin) == taken)
    }

    /// What the doctor says of where the file lies.
    private func place(_ replica: Replica) throws -> Finding {
        let found = try replica.doctor()
        #expect(found.allSatisfy { $0.gravity == .fine || $0.area == "place" })
        return try #require(found.first { $0.area == "place" })
    }

    @Test func `the doctor says that it is a copy before anything is recorded`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let ada = try laptop.person("Ada")
        _ = try await laptop.replica.sync(with: peer)
        let twin = try open(try copy(laptop, to: "copy.db", whole: false), laptop)
        let told = try place(twin)
        #expect(told.gravity == .notice && told.text.contains("With the next entry it takes a name"))
        #expect(told.text.contains("What had been synced is not lost") && told.text.contains("never sent"))
        // Looking changes nothing, nor does a sync that has nothing to send.
        #expect(try twin.events().isEmpty && place(twin) == told)
        _ = try await twin.sync(with: peer)
        #expect(try place(twin) == told)
        try twin.edit { try $0.write(ada, [Write.name("there")]) }
        #expect(try place(twin).gravity == .fine && twin.events().map(\.kind) == [.displaced])
        #expect(try place(laptop.replica).gravity == .fine)

        try laptop.set(ada, Write.name("waits"))
        let waiting = try open(try copy(laptop, to: "waits.db", whole: false), laptop)
        let due = try place(waiting).text
        #expect(due.contains("With the next entry, once nothing in it waits to be sent, it takes"), "\(due)")
    }

    @Test
    func `a database put back from before it sent takes a fresh name; with its file the server notices`()
        async throws
    {
        for whole in [false, true] {
            let laptop = try Laptop()
            let peer = FakePeer()
            let ada = try laptop.person("Ada")
            _ = try await laptop.replica.sync(with: peer)
            let kept = try copy(laptop, to: "week.db", whole: true)
            try laptop.set(ada, Write.name("since"))
            _ = try await laptop.replica.sync(with: peer)
            let old = try incarnation(laptop.replica)
            try laptop.replica.queue.close()
            for suffix in ["", "-wal", "-shm"] + (whole ? ["-id"] : []) {
                try? FileManager.default.removeItem(atPath: laptop.path + suffix)
            }
            for suffix in whole ? ["", "-id"] : [""] {
                try FileManager.default.copyItem(atPath: kept + suffix, toPath: laptop.path + suffix)
            }
            try laptop.reopen()
            let bea = try laptop.person("Bea")
            #expect(try (incarnation(laptop.replica) == old) == whole)
            #expect(try laptop.replica.events().map(\.kind) == (whole ? [] : [.displaced]))
            let report = try await laptop.replica.sync(with: peer)
            #expect(report.reidentified == whole)
            #expect(try laptop.name(ada) == "since" && laptop.name(bea) == "Bea")
            #expect(try await laptop.replica.digest() == peer.digest)
        }
    }

    @Test func `what waits goes up under its number first`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        try laptop.person("Ada")
        let twin = try open(try copy(laptop, to: "copy.db", whole: false), laptop)
        let old = try incarnation(twin)
        _ = try twin.edit { try $0.create("person", [Write.name("Bea")]) }
        #expect(try incarnation(twin) == old && twin.events().isEmpty)
        _ = try await twin.sync(with: peer)
        _ = try twin.edit { try $0.create("person", [Write.name("Cleo")]) }
        #expect(try incarnation(twin) != old && twin.events().map(\.kind) == [.displaced])
        _ = try await twin.sync(with: peer)
        // The first one has sent nothing yet, and finds its numbers taken.
        try laptop.person("Dora")
        #expect(try await laptop.replica.sync(with: peer).reidentified)
        _ = try await twin.sync(with: peer)
        #expect(try laptop.replica.digest() == twin.digest())
    }

    @Test func `a crash between the two writes is no alarm`() async throws {
        let crash = CrashPoint()
        let laptop = try Laptop(crash: crash)
        let peer = FakePeer()
        let first = try incarnation(laptop.replica)
        for name in ["Ada", "Bea"] {
            try laptop.person(name)
            crash.arm(.offered)
            await #expect(throws: CrashPoint.Crash.self) { try await laptop.replica.sync(with: peer) }
            try laptop.reopen()
            try laptop.person("\(name) 2")
            _ = try await laptop.replica.sync(with: peer)
            try laptop.person("\(name) 3")
        }
        #expect(try incarnation(laptop.replica) == first && laptop.replica.events().isEmpty)
    }

    @Test func `another process that records during a sync is no copy`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let other = try laptop.again(process: 2)
        let first = try incarnation(laptop.replica)
        for round in 0..<3 {
            try laptop.person("Ada \(round)")
            await peer.during { _ = try other.edit { try $0.create("person", [Write.name("Bea")]) } }
            _ = try await laptop.replica.sync(with: peer)
            _ = try await other.sync(with: peer)
        }
        #expect(try incarnation(laptop.replica) == first && other.events().isEmpty)
    }

    @Test func `without the file, as before there was one, a fresh name is taken once`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        try laptop.person("Ada")
        _ = try await laptop.replica.sync(with: peer)
        try FileManager.default.removeItem(atPath: laptop.path + "-id")
        for name in ["Bea", "Cleo"] {
            try laptop.person(name)
            _ = try await laptop.replica.sync(with: peer)
        }
        #expect(try laptop.replica.events().map(\.kind) == [.displaced])
        #expect(try await laptop.replica.digest() == peer.digest)
        // Rubbish in it is as nothing; and where it cannot be read at all, nothing follows.
        try Data("rubbish".utf8).write(to: URL(fileURLWithPath: laptop.path + "-id"))
        try laptop.person("Dora")
        _ = try await laptop.replica.sync(with: peer)
        #expect(try laptop.replica.events().count == 2)
        try FileManager.default.removeItem(atPath: laptop.path + "-id")
        try FileManager.default.createDirectory(
            atPath: laptop.path + "-id", withIntermediateDirectories: false)
        for name in ["Edda", "Fay"] {
            try laptop.person(name)
            _ = try await laptop.replica.sync(with: peer)
        }
        #expect(try laptop.replica.events().count == 2)
    }

    @Test func `after healing and after a reidentify the file fits again`() async throws {
        let laptop = try Laptop()
        let peer = FakePeer()
        let backup = await peer.backup
        try laptop.person("Ada")
        _ = try await laptop.replica.sync(with: peer)
        await peer.restore(backup)
        _ = try await laptop.replica.sync(with: peer)
        try laptop.person("Bea")
        await peer.answer(
            with: ExchangeReply(
                welcome: peer.welcome(.reidentify(agreed: 0)),
                end: End(cursor: [], more: false, remaining: 0, heard: 0)))
        _ = try await laptop.replica.sync(with: peer)
        let taken = try incarnation(laptop.replica)
        try laptop.person("Cleo")
        #expect(try incarnation(laptop.replica) == taken)
        #expect(!(try laptop.replica.events().contains { $0.kind == .displaced }))
    }
}
