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

    @Test(arguments: ["no_show", "attended", "excused"])
    func `one stays, the other is void, and its author is told`(status: String) async throws {
        let twice = try await Twice()
        let office = twice.desks[2]
        let said = try office.said(
            "session", "attendance", twice.session.text, "P0188", "--status", status)
        let other = status == "attended" ? "SV01" : "PS07"
        #expect(said.contains("P0188 Ben Ode: \(status.spaced), and the other answer is void.\n"), "\(said)")
        #expect(said.contains("\n\(other) will be told at their next sync\n"), "\(said)")
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
        let decisions = try OpenConflicts.decisions(in: office.replica)
        #expect(decisions.count == 1)
        let decision = try #require(decisions.first)
        #expect(said.contains("porchlight resolve --undo \(decision.id.short) "), "\(said)")
        try office.said("resolve", "--undo", decision.id.short, "--reason", "asked again")
        #expect(try office.said("session", "show", twice.session.text).contains("On the list twice: "))
        try office.said("session", "attendance", twice.session.text, "P0188", "--status", status)
        #expect(try office.kinds == [])
    }

    /// SV01 keeps that he did not come, AD01 that he did, and neither knows of the other.
    private func keptApart() async throws -> Twice {
        let twice = try await Twice()
        for (laptop, status) in [(twice.lead, "no_show"), (twice.desks[2], "attended")] {
            try laptop.said("session", "attendance", twice.session.text, "P0188", "--status", status)
        }
        try await twice.desks.meet()
        return twice
    }

    /// What settles it.
    private func ways(_ twice: Twice) -> String {
        let verb =
            "porchlight session attendance \(twice.session.short) \(Harbor.participant("P0188").short) --status"
        return "\(verb) no_show, or \(verb) attended"
    }

    @Test func `where different answers were kept apart no notice says that one counts`() async throws {
        let twice = try await keptApart()
        let rows = try twice.rows()
        #expect(rows.count == 2 && rows.allSatisfy { !$0.counts })
        for laptop in twice.desks.all {
            let notices = try laptop.said("notices")
            let told = ["SV01", "PS07"].contains(laptop.staff)
            #expect(
                notices.contains("it is void, and no other answer about the same person counts.") == told,
                "\(laptop.staff): \(notices)")
            #expect(!notices.contains("another answer about the same person counts."), "\(notices)")
        }
    }

    @Test func `answers that were kept apart are questions that name the person, the day and each other`()
        async throws
    {
        let twice = try await keptApart()
        let rows = try twice.rows()
        for laptop in twice.desks.all {
            #expect(try laptop.kinds == [.void, .void], "\(laptop.staff)")
            let list = try laptop.said("conflicts")
            for title in [
                ", of P0188 Ben Ode, session 6 on 2026-03-01: no show (SV01), and beside it attended (PS07, kept by AD01)",
                ", of P0188 Ben Ode, session 6 on 2026-03-01: attended (PS07, kept by AD01), and beside it no show (SV01)",
            ] {
                #expect(list.contains(title), "\(title)\n\(list)")
            }
            #expect(
                list.contains("Decide it:   \(ways(twice)) (that one stays, and the others are void)\n"),
                "\(list)")
            for row in rows {
                let page = try laptop.said("conflicts", "show", "\(row.id.short).void")
                #expect(page.contains("\nDecide: \(ways(twice)) (that one stays"), "\(page)")
            }
            let shown = try laptop.said("session", "show", twice.session.text)
            #expect(
                shown.contains(
                    "\nEach answer was kept by somebody, and none counts so far: P0188 Ben Ode (no show, SV01; attended, "
                        + "PS07, kept by AD01); the one that is right stays: \(ways(twice))\n"), "\(shown)")
            #expect(!shown.contains("VOID") && !shown.contains("Clash"), "\(shown)")
        }
    }

    @Test(arguments: ["no_show", "attended"])
    func `whichever answer is given then stays alone, and all who decided apart are told`(
        status: String
    ) async throws {
        let twice = try await keptApart()
        let said = try twice.desks[3].said(
            "session", "attendance", twice.session.text, "P0188", "--status", status)
        #expect(said.contains("\(status.spaced), and the other answer is void.\n"), "\(said)")
        #expect(said.contains("AD01, PS07, SV01 will be told"), "\(said)")
        try await twice.desks.meet()
        for laptop in twice.desks.all {
            #expect(try laptop.kinds == [], "\(laptop.staff)")
            let shown = try laptop.said("session", "show", twice.session.text)
            let word = status == "no_show" ? "No-show" : "Came"
            #expect(shown.contains("P0188 Ben Ode\n") && shown.contains("\(word): "), "\(shown)")
            #expect(
                !shown.contains("VOID") && !shown.contains("kept by") && !shown.contains("Clash"), "\(shown)")
        }
        let rows = try twice.rows()
        #expect(rows.count == 2 && rows.filter(\.counts).map(\.status) == [status])
        // Each of the two has an entry that answers what had been decided about it.
        let register = try twice.rosa.register()
        let apart = register.filter { ["SV01", "AD01"].contains($0["decided_by"]) }
        let last = register.filter { $0["decided_by"] == "AD02" }
        #expect(apart.count == 2 && last.count == 2, "\(register)")
        #expect(
            Set(last.flatMap { $0["answers"].split(separator: " | ").map(String.init) })
                == Set(apart.map { $0["decision_id"] }))
        #expect(Set(register.map { $0["question_id"] }).count == 1, "\(register)")
        for staff in 0..<3 {
            let notices = try twice.desks[staff].said("notices")
            #expect(!notices.contains("is being asked"), "\(notices)")
        }
    }

    @Test func `who was there by neither answer is void by both, and is not asked about any more`()
        async throws
    {
        let twice = try await keptApart()
        for row in try twice.rows() {
            try twice.desks[3].said("resolve", "\(row.id.short).void", "--keep", "A", "--reason", "not there")
        }
        try await twice.desks.meet()
        for laptop in twice.desks.all {
            #expect(try laptop.kinds == [], "\(laptop.staff)")
            let shown = try laptop.said("session", "show", twice.session.text)
            #expect(shown.contains("VOID: P0188 Ben Ode\n") && !shown.contains("kept by"), "\(shown)")
        }
    }

    @Test func `answers that are kept apart once more are settled by the same verb, for good`() async throws {
        let twice = try await keptApart()
        for (place, status) in [(2, "attended"), (3, "no_show")] {
            try twice.desks[place].said(
                "session", "attendance", twice.session.text, "P0188", "--status", status)
        }
        try await twice.desks.meet()
        for laptop in twice.desks.all { #expect(try laptop.kinds == [.void, .void], "\(laptop.staff)") }
        let shown = try twice.rosa.said("session", "show", twice.session.text)
        #expect(shown.contains("the one that is right stays: \(ways(twice))\n"), "\(shown)")
        #expect(!shown.contains("Clash"), "\(shown)")
        try twice.lead.said("session", "attendance", twice.session.text, "P0188", "--status", "no_show")
        try await twice.desks.meet()
        for laptop in twice.desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
        #expect(try twice.rows().filter(\.counts).map(\.status) == ["no_show"])
    }

    @Test func `of many voids at once these are left out, and it is said how they are settled`() async throws
    {
        let twice = try await keptApart()
        let office = twice.desks[3]
        let all = ["resolve", "--all", "--kind", "void", "--keep", "A", "--reason", "so", "--yes"]
        let none = office.hear(all)
        #expect(none.code == 65 && none.err.contains("each is decided by itself"), "\(none)")
        #expect(none.err.contains("try:   \(ways(twice))\n"), "\(none)")
        // A check-in that was voided by one and that another went on with is decided with it.
        try twice.rosa.said("checkin", "add", "P0142", "walked", "--at", "yesterday 10:05")
        try await twice.desks.meet()
        let visit = try #require(try twice.rosa.replica.find(Query("check_in")).first).id
        try twice.lead.said("checkin", "void", visit.text, "--reason", "was somebody else")
        try twice.rosa.goesOn(with: visit)
        try await twice.desks.meet()
        let some = office.hear(all)
        #expect(some.code == 0 && some.out.contains("decided: 1 conflict\n"), "\(some)")
        #expect(some.err.contains("1 conflict, of which 1 stays as shown:\n"), "\(some)")
        #expect(some.err.contains("2 conflicts not among them:\n"), "\(some)")
        #expect(some.out.ranges(of: "decided one by one, by \(ways(twice))\n").count == 2, "\(some)")
        #expect(try office.kinds == [.void, .void])
    }

    /// Three kept the same answer apart, and each took that back: three decisions about the other wait.
    /// PS07, a peer, may not mark a decision as answered by another one, and makes one for each: it is one answer all the same.
    @Test(arguments: ["attended", "no_show"], [2, 0])
    func `all that is open again about an answer is answered by one choice`(status: String, place: Int)
        async throws
    {
        let twice = try await Twice()
        for laptop in twice.desks.all.dropFirst() {
            try laptop.said("session", "attendance", twice.session.text, "P0188", "--status", "attended")
            let made = try #require(try OpenConflicts.decisions(in: laptop.replica).first)
            try laptop.said("resolve", "--undo", made.id.short, "--reason", "not sure")
        }
        try await twice.desks.meet()
        #expect(try twice.rosa.kinds == [.contested, .contested, .contested])
        #expect(try twice.rows().allSatisfy(\.counts))
        let office = twice.desks[place]
        let before = try office.register().count
        let said = try office.said(
            "session", "attendance", twice.session.text, "P0188", "--status", status)
        try await twice.desks.meet()
        for laptop in twice.desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
        #expect(try twice.rows().filter(\.counts).map(\.status) == [status])
        // Of each of the two answers about which something is decided there is one entry.
        let made = try office.register().dropFirst(before)
        #expect(made.count == (status == "attended" ? 1 : 2), "\(made)")
        #expect(Set(made.map { $0["record"] }).count == made.count, "\(made)")
        let undos = try twice.desks[3].register().filter { $0["kind"] == "undo" }.map { $0["decision_id"] }
        let answered = made.map { Set($0["answers"].split(separator: " | ").map(String.init)) }
        #expect(undos.count == 3 && answered.contains(Set(undos)), "\(made)")
        try office.takeBack(said)
        #expect(try twice.rows().count == 2)
        #expect(try office.open.count == said.ranges(of: "porchlight resolve --undo ").count, "\(said)")
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
        try desks[1].said("participant", "merge", old, "--into", kept, "--yes", "--reason", "one person")
        let shown = try desks[1].said("session", "show", session.text)
        #expect(shown.contains("On the list twice: \(name) ("), "\(shown)")
        let said = try desks[1].said("session", "attendance", session.text, kept, "--status", "attended")
        #expect(said.contains("Came: \(name)\n") && !said.contains("VOID"), "\(said)")
    }
}
