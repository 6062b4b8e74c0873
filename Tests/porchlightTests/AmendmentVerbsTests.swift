import PeerSupport
import SyncModel
import SyncReplica
import SyncWire
import Testing

@testable import porchlight

/// A check-in that was corrected twice, from the list of conflicts to the decision.
@Suite("Check-ins that were corrected apart, on the command line") struct AmendmentVerbsTests {
    /// A laptop with a check-in and two corrections of it, as a sync leaves it that brings the second.
    private struct Twice {
        let desk: CareDesk
        let original: RecordID
        let first: RecordID
        let second: RecordID

        /// - Parameter third: what a third correction says, where there is one.
        init(staff: String = "PS07", role: String = "peer", third: String? = nil) async throws {
            desk = try await CareDesk(staff: staff, role: role)
            let replica = try desk.replica()
            original = try Self.make(replica, "walked to the shop", minutes: 20, amends: nil)
            first = try Self.make(replica, "walked to the pharmacy", minutes: 25, amends: original)
            second = try Self.make(replica, "walked to the clinic", minutes: 40, amends: original)
            if let third { _ = try Self.make(replica, third, minutes: 50, amends: original) }
            try await desk.sync()
        }

        private static func make(
            _ replica: Replica, _ did: String, minutes: Int64, amends: RecordID?
        ) throws -> RecordID {
            let start = TestDesk.now - 86_400
            let writes = try Writes(
                "check_in",
                [
                    "participant": .reference(Harbor.participant("P0142")), "peer": .text("PS07"),
                    "activity": .text("check_in"), "amends": amends.map { .reference($0) },
                    "start_at": .integer(start), "end_at": .integer(start + minutes * 60),
                    "minutes": .integer(minutes), "did": .text(did),
                ])
            let made = try replica.edit { edit in
                _ = try edit.create("check_in", writes.registers)
                // The second of two that did not know of each other finds it void already.
                guard let amends, try edit.view(amends)?["voided_at"].isNone == true else { return }
                try edit.write(
                    amends,
                    [RegisterWrite("void", [.integer(TestDesk.now), .text("PS07"), .text("corrected")])])
            }
            return try #require(made.records.first { $0 != amends })
        }

        var name: String { "\(original.short).amendments" }

        func counting() throws -> [RecordID] {
            try desk.replica().find(Query("check_in")).compactMap { CheckIn($0) }.filter(\.counts).map(\.id)
        }

        func open() throws -> [Conflict] { try OpenConflicts(in: desk.replica()).all }
        func decisions() throws -> [Decision] { try OpenConflicts.decisions(in: desk.replica()) }
    }

    @Test func `both corrections are listed and shown, with what they correct`() async throws {
        let twice = try await Twice()
        let list = twice.desk.run("conflicts", "--kind", "amendments")
        #expect(list.code == 0 && list.out.contains("[amendments: corrected twice]"), "\(list)")
        #expect(list.out.contains("of P0142 Ana Lopez") && list.out.contains("  \(twice.name)@"))
        #expect(twice.desk.run("status").out.contains("1 thing to decide (porchlight conflicts)"))
        let shown = twice.desk.run("conflicts", "show", twice.name)
        #expect(shown.code == 0)
        for line in [
            "minutes:\n  corrected  20\n  A  25\n  B  40\n",
            "what we did:\n  corrected  walked to the shop\n  A  walked to the pharmacy\n  B  walked to the clinic\n",
            "A  porchlight checkin show \(twice.first.short)", "(the others are void from then on)",
        ] {
            #expect(shown.out.contains(line), "\(line)\n\(shown.out)")
        }
        #expect(!shown.out.contains("what they said:"))
        let json = twice.desk.run("conflicts", "--json").out
        for part in [
            #""kind":"amendments","record":"\#(twice.original.text)""#, #""severity":"ask""#,
            #""letter":"B","shown":false,"state":"correction","author":"PS07""#,
            #""record":"\#(twice.second.text)","writes":{"time":{"start_at":"#, #""minutes":40}"#,
        ] {
            #expect(json.contains(part), "\(part)\n\(json)")
        }
    }

    @Test func `the one that is kept counts, and the other is void, with a decision of its own`() async throws
    {
        let twice = try await Twice(staff: "AD01", role: "administrator")
        #expect(try twice.open().map(\.kind) == [.amendments])
        #expect(try twice.counting().count == 2)
        let told = twice.desk.run("resolve", twice.name, "--keep", "B", "--reason", "rang her up")
        #expect(told.code == 0, "\(told)")
        #expect(told.out.contains("what we did walked to the clinic"))
        #expect(told.out.contains("not kept: ") && told.out.contains("walked to the pharmacy"))
        #expect(try twice.counting() == [twice.second])
        let voided = try #require(try twice.desk.replica().view(twice.first))
        #expect(voided["void_reason"].text == "rang her up" && voided["voided_by"].text == "AD01")
        let decision = try #require(try twice.decisions().first)
        #expect(try twice.decisions().count == 1)
        #expect(decision.kind == .resolve && decision.register == "void" && decision.subject == twice.first)
        #expect(decision.other == twice.second && decision.reason == "rang her up")
        #expect(decision.valuesBefore.map(\.values) == [[.none, .none, .none]])
        #expect(decision.valuesAfter.first?.values == voided.values(of: "void"))
        #expect(try twice.open().isEmpty)
        // The register says which one counts, what that says, and whose it is.
        let register = twice.desk.run("conflicts", "export").out
        for part in [
            "void reason rang her up; check-in \(twice.second.short) (start ",
            "minutes 40, what we did walked to the clinic) counts\"",
            "\(Harbor.participant("P0142").text),P0142 Ana Lopez\r\n",
        ] {
            #expect(register.contains(part), "\(part)\n\(register)")
        }
        // All of it was entered together.
        #expect(Set(try twice.desk.replica().outbox().map(\.transaction)).count == 1)
        #expect(twice.desk.run("resolve", twice.name, "--keep", "A", "--reason", "late").code == 65)
    }

    @Test func `of three the register names all that there were to choose from, and not what they correct`()
        async throws
    {
        let three = try await Twice(staff: "AD01", role: "administrator", third: "walked to the park")
        let name = try #require(
            three.desk.run("conflicts").out.firstMatch(of: /[0-9a-f]{8}\.amendments@[0-9a-f]{4}/)?.output)
        let kept = three.desk.run("resolve", String(name), "--keep", "C", "--reason", "rang her up")
        #expect(kept.code == 0, "\(kept)")
        let rows = three.desk.run("conflicts", "export").out.split(separator: "\r\n").dropFirst()
        #expect(rows.count == 2)
        for row in rows {
            let choice = try #require(row.firstMatch(of: /to choose from: ([^"]*)"/)?.output.1)
            #expect(choice.split(separator: " | ").count == 3, "\(choice)")
            for place in ["pharmacy", "clinic", "park"] { #expect(choice.contains(place), "\(choice)") }
        }
    }

    @Test func `asked again it shows the corrections that one chooses between`() async throws {
        let twice = try await Twice(staff: "AD01", role: "administrator")
        #expect(twice.desk.run("resolve", twice.name, "--keep", "B", "--reason", "rang her up").code == 0)
        let decision = try #require(try twice.decisions().first)
        #expect(twice.desk.run("reopen", decision.id.short, "--reason", "look at both").code == 0)
        let open = try #require(try twice.open().first)
        #expect(open.kind == .contested)
        for verb in [["conflicts"], ["conflicts", "show", open.name]] {
            let said = twice.desk.run(verb).out
            for (check, words) in [
                (twice.second, "walked to the clinic"), (twice.first, "walked to the pharmacy"),
            ] {
                #expect(
                    said.contains(try Regex("check-in \(check.short) \\([^)]*\(words)\\) counts")),
                    "\(words): \(said)")
            }
        }
        let register = twice.desk.run("conflicts", "export").out
        #expect(register.contains("to choose from: check-in \(twice.first.short) (start "), "\(register)")
        #expect(register.contains(" | check-in \(twice.second.short) (start "), "\(register)")
    }

    @Test func `the newest of many, all at once, and no other value`() async throws {
        let twice = try await Twice()
        #expect(twice.desk.run("resolve", twice.name, "--value", "minutes=5", "--reason", "x").code == 65)
        #expect(twice.desk.run("resolve", twice.name, "--keep", "both", "--reason", "x").code == 65)
        #expect(twice.desk.run("resolve", twice.name + "@0000", "--keep", "A", "--reason", "x").code == 65)
        #expect(try twice.counting().count == 2)
        #expect(try twice.decisions().isEmpty)
        let done = twice.desk.run(
            "resolve", "--all", "--kind", "amendments", "--keep", "newest", "--reason", "agreed", "--yes")
        #expect(done.code == 0, "\(done)")
        #expect(try twice.counting() == [twice.second])
    }

    @Test func `a decision that is taken back is open again, and decided anew it is closed`() async throws {
        let twice = try await Twice()
        #expect(twice.desk.run("resolve", twice.name, "--keep", "A", "--reason", "first").code == 0)
        let first = try #require(try twice.decisions().first)
        let undone = twice.desk.run("resolve", "--undo", first.id.short, "--reason", "wrong one")
        #expect(undone.code == 0 && undone.out.contains(": it counts again\n"), "\(undone)")
        #expect(try twice.counting().count == 2)
        // It is the same question, with what was decided and why somebody asks again.
        #expect(try twice.open().map(\.kind) == [.amendments])
        let open = twice.desk.run("reopen", first.id.short, "--reason", "look at both")
        #expect(
            open.code == 65 && open.err.contains("PS07 took it back, and it is open")
                && open.err.contains("porchlight conflicts show \(twice.name)\n"), "\(open)")
        let shown = twice.desk.run("conflicts", "show", twice.name)
        #expect(
            shown.out.contains(
                "\n  Decided by PS07 today 09:30: first\n  PS07 took it back today 09:30: wrong one\n"),
            "\(shown)")
        for letter in ["A", "B"] {
            let again = twice.desk.run("resolve", twice.name, "--keep", letter, "--reason", "now \(letter)")
            #expect(again.code == (letter == "A" ? 0 : 65), "\(again)")
        }
        #expect(try twice.counting() == [twice.first])
        #expect(try twice.open().isEmpty)
    }

    @Test func `the one whose void was taken back is kept after all`() async throws {
        let twice = try await Twice()
        #expect(twice.desk.run("resolve", twice.name, "--keep", "A", "--reason", "first").code == 0)
        let first = try #require(try twice.decisions().first)
        #expect(twice.desk.run("resolve", "--undo", first.id.short, "--reason", "wrong one").code == 0)
        let kept = twice.desk.run("resolve", twice.name, "--keep", "B", "--reason", "this one", "--json")
        #expect(kept.code == 0, "\(kept)")
        // That it counts, and that the other does not, are two decisions; both together are taken back.
        let made = try twice.decisions().filter { $0.reason == "this one" }.map(\.id)
        #expect(made.count == 2)
        let named = try #require(kept.out.firstMatch(of: /"decisions":\[([^\]]*)\]/)?.output.1)
        #expect(Set(named.split(separator: ",").map(String.init)) == Set(made.map { "\"\($0.text)\"" }))
        #expect(try twice.counting() == [twice.second])
        #expect(try twice.open().isEmpty)
    }

    @Test func `both commands that take a decision back are said to belong together`() async throws {
        let twice = try await Twice()
        #expect(twice.desk.run("resolve", twice.name, "--keep", "A", "--reason", "first").code == 0)
        let first = try #require(try twice.decisions().first)
        #expect(twice.desk.run("resolve", "--undo", first.id.short, "--reason", "wrong one").code == 0)
        let kept = twice.desk.run("resolve", twice.name, "--keep", "B", "--reason", "this one")
        #expect(
            kept.out.contains("\nIt is 2 decisions; all of these belong together:\nTake it back: "), "\(kept)"
        )
        for line in kept.out.matches(of: /Take it back: porchlight resolve --undo (\w+)/) {
            #expect(
                twice.desk.run("resolve", "--undo", String(line.output.1), "--reason", "no").code == 0)
        }
        #expect(try twice.open().map(\.kind) == [.amendments])
    }

    @Test func `whose own correction counts is told so, and not that it was decided otherwise`() async throws
    {
        let twice = try await Twice(staff: "AD01", role: "administrator")
        #expect(twice.desk.run("resolve", twice.name, "--keep", "B", "--reason", "rang her up").code == 0)
        let decision = try #require(try twice.decisions().first)
        let replica = try twice.desk.replica()
        // AD01 made it, though the visit is PS07's.
        for (staff, entry) in [
            ("AD01", "the entry that you corrected it to"), ("PS07", "another entry about the same visit"),
        ] {
            try replica.edit { edit in
                _ = try edit.create(
                    "notice",
                    try Writes(
                        "notice",
                        [
                            "to_staff": .text(staff), "decision": .reference(decision.id),
                            "subject": .reference(twice.first), "at": .integer(TestDesk.now),
                        ]
                    ).registers)
            }
            let told = try #require(try NoticeList(in: replica, for: staff).decided.first)
            #expect(told.what(decision, "check_in") == "it is void, and \(entry) counts.")
        }
    }

    /// A correction had voided it, and somebody who did not know of that signed it: which of the two stays is a second
    /// question, and whoever answers the first is told of it before and after.
    @Test func `that a corrected one counts asks which of the two stays, and says so`() async throws {
        let visit = Identifier(high: 0x0199_aaaa_bbbb_7ccc, low: 0x8000_0000_dead_beef)
        let correction = Identifier(high: 0x0199_aaaa_bbbb_7ccc, low: 0x8000_0000_feed_beef)
        let at = TestDesk.now * 1_000_000
        func live(
            _ laptop: UInt64, _ n: UInt64, _ fields: KeyValuePairs<String, Value?>, minutes: Int64
        ) throws -> LiveChange {
            LiveChange(
                dot: Dot(Identifier(high: laptop, low: laptop), n), author: "PS07",
                writes: try Writes("check_in", fields).registers,
                context: n == 1 ? Context() : Context([.init(Identifier(high: 9, low: 9), 1)]),
                effective: EffectiveTime(microseconds: at - minutes * 60_000_000),
                deviceMicroseconds: at - minutes * 60_000_000)
        }
        func said(_ text: String, amends: RecordID?) -> KeyValuePairs<String, Value?> {
            [
                "participant": .reference(Harbor.participant("P0142")), "peer": .text("PS07"),
                "activity": .text("check_in"), "start_at": .integer(TestDesk.now - 86_400),
                "did": .text(text), "amends": amends.map { .reference($0) },
            ]
        }
        let void: KeyValuePairs<String, Value?> = [
            "voided_at": .integer(TestDesk.now - 1_800), "voided_by": .text("PS07"),
            "void_reason": .text("it was the dentist"),
        ]
        let original = try [
            live(9, 1, said("walked", amends: nil), minutes: 90), live(9, 3, void, minutes: 30),
            live(8, 2, ["did": .text("walked far")], minutes: 20),
        ]
        let other = try [live(9, 1, said("dentist", amends: visit), minutes: 30)]
        let records = [(visit, original), (correction, other)].map { id, live in
            PageRecord(
                id: id, keys: ["all"],
                body: .state(StateCodec.encode(RecordState(table: "check_in", live: live))))
        }
        let desk = try TestDesk(
            server: PlayedServer { request in
                PlayedServer.takes(request, records: request.hello.cursor.isEmpty ? records : [])
            })
        let replica = try desk.enrolled(role: "administrator")
        _ = try await replica.sync(with: desk.server)
        func run(_ arguments: String...) -> (code: Int32, out: String) {
            let before = desk.out.text.count
            let code = Command.run(arguments + ["--replica", desk.path], in: desk.world, on: desk.screen)
            return (code, String(desk.out.text.dropFirst(before)))
        }
        let open = try #require(try OpenConflicts(in: replica).all.first)
        #expect(open.kind == .void && open.correction == nil)
        let shown = run("conflicts", "show", open.name)
        #expect(
            shown.out.contains("B (it counts; which stays, it or its correction, is asked then)"), "\(shown)")
        let kept = run("resolve", open.name, "--keep", "B", "--reason", "it was so")
        let line =
            "This asks something else (corrected, and counting itself): porchlight conflicts show \(visit.short).amendments\n"
        #expect(kept.code == 0 && kept.out.contains(line), "\(kept)")
        // Whatever raises nothing says nothing.
        let last = run(
            "resolve", "\(visit.short).amendments", "--keep", "A", "--reason", "the first one", "--json")
        #expect(last.code == 0 && last.out.contains(#""asked":[]"#), "\(last)")
    }
}
