import Foundation
import GRDB
import PeerSupport
import SyncModel
import SyncStore
import Testing

@Suite("Older files")
struct UpgradeTests {
    /// A folder with nothing but a database of an older version in it.
    private func file(_ sql: String) throws -> (folder: URL, path: String) {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("porchlight-old-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appendingPathComponent("porchlight.sqlite").path
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
        return (folder, path)
    }

    @Test func `a file of version 1 is brought up to date with all it has`() throws {
        let (folder, path) = try file(VersionOne.sql)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Before, it can be verified as it is.
        #expect(try Store.verify(at: path).changes == 1)
        let store = try Store.open(at: path, domain: PeerSupportDomain(), now: 1_795_541_200_000_000)
        #expect(store.agency == Agency(name: "Harbor House", timeZone: "America/New_York"))
        #expect(try store.figures().records == 1)
        #expect(try store.figures().epoch == 1)
        var dice = Dice(state: 1)
        let invite = try store.invite(
            staff: "AD01", lifetimeSeconds: 60, now: 1_795_541_200_000_000, using: &dice)
        let reply = try store.enrol(
            EnrolRequest(code: invite.code, deviceName: "desk"), now: 1_795_541_200_000_000, using: &dice)
        #expect(reply.device == "LT-1")
        var kinds: [String] = []
        try store.audit { kinds.append($0.kind) }
        #expect(kinds == ["invite", "enrolment"])
        try store.close()
        let report = try Store.verify(at: path)
        #expect(report.changes == 1 && report.records == 1 && report.auditEntries == 2)
        // The journals begin with what the file knew already.
        let epochs = try String(
            contentsOf: folder.appendingPathComponent("porchlight.epochs"), encoding: .utf8)
        #expect(epochs.contains("\"epoch\":1"))
        let security = try String(
            contentsOf: folder.appendingPathComponent("porchlight.security"), encoding: .utf8)
        #expect(security.contains("administrator"))
    }

    @Test func `a file whose audit log has no notes yet is verified, and brought up to date`() throws {
        let agency = try TestAgency()
        _ = try agency.direct()
        try agency.store.close()
        try agency.forgetTimes()
        try agency.alter(
            """
            DROP TABLE reissue; ALTER TABLE audit DROP COLUMN note; ALTER TABLE record DROP COLUMN disputed;
            ALTER TABLE audit DROP COLUMN change_hash;
            PRAGMA user_version = 3
            """)
        #expect(try Store.verify(at: agency.path).auditEntries == 3)
        try agency.open()
        _ = try agency.enrol("PS07")
        #expect(try agency.store.quarantine().isEmpty)
        #expect(try agency.audit() == ["invite", "enrolment", "exchange", "invite", "enrolment"])
        try agency.store.close()
        #expect(try Store.verify(at: agency.path).auditEntries == 5)
        try agency.open()
    }

    @Test func `a backup of version 1 is restored and brought up to date`() throws {
        let (folder, path) = try file(VersionOne.sql)
        defer { try? FileManager.default.removeItem(at: folder) }
        let target = folder.appendingPathComponent("new.sqlite").path
        let report = try Store.restore(from: path, to: target, now: 1_795_541_200_000_000)
        #expect(report.epoch == 2 && report.replaced == nil && report.backup.log == 1)
        let store = try Store.open(at: target, domain: PeerSupportDomain(), now: 1_795_541_200_000_000)
        #expect(try store.figures().records == 1)
        try store.close()
        #expect(try Store.verify(at: target).auditEntries == 2)
    }
}
