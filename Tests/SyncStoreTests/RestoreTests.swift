import Foundation
import GRDB
import PeerSupport
import SyncModel
import SyncStore
import Testing

@Suite("Restores and epochs")
struct RestoreTests {
    /// An agency with a backup of its directory.
    private func backedUp() throws -> (TestAgency, TestLaptop) {
        let agency = try TestAgency()
        let office = try agency.direct()
        try agency.backup()
        return (agency, office)
    }

    @Test func `a restore puts the backup back, keeps what it replaces, and begins an epoch`() throws {
        let (agency, office) = try backedUp()
        let digest = try agency.store.digest()
        office.write("participant", agency.id(), TestAgency.participant("P1"))
        try office.sync()
        let later = try agency.store.digest()
        let report = try agency.restore()
        #expect(report.epoch == 2 && report.backup.epoch == 1 && report.backup.log == 8)
        #expect(try agency.store.digest() == digest)
        #expect(try agency.store.figures().epoch == 2)
        #expect(agency.store.begunEpoch == nil)
        let kept = try #require(report.replaced)
        #expect(kept == agency.file("server-replaced-2026-02-02T024000Z.sqlite"))
        let replaced = try Store.open(at: kept, domain: agency.domain, now: agency.now)
        #expect(try replaced.digest() == later)
        #expect(try replaced.figures().epoch == 1)
        try replaced.close()
    }

    @Test func `a laptop that was enrolled since the backup is called as before`() throws {
        let (agency, _) = try backedUp()
        let peer = try agency.enrol("PS07")
        try agency.restore()
        #expect(try agency.store.devices().map(\.name) == ["laptop of AD01", "laptop of PS07"])
        #expect(try agency.store.devices().last?.device == peer.device)
        // Without the database that is replaced nobody knows its name any more: the journal has none.
        try agency.store.close()
        try FileManager.default.removeItem(atPath: agency.path)
        _ = try Store.restore(from: agency.file("backup"), to: agency.path, now: agency.now)
        try agency.open()
        #expect(try agency.store.devices().map(\.name) == ["laptop of AD01", peer.device])
    }

    @Test func `restoring one backup again and again never gives an epoch twice`() throws {
        let (agency, _) = try backedUp()
        var epochs = [try agency.restore().epoch, try agency.restore().epoch]
        // Whoever loses the journal still has the replaced databases, of which the last is looked at.
        try FileManager.default.removeItem(atPath: agency.file("server.epochs"))
        epochs.append(try agency.restore().epoch)
        // Whoever loses the database still has the journal.
        try agency.store.close()
        try FileManager.default.removeItem(atPath: agency.path)
        epochs.append(try Store.restore(from: agency.file("backup"), to: agency.path, now: agency.now).epoch)
        #expect(epochs == [2, 3, 4, 5])
        let kept = try FileManager.default.contentsOfDirectory(atPath: agency.folder.path)
            .filter { $0.contains("replaced") && $0.hasSuffix(".sqlite") }
        #expect(kept.count == 3)
    }

    @Test func `an epoch that showed itself is in the journal, and a later restore goes above it`() throws {
        let (agency, office) = try backedUp()
        try agency.store.close()
        let old = try Data(contentsOf: URL(fileURLWithPath: agency.path))
        try agency.open()
        office.write("participant", agency.id(), TestAgency.participant("P1"))
        try office.sync()
        try agency.store.close()
        try old.write(to: URL(fileURLWithPath: agency.path))
        try agency.open()
        #expect(agency.store.begunEpoch == nil)
        #expect(try office.send(office.request()).reply.welcome.epoch == 2)
        #expect(try agency.lines("server.epochs").count == 2)
        #expect(try agency.restore().epoch == 3)
    }

    @Test func `a database put back by hand after an epoch was used begins a new one when it is opened`()
        throws
    {
        let (agency, _) = try backedUp()
        try agency.restore()
        try agency.store.close()
        try FileManager.default.removeItem(atPath: agency.path)
        try FileManager.default.copyItem(atPath: agency.file("backup"), toPath: agency.path)
        try agency.open()
        #expect(agency.store.begunEpoch == 3)
        #expect(try agency.store.figures().epoch == 3)
        #expect(try agency.audit().suffix(1) == ["epoch"])
        try agency.store.close()
        try agency.open()
        #expect(agency.store.begunEpoch == nil)
        #expect(try agency.store.figures().epoch == 3)
    }

    @Test func `an epoch whose commit was lost is skipped and not used again`() throws {
        let (agency, _) = try backedUp()
        try agency.store.close()
        let journal = try #require(FileHandle(forWritingAtPath: agency.file("server.epochs")))
        try journal.seekToEnd()
        try journal.write(contentsOf: Data(#"{"at":"2026-02-02T02:40:00Z","epoch":2,"why":"crash"}"#.utf8))
        // The line has no end yet: the machine broke off in the middle of writing it.
        try agency.open()
        #expect(try agency.store.figures().epoch == 1)
        try agency.store.close()
        try journal.write(contentsOf: Data("\n".utf8))
        try journal.close()
        try agency.open()
        #expect(try agency.store.figures().epoch == 3)
        #expect(try agency.lines("server.epochs").count == 3)
    }

    @Test func `a torn last line is cut off before the next is written`() throws {
        let (agency, _) = try backedUp()
        try agency.store.close()
        let journal = try #require(FileHandle(forWritingAtPath: agency.file("server.epochs")))
        try journal.seekToEnd()
        try journal.write(contentsOf: Data(#"{"at":"2026-02-0"#.utf8))
        try journal.close()
        #expect(try Store.restore(from: agency.file("backup"), to: agency.path, now: agency.now).epoch == 2)
        #expect(try agency.lines("server.epochs").count == 2)
    }

    @Test func `a journal that cannot be read is not taken for an empty one`() throws {
        let (agency, _) = try backedUp()
        try agency.store.close()
        for name in ["server.epochs", "server.security"] {
            let whole = try Data(contentsOf: URL(fileURLWithPath: agency.file(name)))
            try (Data("scribble\n".utf8) + whole).write(to: URL(fileURLWithPath: agency.file(name)))
            let refused = failure { try agency.open() }
            #expect(refused?.code == .damaged)
            #expect(refused?.what.contains("line 1 of \(name)") == true)
            try whole.write(to: URL(fileURLWithPath: agency.file(name)))
        }
        try agency.open()
    }

    @Test func `nothing is restored while anybody has the store open`() throws {
        let (agency, _) = try backedUp()
        let before = try agency.store.digest()
        let busy = failure {
            _ = try Store.restore(from: agency.file("backup"), to: agency.path, now: agency.now)
        }
        #expect(busy?.code == .busy)
        #expect(busy?.advice.contains("stop the server") == true)
        #expect(try agency.store.digest() == before)
        #expect(try agency.store.figures().epoch == 1)
        try agency.store.close()
        try Store.restore(from: agency.file("backup"), to: agency.path, now: agency.now)
    }

    @Test func `what is no backup of ours leaves everything as it was`() throws {
        let (agency, _) = try backedUp()
        try agency.store.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: agency.path))
        func restoring(_ name: String) -> SyncError? {
            failure { _ = try Store.restore(from: agency.file(name), to: agency.path, now: agency.now) }
        }
        #expect(restoring("none")?.code == .nothing)
        try Data("this is a letter, and it is long enough to be looked at as a database".utf8)
            .write(to: URL(fileURLWithPath: agency.file("letter")))
        #expect(restoring("letter")?.code == .damaged)
        let foreign = try DatabaseQueue(path: agency.file("foreign"))
        try foreign.write { try $0.execute(sql: "CREATE TABLE recipe (name TEXT); PRAGMA user_version = 1") }
        try foreign.close()
        #expect(restoring("foreign")?.what.contains("no database of a Porchlight server") == true)
        var newer = try Data(contentsOf: URL(fileURLWithPath: agency.file("backup")))
        newer[63] = 99
        try newer.write(to: URL(fileURLWithPath: agency.file("newer")))
        #expect(restoring("newer")?.code == .tooNew)
        try FileManager.default.copyItem(atPath: agency.file("backup"), toPath: agency.file("altered"))
        let altered = try DatabaseQueue(path: agency.file("altered"))
        try altered.write { try $0.execute(sql: "UPDATE agency SET log_hash = zeroblob(32)") }
        try altered.close()
        #expect(restoring("altered")?.code == .damaged)
        let other = try TestAgency()
        try other.alter("UPDATE agency SET secret = randomblob(32)")
        try other.backup()
        try FileManager.default.copyItem(atPath: other.file("backup"), toPath: agency.file("other"))
        #expect(restoring("other")?.code == .badValue)
        #expect(try Data(contentsOf: URL(fileURLWithPath: agency.path)) == before)
        #expect(try agency.lines("server.epochs").count == 1)
        let names = try FileManager.default.contentsOfDirectory(atPath: agency.folder.path)
        #expect(!names.contains { $0.contains("replaced") || $0.contains("restoring") })
    }

    @Test func `a database that is broken is replaced, and kept`() throws {
        let (agency, _) = try backedUp()
        try agency.store.close()
        let broken = Data("no database any more, but long enough to be taken for one".utf8)
        try broken.write(to: URL(fileURLWithPath: agency.path))
        let report = try Store.restore(from: agency.file("backup"), to: agency.path, now: agency.now)
        #expect(report.epoch == 2)
        #expect(try Data(contentsOf: URL(fileURLWithPath: #require(report.replaced))) == broken)
        try agency.open()
        #expect(try agency.store.figures().records == 8)
    }

    @Test func `a new agency does not begin among another's journals`() throws {
        let (agency, _) = try backedUp()
        try agency.store.close()
        try FileManager.default.removeItem(atPath: agency.path)
        let refused = failure {
            _ = try Store.create(
                at: agency.path, agency: Agency(name: "New", timeZone: "UTC"), founder: "AD01", founding: [],
                domain: agency.domain, now: agency.now, using: &agency.dice)
        }
        #expect(refused?.code == .alreadyEnrolled)
        #expect(refused?.advice.contains("restore") == true)
    }

    @Test func `a restore that broke off is simply done again`() throws {
        let (agency, _) = try backedUp()
        let digest = try agency.store.digest()
        try agency.store.close()
        // The database was set aside, and the machine broke off; a log of another database was left behind.
        try FileManager.default.moveItem(atPath: agency.path, toPath: agency.file("server-replaced-1.sqlite"))
        for name in [
            "server.restoring", "server.restoring-journal", "server.sqlite-wal", "server.sqlite-journal",
        ] {
            try Data("left behind".utf8).write(to: URL(fileURLWithPath: agency.file(name)))
        }
        #expect(code { try agency.open() } == .nothing)
        #expect(try Store.restore(from: agency.file("backup"), to: agency.path, now: agency.now).epoch == 2)
        try agency.open()
        #expect(try agency.store.digest() == digest)
        let names = try FileManager.default.contentsOfDirectory(atPath: agency.folder.path)
        #expect(!names.contains { $0.contains("restoring") || $0 == "server.sqlite-journal" })
        try agency.store.close()
        #expect(try Store.verify(at: agency.path).epoch == 2)
    }

    @Test func `what is in the log of the database that is replaced is kept with it`() throws {
        let (agency, office) = try backedUp()
        office.write("participant", agency.id(), TestAgency.participant("P1"))
        try office.sync()
        let digest = try agency.store.digest()
        // A server that was killed: its log was never written into the database.
        let (killed, wal) = (agency.file("killed.sqlite"), agency.file("killed.sqlite-wal"))
        try FileManager.default.copyItem(atPath: agency.path, toPath: killed)
        try FileManager.default.copyItem(atPath: agency.path + "-wal", toPath: wal)
        let report = try Store.restore(from: agency.file("backup"), to: killed, now: agency.now)
        let replaced = try Store.open(
            at: #require(report.replaced), domain: agency.domain, now: agency.now)
        #expect(try replaced.digest() == digest)
        try replaced.close()
    }
}
