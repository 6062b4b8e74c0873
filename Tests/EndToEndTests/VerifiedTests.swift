import Foundation
import Testing

/// `porchlight verify`: whether a laptop holds what the office has for it.
@Suite struct VerifiedTests {
    @Test(arguments: [false, true])
    func `laptops that hold what they should are told so`(tls: Bool) async throws {
        let agency = try await Agency(tls: tls)
        let rosa = try await agency.laptop(of: "PS07")
        try await rosa.done("checkin", "add", "P0001", "walked to the pharmacy", "--at", "yesterday 09:00")
        // What waits has no part in it, and is not sent by it.
        for laptop in [rosa, agency.founder] {
            let report = try await laptop.json("verify")
            #expect(report["equal"].flag == true && report["differences"].list.isEmpty)
            #expect(report["syncs"].whole == 0 && report["requests"].whole == 1)
        }
        #expect(try await rosa.waiting == 1)
        try await rosa.done("sync")
        #expect(try await rosa.done("verify").contains("all as the office has them"))
        // The founder's laptop has news to fetch first.
        let report = try await agency.founder.json("verify")
        #expect(report["equal"].flag == true && report["syncs"].whole == 1)
        let records = try await agency.founder.query("SELECT count(*) FROM sync_record")
        #expect(report["records"].whole == Int(records))
        #expect(!(try await agency.run("audit")).contains("difference"))
    }

    @Test func `a replica that was tampered with is found out, record by record`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        let idOf = "SELECT lower(hex(id)) FROM sync_record WHERE lower(hex(id)) = replace('"
        func id(_ code: String) async throws -> String {
            try await rosa.query("SELECT id FROM participant WHERE code = '\(code)'")
        }
        let (ana, cleo) = (try await id("P0001"), try await id("P0003"))
        #expect(
            try await rosa.query(idOf + ana + "', '-', '')") == ana.replacingOccurrences(of: "-", with: ""))
        func blob(_ id: String) -> String { "x'\(id.replacingOccurrences(of: "-", with: ""))'" }
        let copy = "019f0000-0000-7000-8000-0000000000aa"
        let before = try await agency.digest
        // One says what another should, a copy of it stands under another id, and one is gone.
        _ = try await rosa.query(
            """
            UPDATE sync_record SET state = (SELECT state FROM sync_record WHERE id = \(blob(cleo)))
                WHERE id = \(blob(ana));
            INSERT INTO sync_record SELECT \(blob(copy)), tbl, state, keyset FROM sync_record
                WHERE id = \(blob(cleo));
            DELETE FROM sync_record WHERE id = \(blob(cleo));
            """)
        for _ in 0..<2 {
            let outcome = try await rosa.run(["verify", "--json"])
            let refused = try Refused(outcome, sourceLocation: #_sourceLocation)
            #expect(refused.exit == .code(65) && refused.code == "damaged")
            let found = try JSONTree(outcome.output)
            #expect(found["equal"].flag == false)
            let named = found["differences"].list.map {
                "\($0["kind"].text ?? "") \($0["record"].text ?? "")"
            }
            #expect(named == ["altered \(ana)", "missing \(cleo)", "surplus \(copy)"])
        }
        let told = try await rosa.run(["verify"])
        #expect(told.exit == .code(65) && told.output.contains(cleo) && told.output.contains("missing here"))
        let audit = try JSONTree(try await agency.run("audit", "--json")).list.filter {
            $0["kind"].text == "difference"
        }
        #expect(audit.count == 3 && audit[0]["staff"].text == "PS07")
        for count in ["altered", "missing", "surplus"] { #expect(audit[0]["counts"][count].whole == 1) }
        #expect(try await agency.digest == before)
        #expect(try await agency.founder.json("verify")["equal"].flag == true)
        try await agency.run("verify")
    }

    @Test func `a server that was tampered with is found out by the laptops`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await agency.stop()
        _ = try await agency.query(
            """
            UPDATE record SET state = (SELECT state FROM record WHERE "table" = 'site')
                WHERE number = (SELECT max(number) FROM record WHERE "table" = 'participant')
            """)
        try await agency.start()
        #expect(try await agency.founder.run(["verify"]).exit == .code(65))
        // Nobody hears of what is not theirs: that was P0004's record, who is not with Rosa.
        #expect(try await rosa.json("verify")["equal"].flag == true)
    }

    @Test func `offline it ends with 75, and on a retired laptop with 77`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        let device = try #require(try await rosa.json("status")["device"].text)
        try await agency.run("device", "retire", device)
        _ = try await rosa.refuses("verify", exit: 77, code: "retired")
        try await agency.stop()
        _ = try await agency.founder.refuses("verify", exit: 75, code: "offline")
    }
}
