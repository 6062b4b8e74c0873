import Glibc
import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

@Suite struct ImportTests {
    /// A folder with files, which goes with the test.
    private final class Folder {
        let path: String

        init(_ files: KeyValuePairs<String, String>) throws {
            var template = Array("/tmp/porchlight-import-XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else { throw SyncError(.readOnly, "no temporary folder") }
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            for (name, text) in files { try write(name, text) }
        }

        func write(_ name: String, _ text: String) throws {
            let file = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            guard file >= 0 else { throw SyncError(.readOnly, "no file") }
            defer { close(file) }
            let bytes = Array(text.utf8)
            guard Glibc.write(file, bytes, bytes.count) == bytes.count else {
                throw SyncError(.diskFull, "no room")
            }
        }

        deinit {
            for table in ImportTable.all { unlink("\(path)/\(table.file)") }
            rmdir(path)
        }
    }

    private static let participants = "code,preferred_name,site\nP0301,Eva,S1\nP0302,Finn,S1\n"
    private static let checkIns = """
        key,participant_code,peer,activity,start_at,minutes,recorded_by
        1,P0301,PS07,check_in,2025-05-05 10:00,20,PS03
        2,P0302,PS07,check_in,not a time,20,PS03
        3,P0999,PS07,check_in,2025-05-05 10:00,20,PS03
        4,P0302,PS07,dancing,2025-05-05 10:00,20,PS03
        5,P0302,PS07,walk,2025-05-06 10:00,20,PS03

        """

    private func office() async throws -> CareDesk {
        try await CareDesk(staff: "AD01", role: "administrator")
    }

    @Test func `bad rows are told by file, line and reason, and the rest goes in`() async throws {
        let desk = try await office()
        let folder = try Folder(["check_in.csv": Self.checkIns, "participant.csv": Self.participants])
        let said = desk.run("import", folder.path)
        #expect(said.code == 65)
        #expect(said.err.contains("check_in.csv:3: start_at is not a time like 2026-03-02 14:30\n"))
        #expect(said.err.contains("check_in.csv:4: participant_code names a record that is not here\n"))
        #expect(said.err.contains("check_in.csv:5: activity must be one of"))
        #expect(!said.err.contains("dancing"))
        #expect(said.out.contains("4 records added."))
        #expect(said.out.contains("3 bad rows were left out."))
        #expect(try desk.replica().count(Query("check_in")) == 2)
    }

    @Test func `a supervisor whom nobody has is a bad row, and one who comes later in the file is not`()
        async throws
    {
        let desk = try await office()
        let folder = try Folder([
            "staff.csv": """
            code,name,role,supervisor,second_supervisor
            PS21,Ivo Lund,peer,SU21,
            PS22,Mia Roth,peer,SU2l,SU21
            PS23,Tom Wray,peer,AD01,SU99X
            SU21,Sue Hall,supervisor,AD01,

            """
        ])
        let said = desk.run("import", folder.path)
        #expect(said.code == 65, "\(said)")
        let why = "is not in the directory that is on this laptop"
        #expect(said.err.contains("staff.csv:3: supervisor \(why); SU21 may be meant\n"), "\(said.err)")
        #expect(said.err.contains("staff.csv:4: second_supervisor \(why)"), "\(said.err)")
        #expect(!said.err.contains("SU2l") && !said.err.contains("SU99X"), "\(said.err)")
        let supervisors = try ["PS21", "PS22", "PS23", "SU21"].map {
            try desk.replica().view(Harbor.id("staff", $0))?["supervisor"].text
        }
        #expect(supervisors == ["SU21", nil, nil, "AD01"])
    }

    @Test func `twice adds nothing, and what was changed since is left as it is`() async throws {
        let desk = try await office()
        let folder = try Folder(["participant.csv": Self.participants])
        #expect(desk.run("import", folder.path).code == 0)
        let digest = try desk.replica().outbox().count
        let again = desk.run("import", folder.path, "--json")
        #expect(again.code == 0)
        #expect(again.out.contains(#""rows":2,"added":0,"unchanged":2,"differing":0,"bad":0"#))
        #expect(try desk.replica().outbox().count == digest)
        #expect(desk.run("participant", "edit", "P0301", "--name", "Evelyn").code == 0)
        let third = desk.run("import", "\(folder.path)/participant.csv")
        #expect(third.code == 0)
        #expect(third.out.contains("1 row differs from the record that is here"))
        #expect(
            third.err
                == "participant.csv:2: differs and was left as it is here: preferred_name (here a text, in the file a "
                + "text)\n")
        let told = desk.run("import", folder.path, "--json").out
        #expect(
            told.contains(
                #""differences":[{"file":"participant.csv","line":2,"headers":["preferred_name"],"#
                    + #""fields":[{"header":"preferred_name","here":"a text","file":"a text"}]}]"#))
        #expect(try desk.replica().view(Harbor.participant("P0301"))?["preferred_name"].text == "Evelyn")
    }

    @Test func `rows of somebody who was added in the field go to that record`() async throws {
        let desk = try await office()
        #expect(desk.run("participant", "add", "Eva", "--code", "P0301", "--site", "S1").code == 0)
        let replica = try desk.replica()
        let eva = try #require(try replica.find(ParticipantCode.holders(of: "P0301")).first).id
        let folder = try Folder(["participant.csv": Self.participants, "check_in.csv": Self.checkIns])
        let said = desk.run("import", folder.path, "--json")
        #expect(said.out.contains(#""file":"participant.csv","rows":2,"added":1"#), "\(said.out)")
        #expect(try replica.find(ParticipantCode.holders(of: "P0301")).map(\.id) == [eva])
        let contacts = try replica.find(
            Query("check_in", where: [.equals("participant", .reference(eva))]))
        #expect(contacts.map(\.id) == [NaturalKey.id(table: "check_in", key: "1")])
        let count = try replica.outbox().count
        _ = desk.run("import", folder.path)
        #expect(try replica.outbox().count == count)
    }

    @Test func `rows of a code that two people have are bad rows`() async throws {
        let desk = try await office()
        let replica = try desk.replica()
        for name in ["Eva", "Edda"] { try replica.addParticipant("P0301", name) }
        let count = try replica.outbox().count
        let folder = try Folder([
            "participant.csv": "code,preferred_name,site\nP0301,Eva,S1\n",
            "check_in.csv":
                "key,participant_code,peer,activity,start_at\n1,P0301,PS07,walk,2025-05-05 10:00\n",
        ])
        let said = desk.run("import", folder.path)
        #expect(said.code == 65)
        let why = "is shared by several records that are here, so it does not say which"
        #expect(said.err.contains("participant.csv:2: code \(why)\n"))
        #expect(said.err.contains("check_in.csv:2: participant_code \(why)\n"))
        #expect(try replica.outbox().count == count)
    }

    @Test func `who recorded a row at the time is kept apart from who imported it`() async throws {
        let desk = try await office()
        let folder = try Folder(["participant.csv": Self.participants, "check_in.csv": Self.checkIns])
        _ = desk.run("import", folder.path)
        let id = NaturalKey.id(table: "check_in", key: "1")
        let replica = try desk.replica()
        #expect(try replica.view(id)?["recorded_by"].text == "PS03")
        #expect(try replica.history(id).map(\.author) == ["AD01"])
    }

    @Test func `rows are not linked, so one refused by the server takes no other with it`() async throws {
        let desk = try await office()
        let folder = try Folder(["participant.csv": Self.participants])
        #expect(desk.run("import", folder.path).code == 0)
        #expect(try desk.replica().outbox().allSatisfy { $0.transaction == nil })
    }

    @Test func `an import is taken back row by row, or whole`() async throws {
        let desk = try await office()
        #expect(desk.run("undo", "--import").code == 65)
        #expect(desk.run("site", "add", "S7", "--name", "Oak", "--kind", "clinic").code == 0)
        #expect(desk.run("undo", "--import").code == 65)
        let one = desk.run("undo")
        #expect(one.code == 0 && one.err.isEmpty, "\(one.err)")
        #expect(desk.run("checkin", "add", "P0142", "a walk", "--peer", "PS07").code == 0)
        let folder = try Folder(["participant.csv": Self.participants, "check_in.csv": Self.checkIns])
        _ = desk.run("import", folder.path)
        let replica = try desk.replica()
        #expect(try replica.outbox().count == 5)
        #expect(desk.run("undo", "--row", "--import").code == 64)
        let row = desk.run("undo", "--row")
        #expect(row.code == 0)
        #expect(row.out.hasPrefix("taken back: check-in"))
        #expect(row.err.contains("this was one row of an import, and 3 more stand: `porchlight undo`"))
        let whole = desk.run("undo")
        #expect(whole.code == 0)
        #expect(whole.out == "taken back: an import of 2 participants, 1 check-in\n")
        #expect(try replica.outbox().map(\.table) == ["check_in"])
        #expect(try replica.view(Harbor.participant("P0301")) == nil)
        #expect(try replica.doctor().allSatisfy { $0.gravity == .fine })
        // What is left is no import, and goes on its own.
        #expect(desk.run("undo", "--import").code == 65)
        #expect(desk.run("undo").code == 0)
        #expect(try replica.outbox().isEmpty)
    }

    @Test func `a whole import is taken back, however many transactions it took`() async throws {
        let desk = try await office()
        let count = ImportRun.batch + 3
        let rows = (1...count).map { "\($0),P0142,PS07,check_in,2025-05-05 10:00\n" }.joined()
        let folder = try Folder([
            "participant.csv": Self.participants,
            "check_in.csv": "key,participant_code,peer,activity,start_at\n" + rows,
        ])
        #expect(desk.run("import", folder.path).code == 0)
        let replica = try desk.replica()
        #expect(try replica.outbox().count == count + 2)
        #expect(desk.run("undo").out == "taken back: an import of 2 participants, \(count) check-ins\n")
        #expect(try replica.outbox().isEmpty)
        #expect(try replica.count(Query("check_in")) == 0)
        #expect(try replica.doctor().allSatisfy { $0.gravity == .fine })
        // It can be taken in again.
        #expect(desk.run("import", folder.path, "--json").out.contains(#""added":\#(count)"#))
    }

    @Test func `only the administrator's own terminal shows what differs`() async throws {
        let desk = try await CareDesk(staff: "AD01", role: "administrator", answers: [])
        let folder = try Folder(["participant.csv": "code,preferred_name,phone,site\nP0301,Eva,555 0100,S1\n"]
        )
        #expect(desk.run("import", folder.path).code == 0)
        #expect(
            desk.run("participant", "edit", "P0301", "--name", "Evelyn", "--phone", "").code == 0)
        let seen = desk.run("import", folder.path)
        #expect(
            seen.err.contains(
                #"phone (here nothing, in the file "555 0100"); preferred_name (here "Evelyn", in the file "Eva")"#
            ), "\(seen.err)")
        let logged = try await office()
        #expect(logged.run("import", folder.path).code == 0)
        #expect(logged.run("participant", "edit", "P0301", "--name", "Evelyn", "--phone", "").code == 0)
        let kept = logged.run("import", folder.path)
        #expect(kept.err.contains("phone (here nothing, in the file a text)"), "\(kept.err)")
        for word in ["Eva", "Evelyn", "555"] { #expect(!kept.err.contains(word)) }
    }

    @Test func `days of an enrollment that do not follow each other are a bad row`() async throws {
        let desk = try await office()
        let folder = try Folder([
            "enrollment.csv":
                "key,participant_code,program,start_date,phase,phase_since\n"
                + "1,P0142,PGLB,2026-02-02,core,2026-02-01\n2,P0142,PGLB,2026-02-02,core,2026-02-02\n"
        ])
        let said = desk.run("import", folder.path)
        #expect(said.code == 65)
        #expect(said.err == "enrollment.csv:2: the phase lies before the first day of the programme\n")
        #expect(said.out.contains("1 record added."))
    }

    @Test func `an import that was sent is not taken back`() async throws {
        let desk = try await office()
        let folder = try Folder(["participant.csv": Self.participants])
        #expect(desk.run("import", folder.path).code == 0)
        try await desk.sync()
        let said = desk.run("undo", "--import")
        #expect(said.code == 65)
        #expect(said.err.contains("the newest entry is not an import that still waits"))
    }

    @Test func `more rows than one transaction takes all go in`() async throws {
        let desk = try await office()
        let count = ImportRun.batch + 3
        let rows = (1...count).map { "\($0),P0142,PS07,check_in,2025-05-05 10:00\n" }.joined()
        let folder = try Folder(["check_in.csv": "key,participant_code,peer,activity,start_at\n" + rows])
        #expect(desk.run("import", folder.path).code == 0)
        #expect(try desk.replica().count(Query("check_in")) == count)
    }

    @Test func `a site or a peer that is not in the directory is a bad row, with what may be meant`()
        async throws
    {
        let desk = try await office()
        let folder = try Folder([
            "participant.csv":
                "code,preferred_name,site,team\nP0301,Eva,s1,\nP0302,Finn,S1,ACT-1\nP0303,Gil,Elm Street,\n"
                + "P0304,Hal,S1,ACT1\n",
            "check_in.csv":
                "key,participant_code,peer,activity,start_at,mode,site,recorded_by\n"
                + "1,P0304,PS7,walk,2025-05-05 10:00,phone,S1,PS03\n2,P0304,Rosa,walk,2025-05-05 10:00,phone,S1,PS03\n"
                + "3,P0304,PS07,walk,2025-05-05 10:00,phone,S9,PS03\n4,P0304,PS07,walk,2025-05-05 10:00,phone,,PS03\n",
        ])
        let said = desk.run("import", folder.path)
        #expect(said.code == 65)
        let known = "is not in the directory that is on this laptop"
        for line in [
            "participant.csv:2: site \(known); S1 may be meant\n",
            "participant.csv:3: team \(known); ACT1 may be meant\n", "participant.csv:4: site \(known)\n",
            "check_in.csv:2: peer \(known); PS07 may be meant\n", "check_in.csv:3: peer \(known)\n",
            "check_in.csv:4: site \(known)",
        ] {
            #expect(said.err.contains(line), "\(line)\n\(said.err)")
        }
        // What stands there may be anything, a name too.
        #expect(!said.err.contains("Rosa") && !said.err.contains("Elm") && !said.err.contains("Eva"))
        #expect(said.out.contains("2 records added."))
        #expect(try desk.replica().outbox().map(\.table) == ["participant", "check_in"])
    }

    @Test func `further sites and teams of staff are looked up too`() async throws {
        let desk = try await office()
        let folder = try Folder([
            "site.csv": "code,name,kind\nS7,Oak Street,clinic\n",
            "staff.csv":
                "code,name,role,site,other_sites,other_teams\nPS70,Pat Lee,peer,S1,s7,\n"
                + "PS71,Kim Lee,peer,S1,S7 Elm,\nPS72,Lou Lee,peer,S1,S7,ACT-1\n"
                + "PS73,Max Lee,peer,S1,\"S7, S1\",ACT1\n",
        ])
        let said = desk.run("import", folder.path)
        #expect(said.code == 65)
        let unknown = "has a code that is not in the directory that is on this laptop"
        for line in [
            "staff.csv:2: other_sites \(unknown); S7 may be meant\n", "staff.csv:3: other_sites \(unknown)\n",
            "staff.csv:4: other_teams \(unknown); ACT1 may be meant\n",
        ] {
            #expect(said.err.contains(line), "\(line)\n\(said.err)")
        }
        #expect(!said.err.contains("Elm") && !said.err.contains("Lee"))
        #expect(said.out.contains("2 records added."), "\(said.out)")
        #expect(try desk.replica().view(Harbor.id("staff", "PS73"))?["other_sites"].text == "S7, S1")
    }

    @Test func `the directory that comes with an import counts, and a laptop without one holds nothing back`()
        async throws
    {
        let desk = try await office()
        let folder = try Folder([
            "site.csv": "code,name,kind\nS7,Oak Street,clinic\n",
            "staff.csv": "code,name,role,site\nPS70,Pat Lee,peer,S7\n",
            "participant.csv": "code,preferred_name,site\nP0301,Eva,S7\n",
            "assignment.csv":
                "key,participant_code,peer,basis,from_date\n1,P0301,PS70,own,2025-05-05\n2,P0301,PS71,own,2025-05-05\n",
        ])
        let said = desk.run("import", folder.path)
        #expect(said.out.contains("4 records added."), "\(said.err)")
        #expect(said.err.contains("assignment.csv:3: peer is not in the directory"))
        // A laptop that has never synced knows nobody.
        let bare = try TestDesk()
        _ = try bare.enrolled(role: "administrator")
        let people = try Folder(["participant.csv": "code,preferred_name,site\nP0301,Eva,S7\n"])
        #expect(bare.run("import", people.path) == 0, "\(bare.err.text)")
    }

    @Test func `a dry run says all of it and keeps none`() async throws {
        let desk = try await office()
        let folder = try Folder(["check_in.csv": Self.checkIns, "participant.csv": Self.participants])
        let replica = try desk.replica()
        let before = try replica.digest()
        let dry = desk.run("import", folder.path, "--dry-run")
        #expect(try replica.outbox().isEmpty && replica.digest() == before)
        #expect(try replica.view(Harbor.participant("P0301")) == nil)
        let json = desk.run("import", folder.path, "--dry-run", "--json")
        #expect(json.code == 65 && json.out.contains(#""dry_run":true"#))
        let real = desk.run("import", folder.path)
        // A row about somebody of another file is as good or bad as it will be.
        #expect(dry.code == 65 && dry.err == real.err && !dry.err.isEmpty)
        #expect(dry.out.contains("4 records would be added. Nothing was imported."), "\(dry.out)")
        #expect(real.out.contains("4 records added."))
        let table = dry.out.split(separator: "\n").prefix { !$0.contains("record") }
        #expect(table == real.out.split(separator: "\n").prefix { !$0.contains("record") }[...])
        // Of what is here already it says so.
        let again = desk.run("import", folder.path, "--dry-run", "--json")
        #expect(again.out.contains(#""rows":2,"added":0,"unchanged":2"#))
    }

    @Test func `a header that is not known loses no column in silence`() async throws {
        let desk = try await office()
        let folder = try Folder(["participant.csv": "code,prefered_name,site\nP0301,Eva,S1\n"])
        let said = desk.run("import", folder.path)
        #expect(said.code == 65)
        #expect(
            said.err.contains(
                "participant.csv:1: participant.csv has a header that is not known: \"prefered_name\", number 2; "
                    + "known are code, preferred_name, family_name,"))
        #expect(said.out.contains("not read"))
        #expect(said.out.contains("Nothing of participant.csv was taken in"))
        #expect(!said.out.contains("bad row"))
        #expect(desk.run("import", folder.path, "--json").out.contains(#""bad":0,"read":false"#))
        #expect(try desk.replica().view(Harbor.participant("P0301")) == nil)
    }

    @Test func `it is for administrators, and for files that are there`() async throws {
        let folder = try Folder(["participant.csv": Self.participants])
        let peer = try await CareDesk()
        #expect(peer.run("import", folder.path).code == 77)
        let desk = try await office()
        #expect(desk.run("import", folder.path + "/nowhere").code == 65)
        #expect(desk.run("import", "/dev/null").code == 65)
        #expect(desk.run("import").code == 64)
        #expect(desk.run("import", "--headers").out.contains("| `participant_code` | yes |"))
    }
}
