import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// What becomes of those who asked for another look, of what was taken back, and of letters that several values share.
@Suite("What was asked again, and answered") struct AnsweredTests {
    private func told(_ replica: Replica, of reason: String) throws -> Set<String> {
        let made = Set(
            try OpenConflicts.decisions(in: replica).filter { $0.reason == reason }.map(\.id))
        return Set(
            try replica.find(Query("notice")).compactMap { Notice($0) }
                .filter { made.contains($0.decision) }.map(\.to))
    }

    /// As somebody else asks for another look, on a laptop of their own.
    private func contest(_ decision: Decision, by staff: String, _ replica: Replica) throws {
        try replica.edit { edit in
            try edit.write(
                decision.id,
                [RegisterWrite("contest", [.text(staff), .integer(TestDesk.now), .text("look again")])])
        }
    }

    @Test(arguments: ["A", "B"]) func `whoever asked about a value is told the answer`(keep: String)
        async throws
    {
        let apart = try await Apart()
        _ = try apart.desk.said(["resolve", "P0142", "contact", "--keep", "B", "--reason", "first"])
        let first = try #require(apart.decisions.first)
        try contest(first, by: "PS05", apart.replica)
        let name = "deadbeef.contested-\(first.id.short)"
        _ = try apart.desk.said(["resolve", name, "--keep", keep, "--reason", "answer"])
        #expect(try told(apart.replica, of: "answer").contains("PS05"))
        let list = try NoticeList(in: apart.replica, for: "PS05").decided
        let notice = try #require(list.first)
        let decision = try #require(notice.decision)
        #expect(
            notice.what(decision, "participant")
                == "a decision that you asked another look at was made anew.")
    }

    @Test(arguments: ["A", "B", "unmerge"]) func `whoever asked about a merge is told the answer`(
        keep: String
    ) throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled(role: "administrator")
        let old = try replica.addParticipant("P0191", "Ben", family: "Ode")
        try replica.addParticipant("P0188", "Benjamin", family: "Ode")
        _ = try desk.said([
            "participant", "merge", "P0191", "--into", "P0188", "--yes", "--reason", "address",
        ])
        let merge = try #require(try OpenConflicts.decisions(in: replica).first)
        try contest(merge, by: "PS05", replica)
        _ = try desk.said(
            keep == "unmerge"
                ? ["participant", "unmerge", "P0191", "--reason", "answer"]
                : [
                    "resolve", "\(old.short).contested-\(merge.id.short)", "--keep", keep, "--reason",
                    "answer",
                ])
        #expect(try told(replica, of: "answer") == ["PS05"])
    }

    private func rows(_ desk: TestDesk) throws -> [[String]] {
        try desk.said(["conflicts", "export"]).split(separator: "\r\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    private func people() throws -> (TestDesk, Replica, eve: RecordID, gus: RecordID, pair: String) {
        let desk = try TestDesk()
        let replica = try desk.enrolled(role: "administrator")
        let ids = [
            try replica.addParticipant("P0300", "Eve"), try replica.addParticipant("P0300", "Gus"),
        ]
        let pair = "\(ids.min()?.short ?? "").same-as-\(ids.max()?.short ?? "")"
        return (desk, replica, ids[0], ids[1], pair)
    }

    @Test func `the register says which of two was merged into which`() throws {
        let (desk, replica, eve, gus, _) = try people()
        _ = try desk.said(["participant", "merge", gus.text, "--into", eve.text, "--yes", "--reason", "one"])
        _ = try desk.said(["participant", "unmerge", gus.text, "--reason", "two"])
        _ = try desk.said([
            "participant", "merge", eve.text, "--into", gus.text, "--yes", "--reason", "one after all",
        ])
        let merges = try OpenConflicts.decisions(in: replica)
        let first = try #require(merges.first { $0.reason == "one" })
        // As a program wrote it that named the record that stays first.
        try replica.edit { edit in
            _ = try DecisionRecord(
                kind: .unmerge, subject: eve, register: nil, other: gus, answers: first.id, by: "SV01",
                at: TestDesk.now, reason: "from the other side", before: nil, after: nil
            ).write(to: edit, telling: [])
        }
        let rows = try rows(desk)
        func row(_ reason: String) throws -> [String] { try #require(rows.first { $0[10] == reason }) }
        #expect(try row("one")[6...7] == ["not merged", "merged into P0300 Eve"])
        #expect(try row("two")[6...7] == ["merged into P0300 Eve (SV01)", "not merged"])
        #expect(
            try row("one after all")[6...7]
                == ["not one person with P0300 Gus (SV01)", "merged into P0300 Gus"])
        #expect(try row("from the other side")[6] == "P0300 Gus merged into it (SV01)")
    }

    @Test func `a merge that is confirmed is in the register as it is`() throws {
        let (desk, replica, eve, gus, pair) = try people()
        _ = try desk.said(["resolve", pair, "--keep", "both", "--reason", "met both"])
        let apart = try #require(try OpenConflicts.decisions(in: replica).first)
        _ = try desk.said(["participant", "merge", gus.text, "--into", eve.text, "--yes", "--reason", "one"])
        let merge = try #require(try OpenConflicts.decisions(in: replica).first { $0.kind == .merge })
        let letter = gus < eve ? "B" : "A"
        let page = try desk.said(["resolve", pair, "--keep", letter, "--reason", "confirmed"])
        #expect(
            page.contains("decided") && page.contains(": P0300 Gus is merged into P0300 Eve\n"), "\(page)"
        )
        #expect(try replica.view(gus)?["merged_into"] == .reference(eve))
        let row = try #require(try rows(desk).first { $0[10] == "confirmed" })
        #expect(row[3] == gus.text && row[7] == "merged into P0300 Eve", "\(row)")
        // They had been one, whatever was said of them, and it answers both.
        #expect(row[6] == "merged into P0300 Eve (SV01) | said to be two people (SV01)")
        #expect(row[11] == "\(apart.id.text) | \(merge.id.text)")
    }

    @Test func `they were one also for who takes back that they are two`() throws {
        let (desk, replica, eve, gus, pair) = try people()
        _ = try desk.said(["resolve", pair, "--keep", "both", "--reason", "met both"])
        let apart = try #require(try OpenConflicts.decisions(in: replica).first)
        _ = try desk.said(["participant", "merge", gus.text, "--into", eve.text, "--yes", "--reason", "one"])
        _ = try desk.said(["resolve", "--undo", apart.id.text, "--reason", "not sure"])
        let row = try #require(try rows(desk).first { $0[10] == "not sure" })
        let one = gus < eve ? "merged into P0300 Eve (SV01)" : "P0300 Gus merged into it (SV01)"
        #expect(row[6...7] == ["\(one) | said to be two people (SV01)", "to be decided again"])
    }

    @Test func `what was taken back stands between two decisions in the register`() throws {
        let (desk, replica, _, _, pair) = try people()
        _ = try desk.said(["resolve", pair, "--keep", "both", "--reason", "first"])
        let first = try #require(try OpenConflicts.decisions(in: replica).first)
        _ = try desk.said(["resolve", "--undo", first.id.text, "--reason", "not sure"])
        _ = try desk.said(["resolve", pair, "--keep", "both", "--reason", "second"])
        let undo = try #require(try OpenConflicts.decisions(in: replica).first { $0.kind == .undo })
        let rows = try rows(desk)
        let second = try #require(rows.first { $0[10] == "second" })
        #expect(second[11] == undo.id.text)
        #expect(second[6].hasPrefix("to be decided again (SV01)"), "\(second)")
        #expect(rows.first { $0[10] == "not sure" }?[11] == first.id.text)
    }

    @Test func `what was taken back is shown as such, and its value is its author's`() async throws {
        let apart = try await Apart()
        _ = try apart.desk.said(["resolve", "P0142", "contact", "--keep", "B", "--reason", "first"])
        let first = try #require(apart.decisions.first)
        _ = try apart.desk.said(["resolve", "--undo", first.id.short, "--reason", "not hers"])
        let name = "deadbeef.contested-\(first.id.short)"
        let shown = try apart.desk.said(["conflicts", "show", name])
        #expect(shown.contains("\n  SV01 took it back today 09:30: not hers\n"), "\(shown)")
        // It was written at nine, and not on the laptop that took the decision back.
        #expect(shown.contains("A  shown     SV01  2026-03-02 09:00"), "\(shown)")
        #expect(!shown.contains("LT-11"), "\(shown)")
    }

    @Test func `with three to choose from a letter alone is refused`() async throws {
        let apart = try await Apart()
        _ = try apart.desk.said([
            "resolve", "P0142", "contact", "--value", "phone=555 0777", "--reason", "third",
        ])
        let third = try #require(apart.decisions.first)
        _ = try apart.desk.said(["reopen", third.id.short, "--reason", "no"])
        let name = "deadbeef.contested-\(third.id.short)"
        #expect(apart.desk.run("resolve", name, "--keep", "C", "--reason", "x") == 65)
        let advice = try #require(
            apart.desk.err.text.firstMatch(of: /porchlight resolve (\S+@[0-9a-f]+) --keep C/)?.output.1)
        _ = try apart.desk.said(["resolve", String(advice), "--keep", "C", "--reason", "hers"])
        #expect(apart.contact == [[.text("555 0134"), .none]])
    }

    @Test func `what was decided in one go is told once`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled(role: "administrator")
        let people = try ["Ana", "Ben", "Cleo"].enumerated().map {
            try replica.addParticipant("P010\($0.offset)", $0.element)
        }
        for (place, person) in people.enumerated() {
            try replica.edit { edit in
                _ = try DecisionRecord(
                    kind: .resolve, subject: person, register: "contact", other: nil, answers: nil,
                    by: "SV01", at: TestDesk.now - Int64(place), reason: "one list",
                    before: DecidedValue.text([
                        DecidedValue(author: "SV01", effective: nil, values: [.text("1"), .none])
                    ]),
                    after: DecidedValue.text([
                        DecidedValue(author: "SV01", effective: nil, values: [.text("2"), .none])
                    ])
                ).write(to: edit, telling: ["SV01"])
            }
        }
        let page = try desk.said(["notices"])
        #expect(page.ranges(of: "one list").count == 1 && page.contains("  The same of 2 others:\n"))
        #expect(page.ranges(of: "porchlight reopen ").count == 3)
        for name in ["Ana", "Ben", "Cleo"] { #expect(page.contains(name)) }
        #expect(page.contains("something you wrote was decided otherwise."))
    }

    @Test func `of several that were decided in one go it is said what was decided of each`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled(role: "administrator")
        for (place, phone) in ["555 1", "555 1", "555 3"].enumerated() {
            let person = try replica.addParticipant("P010\(place)", "Ana\(place)")
            try replica.edit { edit in
                try edit.write(person, [RegisterWrite("contact", [.text(phone), .none])])
                _ = try DecisionRecord(
                    kind: .resolve, subject: person, register: "contact", other: nil, answers: nil,
                    by: "SV01", at: TestDesk.now - Int64(place), reason: "one list",
                    before: DecidedValue.text([
                        DecidedValue(author: "SV01", effective: nil, values: [.text("9"), .none])
                    ]),
                    after: DecidedValue.text([
                        DecidedValue(author: "AD01", effective: nil, values: [.text(phone), .none])
                    ])
                ).write(to: edit, telling: ["SV01"])
            }
        }
        let page = try desk.said(["notices"])
        #expect(page.contains("  Decided: phone 555 1\n  If that is wrong"), "\(page)")
        #expect(page.contains("    participant P0101 Ana1. If that is wrong"), "\(page)")
        #expect(
            page.contains("    participant P0102 Ana2: decided: phone 555 3. If that is wrong"), "\(page)")
    }

    @Test func `of what has left it is said which decision to ask about`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled(role: "administrator")
        let left = NaturalKey.id(table: "check_in", key: "left")
        let decision = NaturalKey.id(table: "decision", key: "left")
        for register in ["void", "redirect"] {
            let notice = try Writes(
                "notice",
                [
                    "to_staff": .text("SV01"), "decision": .reference(decision), "subject": .reference(left),
                    "subject_register": .text(register), "at": .integer(TestDesk.now),
                ])
            try replica.edit { try $0.create("notice", notice.registers) }
        }
        let page = try desk.said(["notices"])
        #expect(
            page.ranges(of: "Ask your administrator about decision \(decision.short).").count == 2, "\(page)")
    }

    @Test func `who is told apart and merged in a circle is not merged once more`() throws {
        let (desk, replica, eve, gus, pair) = try people()
        _ = try desk.said(["resolve", pair, "--keep", "both", "--reason", "met both"])
        _ = try desk.said(["participant", "merge", gus.text, "--into", eve.text, "--yes", "--reason", "one"])
        // As another laptop merged them the other way round.
        try replica.edit { edit in
            try edit.write(
                eve, [RegisterWrite("redirect", [.reference(gus), .text("AD02"), .integer(1)])])
        }
        for letter in ["A", "B"] {
            #expect(desk.run("resolve", pair, "--keep", letter, "--reason", "one") == 65)
        }
        let ring = "\(min(eve, gus).short).merged"
        #expect(desk.err.text.contains("porchlight conflicts show \(ring) has the commands"))
        #expect(try desk.said(["conflicts", "show", ring]).contains("porchlight participant unmerge"))
        _ = try desk.said(["resolve", pair, "--keep", "both", "--reason", "two"])
        #expect(try OpenConflicts(in: replica).all.isEmpty)
    }
}
