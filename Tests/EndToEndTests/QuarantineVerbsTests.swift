import Foundation
import Testing

/// What was refused is put right at the server by an administrator, while it serves.
@Suite struct QuarantineVerbsTests {
    /// What an administrator gives as the reason.
    private static let why = ["--by", "AD01", "--reason", "written before the laptop was lost"]

    /// Runs `porchlightd quarantine VERB`, which must succeed, and reads its answer.
    private func quarantine(
        _ agency: Agency, _ verb: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONTree {
        let outcome = try await agency.runner.run(
            Products.path(of: "porchlightd"), ["quarantine"] + verb + ["--data", "server", "--json"])
        try #require(outcome.exit == .code(0), "\(outcome)", sourceLocation: sourceLocation)
        return try JSONTree(outcome.output)
    }

    @Test func `a retired laptop's last check-ins reach the office`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await rosa.done("checkin", "add", "P0001", "walked to the pharmacy", "--at", "yesterday 09:00")
        try await rosa.done("checkin", "add", "P0003", "sat on the porch", "--at", "yesterday 15:00")
        let device = try #require(try await rosa.json("status")["device"].text)
        try await agency.run("device", "retire", device)
        #expect(try await rosa.run(["sync"]).exit == .code(77))

        let listed = try await quarantine(agency, "list", "--device", device).list
        #expect(listed.count == 2)
        let ids = try listed.map { "\(try #require($0["id"].whole))" }
        for entry in listed {
            #expect(entry["code"].text == "retired" && entry["table"].text == "check_in")
            #expect(entry["staff"].text == "PS07" && entry["device"].text == device)
        }
        let table = try await agency.run("quarantine", "list")
        #expect(!table.contains("pharmacy") && table.contains(ids[0]) && table.contains("retired"))
        #expect(try await quarantine(agency, "list", "--device", "LT-99").list.isEmpty)
        let shown = try await agency.run("quarantine", "show", ids[0])
        #expect(shown.contains("walked to the pharmacy") && shown.contains("by PS07"))
        #expect(shown.contains("participant P0001 Ana") && shown.contains("09:00 America/New_York"))
        let note = try await quarantine(agency, "show", ids[0])["registers"].list
            .first { $0["register"].text == "note" }
        #expect(note?["writes"]["did"].text == "walked to the pharmacy")

        let released = try await quarantine(
            agency, "release", ids[1], ids[0], Self.why[0], Self.why[1],
            Self.why[2], Self.why[3])["released"].list
        #expect(released.map { "\($0["id"].whole ?? 0)" } == ids)
        #expect(released.allSatisfy { $0["staff"].text == "PS07" && $0["table"].text == "check_in" })
        #expect(released.map { $0["writtenAt"].text } == listed.map { $0["writtenAt"].text })
        #expect(try await agency.run("quarantine", "list").trimmed == "nothing is in quarantine")

        let spare = try await agency.laptop(of: "PS07", name: "spare")
        try await agency.founder.done("sync")
        let sql = "SELECT did FROM check_in ORDER BY did DESC"
        for laptop in [agency.founder, spare] {
            #expect(try await laptop.query(sql) == "walked to the pharmacy\nsat on the porch")
        }
        #expect(try await agency.founder.digest == agency.digest)
        #expect(try await agency.run("audit").contains("written before the laptop was lost"))
        try await agency.run("verify")
    }

    @Test func `whoever was refused hears of a release and of a discard`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        // A laptop lets nobody write what the server would refuse, so the server is told of another role.
        try await rosa.done("checkin", "add", "P0001", "first", "--at", "yesterday 09:00")
        try await rosa.done("checkin", "add", "P0001", "second", "--at", "yesterday 15:00")
        let device = try #require(try await rosa.json("status")["device"].text)
        _ = try await agency.query("UPDATE role SET role = 'referrer' WHERE staff = 'PS07'")
        try await rosa.done("sync")
        #expect(try await rosa.json("outbox")["entries"].list.count == 2)
        let ids = try await quarantine(agency, "list", "--device", device).list.map { $0["id"].whole ?? 0 }
        try #require(ids.count == 2)
        _ = try await agency.query("UPDATE role SET role = 'peer' WHERE staff = 'PS07'")
        _ = try await quarantine(agency, "release", "\(ids[0])", "--by", "AD01", "--reason", "she is a peer")
        _ = try await quarantine(agency, "discard", "\(ids[1])", "--by", "AD01", "--reason", "entered twice")
        try await rosa.done("sync")
        #expect(try await rosa.json("outbox")["entries"].list.isEmpty)
        #expect(try await rosa.json("status")["quarantined"].whole == 0)
        #expect(try await rosa.query("SELECT did FROM check_in") == "first")
        let id = try #require(try await rosa.json("checkin", "list")["check_ins"].list.first?["id"].text)
        #expect(try await rosa.json("history", id)["entries"].list.count == 1)
        try await agency.founder.done("sync")
        #expect(try await agency.founder.digest == agency.digest)
    }

    @Test func `everything of one laptop is decided at once`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        // A new participant with an assignment, and what was done there: one builds upon the other.
        try await rosa.done("participant", "add", "Eve", "--family", "Nolan")
        for hour in ["09", "11", "15"] {
            try await rosa.done("checkin", "add", "Eve", "at \(hour)", "--at", "yesterday \(hour):00")
        }
        let device = try #require(try await rosa.json("status")["device"].text)
        try await agency.run("device", "retire", device)
        _ = try await rosa.run(["sync"])
        let refused = try await quarantine(agency, "list").list
        #expect(refused.count > 4)
        let released = try await quarantine(
            agency, "release", "--device", device, Self.why[0], Self.why[1], Self.why[2], Self.why[3])
        #expect(released["released"].list.count == refused.count)
        let spare = try await agency.laptop(of: "PS07", name: "spare")
        #expect(try await spare.query("SELECT did FROM check_in ORDER BY did") == "at 09\nat 11\nat 15")
        let name = "SELECT family_name FROM participant WHERE preferred_name = 'Eve'"
        #expect(try await spare.query(name) == "Nolan")
        try await agency.founder.done("sync")
        #expect(try await agency.founder.digest == agency.digest)
        try await agency.run("verify")
    }

    @Test func `what cannot be decided is said, and changes nothing`() async throws {
        let agency = try await Agency()
        let before = try await agency.digest
        for (verb, exit, code) in [
            (["release", "999"] + Self.why, 65, "nothing"), (["discard", "999"] + Self.why, 65, "nothing"),
            (["show", "999"], 65, "nothing"), (["release", "--device", "LT-9"] + Self.why, 65, "nothing"),
            (["release", "999", "--by", "PS07", "--reason", "mine"], 77, "not_permitted"),
            (["discard", "999", "--by", "AD01", "--reason", ""], 65, "bad_value"),
        ] {
            let outcome = try await agency.runner.run(
                Products.path(of: "porchlightd"), ["quarantine"] + verb + ["--data", "server", "--json"])
            let refused = try Refused(outcome, sourceLocation: #_sourceLocation)
            #expect(refused.exit == .code(Int32(exit)) && refused.code == code, "\(verb)")
        }
        let unnamed = try await agency.runner.run(
            Products.path(of: "porchlightd"),
            ["quarantine", "release", "1", "--by", "AD01", "--data", "server"])
        #expect(unnamed.exit == .code(64))
        let nothing = try await agency.runner.run(
            Products.path(of: "porchlightd"), ["quarantine", "release"] + Self.why + ["--data", "server"])
        #expect(nothing.exit == .code(64))
        #expect(try await agency.digest == before)
    }
}
