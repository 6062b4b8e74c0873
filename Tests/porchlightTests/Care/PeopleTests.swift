import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

@Suite struct PeopleTests {
    @Test func `a peer takes a participant they add onto their own caseload`() async throws {
        let desk = try await CareDesk()
        let said = desk.run("participant", "add", "Dora", "--family", "Quist")
        #expect(said.code == 0)
        #expect(said.out.contains("Added: P011-0001 Dora Quist, on your caseload from today"))
        let replica = try desk.replica()
        let waiting = try replica.outbox()
        #expect(waiting.map(\.table) == ["participant", "assignment"])
        #expect(waiting[0].transaction != nil)
        #expect(waiting[0].transaction == waiting[1].transaction)
        let row = try #require(try replica.view(waiting[1].record).flatMap { Assignment($0) })
        #expect(row.basis == "own")
        #expect(row.peer == "PS07")
        #expect(try replica.view(waiting[0].record)?["site"].text == "S1")
    }

    @Test func `a list finds a name with and without its accents`() async throws {
        let desk = try await CareDesk(staff: "AD01", role: "administrator")
        #expect(desk.run("participant", "add", "José", "--family", "Muñoz", "--code", "P0300").code == 0)
        #expect(desk.run("participant", "add", "Jose", "--family", "Munoz", "--code", "P0301").code == 0)
        for typed in ["Jose", "José", "JOSÉ", "Jose\u{301}", "munoz", "Muñoz", "jose muñ"] {
            let said = desk.run("participant", "list", typed)
            #expect(said.code == 0 && said.out.contains("P0300") && said.out.contains("P0301"), "\(typed)")
            #expect(!said.out.contains("P0142"))
        }
        #expect(desk.run("participant", "list", "p0300").out.contains("José"))
        #expect(desk.run("participant", "list", "Josie").out.contains("No participants fit."))
    }

    @Test func `everything that a card lists for programs names its participant`() async throws {
        let desk = try await CareDesk()
        for line in [
            ["checkin", "add", "P0142", "walked"], ["escalate", "P0142", "a cough"],
            ["referral", "add", "P0142", "--to-team", "ACT1"],
        ] {
            #expect(desk.run(line).code == 0)
        }
        let json = desk.run("participant", "show", "P0142", "--json").out
        for list in ["enrollments", "check_ins", "open_referrals", "open_escalations"] {
            let rest = try #require(json.split(separator: "\"\(list)\":[", maxSplits: 1).dropFirst().first)
            let first = rest.prefix { $0 != "]" }
            #expect(first.contains("\"table\":") && first.contains(#""conflicts":["#), "\(list): \(first)")
            let record = rest.prefix { $0 != "}" }
            #expect(record.contains(#""participant_code":"P0142""#), "\(list): \(record)")
        }
    }

    @Test func `codes run on, and no two laptops choose the same`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run("participant", "add", "Dora").out.contains("P011-0001"))
        #expect(desk.run("participant", "add", "Emil").out.contains("P011-0002"))
        #expect(ParticipantCode.code(1, device: "LT-111") == "P111-0001")
        #expect(ParticipantCode.code(1, device: "LT-1111") == "P1111-0001")
        #expect(ParticipantCode.code(12_345, device: "LT-1") == "P001-12345")
        // These differ from LT-1 only in how they are written.
        #expect(ParticipantCode.code(1, device: "LT-01") == "P-LT-01-0001")
        #expect(ParticipantCode.code(1, device: "001") == "P-001-0001")
        #expect(ParticipantCode.number(of: "P011-0007", device: "LT-11") == 7)
        #expect(ParticipantCode.number(of: "P0110007", device: "LT-11") == nil)
    }

    @Test func `a code of a participant who has left the laptop is not given out again`() async throws {
        let desk = try await CareDesk(staff: "AD01", role: "administrator")
        #expect(desk.run("participant", "add", "Dora").code == 0)
        #expect(desk.run("undo", "--yes").code == 0)
        // Taken back before anybody saw it, the number is free; once it is deleted it is not.
        #expect(desk.run("participant", "add", "Emil").out.contains("P011-0001"))
        let replica = try desk.replica()
        let emil = try #require(try replica.find(ParticipantCode.holders(of: "P011-0001")).first)
        try replica.edit { try $0.delete(emil.id) }
        #expect(try replica.find(ParticipantCode.holders(of: "P011-0001")).isEmpty)
        #expect(try ParticipantCode.next(in: replica, device: "LT-11") == "P011-0002")
        let again = desk.run("participant", "add", "Fay", "--code", "P011-0001")
        #expect(again.code == 65)
        #expect(again.err.contains("it was given out on this laptop before"))
    }

    @Test func `whoever is added has an id that nobody can foresee`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run("participant", "add", "Dora", "--code", "P0300").code == 0)
        let replica = try desk.replica()
        let dora = try #require(try replica.find(ParticipantCode.holders(of: "p0300")).first)
        #expect(!NaturalKey.isNatural(dora.id))
        #expect(try replica.outbox().allSatisfy { !NaturalKey.isNatural($0.record) })
    }

    @Test func `a code that is taken is refused, and so is one that is none`() async throws {
        let desk = try await CareDesk()
        let taken = desk.run("participant", "add", "Dora", "--code", "p0142")
        #expect(taken.code == 65)
        #expect(taken.err.contains("the code P0142 is taken"))
        #expect(taken.err.contains("on this laptop it is the code of Ana Lopez; nothing was recorded"))
        #expect(desk.run("participant", "add", "Dora", "--code", "0142").code == 65)
        #expect(desk.run("participant", "add", "Dora", "--code", "P0143").code == 0)
    }

    @Test func `somebody of the same name is asked about`() async throws {
        let desk = try await CareDesk()
        let said = desk.run("participant", "add", "Ana", "--family", "lopez")
        #expect(said.code == 65)
        #expect(said.err.contains("the code P0142"))
        #expect(desk.run("participant", "add", "Ana", "--family", "lopez", "--yes").code == 0)
    }

    @Test func `the card has the focus on top, and the next session`() async throws {
        let desk = try await CareDesk()
        for number in 1...5 {
            let day = "2026-0\(number < 2 ? 1 : 2)-\(["27", "03", "10", "17", "24"][number - 1]) 10:00"
            let said = desk.run(
                "session", "record", "--number", "\(number)", "--at", day, "--present", "P0142")
            #expect(said.code == 0, "\(said.err)")
        }
        let lines = desk.run("participant", "show", "P0142").out.split(separator: "\n").map(String.init)
        #expect(lines.first == "P0142 Ana Lopez")
        #expect(lines.dropFirst().first == "Focus: sleep and walking (PP01)")
        #expect(lines.contains("PGLB: week 6, session 6 next"))
    }

    @Test func `a peer sets no focus, no goals and no primary provider`() async throws {
        let desk = try await CareDesk()
        for option in ["--focus", "--goals"] {
            let said = desk.run("participant", "edit", "P0142", option, "something")
            #expect(said.code == 77)
            #expect(said.err.contains("this role may not write"))
        }
        #expect(desk.run("participant", "edit", "P0142", "--primary-provider", "PP01").code == 77)
        #expect(try desk.replica().status().waiting == 0)
        let provider = try await CareDesk(staff: "PP01", role: "primary_provider")
        #expect(provider.run("participant", "edit", "P0142", "--focus", "cooking").code == 0)
        #expect(try provider.replica().view(Harbor.participant("P0142"))?["focus_set_by"].text == "PP01")
    }

    @Test func `an edit leaves what was not named`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run("participant", "edit", "P0142", "--residence", "Elm Street 12").code == 0)
        let view = try #require(try desk.replica().view(Harbor.participant("P0142")))
        #expect(view["residence"].text == "Elm Street 12")
        #expect(view["team"].text == "ACT1")
        #expect(desk.run("participant", "edit", "P0142", "--residence", "Elm Street 12").code == 65)
    }

    @Test func `a hand-over ends one stretch and begins another, and is not a peer's to make for others`()
        async throws
    {
        let peer = try await CareDesk()
        let refused = peer.run("assign", "P0142", "--from", "PS07", "--to", "PS09")
        #expect(refused.code == 77)
        #expect(
            refused.err.contains("try:   ask a supervisor, or: porchlight referral add P0142 --to-peer PS09"))
        #expect(try peer.replica().status().waiting == 0)
        let office = try await CareDesk(staff: "AD01", role: "administrator")
        let said = office.run("assign", "P0142", "--from", "PS07", "--to", "PS09", "--basis", "team")
        #expect(said.code == 0)
        #expect(said.out.contains("Begun: P0142 Ana Lopez with PS09"))
        #expect(!office.run("caseload", "PS07").out.contains("P0142"))
        #expect(office.run("caseload", "PS09").out.contains("team decision"))
        #expect(office.run("assign", "P0142", "--to", "N01").code == 65)
        #expect(office.run("assign", "P0142", "--end").code == 0)
        #expect(office.run("assign", "P0142", "--end").code == 65)
    }

    @Test func `a stretch that begins far ahead, or began years ago, is asked about`() async throws {
        let office = try await CareDesk(staff: "AD01", role: "administrator")
        let hand = ["assign", "P0142", "--to", "PS09", "--on"]
        let ahead = office.run(hand + ["2031-01-01"])
        #expect(ahead.code == 65)
        #expect(ahead.err.contains("Wed 1 Jan 2031 lies more than 31 days ahead"))
        #expect(office.run(hand + ["1999-01-01"]).err.contains("lies more than 5 years back"))
        #expect(office.run("enrollment", "start", "P0188", "--on", "2031-01-01").code == 65)
        #expect(try office.replica().outbox().isEmpty)
        let soon = office.run(hand + ["2026-03-20"])
        #expect(soon.code == 0)
        #expect(
            soon.out.contains("It begins later, but PS09's laptop holds the records from the next sync on."))
        #expect(office.run("assign", "P0188", "--to", "PS09", "--on", "2031-01-01", "--yes").code == 0)
    }

    @Test func `only administrators write the directory`() async throws {
        let peer = try await CareDesk()
        let new = ["staff", "add", "PS12", "--name", "Rosa", "--role", "peer", "--site", "S1"]
        #expect(peer.run(new).code == 77)
        let office = try await CareDesk(staff: "AD01", role: "administrator")
        #expect(office.run(new).code == 0)
        #expect(office.run(new).code == 65)
        #expect(office.run("staff", "edit", "PS12", "--hours", "20").code == 0)
        #expect(office.run("staff", "list").out.contains("PS12"))
        #expect(office.run("site", "add", "S2", "--name", "Oak", "--kind", "clinic").code == 0)
        #expect(
            office.run("team", "add", "ACT2", "--name", "Two", "--program", "ACT", "--site", "S2").code == 0)
    }
}
