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
            try await laptop.done("participant", "merge", old, "--into", kept, "--reason", "one person")
        }

        /// Rosa's visit, by its id and its words.
        func isTold(of visit: String) async throws -> Bool {
            let id = try await office.query("SELECT id FROM check_in WHERE did = '\(visit)'")
            let stayed = try await rosa.json("notices")["stayed"].list
            return stayed.contains { $0["record"].text == id }
        }
    }

    @Test func `two merges of one pair, taken back apart, and then told apart`() async throws {
        let offices = try await Offices()
        let (office, lead, rosa) = (offices.office, offices.lead, offices.rosa)
        try await offices.merge("P0001", "P0003", on: office)
        try await offices.merge("P0003", "P0001", on: lead)
        try await offices.all.meet()
        try await rosa.done("checkin", "add", "P0003", "walked to the bank", "--minutes", "20")
        try await offices.all.meet()
        try await office.done("participant", "unmerge", "P0001", "--reason", "the other way round")
        try await lead.done("participant", "unmerge", "P0003", "--reason", "the other way round")
        try await offices.all.meet()
        #expect(try await !offices.isTold(of: "walked to the bank"))
        let name = try await office.conflict("duplicate")
        let page = try await office.done("resolve", name, "--keep", "both", "--reason", "met both")
        #expect(page.contains("in that time, and still there:") && page.contains("PS07"), "\(page)")
        try await offices.all.meet()
        #expect(try await offices.isTold(of: "walked to the bank"))
        for laptop in offices.all { #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)") }
        #expect(try await office.digest == offices.agency.digest)
    }

    @Test func `one record merged into two people apart, of which the other is kept`() async throws {
        let offices = try await Offices()
        let (office, lead, rosa) = (offices.office, offices.lead, offices.rosa)
        try await offices.merge("P0003", "P0001", on: office)
        try await offices.merge("P0003", "P0002", on: lead)
        try await offices.all.meet()
        try await rosa.done("checkin", "add", "P0003", "walked to the bank", "--minutes", "20")
        try await offices.all.meet()
        let name = try #require(try await office.conflicts().first { $0.id.contains(".redirect") }?.id)
        let page = try await office.done("resolve", name, "--keep", "B", "--reason", "met both")
        #expect(page.contains("in that time, and still there:") && page.contains("PS07"), "\(page)")
        try await offices.all.meet()
        #expect(try await offices.isTold(of: "walked to the bank"))
        for laptop in offices.all { #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)") }
        #expect(try await office.digest == offices.agency.digest)
    }
}
