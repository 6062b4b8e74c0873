import Testing

/// What is done on the laptop is done without the network, whether or not there is one.
@Suite struct LocalVerbsTests {
    @Test func `local verbs never reach for the server`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await agency.stop()
        let trap = try FalseServer(on: agency.port, .hangsUp)
        let entry = try await rosa.json("checkin", "add", "P0001", "walked", "--minutes", "5")
        let id = try #require(entry["id"].text)
        let verbs = [
            ["today"], ["status"], ["status", "--digest"], ["outbox"], ["conflicts"], ["doctor"],
            ["doctor", "--rebuild"], ["history", "P0001"], ["history", id], ["caseload"],
            ["participant", "list"], ["participant", "show", "P0001"],
            ["participant", "edit", "P0001", "--phone", "555 0101"],
            ["participant", "add", "Edda", "--site", "S1"], ["checkin", "list"], ["checkin", "show", id],
            ["session", "list"], ["session", "makeups"], ["referral", "list"], ["escalation", "list"],
            ["escalate", "P0001", "coughs"], ["staff", "list"], ["site", "list"], ["team", "list"],
            ["undo", "--yes"],
        ]
        for verb in verbs {
            let outcome = try await rosa.run(verb)
            #expect(outcome.exit == .code(0), "\(verb): \(outcome)")
        }
        #expect(trap.connections == 0)
        // The trap works: a sync walks into it.
        _ = try await rosa.refuses("sync", exit: 75, code: "cut_short")
        #expect(trap.connections >= 2)
    }
}
