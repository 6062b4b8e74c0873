import Testing

/// Somebody was deleted here and put on a caseload there, by people who did not know of each other.
@Suite struct DeletedApartTests {
    @Test(arguments: [("A", true), ("B", false)])
    func `who is assigned meanwhile is asked about, and whoever got them is told`(
        keep: String, deletesFirst: Bool
    ) async throws {
        let agency = try await Agency()
        let office = agency.founder
        let lead = try await agency.laptop(of: "AD02")
        let leo = try await agency.laptop(of: "PS09")
        let all = [office, lead, leo]
        try await all.meet()
        // Neither has synced since, whichever came first.
        let acts = [
            (office, ["delete", "P0004", "--reason", "nobody of this name"]),
            (lead, ["assign", "P0004", "--to", "PS09"]),
        ]
        for (laptop, words) in deletesFirst ? acts : acts.reversed() {
            let done = try await laptop.run(words)
            #expect(done.exit == .code(0), "\(done)")
        }
        try await all.meet()
        for laptop in all {
            #expect(try await laptop.conflicts().map(\.kind) == ["deletion"], "\(laptop.name)")
            #expect(try await laptop.done("conflicts").contains("on the caseload of PS09"), "\(laptop.name)")
        }
        let asked = try await office.conflict("deletion")
        let refused = try await leo.refuses(
            "resolve", asked, "--keep", "B", "--reason", "I know her", exit: 77, code: "not_permitted")
        #expect(refused.advice == "ask an administrator")
        let decided = try await office.json("resolve", asked, "--keep", keep, "--reason", "asked around")
        #expect(decided["told"].list.compactMap(\.text) == (keep == "A" ? ["AD02", "PS09"] : []))
        try await all.meet()
        for laptop in all { #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)") }
        #expect(try await leo.done("caseload").contains("Dagny") == (keep == "B"))
        let told = try await leo.json("notices")["decided"].list.compactMap { $0["reason"].text }
        #expect(told == (keep == "A" ? ["asked around"] : []), "\(told)")
        #expect(try await office.digest == agency.digest)
    }

    @Test func `whoever is deleted by somebody who knew on whose caseload they were is not asked about`()
        async throws
    {
        let agency = try await Agency()
        let office = agency.founder
        let leo = try await agency.laptop(of: "PS09")
        try await office.done("delete", "P0002", "--reason", "entered twice")
        try await [office, leo].meet()
        for laptop in [office, leo] { #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)") }
        #expect(!(try await leo.done("caseload")).contains("Benedict"))
        #expect(try await leo.done("notices").contains("entered twice"))
        // Taken back, Leo has them as before.
        let decision = try await office.query("SELECT id FROM decision WHERE reason = 'entered twice'")
        try await office.done("resolve", "--undo", decision, "--reason", "two brothers")
        try await office.done("resolve", office.conflict("contested"), "--keep", "B", "--reason", "brothers")
        try await [office, leo].meet()
        #expect(try await leo.done("caseload").contains("Benedict"))
        #expect(try await leo.conflicts().isEmpty)
        #expect(try await office.digest == agency.digest)
    }
}
