import Foundation
import Testing

/// What was refused is put right by an administrator from their own laptop.
@Suite struct QuarantineFromLaptopTests {
    /// A retired laptop has sent two check-ins.
    private func refused(_ agency: Agency) async throws -> (laptop: Laptop, device: String) {
        let rosa = try await agency.laptop(of: "PS07")
        try await rosa.done("checkin", "add", "P0001", "walked to the pharmacy", "--at", "yesterday 09:00")
        try await rosa.done("checkin", "add", "P0003", "sat on the porch", "--at", "yesterday 15:00")
        let device = try #require(try await rosa.json("status")["device"].text)
        try await agency.run("device", "retire", device)
        #expect(try await rosa.run(["sync"]).exit == .code(77))
        return (rosa, device)
    }

    @Test(arguments: [false, true])
    func `an administrator lists, shows, releases and discards`(tls: Bool) async throws {
        let agency = try await Agency(tls: tls)
        let (_, device) = try await refused(agency)
        let listed = try await agency.founder.json("quarantine", "list", "--device", device)["changes"].list
        let ids = try listed.map { "\(try #require($0["id"].whole))" }
        #expect(ids.count == 2)
        for entry in listed {
            #expect(entry["code"].text == "retired" && entry["table"].text == "check_in")
            #expect(entry["staff"].text == "PS07" && entry["device"].text == device)
        }
        let table = try await agency.founder.done("quarantine", "list")
        #expect(!table.contains("pharmacy") && table.contains(ids[0]) && table.contains("retired"))
        // Both commands say the same.
        let there = try await agency.run("quarantine", "list").split(separator: "\n")
        #expect(there.count == table.split(separator: "\n").count && there[0].hasPrefix("ID "))
        #expect(there.last == "2 changes in quarantine: 2 from \(device)")
        #expect(table.hasSuffix("\n2 changes in quarantine: 2 from \(device)\n"))
        let shown = try await agency.founder.done("quarantine", "show", ids[0])
        #expect(shown.contains("walked to the pharmacy") && shown.contains("by PS07"))
        #expect(shown.contains("participant P0001 Ana") && shown.contains("09:00"))
        let content = try await agency.founder.json("quarantine", "show", ids[0])
        #expect(content["writes"]["note"]["did"].text == "walked to the pharmacy")

        let released = try await agency.founder.json(
            "quarantine", "release", ids[0], "--reason", "written before it was lost")["released"].list
        #expect(released.map { $0["device"].text } == [device])
        #expect(released[0]["staff"].text == "PS07" && released[0]["table"].text == "check_in")
        #expect(released[0]["effective"].text == listed[0]["effective"].text)
        let said = try await agency.founder.done("quarantine", "discard", ids[1], "--reason", "entered twice")
        let what = "\(ids[1]) is discarded: check-in, by PS07 on \(device), written "
        #expect(said.hasPrefix(what), "\(said)")
        #expect(said.hasSuffix("PS07 will be told at the next sync of this laptop, and then of theirs\n"))
        #expect(try await agency.founder.done("quarantine", "list") == "nothing is in quarantine\n")
        // What was released came before the next decision, and what that wrote goes up with the next sync.
        #expect(try await agency.founder.query("SELECT did FROM check_in") == "walked to the pharmacy")
        try await agency.founder.done("sync")
        #expect(try await agency.founder.query("SELECT did FROM check_in") == "walked to the pharmacy")
        #expect(try await agency.founder.digest == agency.digest)
        // The notice of what was discarded came with an exchange.
        let audit = try JSONTree(try await agency.run("audit", "--json")).list.filter {
            $0["kind"].text != "exchange"
        }
        #expect(audit.suffix(4).map { $0["kind"].text } == ["show", "show", "release", "discard"])
        #expect(audit.suffix(4).allSatisfy { $0["staff"].text == "AD01" && $0["device"].text == device })
        #expect(audit.suffix(2).first?["note"].text == "written before it was lost")
        // A read at the server itself is noted too.
        try await agency.run("verify")
    }

    @Test func `who lost the laptop is told on another one that what it sent was discarded`() async throws {
        let agency = try await Agency()
        let (_, device) = try await refused(agency)
        let spare = try await agency.laptop(of: "PS07", name: "spare")
        let leo = try await agency.laptop(of: "PS09")
        let listed = try await agency.founder.json("quarantine", "list", "--device", device)["changes"].list
        let ids = try listed.map { "\(try #require($0["id"].whole))" }
        let record = try #require(try await agency.founder.json("quarantine", "show", ids[1])["record"].text)
        try await agency.founder.done(
            "quarantine", "release", ids[0], "--reason", "written before it was lost")
        #expect(
            try await agency.founder.json("quarantine", "discard", ids[1], "--reason", "entered twice")[
                "told"
            ].list
                .map(\.text) == ["PS07"])
        for laptop in [agency.founder, spare, leo] { try await laptop.done("sync") }
        let told = try await spare.done("notices")
        #expect(
            told.contains("an administrator discarded it:\n  check-in \(record.suffix(8)), discarded today"),
            "\(told)")
        #expect(!told.contains("sat on the porch") && !told.contains("entered twice"), "\(told)")
        let entries = try await spare.json("notices")["discarded"].list
        #expect(entries.map { $0["record"].text } == [record] && entries.first?["table"].text == "check_in")
        #expect(try await leo.done("notices") == "no notices\n")
        try await spare.done("notices", "--seen")
        #expect(try await spare.done("notices") == "no notices\n")
        for laptop in [spare, agency.founder] { try await laptop.done("sync") }
        #expect(try await agency.founder.digest == agency.digest)
    }

    /// The backup has it in quarantine; the administrator's laptop has what it became.
    @Test func `what was released after the backup leaves quarantine by itself`() async throws {
        let agency = try await Agency()
        let (rosa, device) = try await refused(agency)
        let spare = try await agency.laptop(of: "PS07", name: "spare")
        try await agency.run("backup", "--to", "backup.sqlite")
        let listed = try await agency.founder.json("quarantine", "list", "--device", device)["changes"].list
        let ids = try listed.map { "\(try #require($0["id"].whole))" }
        _ = try await agency.founder.run(["quarantine", "release"] + ids + ["--reason", "hers"])
        for laptop in [agency.founder, spare] { try await laptop.done("sync") }
        let visit = try await spare.query("SELECT id FROM check_in WHERE did LIKE 'walked%'")
        try await spare.done("checkin", "void", visit, "--reason", "not hers")
        for laptop in [spare, agency.founder] { try await laptop.done("sync") }
        try await agency.kill()
        try await agency.run("restore", "backup.sqlite")
        try await agency.start()
        #expect(try await agency.founder.json("quarantine", "list")["changes"].list.count == 2)
        try await agency.founder.done("sync")
        #expect(try await agency.founder.json("quarantine", "list")["changes"].list.isEmpty)
        #expect(try await rosa.run(["sync"]).exit == .code(77))
        for laptop in [spare, agency.founder] { try await laptop.done("sync") }
        #expect(try await agency.founder.json("quarantine", "list")["changes"].list.isEmpty)
        #expect(try await agency.founder.json("conflicts")["conflicts"].list.isEmpty)
        #expect(try await agency.founder.query("SELECT count(*) FROM check_in") == "2")
        #expect(try await agency.founder.digest == agency.digest)
        #expect(try await agency.run("verify").contains("Nothing was altered"))
    }

    /// A server that is restored has forgotten the decision, and somebody decides otherwise.
    @Test func `what was discarded and is then released is not said to count for nobody`() async throws {
        let agency = try await Agency()
        let (rosa, device) = try await refused(agency)
        let spare = try await agency.laptop(of: "PS07", name: "spare")
        try await agency.run("backup", "--to", "backup.sqlite")
        func decide(_ verb: String, _ reason: String) async throws {
            let listed = try await agency.founder.json("quarantine", "list", "--device", device)["changes"]
                .list
            let ids = try listed.map { "\(try #require($0["id"].whole))" }
            _ = try await agency.founder.run(["quarantine", verb] + ids + ["--reason", reason])
            for laptop in [agency.founder, spare] { try await laptop.done("sync") }
        }
        func told() async throws -> Int? { try await spare.json("notices")["discarded"].list.count }
        try await decide("discard", "entered twice")
        #expect(try await told() == 2)
        #expect(try await spare.json("status")["notices"].whole == 2)
        for (verb, count) in [("discard", 2), ("release", 0)] {
            try await agency.kill()
            try await agency.run("restore", "backup.sqlite")
            try await agency.start()
            for laptop in [agency.founder, spare] { try await laptop.done("sync") }
            #expect(try await rosa.run(["sync"]).exit == .code(77))
            #expect(try await told() == 2)
            // Decided once more it is told once.
            try await decide(verb, "as it was")
            #expect(try await told() == count, "\(verb)")
            #expect(try await spare.json("status")["notices"].whole == count, "\(verb)")
        }
        #expect(try await spare.query("SELECT count(*) FROM check_in") == "2")
        #expect(try await agency.founder.digest == agency.digest)
    }

    @Test func `what is about somebody in quarantine is decided with them, from a laptop and at the server`()
        async throws
    {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await rosa.done("participant", "add", "Eve", "--family", "Nolan")
        try await rosa.done("checkin", "add", "Eve", "sat on the porch", "--at", "yesterday 15:00")
        let device = try #require(try await rosa.json("status")["device"].text)
        try await agency.run("device", "retire", device)
        #expect(try await rosa.run(["sync"]).exit == .code(77))
        let listed = try await agency.founder.json("quarantine", "list")["changes"].list
        let visit = try #require(listed.first { $0["table"].text == "check_in" }?["id"].whole)
        let person = try #require(listed.first { $0["table"].text == "participant" }?["id"].whole)
        let there = try JSONTree(try await agency.run("quarantine", "list", "--json")).list
        for entries in [listed, there] {
            let about = try #require(entries.first { $0["id"].whole == visit })
            #expect(about["needs"].list.map(\.whole) == [person])
        }
        for text in [
            try await agency.founder.done("quarantine", "show", "\(visit)"),
            try await agency.run("quarantine", "show", "\(visit)"),
        ] {
            #expect(text.contains("What it is about is in quarantine too: \(person)."), "\(text)")
        }
        let shown = try await agency.founder.json("quarantine", "show", "\(person)")
        #expect(shown["needed_by"].list.map(\.whole).contains(visit))

        let both = "quarantine release \(person) \(visit)"
        let reason = ["--reason", "hers"]
        let alone = try await agency.founder.refuses(
            "quarantine", "release", "\(visit)", "--reason", "hers", exit: 65, code: "bad_value")
        #expect(alone.advice.contains(both), "\(alone)")
        let left = try await agency.founder.refuses(
            "quarantine", "discard", "\(person)", "--reason", "hers", exit: 65, code: "bad_value")
        #expect(left.advice.contains("--alone"), "\(left)")
        for verb in [["release", "\(visit)"], ["discard", "\(person)"]] {
            let outcome = try await agency.runner.run(
                Products.path(of: "porchlightd"),
                ["quarantine"] + verb + ["--by", "AD01", "--data", "server", "--json"] + reason)
            let refused = try Refused(outcome, sourceLocation: #_sourceLocation)
            #expect(refused.exit == .code(65) && refused.code == "bad_value", "\(verb)")
        }
        try await agency.run(
            "quarantine", "discard", "\(person)", "--by", "AD01", "--reason", "hers", "--alone")
        let adrift = try await agency.run("quarantine", "show", "\(visit)")
        #expect(adrift.contains("What it is about is neither here nor in quarantine"), "\(adrift)")
        try await agency.founder.done("quarantine", "discard", "--device", device, "--reason", "hers")
        #expect(try await agency.founder.done("quarantine", "list") == "nothing is in quarantine\n")
    }

    @Test func `the register of decisions has what was decided about quarantine, by whom and why`()
        async throws
    {
        let agency = try await Agency()
        let (rosa, device) = try await refused(agency)
        let leo = try await agency.laptop(of: "PS09")
        let ids = try JSONTree(try await agency.run("quarantine", "list", "--json")).list.compactMap {
            $0["id"].whole.map { "\($0)" }
        }
        try await agency.founder.done(
            "quarantine", "release", ids[0], "--reason", "written before it was lost")
        // At the server itself, too.
        try await agency.run("quarantine", "discard", ids[1], "--by", "AD01", "--reason", "entered twice")
        try await agency.founder.done("sync")

        let lines = try await agency.founder.done("conflicts", "export", "--server").split(separator: "\r\n")
        try #require(lines.count == 3, "\(lines)")
        for (line, parts) in zip(
            lines.dropFirst(),
            [
                ["release", "check_in", "written before it was lost", "check-in "],
                ["discard", "check_in", "entered twice", "not on this laptop"],
            ])
        {
            for part in parts + ["AD01", "PS07", device, "retired"] {
                #expect(line.contains(part), "\(part): \(line)")
            }
            #expect(!line.contains("pharmacy") && !line.contains("porch"))
        }
        let told = try await agency.founder.json("conflicts", "export", "--server")["decisions"].list
        #expect(told.map { $0["kind"].text } == ["release", "discard"])
        let record = try await agency.founder.json("checkin", "list")["check_ins"].list.first?["id"].text
        #expect(record != nil && told.first?["record"].text == record)
        #expect(try await agency.founder.json("conflicts", "export")["decisions"].list.isEmpty)
        let later = try await agency.founder.run([
            "conflicts", "export", "--server", "--since", "tomorrow", "--json",
        ])
        #expect(later.output.trimmed == #"{"decisions":[]}"#, "\(later)")

        // Nobody else learns of it, and nothing is printed before that is known.
        for (laptop, code) in [(leo, "not_permitted"), (rosa, "retired")] {
            let refused = try await laptop.refuses("conflicts", "export", "--server", exit: 77, code: code)
            #expect(!refused.what.contains(device))
        }
        try await agency.stop()
        _ = try await agency.founder.refuses("conflicts", "export", "--server", exit: 75, code: "offline")
        #expect(try await agency.founder.done("conflicts", "export").hasPrefix("decision_id,"))
    }

    @Test func `a peer gets 77 and sees nothing, and so does a retired laptop`() async throws {
        let agency = try await Agency()
        let (rosa, device) = try await refused(agency)
        let leo = try await agency.laptop(of: "PS09")
        let nora = try await agency.laptop(of: "N01")
        let first = try JSONTree(try await agency.run("quarantine", "list", "--json"))[0]["id"].whole ?? 0
        let before = try await agency.digest
        for verb in [
            ["list"], ["show", "\(first)"], ["release", "\(first)", "--reason", "mine"],
            ["discard", "\(first)", "--reason", "mine"], ["release", "--device", device, "--reason", "all"],
        ] {
            for (laptop, code) in [(leo, "not_permitted"), (nora, "not_permitted"), (rosa, "retired")] {
                let outcome = try await laptop.run(["quarantine"] + verb + ["--json"])
                let refused = try Refused(outcome, sourceLocation: #_sourceLocation)
                #expect(refused.exit == .code(77) && refused.code == code, "\(verb) of \(laptop.name)")
                #expect(outcome.output == "")
                let told = try await laptop.run(["quarantine"] + verb)
                #expect(told.output == "" && told.exit == .code(77))
                #expect(!told.errors.contains("pharmacy") && !told.errors.contains("P0001"))
            }
        }
        #expect(try JSONTree(try await agency.run("quarantine", "list", "--json")).list.count == 2)
        #expect(try await agency.digest == before)
        let audit = try JSONTree(try await agency.run("audit", "--json")).list
        #expect(audit.contains { $0["kind"].text == "refusal" && $0["staff"].text == "PS09" })
        #expect(!audit.contains { $0["kind"].text == "show" })
    }

    @Test func `what cannot be decided is said, and wrong usage too; offline it ends with 75`() async throws {
        let agency = try await Agency()
        for (verb, exit, code) in [
            (["release", "999", "--reason", "x"], 65, "nothing"), (["show", "999"], 65, "nothing"),
            (["release", "--device", "LT-9", "--reason", "x"], 65, "nothing"),
            (["release", "1"], 64, "usage"), (["release", "--reason", "x"], 64, "usage"),
            (["show", "-1"], 64, "usage"),
        ] {
            let outcome = try await agency.founder.run(["quarantine"] + verb + ["--json"])
            let refused = try JSONTree(outcome.errors)["error"]
            #expect(outcome.exit == .code(Int32(exit)) && refused["code"].text == code, "\(verb) \(outcome)")
        }
        try await agency.stop()
        for verb in [["list"], ["show", "1"], ["release", "1", "--reason", "x"]] {
            #expect(try await agency.founder.run(["quarantine"] + verb).exit == .code(75))
        }
    }

    @Test func `reading at the server itself is in the audit log`() async throws {
        let agency = try await Agency()
        let (_, device) = try await refused(agency)
        let id = try #require(
            try JSONTree(try await agency.run("quarantine", "list", "--json"))[0]["id"].whole)
        try await agency.run("quarantine", "show", "\(id)")
        let last = try JSONTree(try await agency.run("audit", "--json")).list.last
        #expect(last?["kind"].text == "show" && last?["device"].text == device && last?["staff"] == .null)
        #expect(last?["counts"]["change"].whole == id)
    }
}
