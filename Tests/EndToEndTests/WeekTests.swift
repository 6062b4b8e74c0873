import Glibc
import Testing

/// What a week consists of, across laptops.
@Suite struct WeekTests {
    @Test func `a group session and its attendance are one entry, for undo and for the server`() async throws
    {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await rosa.done("enrollment", "start", "P0003", "--on", "2026-01-05")
        try await rosa.done("sync")
        let entry = [
            "session", "record", "--number", "6", "--at", "yesterday 14:00", "--minutes", "60", "--present",
            "P0001",
            "--no-show", "P0003", "--json",
        ]
        let first = try await rosa.run(entry)
        try #require(first.exit == .code(0), "\(first)")
        #expect(try JSONTree(first.output)["attendance"].list.count == 2)
        #expect(try await rosa.waiting == 3)
        try await rosa.done("undo", "--yes")
        #expect(try await rosa.waiting == 0)
        #expect(try await rosa.query("SELECT count(*) FROM session") == "0")
        #expect(try await rosa.query("SELECT count(*) FROM attendance") == "0")

        #expect(try await rosa.run(entry).exit == .code(0))
        let report = try await rosa.json("sync")
        #expect(report["applied"].whole == 3)
        let refused = try await rosa.refuses("undo", "--yes", exit: 65, code: "already_sent")
        #expect(refused.advice.contains("void"))
        // Leo sees the attendance of whom he works with, and nobody else's.
        let leo = try await agency.laptop(of: "PS09")
        let seen = "SELECT p.code, a.status FROM attendance a JOIN participant p ON p.id = a.participant"
        #expect(try await leo.query(seen) == "P0003|no_show")
        #expect(try await rosa.done("session", "makeups").contains("P0003"))
    }

    @Test func `a referral goes from the nurse to the peer and back`() async throws {
        let agency = try await Agency()
        let nora = try await agency.laptop(of: "N01")
        let rosa = try await agency.laptop(of: "PS07")
        let sent = try await nora.json(
            "referral", "add", "P0004", "--to-peer", "PS07", "--need", "company to the clinic")
        let id = try #require(sent["short"].text)
        for laptop in [nora, rosa] { try await laptop.done("sync") }
        #expect(try await rosa.done("today").contains("Dagny"))
        try await rosa.done("referral", "accept", id)
        try await rosa.done("referral", "schedule", id, "--at", "tomorrow 10:00", "--place", "clinic")
        for laptop in [rosa, nora] {
            #expect(try await laptop.json("sync")["quarantined"].whole == 0)
        }
        let there = try await nora.json("referral", "show", id)
        #expect(there["status"].text == "visit_set")
        #expect(there["status_by"].text == "PS07")
        // Each step has those who may do it.
        _ = try await nora.refuses("referral", "accept", id, exit: 65, code: "bad_value")
        try await agency.founder.done("sync")
        #expect(try await agency.founder.digest == agency.digest)
    }

    @Test func `laptops that watch hear of each other at once, until they are stopped`() async throws {
        let agency = try await Agency()
        let atWork = try await agency.laptop(of: "PS07", name: "work")
        let spare = try await agency.laptop(of: "PS07", name: "spare")
        let (one, other) = (try atWork.start("sync", "--watch"), try spare.start("sync", "--watch"))
        try await spare.done("checkin", "add", "P0001", "recorded while watching")
        try await other.said("sent 1")
        try await one.said("received 1")
        #expect(try await atWork.query("SELECT did FROM check_in") == "recorded while watching")
        #expect(try await spare.waiting == 0)
        one.send(signal: SIGINT)
        other.send(signal: SIGTERM)
        for process in [one, other] {
            let outcome = try await process.outcome()
            #expect(outcome.exit == .code(0), "\(outcome)")
            #expect(outcome.errors == "")
        }
        #expect(try await atWork.digest == spare.digest)
    }
}
