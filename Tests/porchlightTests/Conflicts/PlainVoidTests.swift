import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Whoever says of somebody else's check-in that it does not count tells them so.
@Suite("A check-in that somebody else voided") struct PlainVoidTests {
    private static let staff = [
        (code: "PS07", role: "peer"), (code: "SV01", role: "supervisor"),
        (code: "AD01", role: "administrator"),
    ]

    private func voided() async throws -> (ApartDesks, RecordID, said: String) {
        let desks = try await ApartDesks(Self.staff)
        let visit = try await desks.visited("walked")
        let said = try desks[1].said("checkin", "void", visit.text, "--reason", "was somebody else")
        try await desks.meet()
        return (desks, visit, said)
    }

    @Test func `its author is told who and why, and can ask for another look`() async throws {
        let (desks, visit, said) = try await voided()
        #expect(said.contains("\nPS07 will be told at their next sync\n"), "\(said)")
        let made = try #require(try desks[0].decisions("was somebody else").first)
        #expect(said.contains("Take it back: porchlight resolve --undo \(made.id.short) "), "\(said)")
        let notices = try desks[0].said("notices")
        for line in [
            "check-in \(visit.short): void: it is void, and does not count.\n", "  SV01 today ",
            ": was somebody else\n", "  If that is wrong: porchlight reopen \(made.id.short) ",
        ] {
            #expect(notices.contains(line), "\(line)\n\(notices)")
        }
        #expect(try desks[0].said("status", "--json").contains(#""notices":1"#))
        for place in [1, 2] { #expect(try desks[place].said("notices") == "no notices\n") }
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
        // It is in the register, and asked about when they say so.
        let row = try #require(try desks[2].register().first)
        #expect(row["before"].contains("(PS07 wrote on it)"), "\(row)")
        #expect(row["decided_by"] == "SV01" && row["answers"].isEmpty && row["kind"] == "resolve", "\(row)")
        try desks[0].said("reopen", made.id.short, "--reason", "it was her")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.contested], "\(laptop.staff)") }
        try desks[2].said("resolve", desks[2].name(.contested), "--keep", "B", "--reason", "it counts")
        try await desks.meet()
        for laptop in desks.all {
            #expect(try laptop.kinds == [], "\(laptop.staff)")
            #expect(try laptop.replica.view(visit)?["voided_at"].isNone == true)
        }
        #expect(try desks[1].said("notices").contains(": it counts\n"))
    }

    @Test func `of one's own nobody is told, and nothing is decided`() async throws {
        let desks = try await ApartDesks(Self.staff)
        let visit = try await desks.visited("walked")
        let said = try desks[0].said("checkin", "void", visit.text, "--reason", "twice")
        #expect(!said.contains("will be told") && !said.contains("Take it back"), "\(said)")
        try await desks.meet()
        #expect(try desks[0].replica.find(Query("decision")).isEmpty)
        #expect(try desks[0].said("notices") == "no notices\n")
    }

    @Test func `who goes on with it apart is asked about, and nobody has decided that before`() async throws {
        let desks = try await ApartDesks(Self.staff)
        let visit = try await desks.visited("walked")
        try desks[1].said("checkin", "void", visit.text, "--reason", "was somebody else")
        try desks[0].said("checkin", "sign", visit.text)
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.void], "\(laptop.staff)") }
        let page = try desks[2].said("conflicts", "show", desks[2].name(.void))
        #expect(!page.contains("was decided by"), "\(page)")
        let notices = try desks[0].said("notices")
        #expect(!notices.contains("What was decided about it is open again."), "\(notices)")
        try desks[2].said("resolve", desks[2].name(.void), "--keep", "B", "--reason", "it was her")
        try await desks.meet()
        let rows = try desks[0].register()
        #expect(rows.count == 2 && rows[1]["answers"] == rows[0]["decision_id"], "\(rows)")
        #expect(try desks[0].said("notices").contains("AD01 decided it anew today"))
    }

    /// Corrected by PS07, and the correction voided by SV01 for a reason of its own: nobody has decided about the visit.
    @Test func `a correction that is void by its own word is none that was given up`() async throws {
        let desks = try await ApartDesks(Self.staff)
        let visit = try await desks.visited("walked")
        try desks[0].said("checkin", "amend", visit.text, "--did", "rode", "--reason", "x")
        try await desks.meet()
        let made = try #require(
            try desks[0].replica.find(Query("check_in", where: [.isSet("amends")])).first
        ).id
        try desks[1].said("checkin", "void", made.text, "--reason", "was somebody else")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
    }

    @Test func `a void beside two corrections is said to be asked afterwards`() async throws {
        let desks = try await ApartDesks([(code: "PS07", role: "peer")] + Self.staff)
        let visit = try await desks.visited("walked")
        try desks[0].said("checkin", "amend", visit.text, "--did", "rode", "--reason", "x")
        try desks[1].said("checkin", "amend", visit.text, "--did", "ran", "--reason", "y")
        try desks[2].said("checkin", "void", visit.text, "--reason", "was somebody else")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.amendments], "\(laptop.staff)") }
        let line =
            "Voided as well by SV01 (was somebody else): whether the visit counts at all is asked once one of these stays."
        let page = try desks[3].said("conflicts", "show", desks[3].name(.amendments))
        #expect(page.contains("\n  \(line)\n"), "\(page)")
        #expect(try desks[3].said("conflicts", "--json").contains(#""beside":"\#(line)""#))
        try desks[3].said("resolve", desks[3].name(.amendments), "--keep", "A", "--reason", "that one")
        #expect(try desks[3].kinds == [.void])
    }

    @Test func `what was recorded while two were one says so once they are parted`() async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[2].said("participant", "merge", "P0190", "--into", "P0188", "--yes", "--reason", "one door")
        try await desks.meet()
        try desks[0].said("checkin", "add", "P0190", "walked", "--at", "yesterday 10:05", "--yes")
        try await desks.meet()
        let visit = try #require(try desks[0].replica.find(Query("check_in")).first).id
        #expect(try !desks[1].said("checkin", "show", visit.text).contains("Recorded while"))
        try desks[2].said("participant", "unmerge", "P0190", "--reason", "two")
        try await desks.meet()
        for laptop in desks.all {
            let page = try laptop.said("checkin", "show", visit.text)
            #expect(
                page.contains(
                    "Recorded while P0190 Cleo Park counted as the same person, until AD01 parted them today "
                ),
                "\(page)")
        }
        // One mark in lists, and where to look.
        let note =
            "* recorded while two people's records counted as one, and may be about the other: porchlight checkin show "
            + "\(visit.short)\n"
        let list = try desks[1].said("checkin", "list")
        #expect(list.contains(/P0188 Ben Ode \* +PS07/) && list.contains(note), "\(list)")
        let card = try desks[1].said("participant", "show", "P0188")
        #expect(card.contains("2026-03-01 10:05 *  PS07") && card.contains(note), "\(card)")
        for verb in [["checkin", "list"], ["participant", "show", "P0188"]] {
            let programs = desks[1].hear(verb + ["--json"]).out
            #expect(programs.contains(#""recorded_while":{"record":"\#(Harbor.participant("P0190").text)""#))
        }
        let cleo = Harbor.participant("P0190").text
        #expect(
            try desks[1].said("checkin", "show", visit.text, "--json").contains(
                #""recorded_while":{"record":"\#(cleo)","by":"AD01""#))
        // What came later is about the one that it names.
        try desks[0].said("checkin", "add", "P0188", "ran", "--at", "yesterday 11:05", "--yes")
        let later = try #require(
            try desks[0].replica.find(Query("check_in")).first { $0.id != visit }
        ).id
        #expect(try !desks[0].said("checkin", "show", later.text).contains("Recorded while"))
        let both = try desks[0].said("checkin", "list")
        #expect(both.ranges(of: " *  ").count == 1 && both.contains("may be about the other: "), "\(both)")
    }
}
