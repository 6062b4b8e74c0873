import Foundation
import Testing

/// What was refused is put right by who wrote it, on their laptop, without a network.
@Suite struct WithdrawnTests {
    @Test func `an author corrects one refused entry and withdraws another, and the server hears of it`()
        async throws
    {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await rosa.done("checkin", "add", "P0001", "walkd", "--at", "yesterday 09:00")
        try await rosa.done("checkin", "add", "P0003", "sat on the porch", "--at", "yesterday 15:00")
        // A laptop lets nobody write what the server would refuse, so the server is told of another role.
        _ = try await agency.query("UPDATE role SET role = 'referrer' WHERE staff = 'PS07'")
        try await rosa.done("sync")
        _ = try await agency.query("UPDATE role SET role = 'peer' WHERE staff = 'PS07'")
        let refused = try await rosa.json("outbox")["entries"].list
        try #require(refused.map { $0["outcome"].text } == ["quarantined", "quarantined"])
        let numbers = try refused.map { "\(try #require($0["number"].whole))" }
        let shown = try await rosa.done("outbox", "show", numbers[0])
        #expect(shown.contains("P0001 Ana Lopez") && shown.contains("walkd"))

        // Without a network.
        try await agency.stop()
        try await rosa.done("outbox", "edit", numbers[0], "--set", "what we did=walked", "--reason", "a slip")
        try await rosa.done("outbox", "discard", numbers[1], "--yes", "--reason", "she was not there")
        #expect(try await rosa.run(["sync"]).exit == .code(75))
        let listed = try await rosa.done("outbox")
        #expect(listed.components(separatedBy: "withdrawn, not told to the server yet").count == 3)
        #expect(try await rosa.query("SELECT did FROM check_in") == "walked")

        try await agency.start()
        try await rosa.done("sync")
        #expect(try await rosa.json("outbox")["entries"].list.isEmpty)
        #expect(try await rosa.query("SELECT did FROM check_in") == "walked")
        #expect(try await agency.run("quarantine", "list").trimmed == "nothing is in quarantine")
        let audit = try await agency.run("audit")
        #expect(audit.contains("a slip") && audit.contains("she was not there"))
        #expect(audit.components(separatedBy: "withdrawal").count == 3)
        // What was refused is a part of what was taken, and stands so.
        #expect(audit.contains(/exchange  LT-2  PS07  taken \d+, of them quarantined \d+\n/))
        try await agency.founder.done("sync")
        #expect(try await agency.founder.query("SELECT did FROM check_in") == "walked")
        #expect(try await agency.founder.digest == agency.digest)
        try await agency.run("verify")
    }

    @Test func `what an administrator released first stands, and its author is told`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await rosa.done("checkin", "add", "P0001", "walked", "--at", "yesterday 09:00")
        _ = try await agency.query("UPDATE role SET role = 'referrer' WHERE staff = 'PS07'")
        try await rosa.done("sync")
        _ = try await agency.query("UPDATE role SET role = 'peer' WHERE staff = 'PS07'")
        let number = try #require(try await rosa.json("outbox")["entries"].list.first?["number"].whole)
        try await rosa.done("outbox", "discard", "\(number)", "--yes")
        let id = try await agency.query("SELECT position FROM change WHERE outcome = 2")
        try await agency.run("quarantine", "release", id, "--by", "AD01", "--reason", "she is a peer")
        let told = try await rosa.run(["sync"])
        #expect(told.exit == .code(0))
        #expect(told.errors.contains("1 entry that you had withdrawn stands all the same"))
        #expect(try await rosa.query("SELECT did FROM check_in") == "walked")
        #expect(try await rosa.json("outbox")["entries"].list.isEmpty)
        try await agency.founder.done("sync")
        #expect(try await agency.founder.digest == agency.digest)
    }
}
