import Testing

/// One check-in that two laptops corrected apart, from there to one visit that counts once everywhere.
@Suite struct AmendedTests {
    private struct People {
        let agency: Agency
        let work: Laptop
        let spare: Laptop
        var office: Laptop { agency.founder }
        var all: [Laptop] { [work, spare, office] }

        /// PS07's two laptops correct one check-in with the server stopped; then everybody has everything.
        init() async throws {
            agency = try await Agency()
            work = try await agency.laptop(of: "PS07", name: "work")
            spare = try await agency.laptop(of: "PS07", name: "spare")
            try await work.done(
                "checkin", "add", "P0001", "walked to the shop", "--at", "yesterday 10:05", "--minutes", "20")
            let visit = try #require(
                try await work.json("checkin", "list")["check_ins"].list.first?["id"].text)
            try await all.meet()
            try await agency.stop()
            try await work.done("checkin", "amend", visit, "--minutes", "25", "--sign")
            try await spare.done(
                "checkin", "amend", visit, "--minutes", "40", "--did", "walked to the clinic", "--reason",
                "it was the clinic")
            try await agency.start()
            try await all.meet()
        }

        func twice(on laptop: Laptop) async throws -> JSONTree {
            try #require(
                try await laptop.json("conflicts", "--kind", "amendments")["conflicts"].list.first)
        }

        func id(on laptop: Laptop) async throws -> String {
            try #require(try await twice(on: laptop)["id"].text)
        }

        /// The letter of the correction with so many minutes.
        func letter(_ minutes: Int, on laptop: Laptop) async throws -> String {
            let values = try await twice(on: laptop)["values"].list
            return try #require(
                values.first { $0["writes"]["time"]["minutes"].whole == minutes }?["letter"].text)
        }

        /// The minutes of every visit that counts on a laptop.
        func counting(on laptop: Laptop) async throws -> [Int] {
            try await laptop.json("checkin", "list")["check_ins"].list
                .filter { $0["voided_at"] == .null }.compactMap { $0["minutes"].whole }.sorted()
        }
    }

    @Test func `one is kept, the other is void, its author is told, and every laptop agrees`() async throws {
        let people = try await People()
        for laptop in people.all {
            #expect(try await people.counting(on: laptop) == [25, 40])
            let kinds = try await laptop.conflicts().map(\.kind)
            // Each had voided the one that it corrects, for another reason: that is no question of its own.
            #expect(kinds == ["amendments"], "\(laptop.name): \(kinds)")
            #expect(try await laptop.done("status").contains("1 thing to decide (porchlight conflicts)"))
        }
        #expect(
            try await people.work.done("notices").contains(
                "it was corrected apart, by you too, and every correction counts."))
        let id = try await people.id(on: people.office)
        let shown = try await people.office.done("conflicts", "show", id)
        #expect(shown.contains("corrected  20") && shown.contains("walked to the clinic"), "\(shown)")
        let kept = try await people.letter(40, on: people.office)
        let decided = try await people.office.json("resolve", id, "--keep", kept, "--reason", "rang her up")
        #expect(decided["told"].list.compactMap(\.text) == ["PS07"])
        try await people.all.meet()
        for laptop in people.all {
            #expect(try await laptop.conflicts().map(\.kind) == [], "\(laptop.name)")
            #expect(try await people.counting(on: laptop) == [40])
            #expect(try await laptop.json("status")["conflicts"].whole == 0)
        }
        for laptop in [people.work, people.spare] {
            let told = try await laptop.json("notices")["decided"].list.compactMap { $0["reason"].text }
            #expect(told == ["rang her up"], "\(laptop.name): \(told)")
        }
        let digest = try await people.agency.digest
        for laptop in people.all {
            #expect(try await laptop.json("outbox")["entries"].list.isEmpty, "\(laptop.name)")
        }
        #expect(try await people.office.digest == digest)
    }

    @Test func `who keeps different ones apart loses neither`() async throws {
        let people = try await People()
        let (office, spare) = (people.office, people.spare)
        let (mine, theirs) = (try await people.id(on: office), try await people.id(on: spare))
        let (long, short) = (
            try await people.letter(40, on: office), try await people.letter(25, on: spare)
        )
        try await people.agency.stop()
        try await office.done("resolve", mine, "--keep", long, "--reason", "the clinic it was")
        try await spare.done("resolve", theirs, "--keep", short, "--reason", "the shop it was")
        try await people.agency.start()
        try await people.all.meet()
        for laptop in people.all {
            #expect(try await people.counting(on: laptop) == [])
            #expect(try await laptop.conflicts().map(\.kind) == ["amendments"], "\(laptop.name)")
            let id = try await people.id(on: laptop)
            let shown = try await laptop.done("conflicts", "show", id)
            for (minutes, said) in [
                (40, "was decided by AD01 today: the clinic it was"),
                (25, "was decided by PS07 today: the shop it was"),
            ] {
                let letter = try await people.letter(minutes, on: laptop)
                #expect(
                    shown.replacing(/today \d\d:\d\d/, with: "today").contains("\n  \(letter)  \(said)\n"),
                    "\(laptop.name): \(shown)")
            }
            #expect(shown.ranges(of: "was decided by").count == 2, "\(shown)")
        }
        let notices = try await people.work.done("notices")
        #expect(
            notices.contains("none counts until somebody decides again.")
                && !notices.contains("every correction counts"), "\(notices)")
        let id = try await people.id(on: office)
        try await office.done(
            "resolve", id, "--keep", people.letter(25, on: office), "--reason", "asked once more")
        try await people.all.meet()
        for laptop in people.all {
            #expect(try await people.counting(on: laptop) == [25], "\(laptop.name)")
            #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)")
        }
    }

    @Test func `of several who decided it apart everybody is told what is decided next`() async throws {
        let people = try await People()
        let (office, spare) = (people.office, people.spare)
        let lead = try await people.agency.laptop(of: "AD02")
        let all = people.all + [lead]
        try await all.meet()
        // Two of them say the same.
        for (laptop, minutes) in [(office, 40), (lead, 40), (spare, 25)] {
            try await laptop.done(
                "resolve", people.id(on: laptop), "--keep", people.letter(minutes, on: laptop), "--reason",
                "\(minutes) it was")
        }
        try await all.meet()
        let made = try await people.work.json(
            "resolve", people.id(on: people.work), "--keep", people.letter(25, on: people.work), "--reason",
            "asked him")
        #expect(made["told"].list.compactMap(\.text) == ["AD01", "AD02"])
        try await all.meet()
        for laptop in [office, lead] {
            #expect(try await laptop.done("notices").contains("asked him"), "\(laptop.name)")
        }
        for laptop in all {
            #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)")
            #expect(try await people.counting(on: laptop) == [25], "\(laptop.name)")
        }
        // What it had before it names both.
        let export = try JSONTree(try await office.done("conflicts", "export", "--json"))["decisions"].list
        let before = export.filter { $0["reason"].text == "asked him" }.compactMap { $0["before"].text }
        for staff in ["AD01", "AD02"] {
            #expect(before.contains { $0.contains(staff) }, "\(staff): \(before)")
        }
        #expect(try await office.digest == people.agency.digest)
    }

    @Test func `what was decided and taken back is one question, and one answer ends it`() async throws {
        let people = try await People()
        let office = people.office
        let first = try await office.json(
            "resolve", people.id(on: office), "--keep", people.letter(40, on: office), "--reason", "first")
        let made = first["decisions"].list.compactMap(\.text)
        #expect(made.count == 2)
        try await people.all.meet()
        for one in made { try await office.done("resolve", "--undo", one, "--reason", "wrong one") }
        try await people.all.meet()
        for laptop in people.all {
            #expect(try await laptop.conflicts().map(\.kind) == ["amendments"], "\(laptop.name)")
        }
        try await office.done(
            "resolve", people.id(on: office), "--keep", people.letter(25, on: office), "--reason", "this one")
        try await people.all.meet()
        for laptop in people.all {
            #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)")
            #expect(try await people.counting(on: laptop) == [25], "\(laptop.name)")
        }
        // Each that was taken back is decided anew.
        let export = try JSONTree(try await office.done("conflicts", "export", "--json"))["decisions"].list
        let undone = export.filter { $0["kind"].text == "undo" }.compactMap { $0["decision"].text }
        let answers = export.filter { $0["reason"].text == "this one" }.compactMap { $0["answers"].text }
        #expect(Set(answers) == Set(undone) && undone.count == 2)
    }
}
