import Testing

/// Two records were merged, and that was taken back: whoever loses one of them by it is told why, without a word about
/// whom they lost.
@Suite struct PartedTests {
    @Test func `whoever loses a record because a merge was taken back is told that this is why`() async throws
    {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        let leo = try await agency.laptop(of: "PS09")
        let all = [rosa, leo, agency.founder]
        let codes = "SELECT code FROM participant WHERE code < 'P0003' ORDER BY code"
        // P0001 is Rosa's and P0002 Leo's.
        try await agency.founder.done(
            "participant", "merge", "P0001", "--into", "P0002", "--yes", "--reason", "same address")
        try await all.meet()
        for laptop in [rosa, leo] {
            #expect(try await laptop.query(codes) == "P0001\nP0002", "\(laptop.name)")
            let told = try await laptop.done("notices")
            #expect(told.contains("two records that you work with are one person's"), "\(told)")
            #expect(told.contains("same address"))
            try await laptop.done("notices", "--seen")
        }
        try await agency.founder.done("participant", "unmerge", "P0001", "--reason", "father and son")
        try await agency.founder.done("sync")
        for (laptop, own, others) in [(rosa, "P0001", ["P0002", "Ben"]), (leo, "P0002", ["P0001", "Ana"])] {
            try await laptop.done("sync")
            #expect(try await laptop.query(codes) == own)
            let told = try await laptop.done("notices")
            #expect(told.contains(own), "\(told)")
            for words in others { #expect(!told.contains(words), "\(words): \(told)") }
        }
        // Rosa's record was the one that led to the other, so the decision about it is hers to read.
        let rosas = try await rosa.done("notices")
        #expect(rosas.contains("two records that you work with are two people's after all"), "\(rosas)")
        #expect(rosas.contains("\n  The other record is not on this laptop any more.\n"), "\(rosas)")
        // Leo's is the other, and the decision lies with the one that has left him.
        let leos = try await leo.done("notices")
        #expect(leos.contains("whether another record is the same person's was decided today"), "\(leos)")
        #expect(
            leos.contains("They do not count as one person's here: the other record is not on this laptop"))
        #expect(!leos.contains("father and son") && !leos.contains("reopen"))
        let notice = try #require(try await leo.json("notices")["decided"].list.first)
        #expect(
            notice["here"].flag == true && notice["reason"] == .null && notice["register"].text == "redirect")
        for laptop in all { #expect(try await laptop.json("verify")["equal"].flag == true, "\(laptop.name)") }
    }

    /// Rosa's P0001 was merged into Leo's P0002, both recorded about him, and the two were parted.
    private struct Since {
        let agency: Agency
        let rosa: Laptop
        let spare: Laptop
        let leo: Laptop
        var office: Laptop { agency.founder }

        /// - Parameter deciding: whether they were parted by the answer to a question, and not by the verb for it.
        init(deciding: Bool) async throws {
            agency = try await Agency()
            rosa = try await agency.laptop(of: "PS07")
            spare = try await agency.laptop(of: "PS07", name: "spare")
            leo = try await agency.laptop(of: "PS09")
            try await office.done(
                "participant", "merge", "P0001", "--into", "P0002", "--yes", "--reason", "same address")
            try await [rosa, spare, leo, office].meet()
            try await rosa.done("checkin", "add", "P0001", "walked to the bank", "--minutes", "20")
            try await rosa.done("participant", "edit", "P0001", "--phone", "555 0107", "--yes")
            try await leo.done("checkin", "add", "P0002", "sat in the park", "--minutes", "20")
            for laptop in [rosa, leo, office, spare] { try await laptop.done("sync") }
            for laptop in [rosa, spare, leo] { try await laptop.done("notices", "--seen") }
            let parted =
                try await deciding
                ? decide()
                : office.json(
                    "participant", "unmerge", "P0001", "--reason", "father and son")
            #expect(parted["told"].list.map(\.text) == ["PS07", "PS09"])
            try await office.done("sync")
            // Rosa goes on before she hears of it.
            try await rosa.done("checkin", "add", "P0001", "rang him up", "--minutes", "5")
            for laptop in [rosa, spare, leo, office] { try await laptop.done("sync") }
        }

        private func decide() async throws -> JSONTree {
            let register = try JSONTree(try await office.done("conflicts", "export", "--json"))
            let merge = try #require(register["decisions"].list.first?["decision"].text)
            try await office.done("reopen", merge, "--reason", "father and son?")
            return try await office.json(
                "resolve", office.conflict("contested"), "--keep", "B", "--reason", "father and son")
        }

        func visit(_ words: String) async throws -> String {
            String(try await office.query("SELECT id FROM check_in WHERE did = '\(words)'").suffix(8))
        }
    }

    @Test(arguments: [false, true])
    func `who recorded about a person that is two people's after all is told where it stands`(deciding: Bool)
        async throws
    {
        let since = try await Since(deciding: deciding)
        let (rosa, spare, leo) = (since.rosa, since.spare, since.leo)
        let bank = try await since.visit("walked to the bank")
        let park = try await since.visit("sat in the park")
        let late = try await since.visit("rang him up")

        let others = ["P0002", "Benedict", "Ode", "sat in the park", "555 0107"]
        let rosas = try await rosa.done("notices")
        for entry in [bank, late] {
            #expect(rosas.contains("  check-in \(entry) of 20"), "\(rosas)")
        }
        let there = ": the record that it is about left your caseload, and it stands there\n"
        #expect(rosas.ranges(of: there).count == 2, "\(rosas)")
        #expect(rosas.contains("  phone and best way to reach them that you wrote of 20"), "\(rosas)")
        #expect(
            rosas.contains("is put right by a supervisor or an administrator: tell them its id"), "\(rosas)")
        // Her other laptop never had what she wrote on this one about him and has it no more.
        let spares = try await spare.done("notices")
        #expect(
            spares.contains("  check-in \(bank): the record that it is about left your caseload"), "\(spares)"
        )
        for words in others {
            #expect(!rosas.contains(words) && !spares.contains(words), "\(words): \(rosas)\n\(spares)")
        }
        // Leo has his man still, and may say of his own visit that it does not count.
        let leos = try await leo.done("notices")
        #expect(
            leos.contains("  check-in \(park) of 20") && leos.contains(" about P0002 Benedict Ode\n"),
            "\(leos)")
        #expect(
            leos.contains("    porchlight checkin void \(park) --reason \"…\", and record it about them\n"),
            "\(leos)")
        #expect(
            !leos.contains(bank) && !leos.contains("supervisor or an administrator: tell them"), "\(leos)")

        let stayed = try await rosa.json("notices")["stayed"].list
        #expect(stayed.count == 3 && stayed.allSatisfy { $0["here"].flag == false })
        #expect(stayed.compactMap { $0["table"].text }.sorted() == ["check_in", "check_in", "participant"])
        #expect(try await rosa.json("status")["notices"].whole == 1)
        try await rosa.done("notices", "--seen")
        #expect(try await rosa.done("notices") == "no notices\n")
        for laptop in [rosa, spare] { try await laptop.done("sync") }
        #expect(try await spare.done("notices") == "no notices\n")
        #expect(try await spare.json("status")["quarantined"].whole == 0)
        for laptop in [rosa, spare, leo, since.office] {
            #expect(try await laptop.json("verify")["equal"].flag == true, "\(laptop.name)")
        }
    }

    @Test func `what comes after a merge was taken back, by somebody who did not know of that, is told`()
        async throws
    {
        let agency = try await Agency()
        let office = agency.founder
        let rosa = try await agency.laptop(of: "PS07")
        let all = [rosa, office]
        try await office.done(
            "participant", "merge", "P0003", "--into", "P0001", "--yes", "--reason", "same address")
        try await all.meet()
        try await agency.stop()
        try await rosa.done("participant", "edit", "P0003", "--phone", "555 0107", "--yes")
        try await office.done("participant", "unmerge", "P0003", "--reason", "mother and daughter")
        #expect(try await office.done("notices") == "no notices\n")
        try await agency.start()
        try await all.meet()
        let told = try await office.done("notices")
        #expect(told.contains("written by somebody who did not know that P0003"), "\(told)")
        #expect(told.contains("  PS07 ") && told.contains("phone 555 0107"), "\(told)")
        let parted = try await office.json("notices")["parted"].list
        #expect(parted.count == 1)
        #expect(parted.first?["written"].list.map { $0["author"].text } == ["PS07"])
        // Who knows of it writes about whom they mean.
        try await rosa.done("participant", "edit", "P0001", "--born", "1980")
        try await all.meet()
        #expect(try await office.json("notices")["parted"].list.first?["written"].list.count == 1)
        try await office.done("notices", "--seen")
        try await all.meet()
        #expect(try await office.done("notices") == "no notices\n")
        for laptop in all { #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)") }
        #expect(try await office.digest == agency.digest)
    }

    @Test func `of two merges in opposite directions one is taken back, and everybody keeps their person`()
        async throws
    {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        let leo = try await agency.laptop(of: "PS09")
        let lead = try await agency.laptop(of: "AD02")
        let all = [rosa, leo, lead, agency.founder]
        try await leo.done("checkin", "add", "P0002", "walked to the shop", "--minutes", "20")
        try await all.meet()
        try await agency.founder.done(
            "participant", "merge", "P0001", "--into", "P0002", "--yes", "--reason", "same address")
        try await lead.done(
            "participant", "merge", "P0002", "--into", "P0001", "--yes", "--reason", "one person")
        try await all.meet()
        // P0002 leads to P0001 still, so Leo has that one as long as it does.
        for (old, still) in [("P0001", true), ("P0002", false)] {
            try await agency.founder.done("participant", "unmerge", old, "--reason", "one is enough")
            try await all.meet()
            let (rosas, leos) = still ? ("P0001\nP0002", "P0001\nP0002") : ("P0001", "P0002")
            let codes = "SELECT code FROM participant WHERE code < 'P0003' ORDER BY code"
            #expect(try await rosa.query(codes) == rosas, "\(old)")
            #expect(try await leo.query(codes) == leos, "\(old)")
            #expect(try await leo.done("participant", "show", "P0002").contains("walked to the shop"))
            #expect(!(try await leo.done("caseload")).contains("not on this laptop"))
            for laptop in all { #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)") }
        }
        #expect(try await agency.founder.digest == agency.digest)
    }

    /// Either of them left a merge standing, and together they left none: that the two are two people nobody has decided.
    @Test(arguments: ["A", "both"])
    func `who take back one of two opposite merges each, apart, are asked whether they are one person`(
        keep: String
    ) async throws {
        let agency = try await Agency()
        let lead = try await agency.laptop(of: "AD02")
        let all = [lead, agency.founder]
        try await agency.founder.done(
            "participant", "merge", "P0001", "--into", "P0002", "--yes", "--reason", "same address")
        try await lead.done(
            "participant", "merge", "P0002", "--into", "P0001", "--yes", "--reason", "one person")
        try await all.meet()
        try await agency.founder.done("participant", "unmerge", "P0001", "--reason", "the other way round")
        try await lead.done("participant", "unmerge", "P0002", "--reason", "the other way round")
        try await all.meet()
        for laptop in all {
            #expect(try await laptop.conflicts().map(\.kind) == ["duplicate"], "\(laptop.name)")
        }
        let name = try #require(try await lead.conflicts().first?.id)
        let shown = try await lead.done("conflicts", "show", name)
        #expect(shown.ranges(of: "one of two merges taken back").count == 2, "\(shown)")
        try await lead.done("resolve", name, "--keep", keep, "--reason", "asked them both")
        try await all.meet()
        for laptop in all {
            #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)")
            let merged = "SELECT count(*) FROM participant WHERE merged_into IS NOT NULL"
            #expect(try await laptop.query(merged) == (keep == "both" ? "0" : "1"), "\(laptop.name)")
        }
        #expect(try await agency.founder.digest == agency.digest)
    }

    /// What decides it lies with the record that leaves Rosa's laptop, and the question with the one that stays.
    @Test func `what is asked about two records ends for whoever holds one of them, and is no peer's to say`()
        async throws
    {
        let agency = try await Agency()
        let office = agency.founder
        let rosa = try await agency.laptop(of: "PS07")
        let leo = try await agency.laptop(of: "PS09")
        let lead = try await agency.laptop(of: "AD02")
        let all = [rosa, leo, lead, office]
        try await office.done(
            "participant", "merge", "P0001", "--into", "P0002", "--yes", "--reason", "same address")
        try await lead.done(
            "participant", "merge", "P0002", "--into", "P0001", "--yes", "--reason", "one person")
        try await all.meet()
        let end = try #require(
            try await office.json(
                "participant", "unmerge", "P0001", "--reason", "one is enough")["decision"].text)
        try await all.meet()
        try await rosa.done("reopen", end, "--reason", "these are two people")
        try await all.meet()
        let asked = try await rosa.conflict("contested")
        for letter in ["A", "B"] {
            let refused = try await rosa.refuses(
                "resolve", asked, "--keep", letter, "--reason", "I know them", exit: 77,
                code: "not_permitted")
            #expect(
                refused.what
                    == "this role may not say that two records are one person's, or that they are not")
            #expect(refused.advice == "ask a supervisor or an administrator")
        }
        #expect(try await rosa.done("conflicts", "show", asked).contains("B  is not yours to choose"))
        try await office.done("resolve", asked, "--keep", "B", "--reason", "met them both")
        try await all.meet()
        #expect(try await rosa.query("SELECT code FROM participant WHERE code < 'P0003'") == "P0001")
        #expect(try await leo.query("SELECT code FROM participant WHERE code < 'P0003'") == "P0002")
        #expect(try await rosa.query("SELECT count(*) FROM decision WHERE reason = 'met them both'") == "0")
        for laptop in all { #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)") }
        // Nor is it asked once more there alone.
        for verb in [["reopen", end], ["resolve", "--undo", end]] {
            let again = try await rosa.run(verb + ["--reason", "once more"])
            #expect(again.exit == .code(65) && again.errors.contains("was decided anew since"), "\(again)")
        }
        #expect(!(try await rosa.done("notices")).contains("reopen \(end.suffix(8))"))
        for laptop in all {
            #expect(try await laptop.json("verify")["equal"].flag == true, "\(laptop.name)")
        }
        #expect(try await office.digest == agency.digest)
    }

    @Test func `whoever wrote both values that are asked about sees on which laptop`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await rosa.done("participant", "edit", "P0001", "--phone", "555 0101")
        try await [rosa, agency.founder].meet()
        try await agency.founder.done(
            "participant", "merge", "P0003", "--into", "P0001", "--yes", "--reason", "same address")
        try await agency.founder.done("sync")
        try await rosa.done("participant", "edit", "P0003", "--phone", "555 0103")
        try await rosa.done("sync")
        #expect(try await rosa.conflicts().map(\.kind) == ["late"])
        let device = try #require(try await rosa.json("status")["device"].text)
        let list = try await rosa.done("conflicts")
        #expect(!list.contains("laptop not known") && list.ranges(of: device).count == 2, "\(list)")
    }

    @Test func `a sync by which records leave says of a merge that this may be why`() async throws {
        let agency = try await Agency()
        let leo = try await agency.laptop(of: "PS09")
        try await agency.founder.done(
            "participant", "merge", "P0001", "--into", "P0002", "--yes", "--reason", "same address")
        try await [leo, agency.founder].meet()
        try await agency.founder.done("participant", "unmerge", "P0001", "--reason", "father and son")
        try await agency.founder.done("sync")
        let outcome = try await leo.run(["sync"])
        #expect(outcome.errors.contains("no longer on this laptop"), "\(outcome)")
        #expect(outcome.errors.contains("or with a merge that was taken back"), "\(outcome)")
    }

    @Test func `of a merge of somebody who was handed over since the notice says no more than that`()
        async throws
    {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await agency.founder.done(
            "participant", "merge", "P0001", "--into", "P0002", "--yes", "--reason", "same address")
        try await agency.founder.done("participant", "unmerge", "P0001", "--reason", "father and son")
        try await agency.founder.done("assign", "P0001", "--from", "PS07", "--end")
        try await [rosa, agency.founder].meet()
        #expect(try await rosa.query("SELECT code FROM participant") == "P0003")
        let told = try await rosa.done("notices")
        #expect(told.contains("Whether two records are one person's was decided today"), "\(told)")
        #expect(told.contains("The record that you worked with is not on this laptop any more."), "\(told)")
        for words in ["P0001", "P0002", "Ana", "Ben", "same address", "father", "reopen"] {
            #expect(!told.contains(words), "\(words): \(told)")
        }
    }

    @Test func `a hand-over of somebody with two records takes both along`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        let leo = try await agency.laptop(of: "PS09")
        try await rosa.done("checkin", "add", "P0001", "walked to the shop", "--minutes", "20")
        try await rosa.done("sync")
        try await agency.founder.done("sync")
        try await agency.founder.done(
            "participant", "merge", "P0001", "--into", "P0002", "--yes", "--reason", "same address")
        try await [rosa, leo, agency.founder].meet()
        #expect(try await rosa.query("SELECT count(*) FROM participant") == "3")
        let ended = try await agency.founder.json("assign", "P0001", "--from", "PS07", "--end")["ended"]
        #expect(ended["participant_code"].text == "P0002" && ended["peer"].text == "PS07")
        try await [rosa, leo, agency.founder].meet()
        // Neither of the records is Rosa's any more, nor what she had recorded under the old one; Leo has all of it.
        #expect(try await rosa.query("SELECT code FROM participant") == "P0003")
        #expect(try await rosa.query("SELECT count(*) FROM check_in") == "0")
        #expect(try await leo.query("SELECT did FROM check_in") == "walked to the shop")
        #expect(!(try await agency.founder.done("caseload", "PS07")).contains("P0002"))
        for laptop in [rosa, leo] { #expect(try await laptop.json("verify")["equal"].flag == true) }
    }
}
