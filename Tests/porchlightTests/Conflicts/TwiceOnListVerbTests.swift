import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Somebody who was left out of a session's list, and whom two put on it who did not know of each other.
@Suite("On a session's list twice, on the command line") struct TwiceOnListVerbTests {
    private struct Twice {
        let desks: ApartDesks
        let session: RecordID
        var rosa: ApartDesks.Laptop { desks[0] }
        var lead: ApartDesks.Laptop { desks[1] }

        /// SV01 says that Ben did not come, PS07 that he did; or both that he came.
        init(_ first: String = "no_show", _ second: String = "attended") async throws {
            desks = try await ApartDesks([
                (code: "PS07", role: "peer"), (code: "SV01", role: "supervisor"),
                (code: "AD01", role: "administrator"), (code: "AD02", role: "administrator"),
            ])
            try desks[0].said("enrollment", "start", "P0188")
            try desks[0].said(
                "session", "record", "--number", "6", "--at", "yesterday 14:00", "--minutes", "60",
                "--present", "P0142", "--yes")
            try await desks.meet()
            session = try #require(try desks[0].replica.find(Query("session")).first).id
            try desks[1].said("session", "attendance", session.text, "P0188", "--status", first, "--yes")
            try desks[0].said(
                "session", "attendance", session.text, "P0188", "--status", second, "--yes")
            try await desks.meet()
        }

        func rows() throws -> [Attendance] {
            let ben = Harbor.participant("P0188")
            return try rosa.replica.find(
                Query("attendance", where: [.equals("participant", .reference(ben))])
            )
            .compactMap { Attendance($0) }.sorted { $0.id < $1.id }
        }

        /// Whether Ben has a session to make up, and whether he is among those without contact for a week, everywhere.
        func counts(missed: Bool, quiet: Bool) throws {
            for laptop in desks.all {
                let due = try laptop.said("session", "makeups")
                #expect(due.contains("P0188") == missed, "\(laptop.staff): \(due)")
                let findings = try Needs.noContact(
                    peer: nil, days: 7, in: laptop.replica,
                    at: LocalTime(now: TestDesk.now) { _ in -5 * 3_600 })
                #expect(
                    findings.contains { $0.participant == Harbor.participant("P0188") } == quiet,
                    "\(laptop.staff): \(findings)")
            }
        }
    }

    @Test func `they are shown once, with both answers, and the way out for each`() async throws {
        let twice = try await Twice()
        for laptop in twice.desks.all {
            let shown = try laptop.said("session", "show", twice.session.text)
            #expect(
                shown.contains("On the list twice: P0188 Ben Ode (no show, SV01; attended, PS07)\n"),
                "\(shown)")
            let ben = Harbor.participant("P0188").short
            let verb = "porchlight session attendance \(twice.session.short) \(ben) --status"
            #expect(
                shown.contains("  the one that is right stays: \(verb) no_show, or \(verb) attended\n"),
                "\(shown)")
            #expect(shown.contains("Came: P0142 Ana Lopez\n") && !shown.contains("No-show:"), "\(shown)")
            let list = try laptop.said("session", "list")
            #expect(list.ranges(of: "P0188").count == 1, "\(list)")
            // A report counts him once.
            let json = try laptop.said("session", "show", twice.session.text, "--json")
            #expect(json.ranges(of: #""counts":true"#).count == 2, "\(json)")
            let rows = try twice.rows()
            #expect(json.contains(#""counts":false,"beside":"\#(rows[0].id.text)""#), "\(json)")
        }
        try twice.counts(missed: true, quiet: true)
    }

    @Test func `what he missed or came to counts by the older answer, until one stays`() async throws {
        let twice = try await Twice("attended", "no_show")
        try twice.counts(missed: false, quiet: false)
        try twice.desks[2].said("session", "attendance", twice.session.text, "P0188", "--status", "no_show")
        try await twice.desks.meet()
        try twice.counts(missed: true, quiet: true)
    }

    /// SV01 keeps that he did not come, AD01 that he did, and neither knows of the other.
    @Test func `where different answers were kept apart no notice says that one counts`() async throws {
        let twice = try await Twice()
        for (laptop, status) in [(twice.lead, "no_show"), (twice.desks[2], "attended")] {
            try laptop.said("session", "attendance", twice.session.text, "P0188", "--status", status)
        }
        try await twice.desks.meet()
        let rows = try twice.rows()
        #expect(rows.count == 2 && rows.allSatisfy { !$0.counts })
        for laptop in twice.desks.all {
            let notices = try laptop.said("notices")
            let told = ["SV01", "PS07"].contains(laptop.staff)
            #expect(
                notices.contains("it is void, and no other answer about the same person counts.") == told,
                "\(laptop.staff): \(notices)")
            #expect(!notices.contains("another answer about the same person counts."), "\(notices)")
            #expect(try laptop.said("session", "show", twice.session.text).contains("VOID: P0188 Ben Ode"))
        }
        // Recorded anew it counts, and they are told so.
        try twice.rosa.said(
            "session", "attendance", twice.session.text, "P0188", "--status", "attended", "--yes")
        try await twice.desks.meet()
        let notices = try twice.lead.said("notices")
        #expect(notices.contains("and another answer about the same person counts."), "\(notices)")
    }

    /// Three kept the same answer apart, and each took that back: three decisions about the other wait.
    @Test(arguments: ["attended", "no_show"])
    func `all that is open again about an answer is answered by one choice`(status: String) async throws {
        let twice = try await Twice()
        for laptop in twice.desks.all.dropFirst() {
            try laptop.said("session", "attendance", twice.session.text, "P0188", "--status", "attended")
            let made = try #require(try OpenConflicts.decisions(in: laptop.replica).first)
            try laptop.said("resolve", "--undo", made.id.short, "--reason", "not sure")
        }
        try await twice.desks.meet()
        #expect(try twice.rosa.kinds == [.contested, .contested, .contested])
        #expect(try twice.rows().allSatisfy(\.counts))
        try twice.desks[2].said("session", "attendance", twice.session.text, "P0188", "--status", status)
        try await twice.desks.meet()
        for laptop in twice.desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
        #expect(try twice.rows().filter(\.counts).map(\.status) == [status])
    }

    @Test func `the same answer twice is one answer, and a void session leaves none`() async throws {
        let twice = try await Twice("attended")
        let ben = Harbor.participant("P0188").short
        let shown = try twice.rosa.said("session", "show", twice.session.text)
        #expect(
            shown.contains("On the list twice: P0188 Ben Ode (attended, SV01; attended, PS07)\n"), "\(shown)")
        #expect(
            shown.contains(
                "stays: porchlight session attendance \(twice.session.short) \(ben) --status attended\n"))
        try twice.lead.said("session", "void", twice.session.text, "--reason", "another day")
        try await twice.desks.meet()
        #expect(try twice.rows().allSatisfy { !$0.counts })
    }

    @Test func `three answers are three, and one of them stays`() async throws {
        let desks = try await ApartDesks([
            (code: "PS07", role: "peer"), (code: "SV01", role: "supervisor"),
            (code: "AD01", role: "administrator"),
        ])
        try desks[0].said(
            "session", "record", "--number", "6", "--at", "yesterday 14:00", "--minutes", "60", "--present",
            "P0142", "--yes")
        try await desks.meet()
        let session = try #require(try desks[0].replica.find(Query("session")).first).id
        for (laptop, status) in zip(desks.all, ["attended", "no_show", "excused"]) {
            try laptop.said("session", "attendance", session.text, "P0188", "--status", status, "--yes")
        }
        try await desks.meet()
        let shown = try desks[0].said("session", "show", session.text)
        #expect(
            shown.contains(
                "On the list 3 times: P0188 Ben Ode (attended, PS07; no show, SV01; excused, AD01)\n"),
            "\(shown)")
        let list = try desks[0].said("session", "list")
        #expect(list.contains("(on the list 3 times)") && !list.contains("twice"), "\(list)")
        let said = try desks[1].said("session", "attendance", session.text, "P0188", "--status", "excused")
        #expect(said.contains("excused, and the other answers are void.\n"), "\(said)")
        try await desks.meet()
        let after = try desks[0].said("session", "show", session.text)
        #expect(after.contains("Excused: P0188 Ben Ode\n") && !after.contains("VOID"), "\(after)")
    }

    /// Whichever of the two answers is the older: one of the merges has it lead to the other's record.
    @Test(arguments: [("P0190", "P0188", "P0188 Ben Ode"), ("P0188", "P0190", "P0190 Cleo Park")])
    func `whoever counts under one record is not void under another`(
        old: String, kept: String, name: String
    ) async throws {
        let desks = try await ApartDesks([
            (code: "PS07", role: "peer"), (code: "SV01", role: "supervisor"),
        ])
        try desks[0].said(
            "session", "record", "--number", "6", "--at", "yesterday 14:00", "--minutes", "60", "--present",
            "P0188,P0190", "--yes")
        try await desks.meet()
        let session = try #require(try desks[0].replica.find(Query("session")).first).id
        try desks[1].said("participant", "merge", old, "--into", kept, "--reason", "one person")
        let shown = try desks[1].said("session", "show", session.text)
        #expect(shown.contains("On the list twice: \(name) ("), "\(shown)")
        let said = try desks[1].said("session", "attendance", session.text, kept, "--status", "attended")
        #expect(said.contains("Came: \(name)\n") && !said.contains("VOID"), "\(said)")
    }
}
