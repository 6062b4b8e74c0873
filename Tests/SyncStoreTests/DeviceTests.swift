import Foundation
import PeerSupport
import SyncModel
import SyncStore
import Testing

@Suite("Devices and the store's file")
struct DeviceTests {
    @Test func `a code enrols one laptop, once, in time`() throws {
        let agency = try TestAgency()
        let invite = try agency.store.invite(
            staff: "AD01", lifetimeSeconds: 60, now: agency.now, using: &agency.dice)
        let typed = invite.code.lowercased().replacingOccurrences(of: "-", with: " ")
        let reply = try agency.store.enrol(
            EnrolRequest(code: typed, deviceName: "desk"), now: agency.now, using: &agency.dice)
        #expect(reply.role == "administrator" && reply.device == "LT-1" && reply.token.utf8.count == 43)
        #expect(try agency.store.device(token: reply.token)?.staff == "AD01")
        #expect(try agency.store.device(token: reply.token + "x") == nil)
        #expect(throws: SyncError.self) {
            try agency.store.enrol(
                EnrolRequest(code: invite.code, deviceName: "again"), now: agency.now, using: &agency.dice)
        }
        let late = try agency.store.invite(
            staff: "AD01", lifetimeSeconds: 60, now: agency.now, using: &agency.dice)
        agency.pass(61)
        let error = #expect(throws: SyncError.self) {
            try agency.store.enrol(
                EnrolRequest(code: late.code, deviceName: "late"), now: agency.now, using: &agency.dice)
        }
        #expect(error?.code == .badCode)
    }

    @Test func `a laptop that is enrolled again uses no code for anybody else, or of another agency`() throws
    {
        let agency = try TestAgency()
        let invite = try agency.store.invite(
            staff: "AD01", lifetimeSeconds: 60, now: agency.now, using: &agency.dice)
        for (staff, name) in [("PS07", "Harbor House"), ("AD01", "Other House")] {
            let refused = failure {
                _ = try agency.store.enrol(
                    EnrolRequest(code: invite.code, deviceName: "desk", staff: staff, agency: name),
                    now: agency.now, using: &agency.dice)
            }
            #expect(refused?.code == .notPermitted)
            #expect(refused?.means.contains("the code can still be used") == true)
        }
        #expect(try agency.store.devices().isEmpty)
        let reply = try agency.store.enrol(
            EnrolRequest(code: invite.code, deviceName: "desk", staff: "AD01", agency: "Harbor House"),
            now: agency.now, using: &agency.dice)
        #expect(reply.staff == "AD01" && reply.device == "LT-1")
    }

    @Test func `nobody is invited whom the directory does not know`() throws {
        let agency = try TestAgency()
        let error = #expect(throws: SyncError.self) {
            try agency.store.invite(staff: "PS99", lifetimeSeconds: 60, now: 0, using: &agency.dice)
        }
        #expect(error?.code == .unknownRecord)
    }

    @Test func `retiring an unknown device says so, and the server's own line cannot be retired`() throws {
        let agency = try TestAgency()
        for device in ["LT-9", "SERVER"] {
            let error = #expect(throws: SyncError.self) { try agency.store.retire(device: device, now: 1) }
            #expect(error?.code == .nothing)
        }
        #expect(try agency.store.devices().isEmpty)
    }

    /// Restored without its journal it has forgotten it, and what comes too late would count.
    @Test func `a laptop that says that it was retired is retired from then on`() throws {
        let agency = try TestAgency()
        let laptop = try agency.direct()
        laptop.write("participant", agency.id(), TestAgency.participant("P1"))
        var request = laptop.request()
        request.hello.isSealed = true
        for _ in 0..<2 {
            #expect(try laptop.send(request).reply.welcome.verdict == .sealed)
        }
        #expect(try agency.number("SELECT count(*) FROM change WHERE outcome = 2") == 1)
        let device = try #require(try agency.store.devices().first { $0.device == laptop.device })
        #expect(device.retiredAt == agency.now)
        #expect(try agency.audit().filter { $0.contains("retirement") }.count == 1)
        // It stands, whatever is said later, and through a restore.
        #expect(try laptop.send(laptop.request()).reply.welcome.verdict == .sealed)
        try agency.backup()
        try agency.restore()
        #expect(try agency.store.device(token: laptop.token)?.isRetired == true)
    }

    @Test func `a store opens again as it was closed`() throws {
        let agency = try TestAgency()
        _ = try agency.direct()
        let digest = try agency.store.digest()
        try agency.store.close()
        agency.store = try Store.open(at: agency.path, domain: agency.domain, now: agency.now)
        #expect(try agency.store.digest() == digest)
        #expect(agency.store.agency == Agency(name: "Harbor House", timeZone: "America/New_York"))
    }

    @Test func `a file that is no store, or a newer one, is not opened`() throws {
        let agency = try TestAgency()
        let path = agency.folder.appendingPathComponent("other.sqlite").path
        func code() -> SyncError.Code? {
            do {
                _ = try Store.open(at: path, domain: agency.domain, now: agency.now)
                return nil
            } catch { return (error as? SyncError)?.code }
        }
        #expect(code() == .nothing)
        try Data("this is a letter, not a database, and it is long enough to be looked at".utf8)
            .write(to: URL(fileURLWithPath: path))
        #expect(code() == .damaged)
        try agency.store.close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: agency.path))
        // PRAGMA user_version is the big-endian word at offset 60 (https://www.sqlite.org/fileformat.html).
        bytes[63] = 99
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(code() == .tooNew)
    }

    @Test func `a store is not made over another`() throws {
        let agency = try TestAgency()
        let error = #expect(throws: SyncError.self) {
            try Store.create(
                at: agency.path, agency: Agency(name: "x", timeZone: "UTC"), founder: "AD01", founding: [],
                domain: agency.domain, now: 0, using: &agency.dice)
        }
        #expect(error?.code == .alreadyEnrolled)
    }

    @Test func `a laptop that goes on under another name is one laptop with two logs`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        #expect(try agency.store.devices().map(\.logs) == [1])
        office.reidentify()
        office.write("participant", agency.id(), TestAgency.participant("P1"))
        try office.sync()
        #expect(try agency.store.devices().map(\.logs) == [2])
    }

    @Test func `what is enrolled and written is counted`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        let figures = try agency.store.figures()
        #expect(figures.records == 8 && figures.changes == 8)
        #expect(figures.devices == 1 && figures.epoch == 1 && figures.databaseBytes > 0)
        #expect(try agency.store.devices().map(\.device) == [office.device])
    }
}
