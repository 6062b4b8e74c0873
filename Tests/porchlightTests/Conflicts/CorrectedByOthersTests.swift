import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Whoever corrects what somebody else recorded puts words under their name, and tells them so.
@Suite("A check-in that somebody else corrected") struct CorrectedByOthersTests {
    fileprivate static let staff = [
        (code: "PS07", role: "peer"), (code: "SV01", role: "supervisor"),
        (code: "AD01", role: "administrator"),
    ]

    private struct Corrected {
        let desks: ApartDesks
        let visit: RecordID
        let correction: RecordID
        let decision: Decision
        let said: String

        init() async throws {
            let desks = try await ApartDesks(CorrectedByOthersTests.staff)
            let visit = try await desks.visited("watered the plants")
            try desks[0].said("checkin", "sign", visit.text)
            try await desks.meet()
            let said = try desks[2].said(
                "checkin", "amend", visit.text, "--did", "argued", "--reason", "I was there")
            let decision = try #require(try desks[2].decisions("I was there").first)
            let correction = try #require(decision.other)
            try await desks.meet()
            (self.desks, self.visit, self.said) = (desks, visit, said)
            (self.decision, self.correction) = (decision, correction)
        }

        /// Which of the two counts, on every laptop.
        func counting() throws -> Set<RecordID> {
            Set(
                try desks.all.flatMap { laptop in
                    try laptop.replica.find(Query("check_in")).filter { CheckIn($0)?.counts ?? false }.map(
                        \.id)
                })
        }

        func asked() async throws {
            try desks[0].said("reopen", decision.id.short, "--reason", "I never said that")
            try await desks.meet()
        }
    }

    @Test func `its author is told who and why, and it is in the register`() async throws {
        let one = try await Corrected()
        let desks = one.desks
        #expect(one.said.contains("\nPS07 will be told at their next sync\n"), "\(one.said)")
        let notices = try desks[0].said("notices")
        for line in [
            "check-in \(one.visit.short): it was corrected by AD01, and the correction counts.\n",
            "  AD01 today ", ": I was there\n", "  The entry that counts: check-in \(one.correction.short) (",
            "what we did argued)\n", "  If that is wrong: porchlight reopen \(one.decision.id.short) ",
        ] {
            #expect(notices.contains(line), "\(line)\n\(notices)")
        }
        #expect(try desks[0].said("status", "--json").contains(#""notices":1"#))
        for place in [1, 2] { #expect(try desks[place].said("notices") == "no notices\n") }
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
        let rows = try desks[1].register()
        let row = try #require(rows.first)
        #expect(rows.count == 1 && row["decided_by"] == "AD01" && row["answers"].isEmpty, "\(row)")
        #expect(row["before"] == "not void (PS07 wrote on it)", "\(row)")
        #expect(row["after"].contains("; check-in \(one.correction.short) ("), "\(row)")
    }

    @Test func `either of the two says who wrote the correction`() async throws {
        let one = try await Corrected()
        let new = try one.desks[0].said("checkin", "show", one.correction.text)
        #expect(
            new.contains("This correction was written by AD01 today ")
                && new.contains(
                    ": I was there. What it corrects: porchlight checkin show \(one.visit.short)\n"),
            "\(new)")
        let old = try one.desks[0].said("checkin", "show", one.visit.text)
        #expect(
            old.contains("Corrected by AD01 today ")
                && old.contains(
                    ": I was there. The correction: porchlight checkin show \(one.correction.short)\n"),
            "\(old)")
        let json = try one.desks[0].said("checkin", "show", one.correction.text, "--json")
        #expect(
            json.contains(#""corrects":"\#(one.visit.text)","by":"AD01""#)
                && json.contains(#""reason":"I was there""#), "\(json)")
    }

    @Test(arguments: ["A", "B"])
    func `whoever had recorded it can ask for another look, and one answer ends it`(
        keep: String
    ) async throws {
        let one = try await Corrected()
        let desks = one.desks
        try await one.asked()
        let name = "\(one.visit.short).amendments"
        for laptop in desks.all { #expect(try laptop.open.map(\.name) == [name], "\(laptop.staff)") }
        let list = try desks[1].said("conflicts")
        #expect(list.contains("[amendments: corrected by somebody else]"), "\(list)")
        #expect(list.contains("watered the plants") && list.contains("argued"), "\(list)")
        let page = try desks[1].said("conflicts", "show", name)
        #expect(page.contains("  PS07 asks for another look: I never said that\n"), "\(page)")
        let notices = try desks[0].said("notices")
        #expect(
            notices.contains("  It is being asked again: porchlight conflicts show \(name)\n"), "\(notices)")
        #expect(notices.ranges(of: "porchlight conflicts show").count == 1, "\(notices)")
        try desks[1].said("resolve", desks[1].name(.amendments), "--keep", keep, "--reason", "asked both")
        try await desks.meet()
        #expect(try one.counting() == [keep == "A" ? one.visit : one.correction])
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
        for place in [0, 2] {
            #expect(try desks[place].said("notices").contains(": asked both\n"), "\(place)")
        }
    }

    @Test func `taken back it is asked which of the two counts`() async throws {
        let one = try await Corrected()
        try one.desks[2].takeBack(one.said)
        try await one.desks.meet()
        for laptop in one.desks.all { #expect(try laptop.kinds == [.amendments], "\(laptop.staff)") }
        let desk = one.desks[2]
        try desk.said("resolve", desk.name(.amendments), "--keep", "A", "--reason", "my mistake")
        try await one.desks.meet()
        #expect(try one.counting() == [one.visit])
        for laptop in one.desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
    }

    @Test func `of one's own nobody is told, and nothing is decided`() async throws {
        let desks = try await ApartDesks(Self.staff)
        let visit = try await desks.visited("walked")
        let said = try desks[0].said("checkin", "amend", visit.text, "--did", "rode")
        #expect(!said.contains("will be told") && !said.contains("Take it back"), "\(said)")
        #expect(try desks[0].replica.find(Query("decision")).isEmpty)
    }

    @Test func `who corrected it apart has not decided for one of two`() async throws {
        let desks = try await ApartDesks(Self.staff)
        let visit = try await desks.visited("walked")
        try desks[0].said("checkin", "amend", visit.text, "--did", "rode", "--reason", "mine")
        try desks[2].said("checkin", "amend", visit.text, "--did", "ran", "--reason", "theirs")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.amendments], "\(laptop.staff)") }
        let page = try desks[1].said("conflicts", "show", desks[1].name(.amendments))
        #expect(page.contains("[amendments: corrected twice]"), "\(page)")
        #expect(!page.contains("was decided by") && !page.contains("Decided by"), "\(page)")
        let notices = try desks[0].said("notices")
        #expect(!notices.contains("What was decided about it is open again."), "\(notices)")
    }

    @Test func `one of two corrections that are asked about is not voided by the way`() async throws {
        let desks = try await ApartDesks([(code: "PS07", role: "peer")] + Self.staff)
        let visit = try await desks.visited("walked")
        try desks[0].said("checkin", "amend", visit.text, "--did", "with the dog", "--reason", "x")
        try desks[1].said("checkin", "amend", visit.text, "--did", "saw birds", "--reason", "y")
        try await desks.meet()
        let sides = try #require(try desks[2].open.first).sides.compactMap { $0.record?.id }
        #expect(sides.count == 2)
        for id in sides {
            let refused = desks[2].hear("checkin", "void", id.text, "--reason", "no dog")
            #expect(refused.code != 0, "\(refused)")
            #expect(
                refused.err.contains("porchlight conflicts show \(visit.short).amendments"), "\(refused.err)")
            #expect(try desks[2].replica.view(id)?["voided_at"].isNone == true)
        }
        // Decided, the one that stays can be.
        try desks[2].said("resolve", desks[2].name(.amendments), "--keep", "A", "--reason", "that one")
        let stays = try #require(
            try desks[2].replica.find(Query("check_in", where: [.isNone("voided_at")])).first)
        try desks[2].said("checkin", "void", stays.id.text, "--reason", "no visit at all")
        #expect(try desks[2].kinds == [])
    }
}
