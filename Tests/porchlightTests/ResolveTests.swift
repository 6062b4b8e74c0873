import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

@Suite struct ResolveTests {
    private func desk() throws -> (TestDesk, Desk, RecordID) {
        let test = try TestDesk()
        let replica = try test.enrolled()
        let maria = try replica.addParticipant("P0142", "Maria", family: "Lopez")
        try replica.addParticipant("P0143", "Mario", family: "Rossi")
        try replica.addParticipant("P0200", "Ann", family: "Marsh")
        let common = try commonOptions(["--replica", test.path])
        return (test, Desk(common, world: test.world, screen: test.screen), maria)
    }

    @Test func `finds a participant by code, id, end of the id or a part of the name`() throws {
        let (test, desk, maria) = try desk()
        for typed in ["P0142", "p0142", " P0142 ", maria.text, maria.short, "lopez", "Maria L"] {
            #expect(try desk.participant(typed).id == maria, "\(typed)")
        }
        withExtendedLifetime(test) {}
    }

    @Test func `asks which one when several fit`() throws {
        let (test, desk, _) = try desk()
        let error = #expect(throws: SyncError.self) { try desk.participant("mari") }
        #expect(error?.code == .ambiguous)
        #expect(error?.code.exitCode == 65)
        #expect(error?.what.contains("P0142 Maria Lopez") == true)
        #expect(error?.what.contains("P0143 Mario Rossi") == true)
        #expect(error?.what.contains("P0200") == false)
        withExtendedLifetime(test) {}
    }

    @Test func `a whole name comes before a beginning, and the middle of a name names nobody`() throws {
        let (test, desk, maria) = try desk()
        try desk.replica().addParticipant("P0300", "Dana", family: "Marialva")
        #expect(try desk.participant("maria").id == maria)
        for typed in ["ari", "opez", "ma"] {
            let error = #expect(throws: SyncError.self) { try desk.participant(typed) }
            #expect(error?.code == .unknownRecord, "\(typed)")
        }
        withExtendedLifetime(test) {}
    }

    @Test func `finds a name with and without its accents`() throws {
        let (test, desk, _) = try desk()
        let person = try desk.replica().addParticipant("P0301", "José", family: "Núñez")
        for typed in ["Jose", "josé", "NUNEZ", "José Núñez", "jose nun"] {
            #expect(try desk.participant(typed).id == person, "\(typed)")
        }
        withExtendedLifetime(test) {}
    }

    @Test func `says so when nobody fits`() throws {
        let (test, desk, _) = try desk()
        for typed in ["P9999", "nobody", "", "ffffffff", "00000000-0000-7000-8000-000000000000"] {
            let error = #expect(throws: SyncError.self) { try desk.participant(typed) }
            #expect(error?.code == .unknownRecord, "\(typed)")
        }
        withExtendedLifetime(test) {}
    }

    @Test func `does not take a record of another table for a participant`() throws {
        let (test, desk, maria) = try desk()
        let id = try desk.replica().edit { edit in
            try edit.create(
                "escalation",
                [
                    RegisterWrite(
                        "what",
                        [
                            .reference(maria), .text("SV01"), .integer(TestDesk.now), .text("seemed tired"),
                            .text("routine"),
                        ])
                ])
        }.records[0]
        #expect(throws: SyncError.self) { try desk.participant(id.text) }
        #expect(try desk.record(id.short, in: "escalation").id == id)
        #expect(try desk.anyRecord(id.short).id == id)
        #expect(try desk.anyRecord("p0142").id == maria)
        withExtendedLifetime(test) {}
    }

    @Test func `an id is meant by its end only`() {
        let id = Identifier(high: 0x0199_aaaa_bbbb_7ccc, low: 0x8000_0000_dead_beef)
        #expect(id.short == "deadbeef")
        #expect(Identifier.end(meantBy: " BEEF ") == "beef")
        #expect(Identifier.end(meantBy: id.text) == id.text)
        for typed in ["eef", "", "Mae", "walk", "dead_beef", "dead%", "deadbeef" + id.text] {
            #expect(Identifier.end(meantBy: typed) == nil, "\(typed)")
        }
    }

    @Test func `the end of an id finds the record, and its beginning does not`() throws {
        let test = try TestDesk()
        let replica = try test.enrolled()
        let ids = try (1...3).map { try replica.addParticipant("P000\($0)", "Mae") }
        let last = try #require(ids.last)
        for end in [4, 8, 12, 13, 20, 36] {
            let found = try replica.find(
                Query("participant", where: [.idEnds(String(last.text.suffix(end)))]))
            #expect(found.map(\.id) == [last], "\(end)")
        }
        #expect(try replica.find(Query("participant", where: [.idEnds("0" + last.text)])).isEmpty)
        #expect(
            try replica.find(Query("participant", where: [.idEnds(String(last.text.prefix(8)))])).isEmpty)
        #expect(try replica.find(Query("check_in", where: [.idEnds(last.short)])).isEmpty)
        withExtendedLifetime(test) {}
    }
}
