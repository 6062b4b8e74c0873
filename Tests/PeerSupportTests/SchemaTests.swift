import PeerSupport
import SyncModel
import Testing

@Suite struct SchemaTests {
    let schema = PeerSupportSchema.schema

    @Test func `has every table once`() {
        #expect(
            schema.tables.map(\.name) == [
                "site", "team", "staff", "participant", "assignment", "enrollment", "check_in", "session",
                "attendance", "referral", "consult", "escalation", "supervision", "decision", "notice",
            ])
        #expect(schema.version == 2)
    }

    @Test func `names are plain, and unique in their table`() {
        for table in schema.tables {
            let registers = table.registers.map(\.name)
            #expect(Set(registers).count == registers.count, "\(table.name)")
            #expect(!registers.contains(deletedRegister))
            let fields = table.registers.flatMap { $0.fields.map(\.name) }
            #expect(Set(fields).count == fields.count, "\(table.name)")
            for name in registers + fields + [table.name] {
                #expect(name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" }, "\(name)")
                #expect(name.utf8.count <= Limits.nameBytes)
                #expect(!["id", "rowid", "deleted", "conflicts"].contains(name), "\(table.name).\(name)")
            }
        }
    }

    @Test func `stays within the limits of the protocol`() {
        for table in schema.tables {
            #expect(table.registers.count < Limits.registersPerChange / 2)
            for register in table.registers {
                #expect(!register.fields.isEmpty)
                #expect(register.fields.count <= Limits.valuesPerRegister)
            }
        }
    }

    @Test func `references name tables that exist`() {
        for field in schema.tables.flatMap(\.registers).flatMap(\.fields) {
            if case .reference(let table) = field.kind, table != anyTable {
                #expect(schema.table(table) != nil)
            }
        }
    }

    @Test func `of every field that holds a code it is known what the code names`() {
        // Those that name nobody, and those whose own code is the key of the record.
        let others: Set<String> = [
            "site.code", "team.code", "staff.code", "site.place_of_service", "team.floor", "staff.floor",
            "enrollment.program", "session.program", "decision.subject_register", "notice.subject_register",
        ]
        var found: Set<String> = []
        for table in schema.tables {
            for field in table.registers.flatMap(\.fields) where field.name != "recorded_by" {
                let isCode = field.kind == .text(limit: Limits.nameBytes)
                let name = "\(table.name).\(field.name)"
                if isCode, CodeOf.field(field.name, of: table.name) == nil { found.insert(name) }
                #expect(isCode || CodeOf.field(field.name, of: table.name) == nil, "\(name)")
            }
        }
        #expect(found == others)
        #expect(CodeOf.field("site", of: "participant") == .site)
        #expect(CodeOf.field("to_team", of: "referral") == .team)
        #expect(CodeOf.field("to_peer", of: "referral") == .peer)
        #expect(CodeOf.field("peer", of: "assignment") == .peer)
        #expect(CodeOf.field("code", of: "participant") == .participant)
        #expect(CodeOf.field("primary_provider", of: "participant") == .staff)
    }

    @Test(arguments: [
        "participant", "assignment", "enrollment", "check_in", "session", "attendance", "referral", "consult",
        "escalation", "supervision",
    ])
    func `facts say who recorded them, once`(name: String) throws {
        let provenance = try #require(schema.table(name)?.register("provenance"))
        #expect(provenance.isFixed)
        #expect(provenance.fields.map(\.name) == ["recorded_by", "recorded_at"])
        #expect(provenance.fields.allSatisfy { $0.isOptional })
    }

    @Test func `a void mark has its values where its fields are`() {
        let mark = RegisterWrite("void", VoidMark.values(at: 7, by: "PS01", reason: "twice"))
        for table in schema.tables where table.register("void") != nil {
            let state = RecordState(table: table.name, live: [Make.live(1, [mark])])
            let view = RecordView(id: Make.id(9), state: state, table: table)
            #expect(view["voided_at"] == .integer(7) && view["voided_by"] == .text("PS01"), "\(table.name)")
            #expect(view["void_reason"] == .text("twice"), "\(table.name)")
        }
    }

    @Test(arguments: ["check_in", "session"])
    func `a signed note outranks a later unsigned edit`(name: String) throws {
        let table = try #require(schema.table(name))
        let signed = Make.conflicted(
            name, ["did": .text("signed"), "signed_at": .integer(5)], other: ["did": .text("later")])
        #expect(signed["did"] == .text("signed"))
        #expect(signed.conflicts == ["note"])
        let place = try #require(table.place(of: "signed_at"))
        #expect(place.register.rank == .whenSet(index: place.index))
    }

    @Test func `has no place for a peer's own health or reason of absence`() throws {
        let staff = try #require(schema.table("staff"))
        for field in staff.registers.flatMap(\.fields) {
            for word in ["health", "reason", "diagnos", "illness", "sick", "note", "participant"] {
                #expect(!field.name.contains(word), "\(field.name)")
            }
        }
        let participant = try #require(schema.table("participant"))
        for field in participant.registers.flatMap(\.fields) {
            #expect(field.kind != .reference(table: "staff"), "\(field.name)")
        }
    }

    @Test func `the curriculum is twenty-two sessions in three phases`() {
        let curriculum = Curriculum.standard
        #expect(curriculum.count == 22)
        #expect((1...12).allSatisfy { curriculum.phase(of: $0) == .core })
        #expect((13...16).allSatisfy { curriculum.phase(of: $0) == .transition })
        #expect((17...22).allSatisfy { curriculum.phase(of: $0) == .maintenance })
        #expect(curriculum.phase(of: 0) == nil)
        #expect(curriculum.phase(of: 23) == nil)
        #expect(curriculum.day(of: 1) == 0)
        #expect(curriculum.day(of: 12) == 77)
        #expect(curriculum.day(of: 16) == 133)
        #expect(curriculum.day(of: 22) == 313)
        #expect(curriculum.due(byDay: -1) == 0)
        #expect(curriculum.due(byDay: 6) == 1)
        #expect(curriculum.due(byDay: 7) == 2)
        #expect(curriculum.due(byDay: 400) == 22)
    }

    @Test func `every table, register and field has a name that people read`() {
        for table in PeerSupportSchema.schema.tables {
            var names = [Labels.table(table.name), Labels.register(deletedRegister, in: table.name)]
            for register in table.registers {
                names.append(Labels.register(register.name, in: table.name))
                names += register.fields.map { Labels.field($0.name) }
            }
            for name in names {
                #expect(
                    !name.isEmpty && !name.contains("_") && !name.hasSuffix(" at"), "\(table.name): \(name)")
            }
        }
        #expect(Labels.aTable("attendance") == "an attendance" && Labels.aTable("check_in") == "a check-in")
        #expect(Labels.register("what", in: "check_in") == "participant, peer and activity")
        let domain = PeerSupportDomain()
        #expect(
            domain.words(of: .missing(table: "check_in", field: "start_at")) == "start must not be empty")
        #expect(domain.words(of: .unfit(table: "check_in", field: "did", why: "x")) == "what we did x")
        let errors: [SchemaError] = [
            .unknownTable("check_in"), .unknownRegister(table: "check_in", register: "next_step"),
            .fieldCount(table: "check_in", register: "start_at", expected: 1, found: 2),
            .malformed(table: "check_in"),
        ]
        for error in errors { #expect(!domain.words(of: error).contains("_"), "\(domain.words(of: error))") }
        #expect(domain.words(ofRegister: "contact", in: "participant") == "phone and best way to reach them")
    }
}
