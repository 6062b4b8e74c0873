import PeerSupport
import SyncModel
import SyncReplica
import SyncWire
import Testing

@testable import porchlight

/// What the register of decisions says of what stood before a decision and what stands since.
@Suite("Before and after a decision") struct ExportedWordsTests {
    /// The register as a laptop exports it: of each entry some columns, by their names.
    private func exported(_ desk: TestDesk, _ columns: String...) throws -> [[String]] {
        let before = desk.out.text.count
        #expect(desk.run("conflicts", "export") == 0, "\(desk.err.text)")
        let lines = String(desk.out.text.dropFirst(before)).split(separator: "\r\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let headers = try #require(lines.first)
        let places = try columns.map { try #require(headers.firstIndex(of: $0), "\($0)") }
        return lines.dropFirst().map { line in places.map { line[$0] } }
    }

    private func people() throws -> (TestDesk, Replica) {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        try replica.addParticipant("P0191", "Ben", family: "Ode")
        try replica.addParticipant("P0188", "Benjamin", family: "Ode")
        return (desk, replica)
    }

    @Test func `of a merge and its end they say into whom`() throws {
        let (desk, replica) = try people()
        // A caseload that a merge gives is none of its words.
        let old = try #require(
            try replica.find(Query("participant", where: [.equals("code", .text("P0191"))])).first)
        try replica.edit { edit in
            try edit.create(
                "assignment",
                [
                    RegisterWrite("what", [.reference(old.id), .text("PS07"), .text("own"), .none]),
                    RegisterWrite("period", [.integer(20_000), .none]),
                ])
        }
        #expect(
            desk.run("participant", "merge", "P0191", "--into", "P0188", "--yes", "--reason", "address") == 0)
        #expect(desk.run("participant", "unmerge", "P0191", "--reason", "father and son") == 0)
        let rows = try exported(desk, "kind", "before", "after").sorted { $0[0] < $1[0] }
        #expect(
            rows == [
                ["merge", "not merged", "merged into P0188 Benjamin Ode"],
                ["unmerge", "merged into P0188 Benjamin Ode (SV01)", "not merged"],
            ])
    }

    @Test func `of two that may be one person they say who the other is, each time it was decided`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        let ana = try replica.addParticipant("P0300", "Ana")
        let bea = try replica.addParticipant("P0300", "Bea")
        let name = "\(min(ana, bea).short).same-as-\(max(ana, bea).short)"
        let other = ana < bea ? "P0300 Bea" : "P0300 Ana"
        #expect(desk.run("resolve", name, "--keep", "both", "--reason", "met both") == 0)
        let first = try #require(try OpenConflicts.decisions(in: replica).first)
        #expect(desk.run("resolve", "--undo", first.id.short, "--reason", "not sure") == 0)
        #expect(desk.run("resolve", name, "--keep", "A", "--reason", "one") == 0, "\(desk.err.text)")
        let rows = try exported(desk, "kind", "before", "after", "question_id").sorted { $0[0] < $1[0] }
        let apart = "not one person with \(other)"
        try #require(rows.map { $0[0] } == ["distinct", "merge", "undo"], "\(rows)")
        #expect(Array(rows[0][1...2]) == ["may be one person with \(other)", apart])
        // The other of a merge is the one that stays: A.
        let kept = ana < bea ? "P0300 Ana" : "P0300 Bea"
        #expect(
            Array(rows[1][1...2]) == [
                "to be decided again (SV01); before that not one person with \(kept) (SV01)",
                "merged into \(kept)",
            ])
        #expect(Array(rows[2][1...2]) == ["\(apart) (SV01)", "to be decided again"])
        #expect(Set(rows.map { $0[3] }) == [first.id.text])
    }

    @Test func `what was taken back and decided anew is one question, and another field is another`()
        async throws
    {
        let apart = try await Apart()
        #expect(apart.desk.run("resolve", "P0142", "contact", "--keep", "B", "--reason", "first") == 0)
        let first = try #require(apart.decisions.first)
        #expect(apart.desk.run("reopen", first.id.short, "--reason", "look again") == 0)
        let name = "deadbeef.contested-\(first.id.short)"
        #expect(
            apart.desk.run("resolve", name, "--keep", "B", "--reason", "second") == 0,
            "\(apart.desk.err.text)")
        let second = try #require(apart.decisions.first { $0.reason == "second" })
        #expect(apart.desk.run("resolve", "--undo", second.id.short, "--reason", "third") == 0)
        #expect(
            apart.desk.run("participant", "renumber", "P0142", "--to", "P0143", "--reason", "fourth") == 0)
        let rows = try exported(apart.desk, "reason", "question_id", "contested_at", "decided_at")
        let questions = Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
        try #require(questions.count == 4, "\(rows)")
        #expect(Set(["first", "second", "third"].compactMap { questions[$0] }) == [first.id.text])
        #expect(questions["fourth"] != first.id.text)
        #expect(rows.allSatisfy { $0[3] == "2026-03-02T14:30:00Z" })
        #expect(rows.first { $0[0] == "first" }?[2] == "2026-03-02T14:30:00Z")
        // For programs too.
        let text = apart.desk.out.text.count
        #expect(apart.desk.run("conflicts", "export", "--json") == 0)
        #expect(
            String(apart.desk.out.text.dropFirst(text)).ranges(of: #""question":"\#(first.id.text)""#).count
                == 3)
    }

    @Test func `what answers a decision that is not on this laptop is of the question of that one`() throws {
        let (desk, replica) = try people()
        let subject = try #require(try replica.find(Query("participant")).first?.id)
        let elsewhere = Identifier(high: 1, low: 7)
        try replica.edit { edit in
            _ = try DecisionRecord(
                kind: .resolve, subject: subject, register: "contact", other: nil, answers: elsewhere,
                by: "SV01", at: 1, reason: "seen", before: nil, after: nil
            ).write(to: edit, telling: [])
        }
        let off = try #require(try OpenConflicts.decisions(in: replica).first)
        #expect(DecisionChains([off]).first(of: off) == elsewhere)
        #expect(DecisionChains([off]).answered(by: off) == nil)
        #expect(try exported(desk, "question_id") == [[elsewhere.text]])
    }

    @Test func `what was decided between several decisions names each of them`() throws {
        let (desk, replica) = try people()
        let ids = try replica.find(Query("participant")).map(\.id)
        func write(_ reason: String, answering closed: [Decision]) throws -> Decision {
            try replica.edit { edit in
                _ = try DecisionRecord(
                    kind: .distinct, subject: ids[0], register: nil, other: ids[1],
                    answers: closed.last?.id, by: "SV01", at: TestDesk.now, reason: reason,
                    before: Decision.naming(closed), after: nil
                ).write(to: edit, telling: [])
            }
            return try #require(try OpenConflicts.decisions(in: replica).first { $0.reason == reason })
        }
        let apart = [try write("here", answering: []), try write("there", answering: [])]
        _ = try write("both read", answering: apart)
        let rows = try exported(desk, "reason", "answers", "participant", "participant_name")
        let row = try #require(rows.first { $0[0] == "both read" })
        #expect(Set(row[1].split(separator: " | ").map(String.init)) == Set(apart.map(\.id.text)), "\(rows)")
        #expect(rows.filter { $0[1].isEmpty }.count == 2)
        let name = try Wording.label(of: #require(try replica.view(ids[0])))
        #expect(Array(row[2...3]) == [ids[0].text, name])
    }

    /// SV01 decided for what PS05 had written, and PS09 wrote something else who did not know of it.
    @Test func `a value that somebody decided for is its author's`() async throws {
        let apart = try await Apart()
        func value(_ author: String, _ phone: String) -> DecidedValue {
            DecidedValue(author: author, effective: nil, values: [.text(phone), .none])
        }
        try apart.replica.edit { edit in
            _ = try DecisionRecord(
                kind: .resolve, subject: apart.person, register: "contact", other: nil, answers: nil,
                by: "SV01", at: TestDesk.now - 3_600, reason: "rang her up",
                before: DecidedValue.text([value("PS07", "555 0111"), value("PS05", "555 0199")]),
                after: DecidedValue.text([value("SV01", "555 0199")])
            ).write(to: edit, telling: [])
        }
        #expect(apart.desk.run("conflicts", "--json") == 0)
        #expect(apart.desk.out.text.contains(#""author":"PS05","decided_by":"SV01""#))
        #expect(apart.desk.out.text.contains(#""author":"PS09","decided_by":null"#))
        #expect(apart.desk.run("conflicts", "show", "deadbeef.contact") == 0)
        #expect(
            apart.desk.out.text.contains("A  shown  PS05, decided by SV01"), "\(apart.desk.out.text)")
        #expect(apart.desk.out.text.contains("A  was decided by SV01"), "\(apart.desk.out.text)")
        #expect(apart.desk.run("resolve", "P0142", "contact", "--keep", "B", "--reason", "hers") == 0)
        let made = try #require(apart.decisions.first { $0.reason == "hers" })
        #expect(apart.desk.run("resolve", "--undo", made.id.short, "--reason", "no") == 0)
        let rows = try exported(apart.desk, "reason", "before", "after")
        #expect(
            rows.first { $0[0] == "hers" }.map { Array($0.dropFirst()) }
                == ["phone 555 0199 (PS05) | phone 555 0134 (PS09)", "phone 555 0134"], "\(rows)")
        // What was taken back had been PS09's, and it is asked again.
        #expect(
            rows.first { $0[0] == "no" }.map { Array($0.dropFirst()) }
                == ["phone 555 0134 (PS09)", "to be decided again; shown until then: phone 555 0199"],
            "\(rows)")
        // Whose value SV01 had not kept is told what becomes of that.
        #expect(Set(apart.notices.map(\.to)) == ["PS05", "PS07", "PS09"])
    }

    private func decide(
        _ replica: Replica, _ subject: RecordID, _ register: String, _ before: [DecidedValue],
        _ after: [Value],
        other: RecordID? = nil, reason: String, telling: [String] = []
    ) throws {
        try replica.edit { edit in
            _ = try DecisionRecord(
                kind: .resolve, subject: subject, register: register, other: other, answers: nil, by: "SV01",
                at: TestDesk.now, reason: reason, before: DecidedValue.text(before),
                after: DecidedValue.text([DecidedValue(author: "SV01", effective: nil, values: after)])
            ).write(to: edit, telling: telling)
        }
    }

    private func visit(_ replica: Replica, _ person: RecordID, _ did: String, amends: RecordID? = nil) throws
        -> RecordID
    {
        let writes = try Writes(
            "check_in",
            [
                "participant": .reference(person), "peer": .text("SV01"), "activity": .text("check_in"),
                "amends": amends.map { .reference($0) }, "start_at": .integer(TestDesk.now - 7_200),
                "did": .text(did),
            ])
        return try #require(
            try replica.edit { _ = try $0.create("check_in", writes.registers) }.records.first)
    }

    @Test func `a void mark is whose it says, the choice is named, and times are in UTC`() throws {
        let (desk, replica) = try people()
        let person = try #require(try replica.find(Query("participant")).first?.id)
        let first = try visit(replica, person, "walked")
        let one = try visit(replica, person, "walked far", amends: first)
        let two = try visit(replica, person, "rode", amends: first)
        let nothing = DecidedValue(author: "PS07", effective: nil, values: [.none, .none, .none])
        // Whoever decided wrote the mark once more, and so did nobody whom the decision names.
        for (author, record) in [("SV01", one), ("", two)] {
            try decide(
                replica, record, "void",
                [
                    DecidedValue(
                        author: author, effective: nil,
                        values: [.integer(TestDesk.now), .text("PS09"), .text("twice")]), nothing,
                ], [.none, .none, .none], other: record == one ? two : nil, reason: "asked \(author)")
        }
        let register = try desk.said("conflicts", "export")
        #expect(
            register.contains(
                "void reason twice (PS09) | not void (PS07 wrote on it); to choose from: check-in "
                    + "\(one.short) (start 2026-03-02 12:30 UTC, what we did walked far) | check-in \(two.short) (start "
                    + "2026-03-02 12:30 UTC, what we did rode)\""), "\(register)")
        // What decides it anew was a choice between the same two.
        #expect(
            register.contains(
                "void reason twice (PS09) | not void (PS07 wrote on it); to choose from: check-in "
                    + "\(two.short) (start 2026-03-02 12:30 UTC, what we did rode) | check-in \(one.short) (start "
                    + "2026-03-02 12:30 UTC, what we did walked far)\""), "\(register)")
        // Here they are told as clocks here say it.
        #expect(try desk.said("history", one.short).contains("09:30"))
    }

    @Test func `several that are void for one are told of once`() throws {
        let (desk, replica) = try people()
        let person = try #require(try replica.find(Query("participant")).first?.id)
        let first = try visit(replica, person, "walked")
        let visits = try ["walked far", "rode", "ran"].map { try visit(replica, person, $0, amends: first) }
        let mark: [Value] = [.integer(TestDesk.now), .text("SV01"), .text("one visit")]
        for one in [first] + visits.dropLast() {
            try replica.edit { try $0.write(one, [RegisterWrite("void", mark)]) }
        }
        for one in visits.dropLast() {
            try decide(
                replica, one, "void",
                [DecidedValue(author: "SV01", effective: nil, values: [.none, .none, .none])],
                mark, other: visits[2], reason: "asked them all", telling: ["SV01"])
        }
        let told = try desk.said("notices")
        #expect(told.ranges(of: "SV01 today 09:30: asked them all").count == 1, "\(told)")
        #expect(
            told.contains("  The same of 1 other:\n") && told.ranges(of: "porchlight reopen ").count == 2,
            "\(told)")
    }

    @Test func `who only wrote is not said to have decided that it is not deleted`() throws {
        let (desk, replica) = try people()
        let person = try #require(try replica.find(Query("participant")).first?.id)
        try decide(
            replica, person, deletedRegister,
            [
                DecidedValue(author: "AD01", effective: nil, values: [.integer(1)]),
                DecidedValue(author: "PS07", effective: nil, values: [.integer(0)]),
            ], [.integer(0)], reason: "known")
        let rows = try exported(desk, "before", "after")
        #expect(rows == [["deleted (AD01) | not deleted (PS07 wrote on it)", "not deleted"]])
    }

    @Test func `what stands no more beside what stands is named`() throws {
        let (desk, replica) = try people()
        let person = try #require(try replica.find(Query("participant")).first?.id)
        try decide(
            replica, person, "contact",
            [DecidedValue(author: "PS07", effective: nil, values: [.text("1"), .text("mornings")])],
            [.text("2"), .none], reason: "rang")
        #expect(
            try desk.said("conflicts", "export").contains(",\"phone 2, best way to reach them emptied\","))
    }

    @Test func `two people are named by the codes that they had then`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        let ana = try replica.addParticipant("P0300", "Ana")
        let bea = try replica.addParticipant("P0300", "Bea")
        try replica.edit { edit in
            _ = try DecisionRecord(
                kind: .distinct, subject: ana, register: nil, other: bea, answers: nil, by: "SV01",
                at: TestDesk.now - 60, reason: "met both", before: nil, after: nil
            ).write(to: edit, telling: [])
        }
        for (place, id) in [ana, bea].enumerated() {
            try desk.said("participant", "renumber", id.short, "--to", "P040\(place)", "--reason", "own code")
        }
        let other = ana < bea ? "Bea" : "Ana"
        let row = try #require(try exported(desk, "kind", "before", "after").first { $0[0] == "distinct" })
        #expect(
            row == [
                "distinct", "may be one person with P0300 \(other)", "not one person with P0300 \(other)",
            ])
    }

    /// A laptop whose clock is two hours ahead.
    @Test func `of a time that was accepted both readings are told`() async throws {
        let server = PlayedServer { request in
            let own = Set(try request.changes.map { try FrozenCodec.decode($0).change.record })
            return PlayedServer.takes(
                request, records: own.sorted().map { PageRecord(id: $0, keys: ["all"], body: .own) },
                serverSeconds: TestDesk.now - 7_200)
        }
        let desk = try TestDesk(server: server)
        let replica = try desk.enrolled(role: "administrator")
        try replica.addParticipant("P0191", "Ben")
        _ = try await replica.sync(with: server)
        let open = try #require(try OpenConflicts(in: replica).all.first)
        #expect(open.kind == .clock)
        try desk.said("resolve", open.name, "--keep", "A", "--reason", "the laptop was set")
        #expect(
            try exported(desk, "before", "after", "field") == [
                [
                    "asked whether it is right; the laptop said 2026-03-02 14:30 UTC",
                    "right as it stands: it counts at 2026-03-02 12:30 UTC", "time of writing",
                ]
            ])
    }
}
