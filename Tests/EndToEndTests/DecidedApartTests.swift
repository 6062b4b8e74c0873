import Foundation
import Testing

/// Two administrators who decide without knowing of each other, and what the server and both laptops say of it.
@Suite struct DecidedApartTests {
    private struct Offices {
        let agency: Agency
        let second: Laptop
        let rosa: Laptop
        var first: Laptop { agency.founder }
        var all: [Laptop] { [first, second, rosa] }

        init() async throws {
            agency = try await Agency()
            second = try await agency.laptop(of: "AD02")
            rosa = try await agency.laptop(of: "PS07")
        }
    }

    /// The register of decisions.
    private func decisions(_ laptop: Laptop) async throws -> [JSONTree] {
        try JSONTree(try await laptop.done("conflicts", "export", "--format", "json"))["decisions"].list
    }

    @Test(arguments: [false, true])
    func `a merge that one keeps and another takes back is asked about everywhere`(isLateFirst: Bool)
        async throws
    {
        let offices = try await Offices()
        let (first, second) = (offices.first, offices.second)
        try await first.done(
            "participant", "merge", "P0003", "--into", "P0001", "--yes", "--reason", "address")
        try await offices.all.meet()
        let merge = try #require(try await decisions(first).first?["decision"].text)
        try await second.done("reopen", merge, "--reason", "mother and daughter")
        try await offices.all.meet()
        let name = try await first.conflict("contested")
        let kept = try await first.done("resolve", name, "--keep", "A", "--reason", "one, I asked")
        #expect(kept.contains("they stay one person"))
        try await second.done("resolve", name, "--keep", "B", "--reason", "two, I met both")
        let order = isLateFirst ? [second, first, offices.rosa] : [first, second, offices.rosa]
        try await order.meet()
        for laptop in [first, second] {
            #expect(try await laptop.conflicts().map(\.kind) == ["duplicate"], "\(laptop.name)")
            let shown = try await laptop.done("conflicts", "show", laptop.conflict("duplicate"))
            #expect(shown.contains("one, I asked") && shown.contains("two, I met both"), "\(shown)")
            let notices = try await laptop.done("notices")
            #expect(notices.contains("It is being asked again"), "\(notices)")
            #expect(!notices.contains("are one person's."), "\(notices)")
        }
        let same = try await [first.conflict("duplicate"), second.conflict("duplicate")]
        #expect(Set(same).count == 1)
        let last = try await second.done("resolve", same[0], "--keep", "A", "--reason", "rang them")
        try await order.meet()
        for laptop in offices.all { #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)") }
        let told = try await first.done("notices")
        #expect(told.contains("AD02") && told.contains("rang them"), "\(told)")
        // All of it is one question, and the last word can be taken back as it was printed.
        #expect(Set(try await decisions(first).compactMap { $0["question"].text }) == [merge])
        let back = try #require(last.firstMatch(of: /Take it back: porchlight (.*) --reason/)?.output.1)
        let parted = try await second.run(back.split(separator: " ").map(String.init) + ["--reason", "no"])
        #expect(parted.exit == .code(0), "\(parted)")
        try await order.meet()
        for laptop in [first, second] { #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)") }
        #expect(try await first.digest == offices.agency.digest)
    }

    @Test(arguments: [false, true])
    func `what was written late on a merged record, decided in two ways apart, is asked again`(
        isLateFirst: Bool
    ) async throws {
        let offices = try await Offices()
        let (first, second, rosa) = (offices.first, offices.second, offices.rosa)
        try await rosa.done("participant", "edit", "P0001", "--phone", "555 0101")
        try await offices.all.meet()
        try await first.done(
            "participant", "merge", "P0003", "--into", "P0001", "--yes", "--reason", "address")
        try await rosa.done("participant", "edit", "P0003", "--phone", "555 0103")
        try await offices.all.meet()
        let name = try await first.conflict("late")
        try await first.done("resolve", name, "--keep", "A", "--reason", "the old one rings")
        try await second.done("resolve", name, "--keep", "B", "--reason", "the new one rings")
        try await (isLateFirst ? [second, first, rosa] : [first, second, rosa]).meet()
        for laptop in offices.all {
            #expect(try await laptop.conflicts().map(\.kind) == ["values"], "\(laptop.name)")
        }
        let notices = try await [first.done("notices"), second.done("notices")]
        #expect(notices.allSatisfy { !$0.contains("decided it anew") }, "\(notices)")
        #expect(notices.contains { $0.contains("another value is shown") }, "\(notices)")
        let last = try await first.conflict("values")
        try await first.done("resolve", last, "--value", "phone=555 0109", "--reason", "rang both")
        try await offices.all.meet()
        for laptop in offices.all {
            #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)")
            let phone = "SELECT phone FROM participant WHERE code = 'P0001'"
            #expect(try await laptop.query(phone) == "555 0109", "\(laptop.name)")
        }
        #expect(try await second.done("notices").contains("rang both"))
        #expect(try await first.digest == offices.agency.digest)
    }

    @Test func `which of two leads to the other, said in two ways apart, is asked again`() async throws {
        let offices = try await Offices()
        let (first, second) = (offices.first, offices.second)
        try await first.done("participant", "add", "Maria", "--family", "Santos", "--site", "S1")
        try await second.done("participant", "add", "Maria", "--family", "Santoz", "--site", "S1")
        try await offices.all.meet()
        let pair = try await first.conflict("duplicate")
        // Told apart by one and merged by another: asked again, and decided anew in two ways.
        try await second.done("resolve", pair, "--keep", "both", "--reason", "met both")
        try await first.done("resolve", pair, "--keep", "A", "--reason", "one phone")
        try await offices.all.meet()
        let again = try await first.conflict("duplicate")
        try await first.done("resolve", again, "--keep", "B", "--reason", "B is older")
        try await second.done("resolve", again, "--keep", "A", "--reason", "A is right")
        try await offices.all.meet()
        for laptop in [first, second] {
            #expect(try await laptop.conflicts().map(\.kind) == ["duplicate"], "\(laptop.name)")
        }
        let last = try await second.conflict("duplicate")
        let page = try await second.done("resolve", last, "--keep", "A", "--reason", "asked them")
        #expect(page.contains(" is merged into "), "\(page)")
        try await offices.all.meet()
        for laptop in [first, second] { #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)") }
        #expect(try await first.done("notices").contains("asked them"))
        #expect(try await first.digest == offices.agency.digest)
    }

    @Test func `everybody's wish for another look is theirs in the audit log, and in the register`()
        async throws
    {
        let offices = try await Offices()
        let (first, second, rosa) = (offices.first, offices.second, offices.rosa)
        try await rosa.done("participant", "edit", "P0003", "--phone", "555 0107")
        try await second.done("participant", "edit", "P0003", "--phone", "555 0109")
        try await offices.all.meet()
        try await first.done("resolve", first.conflict("values"), "--keep", "A", "--reason", "seen")
        try await offices.all.meet()
        let decision = try #require(try await decisions(first).first?["decision"].text)
        try await second.done("reopen", decision, "--reason", "no, mine")
        try await rosa.done("reopen", decision, "--reason", "she told me")
        try await offices.all.meet()
        try await first.done(
            "resolve", first.conflict("contested"), "--keep", "B", "--reason", "asked once more")
        try await offices.all.meet()
        // Everybody who asked is told the answer.
        for laptop in [second, rosa] {
            let notices = try await laptop.json("notices")["decided"].list
            #expect(notices.contains { $0["reason"].text == "asked once more" }, "\(laptop.name)")
        }
        let audit = try await offices.agency.run("audit").split(separator: "\n")
        for (staff, words) in [("AD02", "no, mine"), ("PS07", "she told me")] {
            let lines = audit.filter { $0.contains(words) }
            #expect(
                lines.count == 1 && lines.allSatisfy { $0.contains(staff) && !$0.contains("AD01") },
                "\(lines)")
        }
        let row = try #require(
            try await decisions(first).first { $0["decision"].text == decision })
        for words in ["no, mine", "she told me"] {
            #expect(row["contest_reason"].text?.contains(words) == true, "\(words)")
        }
        for staff in ["AD02", "PS07"] { #expect(row["contested_by"].text?.contains(staff) == true) }
        for laptop in offices.all {
            #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)")
            #expect(try await laptop.json("status")["conflicts"] == .number(0), "\(laptop.name)")
        }
        #expect(try await offices.agency.run("verify").isEmpty == false)
    }
}
