import Testing

/// A laptop that was retired seals itself, and what it had waiting is kept for an administrator to look at.
@Suite struct RetiredTests {
    @Test func `a retired laptop seals itself, and its unsent work is in quarantine`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await rosa.done("checkin", "add", "P0001", "sent in time", "--at", "yesterday 09:00")
        try await rosa.done("sync")
        try await rosa.done("checkin", "add", "P0001", "never sent", "--at", "yesterday 15:00")
        let device = try #require(try await rosa.json("status")["device"].text)
        #expect(try await agency.run("device", "retire", device).contains("\(device) is retired"))

        let refused = try await rosa.run(["sync", "--json"])
        let why = try Refused(refused, sourceLocation: #_sourceLocation)
        #expect(why.code == "retired")
        #expect(why.exit == .code(77))
        let verbs = [
            ["participant", "list"], ["participant", "show", "P0001"], ["checkin", "list"], ["today"],
            ["caseload"], ["history", "P0001"], ["conflicts"], ["sync"],
            ["checkin", "add", "P0001", "after the end"],
        ]
        for verb in verbs {
            let outcome = try await rosa.run(verb)
            #expect(outcome.exit == .code(77), "\(verb): \(outcome)")
            #expect(!(outcome.output + outcome.errors).contains("Ana"), "\(verb)")
            #expect(!outcome.output.contains("never sent"), "\(verb)")
        }
        // All of it is at the office.
        let status = try await rosa.done("status")
        #expect(status.hasPrefix("nothing waits · "), "\(status)")
        #expect(status.contains("this laptop was retired"))
        let outbox = try await rosa.run(["outbox"])
        #expect(outbox.exit == .code(0) && outbox.output.contains("at the office"), "\(outbox)")
        let entries = try await rosa.run(["outbox", "--json"])
        #expect(!(outbox.output + entries.output).contains("never sent"))
        // It stays in the file too: should the server lose it, it is handed in again.
        #expect(try await rosa.query("SELECT count(*) FROM sync_change") == "2")

        let listed = try JSONTree(try await agency.run("device", "list", "--json")).list
        let row = try #require(listed.first { $0["device"].text == device })
        #expect(row["retiredAt"].text?.isEmpty == false)
        #expect(row["quarantined"].whole == 1)
        #expect(row["staff"].text == "PS07")
        #expect(try await agency.run("device", "list").contains("1 change held back"))
        #expect(try await agency.query("SELECT count(*) FROM change WHERE outcome = 2") == "1")

        // Nobody else is shown what is in quarantine, and a laptop of the same person goes on.
        let spare = try await agency.laptop(of: "PS07", name: "spare")
        #expect(try await spare.query("SELECT did FROM check_in") == "sent in time")
        try await agency.founder.done("sync")
        #expect(try await agency.founder.digest == agency.digest)
    }

    @Test func `what it had handed in after a backup is in quarantine again when it syncs once more`()
        async throws
    {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await agency.run("backup", "--to", "backup.sqlite")
        try await rosa.done("checkin", "add", "P0001", "taken in time", "--at", "yesterday 09:00")
        try await rosa.done("sync")
        try await agency.founder.done("sync")
        let digest = try await agency.digest
        try await rosa.done("checkin", "add", "P0001", "too late", "--at", "yesterday 15:00")
        let device = try #require(try await rosa.json("status")["device"].text)
        try await agency.run("device", "retire", device)
        #expect(try await rosa.run(["sync"]).exit == .code(77))

        try await agency.stop()
        try await agency.run("restore", "backup.sqlite", "--json")
        try await agency.start()
        let again = try Refused(try await rosa.run(["sync", "--json"]), sourceLocation: #_sourceLocation)
        #expect(again.code == "retired")
        #expect(
            try await agency.query("SELECT count(*) FROM change WHERE outcome = 2 AND code = 'retired'")
                == "2")
        // An administrator's laptop shows that the first of them had been taken.
        try await agency.founder.done("sync")
        #expect(try await agency.digest == digest)
        #expect(try await agency.query("SELECT count(*) FROM change WHERE outcome = 2") == "1")
        try await agency.run("quarantine", "release", "--device", device, "--by", "AD01", "--reason", "hers")
        try await agency.founder.done("sync")
        let found = try await agency.founder.query("SELECT did FROM check_in ORDER BY did")
        #expect(found == "taken in time\ntoo late")
        try await agency.run("verify")
    }

    @Test func `retiring a laptop that does not exist changes nothing`() async throws {
        let agency = try await Agency()
        let outcome = try await agency.runner.run(
            Products.path(of: "porchlightd"), ["device", "retire", "LT-99", "--data", "server", "--json"])
        let refused = try Refused(outcome, sourceLocation: #_sourceLocation)
        #expect(refused.exit == .code(65))
        #expect(try await agency.founder.json("sync")["exchanges"].whole == 1)
    }
}
