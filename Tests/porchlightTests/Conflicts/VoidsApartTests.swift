import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Check-ins that people voided, corrected or signed without knowing of each other, and who may say what becomes of them.
@Suite("Void marks that were written apart") struct VoidsApartTests {
    private let staff = [
        (code: "PS07", role: "peer"), (code: "PS07", role: "peer"), (code: "AD01", role: "administrator"),
        (code: "SV01", role: "supervisor"), (code: "PP01", role: "primary_provider"),
    ]

    /// A check-in that everybody has.
    private func visit(answers: [String: [String]] = [:]) async throws -> (ApartDesks, RecordID) {
        let desks = try await ApartDesks(staff, answers: answers)
        return (desks, try await desks.visited())
    }

    @Test func `two reasons for one void are no question, and both are shown`() async throws {
        let (desks, visit) = try await visit()
        try desks[2].said("checkin", "void", visit.text, "--reason", "wrong person")
        try desks[3].said("checkin", "void", visit.text, "--reason", "entered twice")
        try await desks.meet()
        for laptop in desks.all {
            #expect(try laptop.kinds == [], "\(laptop.staff)")
            #expect(try laptop.replica.view(visit)?["voided_at"].isNone == false)
            let shown = try laptop.said("checkin", "show", visit.text)
            #expect(shown.contains("wrong person") && shown.contains("entered twice"), "\(shown)")
        }
    }

    @Test func `who signed it without knowing of two reasons is heard`() async throws {
        let (desks, visit) = try await visit()
        try desks[2].said("checkin", "void", visit.text, "--reason", "wrong person")
        try desks[3].said("checkin", "void", visit.text, "--reason", "entered twice")
        try desks[1].said("checkin", "sign", visit.text)
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.void], "\(laptop.staff)") }
        #expect(try desks[2].open.first?.sides.count == 3)
        try desks[2].said("resolve", desks[2].name(.void), "--keep", "C", "--reason", "it was")
        try await desks.meet()
        for laptop in desks.all {
            #expect(try laptop.kinds == [])
            #expect(try laptop.replica.view(visit)?["voided_at"].isNone == true)
        }
    }

    @Test func `who asks again about a void for which there are two reasons is heard and answered`()
        async throws
    {
        let (desks, visit) = try await visit()
        try desks[0].said("checkin", "amend", visit.text, "--did", "walked to the bank", "--reason", "x")
        try desks[1].said("checkin", "amend", visit.text, "--did", "walked to the clinic", "--reason", "y")
        try await desks.meet()
        for laptop in [desks[2], desks[3]] {
            try laptop.said(
                "resolve", laptop.name(.amendments), "--keep", "A", "--reason", "so says \(laptop.staff)")
        }
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
        let decision = try #require(
            try desks[0].decisions("so says SV01").first { $0.subject != visit })
        let open = try desks[0].said("reopen", decision.id.short, "--reason", "it was the clinic")
        #expect(open.contains("open again"), "\(open)")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.contested], "\(laptop.staff)") }
        try desks[3].said("resolve", desks[3].name(.contested), "--keep", "A", "--reason", "the bank")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
    }

    @Test
    func `who asks again about one of several corrections that were decided apart is answered with them`()
        async throws
    {
        let (desks, visit) = try await visit()
        try desks[0].said("checkin", "amend", visit.text, "--did", "walked to the bank", "--reason", "x")
        try desks[1].said("checkin", "amend", visit.text, "--did", "walked to the clinic", "--reason", "y")
        try await desks.meet()
        for (laptop, letter) in [(desks[2], "A"), (desks[3], "A"), (desks[0], "B")] {
            try laptop.said(
                "resolve", laptop.name(.amendments), "--keep", letter, "--reason", "so says \(laptop.staff)")
        }
        try await desks.meet()
        // For the one that two of them gave up there are two reasons.
        let decision = try #require(
            try desks[1].decisions("so says SV01").first { $0.subject != visit })
        try desks[1].said("reopen", decision.id.short, "--reason", "it was the clinic")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.amendments], "\(laptop.staff)") }
        try desks[2].said("resolve", desks[2].name(.amendments), "--keep", "A", "--reason", "the bank")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
    }

    /// One of PS07's laptops voided it, the other corrected it, and the office decided that it is void.
    private func voided() async throws -> (ApartDesks, RecordID) {
        let (desks, visit) = try await visit()
        try desks[0].said("checkin", "void", visit.text, "--reason", "was somebody else")
        try desks[1].said("checkin", "amend", visit.text, "--did", "walked to the bank", "--reason", "x")
        try await desks.meet()
        try desks[2].said("resolve", desks[2].name(.void), "--keep", "A", "--reason", "void it is")
        try await desks.meet()
        return (desks, visit)
    }

    @Test(arguments: [false, true]) func `of a void that went with its correction the open question is named`(
        both: Bool
    ) async throws {
        let (desks, visit) = try await voided()
        let decisions = try desks[0].decisions("void it is")
        #expect(decisions.count == 2)
        let first = try #require(decisions.first { $0.subject == visit })
        let second = try #require(decisions.first { $0.subject != visit })
        try desks[3].said("reopen", first.id.short, "--reason", "was it?")
        try await desks.meet()
        let name = "\(visit.short).void"
        #expect(try desks[0].open.map(\.name) == [name])
        let notices = try desks[0].said("notices")
        #expect(
            notices.contains("It is being asked again: porchlight conflicts show \(name)\n"), "\(notices)")
        #expect(!notices.contains("porchlight reopen"), "\(notices)")
        if both {
            let open = try desks[0].said("reopen", second.id.short, "--reason", "it counts")
            #expect(
                open.contains("open again: ") && open.contains("porchlight conflicts show \(name)\n"),
                "\(open)")
            #expect(try desks[0].open.map(\.name) == [name])
        }
        try await desks.meet()
        try desks[2].said("resolve", desks[2].name(.void), "--keep", "B", "--reason", "it counts")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
    }

    @Test func `who may not say which correction stays is told everybody who may`() async throws {
        let (desks, visit) = try await visit()
        try desks[0].said("checkin", "amend", visit.text, "--did", "walked to the bank", "--reason", "x")
        try desks[1].said("checkin", "amend", visit.text, "--did", "walked to the clinic", "--reason", "y")
        try await desks.meet()
        let refused = desks[4].hear("resolve", try desks[4].name(.amendments), "--keep", "A", "--reason", "x")
        #expect(refused.code == 77, "\(refused)")
        #expect(refused.err.contains("ask PS07, a supervisor or an administrator\n"), "\(refused.err)")
        #expect(try desks[4].said("conflicts").ranges(of: "not yours to choose").count == 2)
        for place in [0, 2, 3] {
            #expect(try !desks[place].said("conflicts").contains("not yours to choose"), "\(place)")
        }
    }

    @Test func `of many at once it is said what each alters, and what it asks then`() async throws {
        let (desks, visit) = try await visit()
        let office = desks[2]
        try desks[0].said("checkin", "add", "P0188", "walked home", "--at", "yesterday 11:05")
        try await desks.meet()
        let other = try #require(
            try office.replica.find(Query("check_in")).first { $0.id != visit }
        ).id
        // One is void and was corrected, the other is void: of each somebody did not know, and said where it was.
        try desks[0].said("checkin", "amend", visit.text, "--did", "walked to the bank", "--reason", "x")
        try desks[0].said("checkin", "void", other.text, "--reason", "was somebody else")
        for one in [visit, other] { try desks[1].goesOn(with: one) }
        try await desks.meet()
        #expect(try office.kinds == [.void, .void])
        let stays = office.hear("resolve", "--all", "--kind", "void", "--keep", "A", "--reason", "so")
        #expect(stays.code == 65 && stays.err.contains("2 conflicts, of which 2 stay as shown:\n"))
        #expect(stays.err.ranges(of: "(it is shown already)\n").count == 2, "\(stays.err)")
        let done = office.hear(
            "resolve", "--all", "--kind", "void", "--keep", "B", "--reason", "it was", "--yes")
        #expect(done.code == 0 && done.err.contains("2 conflicts:\n"), "\(done)")
        #expect(done.err.ranges(of: "(in the place of: ").count == 2, "\(done.err)")
        #expect(
            done.err.ranges(of: "; which stays, it or its correction, is asked then\n").count == 1,
            "\(done.err)")
        #expect(
            done.out.contains(
                "This asks something else (corrected, and counting itself): porchlight conflicts show "
                    + "\(visit.short).amendments\n"), "\(done.out)")
        #expect(try office.kinds == [.amendments])
    }

    @Test func `a review offers the letters of amendments only to whoever may void the others`() async throws
    {
        let (desks, visit) = try await visit(answers: ["PP01": ["a", "q"]])
        try desks[0].said("checkin", "amend", visit.text, "--did", "walked to the bank", "--reason", "x")
        try desks[1].said("checkin", "amend", visit.text, "--did", "walked to the clinic", "--reason", "y")
        try await desks.meet()
        let review = desks[4].hear("conflicts", "review")
        #expect(review.err.contains("\ns leave, q quit: ") && !review.err.contains("why? "), "\(review.err)")
        #expect(
            review.err.contains("A  is not yours to choose: ask PS07, a supervisor or an administrator\n"))
    }

    @Test func `of a code that nobody else had the notice does not say that somebody has it`() async throws {
        let desks = try await ApartDesks(staff)
        try desks[0].said(
            "participant", "add", "Nuth", "--family", "Oak", "--site", "S1", "--code", "P0960", "--yes")
        try await desks.meet()
        try desks[2].said("participant", "renumber", "P0960", "--to", "P0961", "--reason", "AD said so")
        try await desks.meet()
        let notices = try desks[0].said("notices")
        #expect(notices.contains("the code of somebody whose record you wrote was changed."), "\(notices)")
        #expect(!notices.contains("somebody else has it"), "\(notices)")
    }

    @Test func `what was decided anew by a decision that is not here is said to be so`() async throws {
        let desks = try await ApartDesks(staff)
        try desks[0].said(
            "participant", "add", "Nuth", "--family", "Oak", "--site", "S1", "--code", "P0960", "--yes")
        try await desks.meet()
        try desks[2].said("participant", "renumber", "P0960", "--to", "P0961", "--reason", "AD said so")
        let decision = try #require(try desks[2].decisions("AD said so").first)
        // As it is where the newer one lies with a record that is not on this laptop.
        try desks[2].replica.edit { edit in
            try edit.write(
                decision.id, [RegisterWrite("closed", [.reference(Identifier(high: 5, low: 5))])])
        }
        try await desks.meet()
        let notices = try desks[0].said("notices")
        #expect(
            notices.contains(
                "  It was decided anew since, and that is not on this laptop. Ask your administrator.\n"),
            "\(notices)")
        #expect(!notices.contains("porchlight reopen"), "\(notices)")
    }

    @Test func `who signed a note on two laptops may keep the text that is shown, and hears so`() async throws
    {
        let (desks, visit) = try await visit()
        for laptop in [desks[0], desks[1]] { try laptop.said("checkin", "sign", visit.text) }
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.values], "\(laptop.staff)") }
        let list = try desks[0].said("conflicts")
        #expect(
            list.ranges(of: "(not yours to choose)").count == 1
                && list.contains("signed 2026-03-02 09:32 (not yours to choose)"), "\(list)")
        let page = try desks[0].said("conflicts", "show", desks[0].name(.values))
        #expect(
            page.contains("  B  is not yours to choose: ask an administrator")
                && !page.contains("  A  is not"), "\(page)")
        let json = try desks[0].said("conflicts", "--json")
        #expect(
            json.ranges(of: #""permitted":true"#).count == 1
                && json.ranges(of: #""permitted":false"#).count == 1,
            "\(json)")
        // A supervisor, whose note it is not, may keep neither.
        #expect(try desks[3].said("conflicts").ranges(of: "(not yours to choose)").count == 2)
        let name = try desks[0].name(.values)
        #expect(desks[0].hear("resolve", name, "--keep", "B", "--reason", "later").code == 65)
        try desks[0].said("resolve", name, "--keep", "A", "--reason", "the first one")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
    }
}
