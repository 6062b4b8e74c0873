import Foundation
import GRDB
import PeerSupport
import SyncModel
import SyncStore
import Testing

@Suite("Backups")
struct BackupTests {
    @Test func `a backup of an open store holds everything up to one moment`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        let digest = try agency.store.digest()
        let report = try agency.backup()
        office.write("participant", agency.id(), TestAgency.participant("P1"))
        try office.sync()
        #expect(report.epoch == 1 && report.log == 8)
        #expect(report.file == agency.file("backup"))
        let size = try FileManager.default.attributesOfItem(atPath: report.file)[.size] as? Int64
        #expect(size == report.bytes)
        let copy = try Store.open(at: report.file, domain: agency.domain, now: agency.now)
        #expect(try copy.digest() == digest)
        try copy.close()
        let names = try FileManager.default.contentsOfDirectory(atPath: agency.folder.path)
        #expect(!names.contains { $0.contains("partial") })
    }

    @Test func `a backup is for its owner's eyes and needs no log beside it`() throws {
        let agency = try TestAgency()
        _ = try agency.direct()
        try agency.backup()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: agency.file("backup")))
        // Octets 18 and 19 are 1 for a rollback journal and 2 for WAL (https://www.sqlite.org/fileformat.html).
        #expect(Array(bytes[18...19]) == [1, 1])
    }

    @Test func `an older backup is replaced only when asked`() throws {
        let agency = try TestAgency()
        try agency.backup()
        let first = try Data(contentsOf: URL(fileURLWithPath: agency.file("backup")))
        _ = try agency.direct()
        #expect(
            code { _ = try agency.store.backup(to: agency.file("backup"), now: agency.now) } == .exists)
        #expect(try Data(contentsOf: URL(fileURLWithPath: agency.file("backup"))) == first)
        #expect(try agency.store.backup(to: agency.file("backup"), force: true, now: agency.now).log == 8)
    }

    @Test(arguments: ["server.sqlite", "server.epochs", "server.security", "server.lock", "link"])
    func `a backup over one of the server's own files is refused, whatever is said`(name: String) throws {
        let agency = try TestAgency()
        try FileManager.default.createSymbolicLink(
            atPath: agency.file("link"), withDestinationPath: agency.path)
        _ = try agency.direct()
        let refused = failure {
            _ = try agency.store.backup(to: agency.file(name), force: true, now: agency.now)
        }
        #expect(refused?.code == .exists)
        #expect(refused?.what.contains("server's own") == true)
        #expect(try agency.store.figures().changes == 8)
    }

    @Test func `a backup into no folder, or over a folder, is refused in plain words`() throws {
        let agency = try TestAgency()
        #expect(
            code { _ = try agency.store.backup(to: agency.file("none/backup"), now: agency.now) } == .nothing)
        #expect(
            code { _ = try agency.store.backup(to: agency.folder.path, force: true, now: agency.now) }
                == .exists)
    }

    @Test func `a database whose log does not fit its hash is not taken for a backup`() throws {
        let agency = try TestAgency()
        _ = try agency.direct()
        try agency.store.close()
        try agency.alter(
            "UPDATE log SET hash = zeroblob(32) WHERE position = (SELECT max(position) FROM log)")
        try agency.open()
        let refused = failure { try agency.backup() }
        #expect(refused?.code == .damaged)
        #expect(refused?.what.contains("position 8") == true)
        let names = try FileManager.default.contentsOfDirectory(atPath: agency.folder.path)
        #expect(!names.contains { $0.hasPrefix("backup") })
    }

    @Test func `what was once deleted is not in a backup`() throws {
        let agency = try TestAgency()
        let secret = "the words that must not be found again"
        try agency.store.close()
        let queue = try DatabaseQueue(path: agency.path)
        try queue.writeWithoutTransaction { db in
            // Some systems' SQLite wipes what is deleted, others' does not.
            try db.execute(sql: "PRAGMA secure_delete = OFF; CREATE TABLE scratch (words TEXT)")
            try db.execute(sql: "INSERT INTO scratch VALUES (?)", arguments: [secret])
            try db.execute(sql: "DELETE FROM scratch")
        }
        try queue.close()
        let live = try Data(contentsOf: URL(fileURLWithPath: agency.path))
        #expect(live.range(of: Data(secret.utf8)) != nil)
        try agency.open()
        try agency.backup()
        let copy = try Data(contentsOf: URL(fileURLWithPath: agency.file("backup")))
        #expect(copy.range(of: Data(secret.utf8)) == nil)
    }

    @Test func `what a backup left that broke off is written over`() throws {
        let agency = try TestAgency()
        try Data("half of a".utf8).write(to: URL(fileURLWithPath: agency.file("backup.partial")))
        #expect(try agency.backup().log == 1)
        #expect(!FileManager.default.fileExists(atPath: agency.file("backup.partial")))
    }

    @Test func `two backups under one name do not meet`() throws {
        let agency = try TestAgency()
        try Data().write(to: URL(fileURLWithPath: agency.file("backup.partial")))
        let other = try #require(FileHandle(forWritingAtPath: agency.file("backup.partial")))
        #expect(flock(other.fileDescriptor, LOCK_EX) == 0)
        #expect(code { try agency.backup() } == .busy)
        try other.close()
        try agency.backup()
    }
}
