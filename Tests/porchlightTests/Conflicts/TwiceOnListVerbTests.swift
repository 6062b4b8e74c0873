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
        init(_ first: String = "no_show") async throws {
            desks = try await ApartDesks([
                (code: "PS07", role: "peer"), (code: "SV01", role: "supervisor"),
                (code: "AD01", role: "administrator"),
            ])
            try desks[0].said(
                "session", "record", "--number", "6", "--at", "yesterday 14:00", "--minutes", "60",
                "--present", "P0142", "--yes")
            try await desks.meet()
            session = try #require(try desks[0].replica.find(Query("session")).first).id
            try desks[1].said("session", "attendance", session.text, "P0188", "--status", first, "--yes")
            try desks[0].said(
                "session", "attendance", session.text, "P0188", "--status", "attended", "--yes")
            try await desks.meet()
        }

        func rows() throws -> [Attendance] {
            let ben = Harbor.participant("P0188")
            return try rosa.replica.find(
                Query("attendance", where: [.equals("participant", .reference(ben))])
            )
            .compactMap { Attendance($0) }.sorted { $0.id < $1.id }
        }
    }

    @Test func `they are shown once, with both answers, and the way out for each`() async throws {
        let twice = try await Twice()
        for laptop in twice.desks.all {
            let shown = try laptop.said("session", "show", twice.session.text)
            #expect(
                shown.contains("On the list twice: P0188 Ben Ode (no show, SV01; attended, PS07)\n"),
                "\(shown)")
            let verb = "porchlight session attendance \(twice.session.short) P0188 --status"
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
    }

    @Test(arguments: ["no_show", "attended", "excused"])
    func `one stays, the other is void, and its author is told`(
        status: String
    ) async throws {
        let twice = try await Twice()
        let said = try twice.desks[2].said(
            "session", "attendance", twice.session.text, "P0188", "--status", status)
        let other = status == "attended" ? "SV01" : "PS07"
        #expect(said.contains("P0188 Ben Ode: \(status.spaced), and the other answer is void.\n"), "\(said)")
        #expect(said.contains("\(other) will be told at their next sync\n"), "\(said)")
        try await twice.desks.meet()
        let rows = try twice.rows()
        #expect(rows.count == 2 && rows.filter(\.counts).map(\.status) == [status])
        for laptop in twice.desks.all {
            #expect(try laptop.kinds == [], "\(laptop.staff)")
            let shown = try laptop.said("session", "show", twice.session.text)
            #expect(!shown.contains("twice") && shown.ranges(of: "P0188").count == 1, "\(shown)")
            let notices = try laptop.said("notices")
            #expect(
                notices.contains("it is void, and another answer about the same person counts.")
                    == (laptop.staff == other), "\(laptop.staff): \(notices)")
        }
        // It is a decision like any other: it is taken back, and then both stand again.
        let decision = try #require(try OpenConflicts.decisions(in: twice.desks[2].replica).first)
        #expect(said.contains("porchlight resolve --undo \(decision.id.short) "), "\(said)")
        try twice.desks[2].said("resolve", "--undo", decision.id.short, "--reason", "asked again")
        #expect(
            try twice.desks[2].said("session", "show", twice.session.text).contains("On the list twice: "))
        try twice.desks[2].said("session", "attendance", twice.session.text, "P0188", "--status", status)
        #expect(try twice.desks[2].kinds == [])
    }

    @Test func `the same answer twice is one answer, and a void session leaves none`() async throws {
        let twice = try await Twice("attended")
        let shown = try twice.rosa.said("session", "show", twice.session.text)
        #expect(
            shown.contains("On the list twice: P0188 Ben Ode (attended, SV01; attended, PS07)\n"), "\(shown)")
        #expect(
            shown.contains(
                "stays: porchlight session attendance \(twice.session.short) P0188 --status attended\n"))
        try twice.lead.said("session", "void", twice.session.text, "--reason", "another day")
        try await twice.desks.meet()
        #expect(try twice.rows().allSatisfy { !$0.counts })
    }
}
