import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Every verb that decides says who will have a notice of it, and those are the ones who have.
@Suite("Whom a decision tells") struct ToldTests {
    /// What a verb printed, for people and for programs: each on a laptop of its own.
    private func both(
        _ arguments: [String], on make: () async throws -> (TestDesk, Replica)
    ) async throws -> (text: String, json: String, notices: [String]) {
        var printed: [String] = []
        var told: [String] = []
        for more in [[], ["--json"]] {
            let (desk, replica) = try await make()
            let before = desk.out.text.count
            let code = Command.run(
                arguments + more + ["--replica", desk.path], in: desk.world, on: desk.screen)
            #expect(code == 0, "\(desk.err.text)")
            printed.append(String(desk.out.text.dropFirst(before)))
            told = try replica.find(Query("notice")).compactMap { Notice($0)?.to }.sorted()
        }
        return (printed[0], printed[1], told)
    }

    /// Two records of one person: the old one on PS09's and SV01's caseloads.
    private func people() throws -> (TestDesk, Replica) {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        let old = try replica.addParticipant("P0191", "Ben", family: "Ode")
        try replica.addParticipant("P0188", "Benjamin", family: "Ode")
        for peer in ["PS09", "SV01"] {
            try replica.edit { edit in
                try edit.create(
                    "assignment",
                    [
                        RegisterWrite("what", [.reference(old), .text(peer), .text("own"), .none]),
                        RegisterWrite("period", [.integer(20_000), .none]),
                    ])
            }
        }
        return (desk, replica)
    }

    @Test func `a merge tells whose caseload it alters, and so does taking it back`() async throws {
        let merge = ["participant", "merge", "P0191", "--into", "P0188", "--yes", "--reason", "same address"]
        let merged = try await both(merge) { try people() }
        #expect(merged.notices == ["PS09"])
        #expect(merged.text.contains("\nPS09 will be told at their next sync\n"))
        #expect(merged.json.contains(#""told":["PS09"]"#))
        let taken = try await both(["participant", "unmerge", "P0191", "--reason", "father and son"]) {
            let (desk, replica) = try people()
            #expect(
                Command.run(merge + ["--replica", desk.path], in: desk.world, on: desk.screen) == 0)
            return (desk, replica)
        }
        // One notice of the merge, and one of its end.
        #expect(taken.notices == ["PS09", "PS09"])
        #expect(taken.text.contains("\nPS09 will be told at their next sync\n"))
        #expect(taken.json.contains(#""told":["PS09"]"#))
    }

    @Test func `of two records a notice is about the one that its reader works with`() throws {
        let (desk, replica) = try people()
        func record(_ code: String) throws -> RecordID {
            try #require(
                try replica.find(Query("participant", where: [.equals("code", .text(code))])).first?.id)
        }
        let (old, kept) = (try record("P0191"), try record("P0188"))
        // PS08 works with the one that stays, and PS06 with both.
        for (peer, person) in [("PS08", kept), ("PS06", kept), ("PS06", old)] {
            try replica.edit { edit in
                try edit.create(
                    "assignment",
                    [
                        RegisterWrite("what", [.reference(person), .text(peer), .text("own"), .none]),
                        RegisterWrite("period", [.integer(20_000), .none]),
                    ])
            }
        }
        func subjects() throws -> [String: Set<RecordID>] {
            let notices = try replica.find(Query("notice")).compactMap { Notice($0) }
            #expect(notices.allSatisfy { $0.register == "redirect" })
            return Dictionary(grouping: notices, by: \.to).mapValues { Set($0.map(\.subject)) }
        }
        let expected: [String: Set<RecordID>] = ["PS09": [old], "PS06": [old], "PS08": [kept]]
        #expect(
            desk.run("participant", "merge", "P0191", "--into", "P0188", "--yes", "--reason", "address") == 0)
        #expect(try subjects() == expected)
        // What the merge had given PS09 is not theirs when it ends.
        let merge = try #require(try OpenConflicts.decisions(in: replica).first)
        #expect(desk.run("reopen", merge.id.short, "--reason", "father and son") == 0)
        let name = "\(old.short).contested-\(merge.id.short)"
        #expect(desk.run("resolve", name, "--keep", "B", "--reason", "asked") == 0, "\(desk.err.text)")
        #expect(try subjects() == expected)
        #expect(try replica.find(Query("notice")).count == 6)
        let open = Query("assignment", where: [.equals("participant", .reference(kept)), .isNone("to_date")])
        #expect(try Set(replica.find(open).compactMap { $0["peer"].text }) == ["PS08", "PS06"])
    }

    @Test func `who had the other record only by a merge is told about their own`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        let ids = [try replica.addParticipant("P0300", "Ana"), try replica.addParticipant("P0300", "Bea")]
        let (kept, old) = (ids.min() ?? ids[0], ids.max() ?? ids[1])
        try replica.edit { edit in
            try edit.create(
                "assignment",
                [
                    RegisterWrite("what", [.reference(old), .text("PS09"), .text("own"), .none]),
                    RegisterWrite("period", [.integer(20_000), .none]),
                ])
        }
        // Told apart, and merged by somebody who did not care: the pair is named after the one that stays.
        let name = "\(kept.short).same-as-\(old.short)"
        #expect(desk.run("resolve", name, "--keep", "both", "--reason", "met both") == 0)
        #expect(
            desk.run("participant", "merge", old.text, "--into", kept.text, "--yes", "--reason", "x") == 0)
        #expect(desk.run("resolve", name, "--keep", "both", "--reason", "asked") == 0, "\(desk.err.text)")
        #expect(try Merged(in: replica).root(of: old) == old)
        let told = try replica.find(Query("notice")).compactMap { Notice($0) }
        #expect(told.map(\.to) == ["PS09", "PS09"] && told.allSatisfy { $0.subject == old })
    }

    @Test func `of two that may be one person too`() async throws {
        var name = ""
        let said = try await both(["conflicts"]) {
            let (desk, replica) = try people()
            let other = try replica.addParticipant("P0191", "Bea")
            let first = try #require(
                try replica.find(Query("participant", where: [.equals("preferred_name", .text("Ben"))])).first
            )
            name = "\(min(first.id, other).short).same-as-\(max(first.id, other).short)"
            return (desk, replica)
        }
        #expect(said.text.contains(name))
        let (desk, replica) = try people()
        let ben = try #require(
            try replica.find(Query("participant", where: [.equals("preferred_name", .text("Ben"))])).first?.id
        )
        let bea = try replica.addParticipant("P0191", "Bea")
        let pair = "\(min(ben, bea).short).same-as-\(max(ben, bea).short)"
        let keep = bea < ben ? "A" : "B"
        #expect(desk.run("resolve", pair, "--keep", keep, "--reason", "one person") == 0, "\(desk.err.text)")
        #expect(try replica.find(Query("notice")).compactMap { Notice($0)?.to } == ["PS09"])
        #expect(desk.out.text.contains("\nPS09 will be told at their next sync\n"))
    }

    @Test func `a new code tells who had given the old one`() async throws {
        let said = try await both(["participant", "renumber", "deadbeef", "--to", "P0301", "--reason", "x"]) {
            let apart = try await Apart()
            return (apart.desk, apart.replica)
        }
        #expect(said.notices == ["PS09"])
        #expect(said.text.contains("\nPS09 will be told at their next sync\n"))
        #expect(said.json.contains(#""told":["PS09"]"#))
    }

    @Test func `many at once tell everybody once, and a decision that is taken back tells too`() async throws
    {
        let all = ["resolve", "--all", "--kind", "values", "--keep", "newest", "--reason", "agreed", "--yes"]
        let decided = try await both(all) {
            let apart = try await Apart()
            return (apart.desk, apart.replica)
        }
        #expect(decided.notices == ["PS09"])
        #expect(decided.text.contains("\nPS09 will be told at their next sync\n"))
        #expect(decided.json.contains(#""told":["PS09"]"#))
        for more in [[], ["--json"]] {
            let apart = try await Apart()
            #expect(apart.desk.run("resolve", "P0142", "contact", "--keep", "B", "--reason", "first") == 0)
            let first = try #require(apart.decisions.first)
            let code = Command.run(
                ["resolve", "--undo", first.id.short, "--reason", "wrong person"] + more
                    + ["--replica", apart.desk.path], in: apart.desk.world, on: apart.desk.screen)
            #expect(code == 0, "\(apart.desk.err.text)")
            #expect(apart.notices.map(\.to) == ["PS09"])
            let said = more.isEmpty ? "\nPS09 will be told at their next sync\n" : #""told":["PS09"]"#
            #expect(apart.desk.out.text.contains(said))
        }
    }

    @Test func `where nobody else is concerned nobody is named`() async throws {
        let said = try await both(["participant", "renumber", "P0191", "--to", "P0301", "--reason", "x"]) {
            try people()
        }
        #expect(said.notices.isEmpty && !said.text.contains("told") && said.json.contains(#""told":[]"#))
    }
}
