import Foundation
import PeerSupport
import SyncModel
import SyncStore
import Testing

@Suite("Security decisions and restores")
struct SecurityJournalTests {
    /// The server that came back from an older backup, without its journal, gave names once more.
    @Test func `a restore says whose names are others' in the backup`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        _ = try agency.backup("old")
        let first = try agency.enrol("AD01")
        _ = try agency.backup("late")
        try agency.store.close()
        for name in [agency.path, agency.file("server.security")] {
            try FileManager.default.removeItem(atPath: name)
        }
        #expect(try Store.restore(from: agency.file("old"), to: agency.path, now: agency.now).taken.isEmpty)
        try agency.open()
        let (again, lost) = (try agency.enrol("AD01"), try agency.enrol("AD01"))
        #expect(again.device == first.device)
        let report = try agency.restore("late")
        #expect(report.isJournalOfAnother && report.taken.map(\.device) == [again.device])
        #expect(try agency.store.device(token: again.token) == nil)
        for known in [office, first, lost] {
            #expect(try agency.store.device(token: known.token)?.device == known.device)
        }
        // Of one that was retired nobody has to enrol anything.
        #expect(try agency.restore("old").taken.map(\.device) == [first.device])
        try agency.store.retire(device: again.device, now: agency.now)
        #expect(try agency.restore("late").taken.isEmpty)
    }

    /// Who was retired on a server that is lost no journal knows that another began later.
    @Test func `a restore knows what was decided since only by the journal that goes on from the backup`()
        throws
    {
        let agency = try TestAgency()
        _ = try agency.direct()
        try agency.backup("first")
        try agency.backup("second")
        let known = try agency.restore("first")
        #expect(known.knowsDecisionsSince && !known.isJournalOfAnother && known.knownUpTo == nil)
        let old = try Data(contentsOf: URL(fileURLWithPath: agency.file("server.security")))
        try agency.store.close()
        for name in [agency.path, agency.file("server.security")] {
            try FileManager.default.removeItem(atPath: name)
        }
        func restore(_ name: String) throws -> [Bool] {
            let report = try Store.restore(from: agency.file(name), to: agency.path, now: agency.now)
            return [report.knowsDecisionsSince, report.isJournalOfAnother]
        }
        #expect(try restore("first") == [false, false])
        // Done once more it knows as little, and of a later backup too.
        #expect(try restore("first") == [false, true])
        #expect(try restore("second") == [false, true])
        // What this server itself has decided since its own backups it knows.
        try agency.open()
        try agency.backup("third")
        try agency.store.close()
        #expect(try restore("third") == [true, false])
        #expect(try restore("second") == [false, true])
        // One that is empty, cut, or another agency's knows nothing either.
        for wrong in [Data(), old.prefix(40), old.dropLast(9)] {
            try FileManager.default.removeItem(atPath: agency.path)
            try wrong.write(to: URL(fileURLWithPath: agency.file("server.security")))
            #expect(try restore("second") == [false, true])
        }
        // The lost server's file, if it is found.
        try old.write(to: URL(fileURLWithPath: agency.file("server.security")))
        #expect(try restore("second") == [true, false])
        // On a new machine it alone says what was decided, and does not say whether it is the newest of its kind.
        for name in ["server.epochs", "server.sqlite"] {
            try FileManager.default.removeItem(atPath: agency.file(name))
        }
        agency.pass(60)
        let moved = try Store.restore(from: agency.file("second"), to: agency.path, now: agency.now)
        let newest = try #require(moved.knownUpTo)
        #expect(moved.knowsDecisionsSince && newest < agency.now)
        try agency.open()
    }

    @Test func `a database put back by hand without its journal does not know what was decided since`() throws
    {
        let agency = try TestAgency()
        _ = try agency.direct()
        try agency.backup("old")
        try agency.backup("late")
        let stolen = try agency.enrol("PS07")
        try agency.store.retire(device: stolen.device, now: agency.now)
        try agency.store.close()
        for name in [agency.path, agency.file("server.security")] {
            try FileManager.default.removeItem(atPath: name)
        }
        try FileManager.default.copyItem(atPath: agency.file("late"), toPath: agency.path)
        try agency.open()
        try agency.backup("since")
        // What this server has decided itself it knows.
        #expect(try agency.restore("since").knowsDecisionsSince)
        let unknown = try agency.restore("old")
        #expect(!unknown.knowsDecisionsSince && unknown.isJournalOfAnother)
    }

    @Test func `a retired laptop stays so where a backup has another by its code`() throws {
        let agency = try TestAgency()
        _ = try agency.direct()
        try agency.backup("old")
        let stolen = try agency.enrol("AD01")
        try agency.backup("late")
        try agency.store.close()
        try FileManager.default.removeItem(atPath: agency.path)
        try FileManager.default.removeItem(atPath: agency.file("server.security"))
        _ = try Store.restore(from: agency.file("old"), to: agency.path, now: agency.now)
        try agency.open()
        let other = try agency.enrol("AD01")
        #expect(other.device == stolen.device)
        try agency.restore("late")
        try agency.store.retire(device: stolen.device, now: agency.now)
        // Here the other has the code, and its number.
        var lines: Int?
        for _ in 0..<3 {
            try agency.restore("old")
            #expect(try agency.store.device(token: stolen.token)?.isRetired == true)
            #expect(try agency.store.device(token: other.token)?.isRetired == false)
            #expect(try agency.store.devices().filter { $0.retiredAt != nil }.map(\.name) == [stolen.device])
            #expect(try agency.store.devices().map(\.device) == ["LT-1", other.device, "LT-3"])
            // Every restore notes that there is a gap; of the laptops nothing is noted twice.
            let enrolled = try agency.lines("server.security").filter { $0.contains("\"enrolled\"") }.count
            #expect(enrolled == lines ?? enrolled)
            lines = enrolled
        }
        let next = try agency.enrol("AD01")
        #expect(try Set(agency.store.devices().map(\.device)).contains(next.device))
    }

    @Test func `a laptop retired after the backup is retired after the restore`() throws {
        let agency = try TestAgency()
        _ = try agency.direct()
        let peer = try agency.enrol("PS07")
        try peer.sync()
        try agency.backup()
        agency.pass(60)
        try agency.store.retire(device: peer.device, now: agency.now)
        agency.pass(60)
        try agency.restore()
        #expect(try agency.store.device(token: peer.token)?.isRetired == true)
        #expect(try agency.store.devices().last?.retiredAt == agency.now - 60_000_000)
        peer.log.epoch = 2
        peer.log.cursor = []
        #expect(try peer.send(peer.request()).reply.welcome.verdict == .sealed)
    }

    @Test func `a laptop retired before there was a journal is retired after the restore`() throws {
        let agency = try TestAgency()
        _ = try agency.direct()
        let peer = try agency.enrol("PS07")
        try agency.backup()
        try agency.store.retire(device: peer.device, now: agency.now)
        try agency.store.close()
        try FileManager.default.removeItem(atPath: agency.file("server.security"))
        try agency.open()
        try agency.restore()
        #expect(try agency.store.device(token: peer.token)?.isRetired == true)
        // Nor if nobody opened the store before the restore.
        try agency.store.close()
        try FileManager.default.removeItem(atPath: agency.file("server.security"))
        try Store.restore(from: agency.file("backup"), to: agency.path, now: agency.now)
        try agency.open()
        #expect(try agency.store.device(token: peer.token)?.isRetired == true)
    }

    @Test func `a laptop enrolled after the backup goes on, and its code stays used`() throws {
        let agency = try TestAgency()
        _ = try agency.direct()
        let invite = try agency.store.invite(
            staff: "PS07", lifetimeSeconds: 3600, now: agency.now, using: &agency.dice)
        try agency.backup()
        let reply = try agency.store.enrol(
            EnrolRequest(code: invite.code, deviceName: "phone"), now: agency.now, using: &agency.dice)
        try agency.restore()
        let known = try #require(try agency.store.device(token: reply.token))
        #expect(known.device == reply.device && known.staff == "PS07" && !known.isRetired)
        let again = EnrolRequest(code: invite.code, deviceName: "thief")
        #expect(
            code { _ = try agency.store.enrol(again, now: agency.now, using: &agency.dice) } == .badCode)
        // Nor does anybody else get its code, which stands in others' cursors and in the journal.
        #expect(try agency.enrol("PS09").device != reply.device)
    }

    @Test func `retiring one laptop never retires another that has its code`() throws {
        let agency = try TestAgency()
        _ = try agency.direct()
        try agency.backup()
        let first = try agency.enrol("PS07")
        try agency.store.retire(device: first.device, now: agency.now)
        // An older program restored by hand, without its journal, and gave the code out again.
        try agency.store.close()
        let journal = try Data(contentsOf: URL(fileURLWithPath: agency.file("server.security")))
        for name in ["server.security", "server.sqlite"] {
            try FileManager.default.removeItem(atPath: agency.file(name))
        }
        try FileManager.default.copyItem(atPath: agency.file("backup"), toPath: agency.path)
        try agency.open()
        let second = try agency.enrol("PS07")
        #expect(second.device == first.device)
        try agency.store.close()
        let since = try Data(contentsOf: URL(fileURLWithPath: agency.file("server.security")))
        try (journal + since).write(to: URL(fileURLWithPath: agency.file("server.security")))
        try agency.open()
        #expect(try agency.store.device(token: second.token)?.isRetired == false)
        #expect(try agency.store.device(token: first.token)?.isRetired == true)
    }

    @Test func `a role taken away after the backup stays away`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        let leader = try agency.enrol("SU01")
        try leader.sync()
        try agency.backup()
        agency.pass(60)
        office.write(
            "staff", NaturalKey.id(table: "staff", key: "SU01"), [RegisterWrite("role", [.text("peer")])])
        try office.sync()
        #expect(try agency.store.devices().last?.role == "peer")
        try agency.restore()
        #expect(try agency.store.devices().last?.role == "peer")
        leader.log.epoch = 2
        leader.log.cursor = []
        let keys = try leader.send(leader.request()).reply.welcome.keys
        #expect(!keys.contains("site:S1"))
        // The record still says what it said before; writing to it says nothing new of the role.
        let lines = try agency.lines("server.security").count
        office.log.epoch = 2
        office.log.cursor = []
        try office.sync()
        let staff = NaturalKey.id(table: "staff", key: "SU01")
        for name in ["Sue", "Susan"] {
            office.write("staff", staff, [RegisterWrite("name", [.text(name)])])
            try office.sync()
        }
        #expect(try agency.lines("server.security").count == lines)
        #expect(try agency.store.devices().last?.role == "peer")
    }

    @Test func `the journal has codes and hashes, and no name, token or code that opens anything`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        let text = try agency.lines("server.security").joined(separator: "\n")
        #expect(text.contains("\"device\":\"LT-1\""))
        #expect(!text.contains("laptop of"))
        #expect(!text.contains(office.token))
        #expect(!text.contains("Staff"))
        let size = try agency.lines("server.security").count
        try office.sync()
        try agency.store.close()
        try agency.open()
        #expect(try agency.lines("server.security").count == size)
    }

    @Test func `retiring twice is one decision`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        for _ in 0..<2 { try agency.store.retire(device: office.device, now: agency.now) }
        #expect(try agency.lines("server.security").count { $0.contains("\"retired\"") } == 1)
        #expect(try agency.audit().count { $0 == "retirement" } == 1)
    }
}
