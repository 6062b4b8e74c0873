import Foundation
import GRDB
import PeerSupport
import SyncModel
import SyncStore
import SyncWire
import Testing

@Suite("Verifying")
struct VerifyTests {
    /// A closed store in which something happened: eight changes of the directory, two participants, of which
    /// one was written twice, and one change in quarantine. The office's log is incarnation 2, PS07's number 3.
    private func agency() throws -> (agency: TestAgency, first: RecordID) {
        let agency = try TestAgency()
        let office = try agency.direct()
        let peer = try agency.enrol("PS07")
        try peer.sync()
        let first = agency.id()
        office.write("participant", first, TestAgency.participant("P1"))
        office.write("participant", agency.id(), TestAgency.participant("P2"))
        try office.sync()
        office.write("participant", first, [RegisterWrite("name", [.text("Ana"), .none])])
        try office.sync()
        peer.write("staff", NaturalKey.id(table: "staff", key: "PS09"), TestAgency.staff("PS09", "nurse"))
        try peer.sync()
        try agency.store.close()
        return (agency, first)
    }

    /// What `verify` says of the store after an alteration.
    private func said(_ agency: TestAgency, after sql: String) throws -> String? {
        try agency.alter(sql)
        let found = failure { _ = try Store.verify(at: agency.path) }
        #expect(found == nil || found?.code == .damaged)
        #expect(found == nil || found?.code.exitCode == 65)
        return found?.what
    }

    @Test func `a store is as it was written, and stays so through a restore`() throws {
        let (agency, _) = try agency()
        let report = try Store.verify(at: agency.path)
        #expect(report.changes == 12 && report.incarnations == 3 && report.records == 10)
        #expect(report.positions == 5 && report.log == 12 && report.epoch == 1)
        #expect(report.auditEntries == 8)
        try agency.open()
        try agency.backup()
        #expect(try Store.verify(at: agency.path).auditEntries == 9)
        try agency.restore()
        #expect(try Store.verify(at: agency.path).epoch == 2)
    }

    @Test func `one octet of a change's bytes is enough`() throws {
        let (agency, _) = try agency()
        // Whichever octet it is, of the head, the seed or the values: all are under the hash.
        let size = try #require(try agency.number("SELECT length(bytes) FROM change WHERE position = 10"))
        for place in stride(from: 1, through: size, by: 7) {
            let altered = """
                UPDATE change SET bytes = CAST(substr(bytes, 1, \(place - 1)) ||
                    CASE WHEN hex(substr(bytes, \(place), 1)) = '41' THEN x'42' ELSE x'41' END ||
                    substr(bytes, \(place + 1)) AS BLOB) WHERE position = 10
                """
            let whole = try Data(contentsOf: URL(fileURLWithPath: agency.path))
            #expect(
                try said(agency, after: altered.replacing("\n", with: " "))
                    == "the database was altered or is damaged: change 9 of a log of LT-1 was altered "
                    + "(log position 10)", "octet \(place)")
            try whole.write(to: URL(fileURLWithPath: agency.path))
        }
    }

    @Test(arguments: [
        (
            "UPDATE change SET hash = randomblob(32) WHERE position = 4",
            "change 3 of a log of LT-1 was altered"
        ),
        ("DELETE FROM change WHERE position = 5", "change 4 of a log of LT-1 is missing"),
        ("DELETE FROM change WHERE position = 12", "a log of LT-2 ends at change 0, and had reached 1"),
        ("UPDATE change SET record = 3 WHERE position = 4", "position 4 was put under another record"),
        ("UPDATE change SET incarnation = 9 WHERE position = 12", "a log of LT-2 ends at change 0"),
        ("UPDATE incarnation SET mark = 11 WHERE number = 2", "ends at change 10, and had reached 11"),
        ("UPDATE incarnation SET hash = randomblob(32) WHERE number = 2", "a log of LT-1 is not the one"),
        ("UPDATE log SET hash = randomblob(32) WHERE position = 8", "the log between positions 2 and 8"),
        (
            "UPDATE change SET received_at = received_at + 1 WHERE position = 6",
            "the log between positions 2 and 8"
        ),
        ("UPDATE agency SET log_hash = randomblob(32)", "hash at position 12 is not the one"),
        ("UPDATE agency SET log = 11", "hash at position 11 is not the one"),
        ("UPDATE change SET effective = effective + 1 WHERE position = 10", "the state of record "),
        ("UPDATE change SET outcome = 0 WHERE position = 12", "the state of record "),
        ("UPDATE change SET outcome = 2 WHERE position = 9", "the state of record "),
        ("UPDATE record SET \"table\" = 'site' WHERE number = 4", "the state of record "),
        ("UPDATE record SET id = randomblob(16) WHERE number = 3", "was put under another record"),
    ])
    func `what was altered is named`(sql: String, told: String) throws {
        let (agency, _) = try agency()
        let what = try #require(try said(agency, after: sql))
        #expect(what.contains(told), "\(what)")
    }

    @Test(arguments: [
        ("DROP INDEX change_record", "the index change_record is missing"),
        ("DROP TRIGGER audit_stands", "the trigger audit_stands is missing"),
        (
            "DROP INDEX gift_parent; CREATE INDEX gift_parent ON gift (parent, target)",
            "the index gift_parent is not as the program makes it"
        ),
        ("CREATE TABLE extra (n INTEGER) STRICT", "the table extra is not one that the program makes"),
        (
            "CREATE TRIGGER t AFTER INSERT ON change BEGIN DELETE FROM reissue; END",
            "the trigger t is not one that the program makes"
        ),
        (
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'length(hash) = 32', 'length(hash) > 0') WHERE name = 'incarnation'; PRAGMA writable_schema = OFF",
            "the table incarnation is not as the program makes it"
        ),
        ("UPDATE record SET gifts = '' WHERE number = 4", "gives to scopes is not what it was known to give"),
        ("DELETE FROM gift WHERE source = 4", "gives to scopes is not what it was known to give"),
        (
            "INSERT INTO gift (target, source, \"key\", parent) VALUES (4, 400, 1, 0)",
            "what a record that is not here gives to scopes"
        ),
        (
            "UPDATE incarnation SET last_effective = last_effective + 1 WHERE number = 2",
            "the latest time noted of a log of LT-1"
        ),
        (
            "UPDATE incarnation SET last_effective = 5 WHERE number = 3",
            "the latest time noted of a log of LT-2"
        ),
    ])
    func `what is under no hash is compared with what it follows from`(sql: String, told: String) throws {
        let (agency, _) = try agency()
        _ = try Store.verify(at: agency.path)
        let what = try #require(try said(agency, after: sql))
        #expect(what.contains(told), "\(what)")
    }

    @Test func `a backup is verified where it lies, with nothing beside it`() throws {
        let (agency, _) = try agency()
        try agency.open()
        try agency.backup()
        let folder = agency.folder.appendingPathComponent("elsewhere")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("copy.sqlite")
        try FileManager.default.copyItem(atPath: agency.file("backup"), toPath: file.path)
        #expect(try Store.verify(backup: file.path).changes == 12)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["copy.sqlite"])
        let queue = try DatabaseQueue(path: file.path)
        try queue.write { try $0.execute(sql: "UPDATE change SET received_at = 1 WHERE position = 6") }
        try queue.close()
        #expect(failure { _ = try Store.verify(backup: file.path) }?.code == .damaged)
        #expect(failure { _ = try Store.verify(backup: agency.file("none")) }?.code == .nothing)
    }

    @Test func `what was taken and what was refused cannot be closed without a decision`() throws {
        for position in [9, 12] {
            for outcome in [3, 4, 7] {
                let (agency, _) = try agency()
                let what = try said(
                    agency, after: "UPDATE change SET outcome = \(outcome) WHERE position = \(position)")
                #expect(
                    what?.contains("position \(position) is closed as if somebody had") == true,
                    "\(position) \(outcome): \(what ?? "nothing")")
            }
        }
    }

    @Test func `two changes that were exchanged are noticed`() throws {
        let (agency, _) = try agency()
        let what = try said(
            agency,
            after: """
                UPDATE change SET position = 100 WHERE position = 9; UPDATE change SET position = 9 WHERE position = 10;
                UPDATE change SET position = 10 WHERE position = 100
                """)
        #expect(what?.contains("the log between positions 9 and 10") == true, "\(what ?? "")")
    }

    @Test func `a record whose state was altered is named by its id`() throws {
        let (agency, first) = try agency()
        let altered = """
            UPDATE record SET state = CAST(replace(CAST(hex(state) AS TEXT), hex('Ana'), hex('Eva')) AS TEXT)
            WHERE id = x'\(hexadecimal(first.bytes))'
            """
        // STRICT keeps text out of a BLOB column, so the altered digits are read back first.
        #expect(throws: DatabaseError.self) { try agency.alter(altered) }
        let queue = try DatabaseQueue(path: agency.path)
        try queue.write { db in
            let id = Data(first.bytes)
            var state = try #require(
                try Data.fetchOne(db, sql: "SELECT state FROM record WHERE id = ?", arguments: [id]))
            let place = try #require(state.range(of: Data("Ana".utf8)))
            state.replaceSubrange(place, with: Data("Eva".utf8))
            try db.execute(sql: "UPDATE record SET state = ? WHERE id = ?", arguments: [state, id])
        }
        try queue.close()
        let found = failure { _ = try Store.verify(at: agency.path) }
        #expect(
            found?.what.contains("the state of record \(first.text) is not what its changes make it") == true)
    }

    @Test(arguments: [
        ("UPDATE audit SET counts = '{}' WHERE number = 3", "entry 3 of the audit log was altered"),
        ("UPDATE audit SET at = at + 1 WHERE number = 5", "entry 5 of the audit log was altered"),
        ("UPDATE audit SET staff = 'PS09' WHERE number = 2", "entry 2 of the audit log was altered"),
        ("DELETE FROM audit WHERE number = 4", "entry 4 of the audit log is missing"),
        ("DELETE FROM audit WHERE number = 8", "the audit log ends at entry 7, and had 8 entries"),
        ("UPDATE agency SET audit = 7", "the audit log does not end where it was known to"),
        ("UPDATE agency SET audit_hash = randomblob(32)", "the audit log does not end where it was known to"),
    ])
    func `the audit log is followed to its end`(sql: String, told: String) throws {
        let (agency, _) = try agency()
        try agency.alter("DROP TRIGGER audit_is_kept")
        try agency.alter("DROP TRIGGER audit_stands")
        let what = try #require(try said(agency, after: sql))
        #expect(what.contains(told), "\(what)")
    }

    @Test func `an octet that the disk has altered is noticed`() throws {
        let (agency, first) = try agency()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: agency.path))
        let place = try #require(bytes.range(of: Data(first.bytes)))
        bytes[place.lowerBound] ^= 1
        try bytes.write(to: URL(fileURLWithPath: agency.path))
        #expect(failure { _ = try Store.verify(at: agency.path) }?.code == .damaged)
    }

    @Test func `a running store is verified beside its writer`() throws {
        let (agency, _) = try agency()
        try agency.open()
        let peer = try agency.enrol("PS09")
        try peer.sync()
        #expect(try Store.verify(at: agency.path).auditEntries == 10)
        #expect(failure { _ = try Store.verify(at: agency.file("none")) }?.code == .nothing)
    }
}
