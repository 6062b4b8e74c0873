import PeerSupport
import SyncModel
import SyncReplica
import SyncWire
import Testing

@testable import porchlight

/// A laptop on which something was written apart, because another laptop's record came with a sync.
struct Apart {
    let desk: TestDesk
    let replica: Replica
    let person: RecordID

    /// SV01 wrote one telephone number here and PS09 another elsewhere; both are confirmed.
    init(
        role: String = "supervisor", answers: [String]? = nil, theirs: [RegisterWrite]? = nil,
        mine: [RegisterWrite]? = nil
    ) async throws {
        let record = Identifier(high: 0x0199_aaaa_bbbb_7ccc, low: 0x8000_0000_dead_beef)
        let other = Identifier(high: 9, low: 9)
        let at = TestDesk.now * 1_000_000
        func live(
            _ incarnation: Identifier, _ n: UInt64, _ author: String, _ writes: [RegisterWrite],
            _ context: Context, minutes: Int64
        ) -> LiveChange {
            LiveChange(
                dot: Dot(incarnation, n), author: author, writes: writes.sorted { $0.register < $1.register },
                context: context, effective: EffectiveTime(microseconds: at - minutes * 60_000_000),
                deviceMicroseconds: at - minutes * 60_000_000)
        }
        let made = live(
            other, 1, "PS09",
            [
                RegisterWrite("identity", [.text("P0142")]),
                RegisterWrite("name", [.text("Ana"), .text("Lopez")]),
                RegisterWrite("home", [.text("S1"), .none, .none]),
            ], Context(), minutes: 600)
        let read = Context([.init(other, 1)])
        let kept = live(
            other, 2, "PS09", theirs ?? [RegisterWrite("contact", [.text("555 0134"), .none])], read,
            minutes: 60)
        let shown = live(
            Identifier(high: 8, low: 8), 1, "SV01",
            mine ?? [RegisterWrite("contact", [.text("555 0199"), .none])], read, minutes: 30)
        let state = RecordState(table: "participant", live: [made, kept, shown])
        let server = PlayedServer(answer: { request in
            PlayedServer.takes(
                request,
                records: request.hello.cursor.isEmpty
                    ? [PageRecord(id: record, keys: ["all"], body: .state(StateCodec.encode(state)))] : [])
        })
        desk = try TestDesk(server: server, answers: answers)
        replica = try desk.enrolled(role: role)
        person = record
        _ = try await replica.sync(with: server)
    }

    var contact: [[Value]] { (try? replica.siblings(person, of: "contact").map(\.values)) ?? [] }
    var decisions: [Decision] { (try? OpenConflicts.decisions(in: replica)) ?? [] }
    var notices: [Notice] { ((try? replica.find(Query("notice"))) ?? []).compactMap { Notice($0) } }
}

@Suite("Conflicts on the command line") struct ConflictVerbsTests {
    @Test func `lists the values with their letters, and how to decide`() async throws {
        let apart = try await Apart()
        #expect(apart.desk.run("conflicts") == 0)
        let said = apart.desk.out.text
        #expect(said.contains("P0142 Ana Lopez: contact"))
        #expect(said.contains("deadbeef.contact"))
        #expect(said.contains("A  shown  SV01") && said.contains("B  kept   PS09"))
        #expect(said.contains("555 0199") && said.contains("555 0134"))
        // The kind is printed as it is typed.
        let kind = try #require(said.firstMatch(of: /\[(\w+): written apart\]/)?.output.1)
        #expect(apart.desk.run("conflicts", "--kind", String(kind)) == 0)
        #expect(apart.desk.out.text == said + said)
    }

    @Test func `a value that is typed leaves what nobody named, also where another one had said it`()
        async throws
    {
        func typed(_ theirs: [Value], _ mine: [Value]) async throws -> [[Value]] {
            let apart = try await Apart(
                theirs: [RegisterWrite("contact", theirs)], mine: [RegisterWrite("contact", mine)])
            try apart.desk.said(
                "resolve", "P0142", "contact", "--value", "phone=555 0177", "--reason", "a third")
            return apart.contact
        }
        let late = Value.text("mornings")
        #expect(
            try await typed([.text("555 0134"), late], [.text("555 0199"), .none]) == [
                [.text("555 0177"), late]
            ])
        // What is shown says something itself.
        #expect(
            try await typed([.text("555 0134"), late], [.text("555 0199"), .text("by post")])
                == [[.text("555 0177"), .text("by post")]])
        #expect(
            try await typed([.text("555 0134"), .none], [.text("555 0199"), late]) == [
                [.text("555 0177"), late]
            ])
    }

    @Test func `what waits in the same way about one person is told once`() async throws {
        let apart = try await Apart(
            theirs: [
                RegisterWrite("birth", [.integer(1970)]), RegisterWrite("contact", [.text("1"), .none]),
            ],
            mine: [RegisterWrite("birth", [.integer(1971)]), RegisterWrite("contact", [.text("2"), .none])])
        let desk = Desk(
            try commonOptions(["--replica", apart.desk.path]), world: apart.desk.world,
            screen: apart.desk.screen)
        let found = try NoticeList(in: desk.replica(), for: "PS09")
        #expect(found.undecided.count == 2)
        var page = Page()
        var teller = ChangeTeller(desk)
        try Notices.write(found, for: "PS09", to: &page, &teller, at: desk)
        let said = page.text(coloured: false)
        #expect(said.ranges(of: "what you wrote is kept, and another value is shown.").count == 1, "\(said)")
        #expect(said.contains("  The same of 1 other:\n"), "\(said)")
        for name in ["deadbeef.birth", "deadbeef.contact"] {
            #expect(said.ranges(of: "porchlight conflicts show \(name)").count == 1, "\(said)")
        }
    }

    @Test func `a decision is written with its reason, and tells whose value is not kept`() async throws {
        let apart = try await Apart()
        #expect(apart.desk.run("resolve", "deadbeef.contact", "--keep", "A", "--reason", "rang her up") == 0)
        #expect(apart.contact == [[.text("555 0199"), .none]])
        #expect(apart.decisions.map(\.reason) == ["rang her up"])
        #expect(apart.decisions.first?.valuesBefore.map(\.author) == ["SV01", "PS09"])
        #expect(apart.notices.map(\.to) == ["PS09"])
        #expect(apart.desk.run("conflicts") == 0)
        #expect(apart.desk.out.text.contains("nothing has to be decided"))
        // Everything that was written stands or falls together.
        #expect(Set(try apart.replica.outbox().map(\.transaction)).count == 1)
    }

    @Test func `no decision without a reason, a way, and a conflict that is there`() async throws {
        let apart = try await Apart()
        #expect(apart.desk.run("resolve", "deadbeef.contact", "--keep", "A") == 64)
        #expect(apart.desk.run("resolve", "deadbeef.contact", "--reason", "x") == 64)
        #expect(apart.desk.run("resolve", "deadbeef.contact", "--keep", "A", "--edit", "--reason", "x") == 64)
        #expect(apart.desk.run("resolve", "deadbeef.contact", "--keep", "C", "--reason", "x") == 65)
        #expect(apart.desk.run("resolve", "deadbeef.contact", "--keep", "A", "--reason", "  ") == 65)
        #expect(apart.desk.run("resolve", "P0142", "name", "--keep", "A", "--reason", "x") == 65)
        #expect(apart.contact.count == 2 && apart.decisions.isEmpty)
    }

    @Test func `another value than any that was offered`() async throws {
        let apart = try await Apart()
        let said = apart.desk.run(
            "resolve", "P0142", "contact", "--value", "phone=555 0100", "--value", "best way=mornings",
            "--reason", "a third number")
        #expect(said == 0, "\(apart.desk.err.text)")
        #expect(apart.contact == [[.text("555 0100"), .text("mornings")]])
        #expect(apart.notices.map(\.to) == ["PS09"])
    }

    @Test func `a token of what was shown before refuses, and says who decided`() async throws {
        let apart = try await Apart()
        let token = try #require(try apart.replica.token(for: apart.person)?.text)
        #expect(apart.desk.run("resolve", "P0142", "contact", "--keep", "B", "--reason", "first") == 0)
        let late = apart.desk.run(
            "resolve", "P0142", "contact", "--keep", "A", "--reason", "second", "--token", token)
        #expect(late == 65)
        #expect(apart.desk.err.text.contains("already decided by SV01 today 09:30"))
        #expect(apart.contact == [[.text("555 0134"), .none]])
        #expect(apart.decisions.count == 1)
    }

    @Test func `a name with what was shown decides about nothing else`() async throws {
        let apart = try await Apart()
        #expect(apart.desk.run("conflicts") == 0)
        let shown = try #require(apart.desk.out.text.split { $0.isWhitespace }.first { $0.contains("@") })
        #expect(apart.desk.run("resolve", "deadbeef.contact@0000", "--keep", "B", "--reason", "x") == 65)
        #expect(apart.desk.err.text.contains("the values have changed since they were shown"))
        #expect(apart.desk.run("conflicts", "show", "deadbeef.contact@0000") == 0)
        #expect(apart.desk.out.text.contains(shown))
        #expect(apart.contact.count == 2 && apart.decisions.isEmpty)
        #expect(apart.desk.run("resolve", String(shown), "--keep", "B", "--reason", "rang her up") == 0)
        #expect(apart.contact == [[.text("555 0134"), .none]])
    }

    @Test func `a letter means what was shown on this laptop last`() async throws {
        let apart = try await Apart()
        let name = "deadbeef.contact"
        let decide = ["resolve", name, "--keep", "B", "--reason", "rang her up"]
        // What was shown had other values, or these under other letters.
        for look in [["conflicts"], ["conflicts", "show", name], ["conflicts", "--kind", "values"]] {
            try apart.replica.remember(versions: [name: "0000", "5a5a5a5a.note": "1111"], isAll: true)
            for way in [decide, ["resolve", "P0142", "contact", "--keep", "newest", "--reason", "x"]] {
                let refused = apart.desk.hear(way)
                #expect(refused.code == 65)
                #expect(refused.err.contains("the values have changed since they were shown"))
                #expect(refused.err.contains("porchlight conflicts show \(name)"))
            }
            #expect(apart.decisions.isEmpty)
            #expect(apart.desk.hear(look).code == 0)
            #expect(try apart.replica.version(shown: name) != "0000")
            // What is not there any more is forgotten once all of it was shown.
            #expect(try (apart.replica.version(shown: "5a5a5a5a.note") == nil) == (look == ["conflicts"]))
        }
        #expect(apart.desk.hear(decide).code == 0)
        #expect(apart.contact == [[.text("555 0134"), .none]])
    }

    @Test func `a name that was shown before the question was decided and taken back decides nothing`()
        async throws
    {
        let apart = try await Apart()
        #expect(apart.desk.run("conflicts") == 0)
        let shown = try #require(apart.desk.out.text.split { $0.isWhitespace }.first { $0.contains("@") })
        #expect(apart.desk.run("resolve", String(shown), "--keep", "A", "--reason", "first") == 0)
        let first = try #require(apart.decisions.first)
        #expect(apart.desk.run("resolve", "--undo", first.id.short, "--reason", "no") == 0)
        let name = "deadbeef.contested-\(first.id.short)"
        for old in [String(shown), "deadbeef.contact"] {
            let refused = apart.desk.hear(["resolve", old, "--keep", "B", "--reason", "x"])
            #expect(
                refused.code == 65 && refused.err.contains("porchlight conflicts show \(name)"), "\(refused)")
        }
        #expect(apart.desk.run("conflicts", "show", name) == 0)
        #expect(apart.desk.run("resolve", "deadbeef.contact", "--keep", "B", "--reason", "seen") == 0)
    }

    @Test func `a contested decision is open again until it is decided anew`() async throws {
        let apart = try await Apart()
        #expect(apart.desk.run("resolve", "P0142", "contact", "--keep", "A", "--reason", "first") == 0)
        let first = try #require(apart.decisions.first)
        #expect(apart.desk.run("reopen", first.id.short, "--reason", "she told me herself") == 0)
        #expect(apart.desk.run("conflicts", "--json") == 0)
        #expect(apart.desk.out.text.contains(#""kind":"contested""#))
        #expect(apart.desk.out.text.contains("555 0134"))
        let name = "deadbeef.contested-\(first.id.short)"
        #expect(
            apart.desk.run("resolve", name, "--keep", "B", "--reason", "she did") == 0,
            "\(apart.desk.err.text)")
        #expect(apart.contact == [[.text("555 0134"), .none]])
        #expect(apart.decisions.compactMap(\.answers) == [first.id])
        #expect(try OpenConflicts(in: apart.replica).all.isEmpty)
        #expect(apart.desk.run("reopen", first.id.short, "--reason", "again") == 65)
    }

    @Test func `a decision is taken back, and what was shown before stands again`() async throws {
        let apart = try await Apart()
        #expect(apart.desk.run("resolve", "P0142", "contact", "--keep", "B", "--reason", "first") == 0)
        let first = try #require(apart.decisions.first)
        #expect(apart.desk.run("resolve", "--undo", first.id.short, "--reason", "wrong person") == 0)
        #expect(apart.contact == [[.text("555 0199"), .none]])
        #expect(Set(apart.decisions.map(\.kind)) == [.resolve, .undo])
        #expect(apart.desk.run("resolve", "--undo", first.id.short, "--reason", "again") == 65)
        // It is as open as it was, with the value that the decision had kept beside the one that is shown.
        let open = try OpenConflicts(in: apart.replica).all
        #expect(open.map(\.kind) == [.contested])
        let name = "deadbeef.contested-\(first.id.short)"
        #expect(apart.desk.run("resolve", name, "--keep", "B", "--reason", "it was right") == 0)
        #expect(apart.contact == [[.text("555 0134"), .none]])
        #expect(try OpenConflicts(in: apart.replica).all.isEmpty)
    }

    @Test func `what was written since a decision is not undone with it`() async throws {
        let apart = try await Apart()
        #expect(apart.desk.run("resolve", "P0142", "contact", "--keep", "B", "--reason", "first") == 0)
        let first = try #require(apart.decisions.first)
        #expect(apart.desk.run("participant", "edit", "P0142", "--phone", "555 0777") == 0)
        #expect(apart.desk.run("resolve", "--undo", first.id.short, "--reason", "wrong person") == 65)
        #expect(apart.desk.err.text.contains("something else was written there since by SV01"))
        #expect(apart.contact.map(\.first) == [.text("555 0777")])
    }

    @Test func `whoever wrote a value first is told, and not only who decided for it`() async throws {
        let apart = try await Apart()
        #expect(apart.desk.run("resolve", "P0142", "contact", "--keep", "B", "--reason", "first") == 0)
        let first = try #require(apart.decisions.first)
        #expect(apart.notices.isEmpty, "the one who decided had written the other value")
        #expect(apart.desk.run("reopen", first.id.short, "--reason", "look again") == 0)
        #expect(apart.desk.run("reopen", first.id.short, "--reason", "and again") == 65)
        let name = "deadbeef.contested-\(first.id.short)"
        let value = ["--value", "phone=555 0001"]
        let told = Command.run(
            ["resolve", name, "--reason", "neither"] + value + ["--replica", apart.desk.path],
            in: apart.desk.world, on: apart.desk.screen)
        #expect(told == 0, "\(apart.desk.err.text)")
        // PS09's number had been kept under SV01's name.
        #expect(apart.notices.map(\.to) == ["PS09"])
    }

    @Test func `many are decided at once only after a look`() async throws {
        let apart = try await Apart()
        let words = ["resolve", "--all", "--kind", "values", "--keep", "newest", "--reason", "agreed"]
        func run(_ more: String...) -> Int32 {
            Command.run(
                words + more + ["--replica", apart.desk.path], in: apart.desk.world, on: apart.desk.screen)
        }
        #expect(run() == 65)
        #expect(
            apart.desk.err.text.contains("1 conflict, of which 1 stays as shown:\n")
                && apart.decisions.isEmpty)
        let lost = "keep phone 555 0199 (it is shown already); not kept: phone 555 0134 (PS09)\n"
        #expect(apart.desk.err.text.contains(lost), "\(apart.desk.err.text)")
        #expect(run("--yes") == 0)
        #expect(apart.contact == [[.text("555 0199"), .none]])
        #expect(run("--yes") == 65)
    }

    @Test func `a review goes through them with single keys, and can be left`() async throws {
        let apart = try await Apart(answers: ["x", "s"])
        #expect(apart.desk.run("conflicts", "review") == 0)
        #expect(apart.decisions.isEmpty)
        let again = try await Apart(answers: ["b", "rang her up"])
        #expect(again.desk.run("conflicts", "review") == 0)
        #expect(again.contact == [[.text("555 0134"), .none]])
        #expect(again.decisions.map(\.reason) == ["rang her up"])
        let silent = try await Apart(answers: ["b", ""])
        #expect(silent.desk.run("conflicts", "review") == 0)
        #expect(silent.decisions.isEmpty && silent.contact.count == 2)
        // An empty reason is asked for again; and what is typed after a second one decides nothing.
        let late = try await Apart(answers: ["b", "", "rang her up"])
        #expect(late.desk.run("conflicts", "review") == 0)
        #expect(late.decisions.map(\.reason) == ["rang her up"])
        let lost = try await Apart(answers: ["b", "", "", "a late reason", "q"])
        try lost.replica.addParticipant("P0142", "Bea")
        #expect(lost.desk.run("conflicts", "review") == 0)
        #expect(lost.decisions.isEmpty)
        #expect(lost.desk.err.text.ranges(of: "why? ").count == 2)
        #expect(lost.desk.err.text.contains("left undecided: a decision needs a reason\nReturn goes on: "))
        let nobody = try await Apart()
        #expect(nobody.desk.run("conflicts", "review") == 65)
    }

    @Test func `the register of decisions has who, when, why, and the values before and after`() async throws
    {
        let apart = try await Apart()
        #expect(apart.desk.run("resolve", "P0142", "contact", "--keep", "B", "--reason", "=rang, her") == 0)
        #expect(apart.desk.run("conflicts", "export") == 0)
        let lines = apart.desk.out.text.split(separator: "\r\n")
        #expect(lines.first?.hasSuffix("question_id,participant,participant_name") == true)
        let row = try #require(lines.last)
        for part in ["resolve", "contact", "phone 555 0199 (SV01) | phone 555 0134 (PS09)", "SV01"] {
            #expect(row.contains(part), "\(part)")
        }
        #expect(row.contains("\"'=rang, her\""))
        #expect(apart.desk.run("conflicts", "export", "--since", "2026-03-03", "--format", "json") == 0)
        #expect(apart.desk.out.text.hasSuffix("{\"decisions\":[]}\n"))
    }

    @Test func `a deletion against an edit is decided either way`() async throws {
        for (letter, deletion) in [("A", RecordState.Deletion.deleted), ("B", .none)] {
            let apart = try await Apart(
                role: "administrator", theirs: [RegisterWrite(deletedRegister, [.integer(1)])])
            let told = apart.desk.run("resolve", "deadbeef.deleted", "--keep", letter, "--reason", "seen")
            #expect(told == 0, "\(apart.desk.err.text)")
            #expect(try apart.replica.state(apart.person)?.deletion == deletion)
        }
    }

    @Test func `the words of two notes are compared`() {
        #expect(
            WordDiff.text(from: "walked to the shop", to: "walked to the pharmacy")
                == "walked to the [-shop-] {+pharmacy+}")
        #expect(WordDiff.text(from: "a b", to: "a b") == "a b")
        #expect(WordDiff.text(from: "", to: "new words") == "{+new words+}")
        #expect(WordDiff.isWorth("walked to the shop", "walked to the pharmacy"))
        #expect(!WordDiff.isWorth("555 0199", "555 0134"))
        #expect(!WordDiff.isWorth("one two three four", "five six seven eight"))
    }

    /// Between the look at what is open and the version that the decision reads lies a moment, and in it a sync.
    @Test func `what has moved since it was looked up is not decided unseen`() async throws {
        let apart = try await Apart()
        let here = Desk(
            try commonOptions(["--replica", apart.desk.path]), world: apart.desk.world,
            screen: apart.desk.screen)
        let text = try here.conflict("P0142", "contact")
        try here.refuseIfMoved(text)
        // Elsewhere in the record, so that the values and their letters are the same.
        try apart.replica.edit { edit in
            try edit.write(apart.person, [RegisterWrite("name", [.text("Anna"), .text("Lopez")])])
        }
        let refused = #expect(throws: SyncError.self) { try here.refuseIfMoved(text) }
        #expect(refused?.code == .stale)
    }
}
