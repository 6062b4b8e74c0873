import Testing

/// What was recorded about one of two people while both counted as one, where no single verb says that they are two: whoever
/// does say so has it before them, and its author is told where it stands.
@Suite struct OutOfPlaceTests {
    private struct Offices {
        let agency: Agency
        let lead: Laptop
        let rosa: Laptop
        var office: Laptop { agency.founder }
        var all: [Laptop] { [office, lead, rosa] }

        init() async throws {
            agency = try await Agency()
            lead = try await agency.laptop(of: "AD02")
            rosa = try await agency.laptop(of: "PS07")
        }

        func merge(_ old: String, _ kept: String, on laptop: Laptop) async throws {
            try await laptop.done(
                "participant", "merge", old, "--into", kept, "--yes", "--reason", "one person")
        }

        /// Two merges that were made apart, and then a visit of Rosa's to one of the people.
        func start(_ first: (String, String), _ second: (String, String), visiting code: String) async throws
        {
            try await merge(first.0, first.1, on: office)
            try await merge(second.0, second.1, on: lead)
            try await all.meet()
            try await rosa.done("checkin", "add", code, "walked to the bank", "--minutes", "20")
            try await all.meet()
        }

        /// Decides, by which two are parted: it shows the visit, and Rosa is told of it.
        func part(_ name: String, keeping letter: String) async throws {
            #expect(try await !isTold())
            let page = try await office.done("resolve", name, "--keep", letter, "--reason", "met both")
            #expect(page.contains("in that time, and still there:") && page.contains("PS07"), "\(page)")
            try await all.meet()
            #expect(try await isTold())
            for laptop in all { #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)") }
            #expect(try await office.digest == agency.digest)
        }

        /// Whether somebody has told Rosa, and she does not only find it herself.
        private func isTold() async throws -> Bool {
            let id = try await office.query("SELECT id FROM check_in WHERE did = 'walked to the bank'")
            let stayed = try await rosa.json("notices")["stayed"].list
            return stayed.contains { $0["record"].text == id && $0["notice"].text != nil }
        }
    }

    @Test func `two merges of one pair, taken back apart, and then told apart`() async throws {
        let offices = try await Offices()
        try await offices.start(("P0001", "P0003"), ("P0003", "P0001"), visiting: "P0003")
        for (laptop, old) in [(offices.office, "P0001"), (offices.lead, "P0003")] {
            try await laptop.done("participant", "unmerge", old, "--reason", "the other way round")
        }
        try await offices.all.meet()
        try await offices.part(offices.office.conflict("duplicate"), keeping: "both")
    }

    @Test func `one record merged into two people apart, of which the other is kept`() async throws {
        let offices = try await Offices()
        try await offices.start(("P0003", "P0001"), ("P0003", "P0002"), visiting: "P0003")
        let open = try await offices.office.conflicts()
        let name = try #require(open.first { $0.id.contains(".merged-into") }?.id)
        try await offices.part(name, keeping: "B")
    }
}
