@testable import PeerSupport
import SyncModel
import Testing

@Suite struct ImportTests {
    let clock = LocalTime.utc(now: 1_772_654_400)

    private func plan(_ mapping: ImportTable, _ headers: [String]) throws -> ImportPlan {
        try ImportPlan(mapping, headers: CSVRow(line: 1, fields: headers), at: clock)
    }

    private func reason(_ plan: ImportPlan, _ fields: [String]) -> String? {
        do {
            _ = try plan.read(CSVRow(line: 7, fields: fields))
            return nil
        } catch {
            return error.line == 7 ? error.reason : "wrong line"
        }
    }

    @Test func `every table has a mapping, every field a header, every header a field`() throws {
        // What people decide here has no row in an older system.
        let decided = ["decision", "notice"]
        #expect(ImportTable.all.map(\.table) + decided == PeerSupportSchema.schema.tables.map(\.name))
        for mapping in ImportTable.all {
            let table = try #require(PeerSupportSchema.schema.table(mapping.table))
            let fields = table.registers.filter { $0.name != "redirect" }.flatMap { $0.fields.map(\.name) }
            #expect(
                mapping.columns.map(\.field).filter { !$0.isEmpty }.sorted() == fields.sorted(),
                "\(table.name)")
            let headers = mapping.columns.map(\.header)
            #expect(Set(headers).count == headers.count)
            #expect(mapping.columns.first?.header == mapping.key)
            for register in RequiredRegisters.of(table.name).compactMap(table.register) {
                for field in register.fields where !field.isOptional {
                    let column = try #require(mapping.columns.first { $0.field == field.name })
                    #expect(column.isRequired, "\(table.name).\(field.name)")
                }
            }
        }
    }

    @Test func `references name the table their field refers to`() throws {
        for mapping in ImportTable.all {
            let table = try #require(PeerSupportSchema.schema.table(mapping.table))
            for column in mapping.columns where !column.field.isEmpty {
                let place = try #require(table.place(of: column.field))
                let kind = place.register.fields[place.index].kind
                if case .key(let of) = column.conversion {
                    #expect(kind == .reference(table: of), "\(column.header)")
                } else if case .reference = kind {
                    Issue.record("\(table.name).\(column.header) cannot be read")
                }
            }
        }
    }

    @Test func `a row becomes a record with an id made from its key`() throws {
        let plan = try plan(
            .checkIn,
            [
                "participant_code", "key", "peer", "activity", "start_at", "end_at", "did", "signed_at",
                "recorded_by",
            ])
        let row = try plan.read(
            CSVRow(
                line: 2,
                fields: [
                    "P0142", " CI1 ", "PS07", "walk", "2026-03-02 14:30", "2026-03-02T15:05:00Z",
                    "We walked.", "",
                    "PS07",
                ]))
        #expect(row.record == NaturalKey.id(table: "check_in", key: "CI1"))
        #expect(row.writes.map(\.register) == ["note", "provenance", "time", "what"])
        let person = NaturalKey.id(table: "participant", key: "P0142")
        #expect(
            row.writes.first { $0.register == "what" }?.values
                == [.reference(person), .text("PS07"), .text("walk"), .none])
        #expect(
            row.writes.first { $0.register == "time" }?.values
                == [.integer(1_772_461_800), .integer(1_772_463_900), .integer(35)])
        #expect(
            row.writes.first { $0.register == "note" }?.values == [.text("We walked."), .none, .none, .none])
        #expect(
            Make.judge("check_in", row.writes, by: "AD01", "administrator") == nil,
            "an administrator may import it")
    }

    @Test func `a bad row says which column, and never what stood in it`() throws {
        let plan = try plan(
            .checkIn,
            ["key", "participant_code", "peer", "activity", "start_at", "end_at", "minutes", "mode", "did"])
        let good = ["CI1", "P1", "PS07", "walk", "2026-03-02 14:30", "2026-03-02 15:00", "30", "phone", "x"]
        func with(_ place: Int, _ text: String) -> [String] {
            var fields = good
            fields[place] = text
            return fields
        }
        #expect(reason(plan, good) == nil)
        #expect(reason(plan, with(0, " ")) == "key is empty")
        #expect(reason(plan, with(1, "")) == "participant_code is empty")
        #expect(reason(plan, with(4, "2026-02-30 10:00")) == "start_at is a date that does not exist")
        #expect(reason(plan, with(4, "2026-03-02 25:00")) == "start_at is a time that does not exist")
        #expect(reason(plan, with(4, "2026-03-02")) == "start_at needs a time as well")
        #expect(reason(plan, with(4, "yesterday 10:00")) == "start_at is not a time like 2026-03-02 14:30")
        #expect(reason(plan, with(4, "10:05")) == "start_at is not a time like 2026-03-02 14:30")
        #expect(reason(plan, with(4, "3pm")) == "start_at is not a time like 2026-03-02 14:30")
        #expect(reason(plan, with(4, "03/02/2026 14:30")) == "start_at is not a time like 2026-03-02 14:30")
        #expect(reason(plan, with(5, "2026-03-02 14:00")) == "end_at lies before start_at")
        #expect(reason(plan, with(6, "half an hour")) == "minutes is not a whole number")
        #expect(reason(plan, with(6, "5000")) == "minutes must lie between 0 and 1440")
        #expect(reason(plan, with(7, "pigeon")) == "mode must be one of in_person, phone, video, text")
        #expect(reason(plan, with(8, "a\u{0}b")) == "did contains a NUL character")
        #expect(reason(plan, Array(good.dropLast())) == "the row has 8 fields, the headers are 9")
        for (place, secret) in [(4, "Mae's birthday"), (6, "Mae"), (7, "Mae")] {
            #expect(reason(plan, with(place, secret))?.contains("Mae") == false)
        }
    }

    @Test func `a key that a record has already means that record, and one that several have means none`()
        throws
    {
        let headers = ["key", "participant_code", "peer", "activity", "start_at"]
        let plan = try ImportPlan(.checkIn, headers: CSVRow(line: 1, fields: headers), at: clock) {
            table, key in
            guard table == "participant" else { return nil }
            return ["P1": .record(Make.id(1)), "P2": .several][key]
        }
        func person(_ code: String) throws -> Value? {
            let fields = ["CI1", code, "PS07", "walk", "2026-03-02 14:30"]
            let row = try plan.read(CSVRow(line: 7, fields: fields))
            #expect(row.record == NaturalKey.id(table: "check_in", key: "CI1"))
            return row.writes.first { $0.register == "what" }?.values.first
        }
        #expect(try person("P1") == .reference(Make.id(1)))
        #expect(try person("P3") == .reference(NaturalKey.id(table: "participant", key: "P3")))
        let why = "is shared by several records that are here, so it does not say which"
        #expect(
            reason(plan, ["CI1", "P2", "PS07", "walk", "2026-03-02 14:30"]) == "participant_code \(why)")
        let people = try ImportPlan(
            .participant, headers: CSVRow(line: 1, fields: ["code", "preferred_name", "site"]), at: clock
        ) { _, key in ["P1": .record(Make.id(1)), "P2": .several][key] }
        #expect(try people.read(CSVRow(line: 2, fields: ["P1", "Mae", "S1"])).record == Make.id(1))
        #expect(reason(people, ["P2", "Mae", "S1"]) == "code \(why)")
    }

    @Test func `half a register is a bad row`() throws {
        let plan = try plan(
            .checkIn, ["key", "participant_code", "peer", "activity", "start_at", "void_reason"])
        let why = reason(plan, ["CI1", "P1", "PS07", "walk", "2026-03-02 14:30", "double"])
        #expect(why == "voided_at must not be empty")
    }

    @Test func `headers that are missing, unknown or there twice stop the file`() {
        #expect(throws: CSVProblem(line: 1, reason: "the header name is missing")) {
            try plan(.site, ["code", "kind"])
        }
        let reason = """
            site.csv has a header that is not known: "nmae", number 2; known are code, name, kind, approach, \
            place_of_service
            """
        #expect(throws: CSVProblem(line: 1, reason: reason)) {
            try plan(.site, ["code", "nmae", "kind"])
        }
        #expect(throws: CSVProblem(line: 1, reason: "the header code stands there twice")) {
            try plan(.site, ["code", "name", "kind", "code"])
        }
    }

    @Test(arguments: [("yes", Int64(1)), ("Y", 1), ("0", 0), ("false", 0)].map(Flag.init))
    func `flags are yes or no in several spellings`(flag: Flag) throws {
        let plan = try plan(.participant, ["code", "preferred_name", "site", "part2"])
        let row = try plan.read(CSVRow(line: 2, fields: ["P1", "Mae", "S1", flag.text]))
        #expect(row.writes.first { $0.register == "privacy" }?.values == [.integer(flag.value)])
        #expect(reason(plan, ["P1", "Mae", "S1", "maybe"]) == "part2 must be yes or no")
    }

    struct Flag: CustomTestStringConvertible, Sendable {
        let text: String
        let value: Int64
        init(_ pair: (String, Int64)) { (text, value) = pair }
        var testDescription: String { text }
    }

    @Test func `numbers must be finite`() throws {
        let plan = try plan(
            .attendance,
            ["key", "session_key", "participant_code", "peer", "date", "status", "weight", "weight_unit"])
        let row = ["A1", "S1", "P1", "PS1", "2026-03-02", "attended"]
        #expect(reason(plan, row + ["180.5", "lb"]) == nil)
        for text in ["nan", "inf", "1,5"] {
            #expect(reason(plan, row + [text, "lb"]) == "weight is not a number")
        }
        #expect(reason(plan, row + ["5000", "lb"]) == "weight must lie between 0.0 and 1000.0")
    }
}
