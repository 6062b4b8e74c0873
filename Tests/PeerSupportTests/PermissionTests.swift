@testable import PeerSupport
import SyncModel
import Testing

@Suite struct PermissionTests {
    let schema = PeerSupportSchema.schema

    @Test func `the table has one readable row for every register, and no other`() {
        let expected = schema.tables.flatMap { table in
            (table.registers.map(\.name) + [deletedRegister]).map { "\(table.name).\($0)" }
        }
        #expect(Permissions.standard.named == expected.sorted())
        let rows = PermissionTable.text.split(separator: "\n").dropFirst()
        #expect(rows.count == expected.count)
        for row in rows {
            let cells = row.split(separator: " ").dropFirst(2)
            #expect(cells.count == Role.allCases.count, "\(row)")
            #expect(cells.allSatisfy { Permission(cell: $0) != nil }, "\(row)")
        }
    }

    /// The table in the README: of what exists, who may write it.
    @Test(arguments: [
        ("participant", ["name", "birth", "home", "contact", "standing", "consent"], "any any any"),
        ("participant", ["primary_provider", "privacy"], "none any any"),
        ("participant", ["focus", "goals"], "none none none"),
        ("check_in", ["time", "place", "note"], "own own any"), ("session", ["note"], "own own any"),
        ("session", ["time", "place"], "own any any"), ("attendance", ["status"], "own any any"),
        ("check_in", ["void"], "own any any"), ("session", ["void"], "own any any"),
        ("escalation", ["void"], "own any any"), ("participant", ["redirect", "identity"], "none any any"),
        ("participant", [deletedRegister], "none none any"),
    ])
    func `a peer, a supervisor and an administrator may what the README says`(
        table: String, registers: [String], reach: String
    ) {
        for register in registers {
            let cells = [Role.peer, .supervisor, .administrator].map {
                "\(Permissions.standard.of($0, table: table, register: register).edit)"
            }
            #expect(cells.joined(separator: " ") == reach, "\(table).\(register)")
        }
        // Whoever amends a check-in makes a new one.
        let made = [Role.peer, .supervisor, .administrator].map {
            Permissions.standard.of($0, table: "check_in", register: "what").create
        }
        #expect(made == [.own, .own, .any])
    }

    @Test func `an unreadable row closes`() {
        let broken = Permissions(text: "head\nstaff role CE x CE CE CE CE CE\nstaff name CE CE")
        #expect(broken.of(.primaryProvider, table: "staff", register: "role").edit == .none)
        #expect(broken.of(.peer, table: "staff", register: "role").edit == .any)
        #expect(broken.of(.peer, table: "staff", register: "name").edit == .none)
    }

    @Test func `owners stand in registers that are written once`() throws {
        for (name, field) in PermissionTable.owners {
            let place = try #require(schema.table(name)?.place(of: field))
            #expect(place.register.isFixed, "\(name).\(field)")
        }
    }

    /// Everything each role may do in its own name and in another's, on new records and on old ones, judged by the
    /// domain and not by the table alone.
    @Test(arguments: Role.allCases) func `the domain answers as the table says`(role: Role) throws {
        for table in schema.tables {
            for register in table.registers {
                for owner in ["ME01", "XX99"] {
                    try check(table, register, role, owner)
                }
            }
        }
    }

    private func check(_ table: Table, _ register: Register, _ role: Role, _ owner: String) throws {
        let cell = Permissions.standard.of(role, table: table.name, register: register.name)
        let all = table.registers.map { register in
            RegisterWrite(register.name, register.fields.map { Make.value($0, owner: owner) })
        }
        let required = Set(RequiredRegisters.of(table.name) + [register.name])
        let creation = all.filter { required.contains($0.register) }
        let created = Make.judge(table.name, creation, by: "ME01", role.rawValue)
        let canCreate = required.allSatisfy {
            allows(Permissions.standard.of(role, table: table.name, register: $0).create, owner)
        }
        let isNew = table.name != "referral" || created?.code != "transition"
        #expect((created == nil) == canCreate || !isNew, "\(role) creates \(table.name).\(register.name)")

        guard !register.isFixed, table.name != "referral" || register.name != "status" else { return }
        var fields: [String: Value] = [:]
        for old in table.registers where old.isFixed {
            for field in old.fields { fields[field.name] = Make.value(field, owner: owner) }
        }
        let edit = all.filter { $0.register == register.name }
        let edited = Make.judge(
            table.name, edit, by: "ME01", role.rawValue, before: Make.view(table.name, fields))
        #expect((edited == nil) == allows(cell.edit, owner), "\(role) edits \(table.name).\(register.name)")
        if let edited { #expect(["permission", "owner"].contains(edited.code)) }
    }

    private func allows(_ reach: Permission.Reach, _ owner: String) -> Bool {
        switch reach {
        case .none: false
        case .own: owner == "ME01"
        case .any: true
        }
    }

    @Test func `a peer sets no goals and no focus`() {
        let person = Make.view("participant", ["code": .text("P1")])
        for field in ["goals", "focus"] {
            let peer = Make.judge("participant", [field: .text("x")], by: "PS01", .peer, before: person)
            #expect(peer?.code == "permission")
            let provider = Make.judge(
                "participant", [field: .text("x")], by: "PP01", .primaryProvider, before: person)
            #expect(provider == nil)
        }
    }

    @Test(arguments: Role.allCases)
    func `nobody makes a peer a primary provider`(role: Role) {
        let directory = [Make.staff("PS01", .peer), Make.staff("PP01", .primaryProvider)]
        let person = Make.view("participant", ["code": .text("P1")])
        let peer = Make.judge(
            "participant", ["primary_provider": .text("PS01")], by: "ME01", role, before: person,
            directory: directory)
        #expect(peer?.code == "permission")
        let provider = Make.judge(
            "participant", ["primary_provider": .text("PP01")], by: "ME01", role, before: person,
            directory: directory)
        let allowed: Set<Role> = [.primaryProvider, .supervisor, .administrator, .sync]
        #expect((provider == nil) == allowed.contains(role))
    }

    @Test(arguments: Role.allCases) func `only administrators write staff, sites and teams`(role: Role) {
        for table in ["staff", "site", "team"] {
            let before = Make.view(table, ["code": .text("X")])
            let refusal = Make.judge(table, ["name": .text("New")], by: "ME01", role, before: before)
            #expect((refusal == nil) == (role == .administrator))
        }
        let promotion = Make.judge(
            "staff", ["role": .text("administrator")], by: "ME01", role, before: Make.staff("ME01", role))
        #expect((promotion == nil) == (role == .administrator))
    }

    @Test func `an unknown role, table or register is refused`() {
        #expect(Make.judge("site", [], by: "X", "janitor")?.code == "permission")
        #expect(Make.judge("nothing", [], by: "X", "peer")?.code == "schema")
        let write = [RegisterWrite("later", [.none])]
        let before = Make.view("participant", ["code": .text("P1")])
        #expect(
            Make.judge("participant", write, by: "X", "administrator", before: before)?.code == "permission")
    }

    @Test func `who settles a register is who may write it in anybody's record`() {
        func settling(_ table: String, _ register: String, _ fields: [String: Value] = [:]) -> String {
            Permissions.standard.settling(register: register, of: Make.view(table, fields))
        }
        let office = "a supervisor or an administrator"
        #expect(settling("participant", deletedRegister) == "an administrator")
        #expect(settling("participant", "redirect") == office && settling("check_in", "void") == office)
        #expect(settling("participant", "focus") == "a primary provider")
        // Written once, or signed.
        #expect(settling("check_in", "what") == "an administrator")
        #expect(settling("session", "time") == office)
        #expect(settling("session", "time", ["signed_at": .integer(7)]) == "an administrator")
        #expect(settling("session", "void", ["signed_at": .integer(7)]) == office)
        // What nobody may write, an administrator is asked about.
        #expect(settling("decision", "what") == "an administrator")
    }

    @Test func `its owner settles what is theirs, as long as it is not signed`() {
        func may(_ role: Role, _ staff: String, _ register: String, signed: Bool = false) -> Bool {
            var fields: [String: Value] = ["peer": .text("PS07")]
            if signed { fields["signed_at"] = .integer(7) }
            let view = Make.view("check_in", fields)
            #expect(
                Permissions.standard.owner(settling: register, of: view)
                    == (register == "what" || signed && register == "note" ? nil : "PS07"))
            return Permissions.standard.maySettle(register, of: view, role: role, staff: staff)
        }
        #expect(may(.peer, "PS07", "void") && may(.peer, "PS07", "note"))
        #expect(!may(.peer, "PS09", "void") && !may(.peer, "PS09", "note"))
        #expect(may(.supervisor, "SV01", "void") && !may(.supervisor, "SV01", "note"))
        #expect(may(.administrator, "AD01", "void") && may(.administrator, "AD01", "note"))
        #expect(!may(.primaryProvider, "PP01", "void") && !may(.nurse, "N01", "void"))
        #expect(!may(.peer, "PS07", "note", signed: true) && may(.peer, "PS07", "void", signed: true))
        #expect(may(.administrator, "AD01", "note", signed: true) && !may(.peer, "PS07", "what"))
        // What is signed, whoever may write it otherwise.
        for (role, isSigned) in [(Role.supervisor, false), (.supervisor, true), (.administrator, true)] {
            let fields: [String: Value] = isSigned ? ["signed_at": .integer(7)] : [:]
            #expect(
                Permissions.standard.maySettle(
                    "time", of: Make.view("session", fields), role: role, staff: "SV01")
                    == (role == .administrator || !isSigned))
        }
        // Nobody's own: a participant's record.
        let person = Make.view("participant", [:])
        #expect(Permissions.standard.owner(settling: "contact", of: person) == nil)
        #expect(Permissions.standard.maySettle("contact", of: person, role: .peer, staff: "PS09"))
    }
}
