import Foundation
import GRDB
import PeerSupport
import SyncModel
import SyncStore
import Testing

@Suite("The audit log")
struct AuditTests {
    private func entries(_ agency: TestAgency, since: Int64 = 0) throws -> [AuditEntry] {
        var all: [AuditEntry] = []
        try agency.store.audit(since: since) { all.append($0) }
        return all
    }

    @Test func `what is done to an agency stands there, one line each`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        #expect(try agency.audit() == ["invite", "enrolment", "exchange"])
        try agency.store.retire(device: office.device, now: agency.now)
        try agency.backup()
        try agency.restore()
        // The backup's own line is written when the backup is there already, and went with what was replaced.
        let kinds = ["invite", "enrolment", "exchange", "retirement", "restore", "epoch"]
        #expect(try agency.audit() == kinds)
        let all = try entries(agency)
        #expect(all.map(\.number) == Array(1...6))
        #expect(all[2].device == office.device && all[2].staff == "AD01")
        #expect(all[2].counts == #"{"conflicts":0,"quarantined":0,"taken":7}"#)
        #expect(all[5].counts == #"{"before":1,"epoch":2}"#)
    }

    @Test func `an exchange that brings nothing leaves no line`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        let before = try agency.audit().count
        for _ in 0..<3 { try office.sync() }
        agency.pass(3600)
        try office.sync()
        #expect(try agency.audit().count == before)
    }

    @Test func `an exchange is one line however much it brings, with what became of it`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        let peer = try agency.enrol("PS07")
        try peer.sync()
        for index in 0..<40 { office.write("participant", agency.id(), TestAgency.participant("P\(index)")) }
        try office.sync()
        peer.write(
            "staff", NaturalKey.id(table: "staff", key: "PS09"), TestAgency.staff("PS09", "supervisor"))
        try peer.sync()
        let found = try entries(agency).suffix(2)
        #expect(found.map(\.kind) == ["exchange", "exchange"])
        #expect(found.first?.counts == #"{"conflicts":0,"quarantined":0,"taken":40}"#)
        #expect(found.last?.counts == #"{"conflicts":0,"quarantined":1,"taken":1}"#)
        #expect(found.last?.staff == "PS07")
    }

    @Test func `tokens that nobody has are counted, and told with the next exchange`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        for _ in 0..<3 { #expect(try agency.store.device(token: "made up") == nil) }
        #expect(try agency.audit().count { $0 == "refusal" } == 0)
        for name in ["P1", "P2"] {
            office.write("participant", agency.id(), TestAgency.participant(name))
            try office.sync()
        }
        let told = try entries(agency).filter { $0.kind == "refusal" }
        #expect(told.map(\.counts) == [#"{"unknown_tokens":3}"#])
    }

    @Test func `wrong codes are counted, and told before the next enrolment or exchange`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        func guess(_ count: Int) {
            for _ in 0..<count {
                let request = EnrolRequest(code: "AAAA-BBBB-CCCC-DDDD", deviceName: "a guess")
                #expect(
                    code { _ = try agency.store.enrol(request, now: agency.now, using: &agency.dice) }
                        == .badCode)
            }
        }
        guess(4)
        #expect(try agency.audit().count { $0 == "refusal" } == 0)
        _ = try agency.enrol("PS07")
        #expect(try agency.audit().suffix(3) == ["invite", "refusal", "enrolment"])
        guess(2)
        #expect(try agency.store.device(token: "made up") == nil)
        office.write("participant", agency.id(), TestAgency.participant("P1"))
        try office.sync()
        try office.sync()
        let told = try entries(agency).filter { $0.kind == "refusal" }
        #expect(told.map(\.counts) == [#"{"wrong_codes":4}"#, #"{"unknown_tokens":1,"wrong_codes":2}"#])
    }

    @Test(arguments: [true, false])
    func `what was only counted is told at the latest when the store is closed`(tellsTime: Bool) throws {
        let agency = try TestAgency()
        _ = try agency.direct()
        let before = try #require(try entries(agency).last)
        #expect(try agency.store.device(token: "made up") == nil)
        agency.pass(60)
        try agency.store.close(now: tellsTime ? agency.now : nil)
        _ = try Store.verify(at: agency.path)
        try agency.open()
        let last = try #require(try entries(agency).last)
        #expect(last.number == before.number + 1 && last.kind == "refusal")
        #expect(last.counts == #"{"unknown_tokens":1}"# && last.at == (tellsTime ? agency.now : before.at))
        // Told once.
        try agency.store.close(now: agency.now)
        try agency.open()
        #expect(try entries(agency).last == last)
    }

    @Test func `an epoch that showed itself is noted`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        try agency.store.close()
        let old = try Data(contentsOf: URL(fileURLWithPath: agency.path))
        try agency.open()
        office.write("participant", agency.id(), TestAgency.participant("P1"))
        try office.sync()
        try agency.store.close()
        try old.write(to: URL(fileURLWithPath: agency.path))
        try agency.open()
        _ = try office.send(office.request())
        #expect(try agency.audit().last == "epoch")
    }

    @Test func `only what was noted since a time is asked for`() throws {
        let agency = try TestAgency()
        _ = try agency.direct()
        agency.pass(60)
        let since = agency.now
        _ = try agency.enrol("PS07")
        #expect(try entries(agency, since: since).map(\.kind) == ["invite", "enrolment"])
    }

    @Test func `entries can be neither altered nor taken out by mistake`() throws {
        let agency = try TestAgency()
        _ = try agency.direct()
        try agency.store.close()
        #expect(throws: DatabaseError.self) { try agency.alter("DELETE FROM audit") }
        #expect(throws: DatabaseError.self) { try agency.alter("UPDATE audit SET staff = 'PS99'") }
        #expect(try agency.number("SELECT count(*) FROM audit") == 3)
    }

    @Test func `the log holds codes and counts, and no name and no words of anybody`() throws {
        let agency = try TestAgency()
        let office = try agency.direct()
        office.write("participant", agency.id(), TestAgency.participant("P1"))
        try office.sync()
        let text = try entries(agency).map { "\($0.kind) \($0.device) \($0.staff) \($0.counts)" }.joined()
        for personal in ["Staff", "Participant", "laptop of", office.token] {
            #expect(!text.contains(personal))
        }
    }
}
