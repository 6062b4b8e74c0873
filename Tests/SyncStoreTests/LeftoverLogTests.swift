import Foundation
import PeerSupport
import SyncModel
import SyncStore
import Testing

@Suite("Logs that a killed server left")
struct LeftoverLogTests {
    private let killed = "killed.sqlite"

    /// What lies in the folder after the server was killed: its database as it was at the last checkpoint, and its log.
    /// There is an older backup, too.
    private func kill(altered sql: String? = nil) throws -> TestAgency {
        let agency = try TestAgency()
        let office = try agency.direct()
        try agency.backup()
        for round in ["A", "B"] {
            for number in 0..<60 {
                agency.pass(1)
                office.write("participant", agency.id(), TestAgency.participant("\(round)\(number)"))
            }
            try office.sync()
            if round == "A" {
                try agency.store.close()
                try agency.open()
            }
        }
        if let sql { try agency.alter(sql) }
        for end in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: agency.path + end, toPath: agency.file(killed) + end)
        }
        return agency
    }

    private func open(_ agency: TestAgency) throws -> Store {
        try Store.open(at: agency.file(killed), domain: agency.domain, now: agency.now)
    }

    private func octets(_ agency: TestAgency) throws -> [Data] {
        try ["", "-wal"].map { try Data(contentsOf: URL(fileURLWithPath: agency.file(killed) + $0)) }
    }

    @Test func `a database with its own log is opened, and has all that was acknowledged`() throws {
        let agency = try kill()
        let store = try open(agency)
        #expect(try store.digest() == agency.store.digest())
        try store.close()
    }

    @Test func `an older file that was put beside it is refused, and both are left as they were`() throws {
        let agency = try kill()
        try FileManager.default.removeItem(atPath: agency.file(killed))
        try FileManager.default.copyItem(atPath: agency.file("backup"), toPath: agency.file(killed))
        let before = try octets(agency)
        for _ in 0..<2 {
            let refused = failure { _ = try open(agency) }
            #expect(refused?.code == .damaged)
            #expect(refused?.what.contains("killed.sqlite-wal") == true, "\(String(describing: refused))")
            #expect(refused?.advice.contains("porchlightd restore") == true)
            #expect(try octets(agency) == before)
        }
        // Taken apart, the file is what it was.
        for end in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: agency.file(killed) + end)
        }
        let store = try open(agency)
        #expect(try store.figures().changes == 8)
        try store.close()
    }

    /// Two files' pages can be whole to SQLite; then the one's counters are not the other's rows.
    @Test(arguments: [
        "DELETE FROM log WHERE position = (SELECT log FROM agency)",
        "UPDATE agency SET log_hash = zeroblob(32)",
        "DELETE FROM change WHERE position = (SELECT max(position) FROM change)",
        "UPDATE change SET hash = zeroblob(32) WHERE position = (SELECT max(position) FROM change)",
        "UPDATE agency SET audit_hash = zeroblob(32)",
        "UPDATE agency SET audit = audit + 1",
    ])
    func `a mixture that is whole to SQLite is refused too`(altered: String) throws {
        let agency = try kill(altered: altered)
        let before = try octets(agency)
        #expect(failure { _ = try open(agency) }?.code == .damaged)
        #expect(try octets(agency) == before)
        _ = try Store.restore(from: agency.file("backup"), to: agency.file(killed), now: agency.now)
        let store = try open(agency)
        #expect(try store.figures().changes == 8)
        try store.close()
    }

    @Test func `a restore puts things right whatever lies there`() throws {
        let agency = try kill()
        try FileManager.default.removeItem(atPath: agency.file(killed))
        try FileManager.default.copyItem(atPath: agency.file("backup"), toPath: agency.file(killed))
        _ = try Store.restore(from: agency.file("backup"), to: agency.file(killed), now: agency.now)
        let store = try open(agency)
        #expect(try store.figures().changes == 8)
        try store.close()
    }

    /// The log of a server that runs is no leftover, and is not looked through by every verb beside it.
    @Test func `beside somebody who has the store open nobody looks through it`() throws {
        let agency = try kill()
        let first = try open(agency)
        let second = try open(agency)
        #expect(try first.digest() == second.digest())
        try second.close()
        try first.close()
    }
}
