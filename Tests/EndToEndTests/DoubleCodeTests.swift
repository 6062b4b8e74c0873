import Testing

/// Two peers who are offline give one code to two different people.
@Suite struct DoubleCodeTests {
    @Test
    func `two people of one code stay two, each with their own records, on every laptop and the server`()
        async throws
    {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        let leo = try await agency.laptop(of: "PS09")
        try await agency.stop()
        try await rosa.done("participant", "add", "Ben", "--family", "Orr", "--code", "P0188")
        try await rosa.done("checkin", "add", "P0188", "walked with Ben")
        try await rosa.done("participant", "edit", "P0188", "--phone", "555 0101")
        try await leo.done("participant", "add", "Bea", "--family", "Utz", "--code", "P0188")
        try await leo.done("checkin", "add", "P0188", "talked with Bea")
        try await leo.done("escalate", "P0188", "a cough", "--told", "N01")
        try await agency.start()
        for laptop in [rosa, leo, agency.founder, rosa] {
            let report = try await laptop.json("sync")
            #expect(report["quarantined"].whole == 0)
            #expect(report["clashes"].whole == 0)
        }

        let people = "SELECT preferred_name, phone FROM participant WHERE code = 'P0188' ORDER BY 1"
        #expect(try await rosa.query(people) == "Ben|555 0101")
        #expect(try await leo.query(people) == "Bea|")
        #expect(try await rosa.query("SELECT did FROM check_in") == "walked with Ben")
        #expect(try await leo.query("SELECT did FROM check_in") == "talked with Bea")
        #expect(try await rosa.query("SELECT count(*) FROM escalation") == "0")
        #expect(try await rosa.done("participant", "show", "P0188").contains("Ben Orr"))
        #expect(try await leo.done("participant", "show", "P0188").contains("Bea Utz"))
        try await holdsBoth(agency.founder)

        // The server holds the same, and gives it to whoever comes new.
        let bela = try await agency.laptop(of: "AD02")
        try await holdsBoth(bela)
        #expect(try await bela.digest == agency.digest)
        #expect(try await agency.founder.digest == agency.digest)

        // Handed over by the id, Ben is on Leo's laptop beside Bea.
        let ben = try await bela.query(
            "SELECT substr(id, -8) FROM participant WHERE code = 'P0188' AND preferred_name = 'Ben'")
        try await bela.done("assign", ben, "--from", "PS07", "--to", "PS09")
        for laptop in [bela, leo, rosa] { try await laptop.done("sync") }
        try await holdsBoth(leo)
        #expect(try await rosa.query("SELECT count(*) FROM participant WHERE code = 'P0188'") == "0")
        #expect(try await rosa.query("SELECT count(*) FROM check_in") == "0")
        // Rosa no longer holds Ben, and her laptop gives his code out no second time all the same.
        let taken = try await rosa.refuses(
            "participant", "add", "Carl", "--code", "P0188", exit: 65, code: "bad_value")
        #expect(taken.what.contains("P0188"))
    }

    private func holdsBoth(_ laptop: Laptop) async throws {
        let contacts = """
            SELECT p.preferred_name, c.did FROM participant p JOIN check_in c ON c.participant = p.id
            WHERE p.code = 'P0188' ORDER BY 1
            """
        #expect(try await laptop.query(contacts) == "Bea|talked with Bea\nBen|walked with Ben")
        let ids = try await laptop.query(
            "SELECT substr(id, -8) FROM participant WHERE code = 'P0188' ORDER BY preferred_name"
        ).split(separator: "\n").map(String.init)
        try #require(ids.count == 2)
        let refused = try await laptop.refuses("participant", "show", "P0188", exit: 65, code: "ambiguous")
        for part in [
            "two people", "\(ids[0]) Bea Utz", "\(ids[1]) Ben Orr", "added by PS07", "added by PS09",
        ] {
            #expect(refused.what.contains(part), "\(refused.what)")
        }
        let bea = try await laptop.done("participant", "show", ids[0])
        let ben = try await laptop.done("participant", "show", ids[1])
        #expect(bea.contains("talked with Bea") && bea.contains("a cough"))
        #expect(!bea.contains("Ben") && !bea.contains("555 0101"))
        #expect(ben.contains("walked with Ben") && ben.contains("555 0101"))
        #expect(!ben.contains("Bea") && !ben.contains("a cough"))
        #expect(try await laptop.done("status").contains("P0188 is the code of two people"))
        #expect(try await laptop.done("participant", "list").contains("same code, id \(ids[0])"))
    }
}
