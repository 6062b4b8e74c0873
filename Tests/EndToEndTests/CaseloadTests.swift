import Testing

/// A laptop holds its owner's caseload and nothing else.
@Suite struct CaseloadTests {
    @Test func `a peer's replica holds nothing outside their caseload`() async throws {
        let agency = try await Agency()
        let leo = try await agency.laptop(of: "PS09")
        try await leo.done("checkin", "add", "P0002", "spoke of the brewery", "--minutes", "30")
        try await leo.done("escalate", "P0002", "cannot sleep", "--told", "N01")
        try await leo.done("sync")
        try await agency.founder.done("sync")
        try await agency.founder.done("checkin", "add", "P0004", "spoke of the quarry", "--peer", "PS09")
        try await agency.founder.done("checkin", "add", "P0003", "spoke of the harbour", "--peer", "PS09")
        try await agency.founder.done("sync")

        let rosa = try await agency.laptop(of: "PS07")
        try await rosa.done("sync")
        #expect(try await rosa.query("SELECT code FROM participant ORDER BY code") == "P0001\nP0003")
        #expect(try await rosa.query("SELECT did FROM check_in") == "spoke of the harbour")
        #expect(try await rosa.query("SELECT count(*) FROM escalation") == "0")
        let kinds = "SELECT tbl, count(*) FROM sync_record GROUP BY tbl ORDER BY tbl"
        let expected = "assignment|3\ncheck_in|1\nparticipant|2\nsite|1\nstaff|5\nteam|1"
        #expect(try await rosa.query(kinds) == expected)
        // Not even in a table that nobody shows, nor in a page that SQLite has freed.
        for word in ["Ode", "Thorne", "brewery", "quarry", "cannot sleep"] {
            let found = try await agency.runner.run("grep", ["-c", word, rosa.file, "\(rosa.file)-wal"])
            #expect(!found.output.contains(":1") && found.exit != .code(0), "\(word): \(found)")
        }
        // The words would be found if they were there.
        let everywhere = try await agency.runner.run("grep", ["-c", "brewery", agency.founder.file])
        #expect(everywhere.exit == .code(0))
    }

    @Test func `whoever is told hears of it, and sees of whom`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        let leo = try await agency.laptop(of: "PS09")
        #expect(try await leo.query("SELECT count(*) FROM participant WHERE code = 'P0001'") == "0")
        try await rosa.done("escalate", "P0001", "has not slept for days", "--told", "PS09")
        for laptop in [rosa, leo] { try await laptop.done("sync") }
        #expect(try await leo.query("SELECT saw FROM escalation") == "has not slept for days")
        #expect(try await leo.query("SELECT preferred_name FROM participant WHERE code = 'P0001'") == "Ana")
        #expect(try await leo.done("today").contains("has not slept for days"))
        #expect(try await leo.query("SELECT count(*) FROM participant WHERE code = 'P0004'") == "0")
    }

    @Test func `a supervisor of further sites sees these, as long as they are`() async throws {
        let agency = try await Agency()
        let codes = "SELECT count(*) FROM participant"
        try await agency.founder.done("site", "add", "S2", "--name", "Two", "--kind", "clinic")
        try await agency.founder.done(
            "staff", "add", "SV02", "--name", "Sue", "--role", "supervisor", "--site", "S2")
        try await agency.founder.done("sync")
        let sue = try await agency.laptop(of: "SV02")
        #expect(try await sue.query(codes) == "0")
        for (sites, count) in [("s1", "4"), ("", "0")] {
            try await agency.founder.done("staff", "edit", "SV02", "--other-sites", sites)
            try await agency.founder.done("sync")
            try await sue.done("sync")
            #expect(try await sue.query(codes) == count, "\(sites)")
            #expect(try await sue.json("verify")["equal"].flag == true)
        }
    }

    @Test func `a hand-over moves a participant with all their records`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        let leo = try await agency.laptop(of: "PS09")
        try await rosa.done("checkin", "add", "P0001", "first meeting", "--minutes", "30")
        try await rosa.done("escalate", "P0001", "swollen ankle", "--told", "N01")
        try await rosa.done("sync")
        #expect(try await leo.query("SELECT count(*) FROM participant WHERE code = 'P0001'") == "0")

        try await agency.founder.done("assign", "P0001", "--to", "PS09", "--from", "PS07")
        try await agency.founder.done("sync")
        // Written while Rosa could not know of the hand-over.
        try await rosa.done("checkin", "add", "P0001", "said goodbye", "--minutes", "10")
        let rosas = try await rosa.json("sync")
        #expect(rosas["quarantined"].whole == 0)
        #expect((rosas["left"].whole ?? 0) >= 3)
        try await leo.done("sync")
        #expect(try await leo.query("SELECT code FROM participant ORDER BY code") == "P0001\nP0002\nP0003")
        #expect(try await leo.query("SELECT did FROM check_in ORDER BY did") == "first meeting\nsaid goodbye")
        #expect(try await leo.query("SELECT saw FROM escalation") == "swollen ankle")

        #expect(try await rosa.query("SELECT code FROM participant") == "P0003")
        #expect(try await rosa.query("SELECT count(*) FROM check_in") == "0")
        let states = "SELECT count(*) FROM sync_record WHERE tbl IN ('check_in', 'participant')"
        #expect(try await rosa.query(states) == "1")
        // What she has raised and nobody has taken up she goes on seeing, with whom it is addressed to and not of whom.
        let open = try await rosa.json("escalation", "list")["escalations"].list
        let raised = try #require(open.first)
        #expect(open.count == 1 && raised["told_whom"].text == "N01" && raised["participant_code"] == .null)
        for verb in [["escalation", "list"], ["today"]] {
            let told = try await rosa.run(verb).output
            #expect(told.contains("swollen ankle") && told.contains("somebody not on this laptop"), "\(verb)")
            #expect(!told.contains("Ana") && !told.contains("P0001"))
        }
        #expect(try await rosa.json("verify")["equal"].flag == true)
        let nora = try await agency.laptop(of: "N01")
        let short = String(try #require(raised["id"].text).suffix(8))
        try await nora.done("escalation", "acknowledge", short, "rang the clinic")
        try await nora.done("sync")
        try await rosa.done("sync")
        #expect(try await rosa.query("SELECT count(*) FROM escalation") == "0")
        #expect(try await leo.run(["sync"]).exit == .code(0))
        #expect(try await leo.query("SELECT response FROM escalation") == "rang the clinic")
        #expect(try await rosa.waiting == 0)
        let gone = try await rosa.refuses("participant", "show", "P0001", exit: 65, code: "unknown_record")
        #expect(gone.what.contains("P0001"))
        try await agency.founder.done("sync")
        #expect(try await agency.founder.digest == agency.digest)
    }
}
