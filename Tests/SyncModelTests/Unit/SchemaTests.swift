import SyncModel
import Testing

@Suite struct `The schema` {
    private static let schema = Schema(
        version: 3,
        tables: [
            Table(
                "visit",
                [
                    Register("about", [Field("participant", .reference(table: "participant"))]),
                    Register(
                        "facts",
                        [
                            Field("note", .text(limit: 5), optional: true),
                            Field("kind", .code(["home", "office"])),
                            Field("units", .integer(-2...9)), Field("share", .real(0...1)),
                            Field("done", .flag),
                            Field("day", .date), Field("at", .instant),
                        ]),
                ])
        ])
    private static let someone = Value.reference(NaturalKey.id(table: "participant", key: "1"))
    private static let good: [Value] = [
        .text("12345"), .text("home"), .integer(9), .real(0.5), .integer(1), .integer(0), .integer(0),
    ]

    private func validate(_ writes: [RegisterWrite], table: String = "visit") throws(SchemaError) {
        try Self.schema.validate(table: table, writes: writes)
    }

    @Test func `takes what fits`() throws {
        try validate([RegisterWrite("about", [Self.someone]), RegisterWrite("facts", Self.good)])
        try validate([RegisterWrite("deleted", [.integer(1)])])
        try validate([RegisterWrite("deleted", [.integer(0)]), RegisterWrite("facts", Self.good)])
        var empty = Self.good
        empty[0] = .none
        try validate([RegisterWrite("facts", empty)])
    }

    @Test func `refuses what it does not know, and what is malformed`() {
        let about = RegisterWrite("about", [Self.someone])
        #expect(throws: SchemaError.unknownTable("visits")) { try validate([about], table: "visits") }
        #expect(throws: SchemaError.malformed(table: "visit")) { try validate([]) }
        #expect(throws: SchemaError.malformed(table: "visit")) { try validate([about, about]) }
        #expect(throws: SchemaError.malformed(table: "visit")) {
            try validate([RegisterWrite("facts", Self.good), about])
        }
        #expect(throws: SchemaError.unknownRegister(table: "visit", register: "fact")) {
            try validate([RegisterWrite("fact", [])])
        }
        #expect(throws: SchemaError.fieldCount(table: "visit", register: "about", expected: 1, found: 2)) {
            try validate([RegisterWrite("about", [Self.someone, .none])])
        }
        #expect(throws: SchemaError.missing(table: "visit", field: "participant")) {
            try validate([RegisterWrite("about", [.none])])
        }
    }

    @Test(arguments: [[.integer(2)], [.none], [], [.integer(1), .integer(1)], [.text("1")]] as [[Value]])
    func `lets a deletion be yes or no`(values: [Value]) {
        #expect(throws: SchemaError.unfit(table: "visit", field: "deleted", why: "must be 0 or 1")) {
            try validate([RegisterWrite("deleted", values)])
        }
    }

    @Test(
        arguments: [
            Bad("note", 0, .text("123456")), Bad("note", 0, .text("ääbc")),
            Bad("note", 0, .text("a\u{0}")),
            Bad("note", 0, .integer(1)), Bad("kind", 1, .text("Home")), Bad("kind", 1, .text("")),
            Bad("units", 2, .integer(10)), Bad("units", 2, .integer(-3)), Bad("units", 2, .real(1)),
            Bad("share", 3, .real(1.01)), Bad("share", 3, .real(.nan)), Bad("share", 3, .real(.infinity)),
            Bad("share", 3, .integer(1)), Bad("done", 4, .integer(2)), Bad("done", 4, .integer(-1)),
            Bad("day", 5, .integer(-25_568)), Bad("day", 5, .integer(84_007)), Bad("day", 5, .integer(.min)),
            Bad("at", 6, .integer(.max)), Bad("at", 6, .text("1970-01-01T00:00:00Z")),
            Bad("at", 6, .integer(84_006 * 86_400 + 1)), Bad("units", 2, someone),
        ])
    func `refuses a value that does not fit, by the field's name and without the value`(bad: Bad) {
        var values = Self.good
        values[bad.place] = bad.value
        let found = #expect(throws: SchemaError.self) { try validate([RegisterWrite("facts", values)]) }
        guard case .unfit("visit", bad.field, _) = found else {
            Issue.record("\(bad.field) is refused as \(String(describing: found))")
            return
        }
        if let text = bad.value.text, !text.isEmpty { #expect(found?.description.contains(text) == false) }
    }

    @Test func `finds tables, registers and fields`() throws {
        let table = try #require(Self.schema.table("visit"))
        #expect(Self.schema.table("Visit") == nil)
        #expect(table.register("facts")?.fields.count == 7)
        #expect(table.register("deleted") == nil)
        #expect(table.place(of: "units")?.index == 2)
        #expect(table.place(of: "units")?.register.name == "facts")
        #expect(table.place(of: "nothing") == nil)
        #expect(Severity.newestWins < .ask && .ask < Severity.grave)
    }

    @Test func `ranks what is set above what is not`() {
        let rule = RankRule.whenSet(index: 1)
        #expect(rule.rank([.none, .text("PS07")]) == 1)
        #expect(rule.rank([.none, .integer(1)]) == 1)
        for values in [[], [.integer(1)], [.integer(1), .none], [.integer(1), .integer(0)]] as [[Value]] {
            #expect(rule.rank(values) == 0)
        }
        #expect(RankRule.none.rank([.integer(1)]) == 0)
    }

    struct Bad: CustomTestStringConvertible {
        let field: String
        let place: Int
        let value: Value
        init(_ field: String, _ place: Int, _ value: Value) {
            (self.field, self.place, self.value) = (field, place, value)
        }
        var testDescription: String { "\(field) \(value)" }
    }
}
