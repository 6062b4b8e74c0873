import Testing

/// One check-in that one person voided and another corrected, none knowing of the other: whether the visit counts is one
/// question.
@Suite struct VoidedApartTests {
    private struct People {
        let agency: Agency
        let peer: Laptop
        let spare: Laptop
        var office: Laptop { agency.founder }
        var all: [Laptop] { [peer, spare, office] }

        /// The office, or PS07's other laptop, voids a visit of PS07 while PS07 corrects it, with the server stopped; then
        /// everybody has everything.
        init(voidedByThemselves: Bool = false) async throws {
            agency = try await Agency()
            peer = try await agency.laptop(of: "PS07", name: "work")
            spare = try await agency.laptop(of: "PS07", name: "spare")
            try await peer.done(
                "checkin", "add", "P0001", "walked to the shop", "--at", "yesterday 10:05", "--minutes", "20")
            let visit = try #require(
                try await peer.json("checkin", "list")["check_ins"].list.first?["id"].text)
            try await all.meet()
            try await agency.stop()
            let voiding = voidedByThemselves ? spare : office
            try await voiding.done("checkin", "void", visit, "--reason", "it was another day")
            try await peer.done("checkin", "amend", visit, "--minutes", "25")
            try await agency.start()
            try await all.meet()
        }

        /// The one question, on every laptop the same.
        func question(on laptop: Laptop) async throws -> JSONTree {
            let all = try await laptop.json("conflicts")["conflicts"].list
            #expect(all.map { $0["kind"].text } == ["void"], "\(laptop.name): \(all)")
            return try #require(all.first)
        }

        func counting() async throws -> [String] {
            var found: [String] = []
            for laptop in all { found.append(try await laptop.query(Self.counting)) }
            return found
        }

        func isSettled() async throws {
            for laptop in all {
                #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)")
                #expect(try await laptop.json("status")["conflicts"].whole == 0)
            }
            #expect(try await office.digest == agency.digest)
        }

        private static let counting = "SELECT minutes FROM check_in WHERE voided_at IS NULL"
    }

    @Test func `that it is void voids the correction too, and whoever corrected it is told`() async throws {
        let people = try await People()
        var names: Set<String> = []
        for laptop in people.all {
            let asked = try await people.question(on: laptop)
            names.insert(try #require(asked["id"].text))
            #expect(asked["values"].list.map { $0["state"].text } == ["void", "correction"])
            #expect(asked["values"].list.map { $0["author"].text } == ["AD01", "PS07"])
        }
        #expect(names.count == 1)
        for laptop in [people.peer, people.office] {
            #expect(
                try await laptop.done("notices").contains(
                    "one voided it and another corrected it, and the correction counts so far."),
                "\(laptop.name)")
        }
        let id = try #require(names.first)
        let shown = try await people.office.done("conflicts", "show", id)
        for line in [
            "[void: voided here, corrected there]", "it was another day", "it counts, as corrected:",
            "  corrected  20\n  B  25\n",
            "--keep A (void, the correction too) or B (it counts as corrected)",
        ] {
            #expect(shown.contains(line), "\(line)\n\(shown)")
        }
        #expect(try await people.counting() == ["25", "25", "25"])
        let decided = try await people.office.json("resolve", id, "--keep", "A", "--reason", "another day")
        #expect(decided["told"].list.compactMap(\.text) == ["PS07"])
        #expect(decided["decisions"].list.count == 2)
        try await people.all.meet()
        #expect(try await people.counting() == ["", "", ""])
        try await people.isSettled()
        for laptop in [people.peer, people.spare] {
            let told = try await laptop.json("notices")["decided"].list.compactMap { $0["reason"].text }
            // Of the void itself they were told when it was made.
            #expect(told == ["another day", "it was another day"], "\(laptop.name): \(told)")
        }
    }

    @Test func `that it counts leaves the correction, and whoever voided it is told`() async throws {
        let people = try await People()
        let id = try #require(try await people.question(on: people.spare)["id"].text)
        let decided = try await people.spare.json("resolve", id, "--keep", "B", "--reason", "it was that day")
        #expect(decided["told"].list.compactMap(\.text) == ["AD01"])
        try await people.all.meet()
        #expect(try await people.counting() == ["25", "25", "25"])
        try await people.isSettled()
        // Another look puts the same question again, and the other answer voids the correction.
        let decision = try #require(decided["decision"].text)
        try await people.office.done("reopen", decision, "--reason", "look at the sheet")
        try await people.all.meet()
        let again = try #require(try await people.question(on: people.peer)["id"].text)
        try await people.office.done("resolve", again, "--keep", "A", "--reason", "the sheet says so")
        try await people.all.meet()
        #expect(try await people.counting() == ["", "", ""])
        try await people.isSettled()
    }

    @Test func `who decides otherwise apart is asked once more, and what is taken back too`() async throws {
        let people = try await People()
        let id = try #require(try await people.question(on: people.office)["id"].text)
        try await people.agency.stop()
        let void = try await people.office.json("resolve", id, "--keep", "A", "--reason", "another day")
        try await people.spare.done("resolve", id, "--keep", "B", "--reason", "it was that day")
        try await people.agency.start()
        try await people.all.meet()
        #expect(void["decisions"].list.count == 2)
        #expect(try await people.counting() == ["", "", ""])
        let notices = try await people.peer.done("notices")
        #expect(notices.contains("What was decided about it is open again."), "\(notices)")
        #expect(!notices.contains("Nobody has decided yet."), "\(notices)")
        #expect(notices.contains("and neither counts so far."), "\(notices)")
        let again = try #require(try await people.question(on: people.peer)["id"].text)
        let anew = try await people.office.json("resolve", again, "--keep", "B", "--reason", "asked her")
        try await people.all.meet()
        #expect(try await people.counting() == ["25", "25", "25"])
        try await people.isSettled()
        for decision in anew["decisions"].list.compactMap(\.text) {
            try await people.office.done("resolve", "--undo", decision, "--reason", "asked the wrong one")
        }
        try await people.all.meet()
        let last = try #require(try await people.question(on: people.spare)["id"].text)
        try await people.office.done("resolve", last, "--keep", "A", "--reason", "void it is")
        try await people.all.meet()
        #expect(try await people.counting() == ["", "", ""])
        try await people.isSettled()
    }

    /// Both marks are by one person within seconds, and so only the decision tells which of them the correction left.
    @Test func `who voided and corrected it themselves is asked the same question again`() async throws {
        let people = try await People(voidedByThemselves: true)
        let first = try #require(try await people.question(on: people.office)["id"].text)
        let kept = try await people.office.json("resolve", first, "--keep", "B", "--reason", "asked her")
        try await people.all.meet()
        #expect(try await people.counting() == ["25", "25", "25"])
        try await people.spare.done(
            "reopen", try #require(kept["decision"].text), "--reason", "the wrong person really")
        try await people.all.meet()
        let again = try await people.question(on: people.office)
        #expect(again["values"].list.map { $0["state"].text } == ["void", "correction"], "\(again)")
        let id = try #require(again["id"].text)
        let void = try await people.office.json(
            "resolve", id, "--keep", "A", "--reason", "wrong person indeed")
        #expect(void["decisions"].list.count == 2)
        try await people.all.meet()
        #expect(try await people.counting() == ["", "", ""])
        try await people.isSettled()
        // And the other way round.
        for decision in void["decisions"].list.compactMap(\.text) {
            try await people.spare.done("reopen", decision, "--reason", "after all")
        }
        try await people.all.meet()
        let last = try await people.question(on: people.spare)
        #expect(last["values"].list.map { $0["state"].text } == ["void", "correction"], "\(last)")
        try await people.office.done(
            "resolve", try #require(last["id"].text), "--keep", "B", "--reason", "it counts")
        try await people.all.meet()
        #expect(try await people.counting() == ["25", "25", "25"])
        try await people.isSettled()
    }
}
