import Testing

/// A check-in that is signed on one laptop, while it is corrected or voided on another that does not know of it.
@Suite struct SignedApartTests {
    private struct People {
        let agency: Agency
        let rosa: Laptop
        let visit: String
        var office: Laptop { agency.founder }
        var all: [Laptop] { [rosa, office] }

        /// PS07 signs what the office corrects or voids meanwhile; then everybody has everything.
        init(_ verb: String...) async throws {
            agency = try await Agency()
            rosa = try await agency.laptop(of: "PS07")
            try await rosa.done(
                "checkin", "add", "P0001", "walked to the shop", "--at", "yesterday 10:05", "--minutes", "20")
            visit = try #require(
                try await rosa.json("checkin", "list")["check_ins"].list.first?["id"].text)
            try await all.meet()
            try await rosa.done("checkin", "sign", visit)
            let said = try await office.run(["checkin", verb[0], visit] + verb.dropFirst())
            try #require(said.exit == .code(0), "\(said)")
            try await all.meet()
            for laptop in all {
                let signed = try await laptop.json("checkin", "show", visit)
                #expect(signed["did"].text == "walked to the shop" && signed["signed_at"].text != nil)
                #expect(signed["voided_at"] == .null, "\(laptop.name)")
                // Both stand side by side, the signed one as what is shown.
                let page = try await laptop.done("checkin", "show", visit)
                let heads = try #require(
                    page.split(separator: "\n").first { $0.contains("shown now") }, "\(page)")
                #expect(heads.contains("shown now (PS07, ") && heads.contains("also kept (AD01, "), "\(page)")
                #expect(page.contains("It waits for a decision: porchlight conflicts show "), "\(page)")
            }
        }

        /// The minutes of every visit that counts on a laptop.
        func counting(on laptop: Laptop) async throws -> [Int] {
            try await laptop.json("checkin", "list")["check_ins"].list
                .filter { $0["voided_at"] == .null }.compactMap { $0["minutes"].whole }.sorted()
        }

        func settle() async throws {
            try await all.meet()
            for laptop in all {
                #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)")
                #expect(try await laptop.json("verify")["equal"].flag == true)
            }
            #expect(try await office.digest == agency.digest)
        }
    }

    @Test(arguments: [true, false])
    func `a signed check-in counts until it is decided that its correction does`(keepsSigned: Bool)
        async throws
    {
        let people = try await People("amend", "--minutes", "45", "--reason", "the office saw them leave")
        for laptop in people.all {
            #expect(try await people.counting(on: laptop) == [20, 45])
            #expect(try await laptop.conflicts().map(\.kind) == ["amendments"], "\(laptop.name)")
        }
        #expect(try await people.rosa.done("notices").contains("both count until somebody decides"))
        let asked = try await people.office.json("conflicts")["conflicts"].list[0]
        let letter = asked["values"].list.first { ($0["record"].text == people.visit) == keepsSigned }?[
            "letter"]
        let kept = try await people.office.done(
            "resolve", #require(asked["id"].text), "--keep", #require(letter?.text), "--reason", "asked her")
        #expect(keepsSigned || kept.contains("PS07 will be told"), "\(kept)")
        try await people.settle()
        for laptop in people.all {
            #expect(try await people.counting(on: laptop) == (keepsSigned ? [20] : [45]), "\(laptop.name)")
        }
        #expect(try await people.rosa.done("notices").contains("asked her"))
    }

    @Test(arguments: [true, false])
    func `a signed check-in counts until it is decided that it is void`(isVoid: Bool) async throws {
        let people = try await People("void", "--reason", "they were not there")
        for laptop in people.all {
            #expect(try await people.counting(on: laptop) == [20])
            let list = try await laptop.json("conflicts")["conflicts"].list
            #expect(list.map { $0["kind"].text } == ["void"], "\(laptop.name)")
            #expect(list[0]["values"].list.map { $0["shown"].flag } == [false, true], "\(list)")
        }
        #expect(try await people.office.done("notices").contains("you voided it"))
        let name = try #require(try await people.office.json("conflicts")["conflicts"].list[0]["id"].text)
        try await people.office.done(
            "resolve", name, "--keep", isVoid ? "A" : "B", "--reason", "asked both")
        try await people.settle()
        for laptop in people.all {
            #expect(try await people.counting(on: laptop) == (isVoid ? [] : [20]), "\(laptop.name)")
        }
    }
}
