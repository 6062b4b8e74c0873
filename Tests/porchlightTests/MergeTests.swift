import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

@Suite("One person with two records, and two with one code") struct MergeTests {
    private func desk() throws -> (TestDesk, Replica, old: RecordID, kept: RecordID) {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        let old = try replica.addParticipant("P0191", "Ben", family: "Ode")
        let kept = try replica.addParticipant("P0188", "Benjamin", family: "Ode")
        return (desk, replica, old, kept)
    }

    private func said(_ desk: TestDesk, _ arguments: String...) -> String {
        desk.hear(arguments).out
    }

    @Test func `the old code finds the person, and what was recorded under it`() throws {
        let (desk, _, old, kept) = try desk()
        #expect(desk.run("checkin", "add", "P0191", "walked") == 0)
        #expect(
            desk.run("participant", "merge", "P0191", "--into", "P0188", "--yes", "--reason", "same address")
                == 0)
        #expect(
            said(desk, "participant", "show", "P0191").hasPrefix(
                "P0188 Benjamin Ode\nAlso recorded as P0191 Ben Ode"))
        #expect(said(desk, "participant", "show", "P0188").contains("walked"))
        // A late entry of a laptop that knows only the old record is the same person's.
        #expect(desk.run("checkin", "add", old.text, "ran", "--at", "yesterday 10:00") == 0)
        let list = said(desk, "checkin", "list", "P0188")
        #expect(list.contains("walked") && list.contains("ran") && !list.contains("P0191"))
        #expect(said(desk, "participant", "list").contains("is P0188 Benjamin Ode"))
        #expect(said(desk, "checkin", "list", kept.text).contains("walked"))
    }

    @Test func `nothing is rewritten, and one write takes it back`() throws {
        let (desk, replica, old, kept) = try desk()
        #expect(desk.run("checkin", "add", "P0191", "walked") == 0)
        let visit = try #require(try replica.find(Query("check_in")).first)
        #expect(
            desk.run("participant", "merge", "P0191", "--into", "P0188", "--yes", "--reason", "same address")
                == 0)
        #expect(try replica.view(visit.id) == visit)
        #expect(
            desk.run("participant", "merge", "P0188", "--into", "P0191", "--yes", "--reason", "again") == 65)
        let before = try replica.outbox().filter { $0.table == "participant" }.count
        #expect(desk.run("participant", "unmerge", "P0191", "--reason", "father and son") == 0)
        // And one on the other, by which it is known who writes there without knowing of it.
        let written = try replica.outbox().filter { $0.table == "participant" }.dropFirst(before)
        #expect(written.map(\.record) == [old, kept])
        #expect(written.allSatisfy { $0.writes.map(\.register) == ["redirect"] })
        #expect(
            try replica.find(Query("decision")).compactMap { Decision($0)?.kind.rawValue }.sorted() == [
                "merge", "unmerge",
            ])
        #expect(!said(desk, "participant", "show", "P0188").contains("walked"))
        #expect(said(desk, "participant", "show", old.text).contains("walked"))
        #expect(desk.run("participant", "unmerge", "P0191", "--reason", "again") == 65)
        withExtendedLifetime(kept) {}
    }

    @Test func `whoever has the old one on their caseload has the other too`() throws {
        let (desk, replica, old, kept) = try desk()
        try replica.edit { edit in
            try edit.create(
                "assignment",
                [
                    RegisterWrite("what", [.reference(old), .text("SV01"), .text("own"), .none]),
                    RegisterWrite("period", [.integer(20_000), .none]),
                ])
        }
        #expect(
            desk.run("participant", "merge", "P0191", "--into", "P0188", "--yes", "--reason", "same address")
                == 0)
        let open = try replica.find(
            Query("assignment", where: [.equals("participant", .reference(kept)), .isNone("to_date")]))
        #expect(open.map { $0["peer"].text } == ["SV01"])
        // One person is one row of the caseload, and has one peer however many records they have.
        #expect(said(desk, "caseload").contains("1 participant"))
        #expect(try replica.find(Query("assignment", where: [.isNone("to_date")])).count == 2)
        for code in ["P0188", "P0191"] {
            let shown = said(desk, "participant", "show", code)
            #expect(shown.split(separator: "SV01 since").count == 2, "\(shown)")
            #expect(shown.contains("SV01 since 2024-10-04 (own)"))
            let json = said(desk, "participant", "show", code, "--json")
            #expect(json.contains(#""caseload":[{"peer":"SV01","basis":"own","from_date":"2024-10-04"}]"#))
        }
    }

    @Test
    func `a merge that is taken back takes the caseload back that it gave, and is not asked about again`()
        throws
    {
        let (desk, replica, old, kept) = try desk()
        func assign(_ person: RecordID, to peer: String) throws {
            try replica.edit { edit in
                try edit.create(
                    "assignment",
                    [
                        RegisterWrite("what", [.reference(person), .text(peer), .text("own"), .none]),
                        RegisterWrite("period", [.integer(20_000), .none]),
                    ])
            }
        }
        try assign(old, to: "PS07")
        try assign(kept, to: "PS09")
        #expect(
            desk.run("participant", "merge", "P0191", "--into", "P0188", "--yes", "--reason", "same address")
                == 0)
        let open = Query("assignment", where: [.equals("participant", .reference(kept)), .isNone("to_date")])
        #expect(try Set(replica.find(open).map { $0["peer"].text }) == ["PS07", "PS09"])
        #expect(try Set(replica.find(open).map { $0["basis"].text }) == ["own", "team_decision"])
        // Both sides' people hear of it.
        #expect(Set(try replica.find(Query("notice")).compactMap { Notice($0)?.to }) == ["PS07", "PS09"])
        // Leading on from where it leads would take it away from there in silence.
        try replica.addParticipant("P0200", "Cleo")
        #expect(desk.run("participant", "merge", "P0191", "--into", "P0200", "--yes", "--reason", "x") == 65)
        #expect(desk.err.text.contains("was merged into P0188 Benjamin Ode already"))
        #expect(desk.err.text.contains("porchlight participant unmerge \(old.short) --reason \"…\"\n"))
        #expect(desk.run("participant", "unmerge", "P0191", "--reason", "father and son") == 0)
        #expect(try replica.find(open).map { $0["peer"].text } == ["PS09"])
        let others = Query(
            "assignment", where: [.equals("participant", .reference(old)), .isNone("to_date")])
        #expect(try replica.find(others).map { $0["peer"].text } == ["PS07"])
    }

    @Test func `a pair that was told apart or split is asked about again only when that is taken back`()
        throws
    {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        let first = try replica.addParticipant("P0300", "Ana")
        let second = try replica.addParticipant("P0300", "Bea")
        let name = "\(min(first, second).short).same-as-\(max(first, second).short)"
        #expect(desk.run("resolve", name, "--keep", "both", "--reason", "met both") == 0)
        let apart = try #require(try OpenConflicts.decisions(in: replica).first)
        #expect(
            desk.run("resolve", "--undo", apart.id.short, "--reason", "not sure") == 0, "\(desk.err.text)")
        #expect(said(desk, "conflicts").contains(name))
        #expect(desk.run("resolve", name, "--keep", "A", "--reason", "one person") == 0, "\(desk.err.text)")
        #expect(said(desk, "conflicts") == "nothing has to be decided\n")
        let old = try #require(
            try replica.find(Query("participant", where: [.isSet("merged_into")])).first)
        #expect(desk.run("participant", "unmerge", old.id.text, "--reason", "two after all") == 0)
        #expect(said(desk, "conflicts") == "nothing has to be decided\n")
    }

    @Test func `merges in opposite directions are one person everywhere, and flagged`() throws {
        let (desk, replica, old, kept) = try desk()
        try replica.edit { edit in
            try edit.write(old, [RegisterWrite("redirect", [.reference(kept), .text("SV01"), .integer(1)])])
            try edit.write(kept, [RegisterWrite("redirect", [.reference(old), .text("AD01"), .integer(1)])])
        }
        let root = min(old, kept)
        #expect(try Merged(in: replica).root(of: old) == root && Merged(in: replica).root(of: kept) == root)
        #expect(said(desk, "conflicts").contains("merged in a ring"))
        #expect(
            said(desk, "participant", "unmerge", max(old, kept).text, "--reason", "seen").contains(
                "one person still"))
        #expect(!said(desk, "conflicts").contains("merged in a ring"))
    }

    @Test func `a pair that may be one person is decided either way`() throws {
        for (choice, kind) in [("both", DecisionKind.distinct), ("A", .merge)] {
            let desk = try TestDesk()
            let replica = try desk.enrolled()
            let first = try replica.addParticipant("P0300", "Ana")
            let second = try replica.addParticipant("P0300", "Bea")
            let name = "\(min(first, second).short).same-as-\(max(first, second).short)"
            #expect(said(desk, "conflicts").contains(name))
            #expect(
                desk.run("resolve", name, "--keep", choice, "--reason", "met both") == 0, "\(desk.err.text)")
            #expect(try replica.find(Query("decision")).compactMap { Decision($0)?.kind } == [kind])
            #expect(said(desk, "conflicts") == "nothing has to be decided\n")
        }
    }

    @Test func `who a letter stands for is part of the name that it was shown with`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        let first = try replica.addParticipant("P0300", "Ana")
        try replica.addParticipant("P0300", "Bea")
        let shown = try #require(said(desk, "conflicts").split { $0.isWhitespace }.first { $0.contains("@") })
        #expect(desk.run("participant", "edit", first.text, "--name", "Dolores") == 0, "\(desk.err.text)")
        #expect(desk.run("resolve", String(shown), "--keep", "A", "--reason", "x") == 65)
        #expect(desk.err.text.contains("has changed since it was shown"))
        #expect(desk.run("participant", "edit", first.text, "--name", "Ana") == 0)
        #expect(desk.run("resolve", String(shown), "--keep", "A", "--reason", "x") == 0, "\(desk.err.text)")
    }

    @Test func `told apart by one and merged by another is asked about once more`() throws {
        for (choice, root) in [("both", 2), ("A", 1)] {
            let desk = try TestDesk()
            let replica = try desk.enrolled()
            let first = try replica.addParticipant("P0300", "Ana")
            let second = try replica.addParticipant("P0300", "Bea")
            let name = "\(min(first, second).short).same-as-\(max(first, second).short)"
            #expect(desk.run("resolve", name, "--keep", "both", "--reason", "met both") == 0)
            // As another laptop had it that knew nothing of that.
            try replica.edit { edit in
                try edit.write(
                    second, [RegisterWrite("redirect", [.reference(first), .text("AD01"), .integer(1)])])
            }
            #expect(said(desk, "conflicts").contains("may be one person"))
            try replica.edit { edit in
                _ = try DecisionRecord(
                    kind: .merge, subject: second, register: nil, other: first, answers: nil, by: "SV01",
                    at: TestDesk.now, reason: "one address", before: nil, after: nil
                ).write(to: edit, telling: [])
            }
            let shown = said(desk, "conflicts", "show", name)
            #expect(shown.contains("\n  Decided by SV01 today 09:30: two people, met both\n"), "\(shown)")
            #expect(shown.contains("\n  Decided by SV01 today 09:30: one person, one address\n"), "\(shown)")
            #expect(desk.run("resolve", name, "--keep", choice, "--reason", "asked") == 0, "\(desk.err.text)")
            #expect(said(desk, "conflicts") == "nothing has to be decided\n")
            let people = try Merged(in: replica)
            #expect(Set([people.root(of: first), people.root(of: second)]).count == root)
        }
    }

    @Test func `a merge that is contested stays or goes`() throws {
        for (choice, isMerged) in [("A", true), ("B", false)] {
            let (desk, replica, old, kept) = try desk()
            #expect(
                desk.run("participant", "merge", "P0191", "--into", "P0188", "--yes", "--reason", "address")
                    == 0)
            let merge = try #require(try replica.find(Query("decision")).compactMap { Decision($0) }.first)
            #expect(desk.run("reopen", merge.id.short, "--reason", "father and son") == 0)
            let name = "\(old.short).contested-\(merge.id.short)"
            #expect(said(desk, "conflicts", "show", name).contains("father and son"))
            #expect(desk.run("resolve", name, "--keep", choice, "--reason", "asked") == 0, "\(desk.err.text)")
            let people = try Merged(in: replica)
            #expect((people.root(of: old) == people.root(of: kept)) == isMerged)
            #expect(said(desk, "conflicts") == "nothing has to be decided\n")
        }
    }

    @Test func `two people who were given one code are told apart by a new one`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        let ana = try replica.addParticipant("P0300", "Ana")
        let bea = try replica.addParticipant("P0300", "Bea")
        #expect(desk.run("participant", "show", "P0300") == 65)
        #expect(desk.run("participant", "renumber", bea.text, "--to", "P0300", "--reason", "x") == 65)
        #expect(desk.run("participant", "renumber", bea.text, "--to", "P0301", "--reason", "Ana has it") == 0)
        #expect(said(desk, "participant", "show", "P0300").hasPrefix("P0300 Ana"))
        #expect(said(desk, "participant", "show", "P0301").hasPrefix("P0301 Bea"))
        #expect(said(desk, "conflicts") == "nothing has to be decided\n")
        #expect(desk.run("participant", "renumber", ana.text, "--reason", "free one") == 0)
        #expect(try replica.view(ana)?["code"].text == "P011-0001")
    }

    @Test func `nobody is merged unasked`() throws {
        let merge = ["participant", "merge", "P0191", "--into", "P0188", "--reason", "same address"]
        for (answers, isMerged) in [(nil, false), (["n"], false), (["y"], true)] as [([String]?, Bool)] {
            let desk = try TestDesk(answers: answers)
            let replica = try desk.enrolled()
            let old = try replica.addParticipant("P0191", "Ben", family: "Ode")
            try replica.addParticipant("P0188", "Benjamin", family: "Ode")
            let heard = desk.hear(merge)
            #expect((heard.code == 0) == isMerged, "\(heard)")
            #expect(try replica.view(old)?["merged_into"].isNone == !isMerged)
            if answers != nil {
                #expect(heard.err.contains("Are P0191 Ben Ode and P0188 Benjamin Ode one person? [y/N] "))
                // For programs nobody is asked.
                continue
            }
            for said in [heard, desk.hear(merge + ["--json"])] {
                #expect(said.code == 65, "\(said)")
                #expect(said.err.contains("P0191 Ben Ode would be merged into P0188 Benjamin Ode"), "\(said)")
                #expect(said.err.contains("add --yes if they are one person"), "\(said)")
            }
            #expect(try replica.find(Query("decision")).isEmpty)
            #expect(desk.hear(merge + ["--yes"]).code == 0)
        }
    }

    @Test func `a peer renumbers nobody and merges nobody`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled(role: "peer")
        let ana = try replica.addParticipant("P0300", "Ana")
        try replica.addParticipant("P0301", "Bea")
        #expect(desk.run("participant", "renumber", ana.text, "--to", "P0302", "--reason", "x") == 77)
        #expect(desk.run("participant", "merge", "P0300", "--into", "P0301", "--yes", "--reason", "x") == 77)
        #expect(try replica.find(Query("decision")).isEmpty)
    }

    @Test func `a note is signed once, and then amended or voided`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled(role: "peer")
        try replica.addParticipant("P0300", "Ana")
        #expect(desk.run("checkin", "add", "P0300", "walked") == 0)
        let visit = try #require(try replica.find(Query("check_in")).first)
        #expect(desk.run("checkin", "sign", visit.id.short) == 0)
        #expect(desk.run("checkin", "sign", visit.id.short) == 65)
        #expect(try replica.view(visit.id)?["signed_at"].integer == TestDesk.now)
        #expect(throws: SyncError.self) {
            try replica.edit {
                try $0.write(visit.id, [RegisterWrite("note", [.text("ran"), .none, .none, .none])])
            }
        }
        #expect(desk.run("checkin", "add", "P0300", "ran", "--amends", visit.id.short, "--yes") == 0)
        #expect(try replica.view(visit.id)?["did"].text == "walked")
        #expect(try replica.view(visit.id)?["voided_at"].isNone == false)
    }
}
