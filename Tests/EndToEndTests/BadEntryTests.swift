import Testing

/// What is typed wrong is said to be wrong, and nothing is recorded.
@Suite struct BadEntryTests {
    @Test func `entries that cannot be are refused, and nothing is recorded`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await rosa.done("checkin", "add", "P0001", "walked", "--at", "yesterday 10:05")
        let entries: [(verb: [String], code: String, exit: Int32)] = [
            (["P9999", "walked"], "unknown_record", 65),
            (["P0002", "not on this caseload"], "unknown_record", 65),
            (["", "walked"], "unknown_record", 65),
            (["P0001", ""], "bad_value", 65),
            (["P0001", "walked", "--at", "2026-02-30"], "bad_value", 65),
            (["P0001", "walked", "--at", "2026-13-01"], "bad_value", 65),
            (["P0001", "walked", "--at", "yesterday 25:00"], "bad_value", 65),
            (["P0001", "walked", "--at", "someday"], "bad_value", 65),
            (["P0001", "walked", "--at", "1850-01-01"], "bad_value", 65),
            (["P0001", "walked", "--at", "2190-01-01"], "bad_value", 65),
            (["P0001", "walked", "--activity", "juggling"], "bad_value", 65),
            (["P0001", "walked", "--site", "S9"], "unknown_record", 65),
            (["P0001", "again", "--at", "yesterday 10:07"], "ambiguous", 65),
            (["P0001", "walked", "--minutes", "-3"], "usage", 64),
            (["P0001", "walked", "--minutes", "many"], "usage", 64),
            (["P0001", "walked", "--minutes", "99999"], "usage", 64),
            (["P0001"], "usage", 64),
            (["P0001", "walked", "--colour", "red"], "usage", 64),
        ]
        for entry in entries {
            let verb = ["checkin", "add"] + entry.verb
            let outcome = try await rosa.run(verb + ["--json"])
            let refused = try Refused(outcome, sourceLocation: #_sourceLocation)
            #expect(refused.code == entry.code, "\(verb)")
            #expect(refused.exit == .code(entry.exit), "\(verb)")
            #expect(outcome.output == "", "\(verb)")
            let told = try await rosa.run(verb)
            #expect(told.exit == .code(entry.exit), "\(verb)")
            #expect(told.output == "", "\(verb)")
            #expect(told.errors.lowercased().hasPrefix("error: "), "\(verb): \(told.errors)")
        }
        #expect(try await rosa.waiting == 1)
        #expect(try await rosa.query("SELECT count(*) FROM check_in") == "1")
    }

    @Test func `a role may not do what is another's`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        let refused = try await rosa.refuses(
            "participant", "edit", "P0001", "--goals", "climb a mountain", exit: 77, code: "not_permitted")
        #expect(refused.means == "nothing was recorded")
        _ = try await rosa.refuses("import", "people", exit: 77, code: "not_permitted")
        _ = try await rosa.refuses(
            "staff", "add", "PS10", "--name", "Ida", "--role", "peer", exit: 77, code: "not_permitted")
        #expect(try await rosa.waiting == 0)
        #expect(try await rosa.query("SELECT count(*) FROM participant WHERE goals IS NOT NULL") == "0")
    }

    @Test func `wrong, used and expired codes enrol nobody`() async throws {
        let agency = try await Agency()
        let used = try await agency.code(for: "PS07")
        let rosa = Laptop(name: "rosa", runner: agency.runner)
        #expect(try await rosa.run(agency.enrolment(code: used)).exit == .code(0))
        let expired = try await agency.code(for: "PS09")
        _ = try await agency.query("UPDATE invite SET expires_at = 1 WHERE staff = 'PS09'")
        for code in ["AAAA-AAAA-AAAA-AAAA", used, expired] {
            let other = Laptop(name: "other", runner: agency.runner)
            let outcome = try await other.run(agency.enrolment(code: code) + ["--json"])
            let refused = try Refused(outcome, sourceLocation: #_sourceLocation)
            #expect(refused.code == "bad_code")
            #expect(refused.exit == .code(77))
            #expect(try await other.run(["status"]).exit == .code(65))
        }
        #expect(try await agency.query("SELECT count(*) FROM device WHERE staff <> 'AD01'") == "1")
        // Where a laptop is enrolled already, a new code is not used up.
        let spare = try await agency.code(for: "PS07")
        let again = try await rosa.run(agency.enrolment(code: spare) + ["--json"])
        #expect(try Refused(again, sourceLocation: #_sourceLocation).code == "already_enrolled")
        let second = Laptop(name: "second", runner: agency.runner)
        #expect(try await second.run(agency.enrolment(code: spare)).exit == .code(0))
    }

    @Test func `another's check-in is corrected by whom the words name, and a value is a site that there is`()
        async throws
    {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        let leo = try await agency.laptop(of: "PS09")
        try await rosa.done("checkin", "add", "P0003", "phoned", "--mode", "phone", "--at", "yesterday 10:05")
        for laptop in [rosa, leo] { try await laptop.done("sync") }
        let visit = try #require(
            try await leo.json("checkin", "list")["check_ins"].list.first?["id"].text)
        let refused = try await leo.refuses(
            "checkin", "amend", visit, "--minutes", "5", exit: 77, code: "not_permitted")
        #expect(
            refused.what
                == "this is recorded by the person it names, or by an administrator or the office's sync job")

        // A record under a site that nobody has would leave everybody.
        try await rosa.done("participant", "edit", "P0003", "--residence", "Elm Street 12")
        try await leo.done("participant", "edit", "P0003", "--residence", "Elm Street 21")
        for laptop in [rosa, leo, agency.founder] { try await laptop.done("sync") }
        let id = try #require(
            try await agency.founder.json("conflicts")["conflicts"].list.first?["id"].text)
        let wrong = try await agency.founder.refuses(
            "resolve", id, "--value", "site=NOPE", "--reason", "moved", exit: 65, code: "unknown_record")
        #expect(wrong.what == "no site on this laptop fits \"NOPE\"")
        #expect(try await agency.founder.json("conflicts")["conflicts"].list.count == 1)
    }
}
