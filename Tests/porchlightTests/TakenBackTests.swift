import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Every verb that decides says with which command line it is taken back, and that command line does it.
@Suite("How a decision is taken back") struct TakenBackTests {
    private func said(_ desk: TestDesk, _ arguments: [String]) -> String {
        let heard = desk.hear(arguments)
        #expect(heard.code == 0, "\(arguments): \(heard.err)")
        return heard.out
    }

    /// The command lines that a verb names, as words.
    private func named(_ page: String) -> [[String]] {
        page.split(separator: "\n").filter { $0.hasPrefix("Take it back: porchlight ") }.map { line in
            line.split(separator: " ").dropFirst(4).map(String.init).map { $0 == "\"…\"" ? "a mistake" : $0 }
        }
    }

    /// Does what a verb says, then what that says next, and so on; each time it must be the one way back, by the verb that
    /// is expected.
    ///
    /// - Parameter after: what must hold after each step, which is given by its place.
    /// - Returns: what the last one printed.
    @discardableResult private func follow(
        _ desk: TestDesk, _ page: String, _ verbs: String..., after: (Int) throws -> Void = { _ in }
    ) throws -> String {
        var page = page
        for (place, verb) in verbs.enumerated() {
            let lines = named(page)
            let line = try #require(lines.first, "\(page)")
            #expect(lines.count == 1 && line.prefix(2).joined(separator: " ") == verb, "\(page)")
            // Nobody sits at a terminal here who could be asked.
            page = said(desk, line + (verb == "participant merge" ? ["--yes"] : []))
            try after(place)
        }
        return page
    }

    private func people() throws -> (TestDesk, Replica, old: RecordID, kept: RecordID) {
        let desk = try TestDesk()
        let replica = try desk.enrolled(role: "administrator")
        let old = try replica.addParticipant("P0191", "Ben", family: "Ode")
        return (desk, replica, old, try replica.addParticipant("P0188", "Benjamin", family: "Ode"))
    }

    @Test func `a value that was decided`() async throws {
        let apart = try await Apart()
        let page = said(apart.desk, ["resolve", "P0142", "contact", "--keep", "B", "--reason", "first"])
        let decision = try #require(apart.decisions.first)
        #expect(
            page.contains("\nTake it back: porchlight resolve --undo \(decision.id.short) --reason \"…\"\n"))
        try follow(apart.desk, page, "resolve --undo")
        #expect(apart.contact == [[.text("555 0199"), .none]])
    }

    /// Only an administrator takes back that a participant is deleted.
    @Test(arguments: ["supervisor", "administrator"])
    func `whoever may not take it back is told who may`(role: String) async throws {
        let apart = try await Apart(role: role, theirs: [RegisterWrite(deletedRegister, [.integer(1)])])
        func said(_ deleted: Int64) -> String {
            DecidedValue.text([DecidedValue(author: "AD01", effective: nil, values: [.integer(deleted)])])
        }
        try apart.replica.edit { edit in
            _ = try DecisionRecord(
                kind: .resolve, subject: apart.person, register: deletedRegister, other: nil, answers: nil,
                by: "SV01", at: TestDesk.now, reason: "nobody of this name", before: said(0), after: said(1)
            ).write(to: edit, telling: [])
        }
        let decision = try #require(apart.decisions.first)
        let undo = apart.desk.hear(["resolve", "--undo", decision.id.short, "--reason", "he exists"])
        guard role == "supervisor" else {
            #expect(undo.code == 0, "\(undo)")
            return
        }
        let reopen = "porchlight reopen \(decision.id.short) --reason"
        #expect(undo.code == 77, "\(undo)")
        #expect(undo.err.contains("try:   an administrator may; ask for another look: \(reopen)"), "\(undo)")
        #expect(try apart.replica.view(apart.person)?.deletion == .contested)
    }

    /// Taking back asks again; what is decided then is taken back in the same way, as often as people like.
    @Test func `a value that was decided, again and again`() async throws {
        let apart = try await Apart()
        for keep in ["B", "A", "B"] {
            let open = try #require(try OpenConflicts(in: apart.replica).all.first)
            let page = said(apart.desk, ["resolve", open.name, "--keep", keep, "--reason", "asked"])
            #expect(try OpenConflicts(in: apart.replica).all.isEmpty)
            #expect(apart.contact == [[.text(keep == "B" ? "555 0134" : "555 0199"), .none]])
            let back = try follow(apart.desk, page, "resolve --undo")
            #expect(named(back).isEmpty && back.contains("It is open again: porchlight conflicts show "))
            #expect(apart.contact == [[.text("555 0199"), .none]])
        }
        #expect(apart.decisions.count == 6)
    }

    @Test func `a merge, and its end`() throws {
        let (desk, replica, old, kept) = try people()
        func isOne() throws -> Bool {
            try Merged(in: replica).root(of: old) == Merged(in: replica).root(of: kept)
        }
        let merge = said(
            desk, ["participant", "merge", "P0191", "--into", "P0188", "--yes", "--reason", "address"])
        let unmerge = try follow(desk, merge, "participant unmerge")
        #expect(try !isOne())
        let ended = try #require(try OpenConflicts.decisions(in: replica).first { $0.kind == .unmerge })
        #expect(unmerge.hasPrefix("two people again (\(ended.id.short)): P0191 Ben Ode stands for itself\n"))
        // Back and forth, and every time it is as it was.
        try follow(desk, unmerge, "participant merge", "participant unmerge", "participant merge") { place in
            let (isOne, leads) = (try isOne(), try replica.view(old)?["merged_into"].reference)
            let (other, open) = (try replica.view(kept), try OpenConflicts(in: replica).all)
            #expect(isOne == (place != 1) && leads == (place == 1 ? nil : kept))
            #expect(other?["merged_into"].isNone == true && open.isEmpty)
        }
        #expect(try OpenConflicts.decisions(in: replica).count == 5)
    }

    @Test func `a code that was given anew`() throws {
        let (desk, replica, old, _) = try people()
        let page = said(desk, ["participant", "renumber", "P0191", "--to", "P0192", "--reason", "taken"])
        let decision = try #require(try OpenConflicts.decisions(in: replica).first)
        #expect(
            page.hasPrefix("renumbered (\(decision.id.short)): Ben Ode is P0192 from now on, and was P0191\n")
        )
        // One step after the other, the newest first.
        let more = said(desk, ["participant", "renumber", "P0192", "--to", "P0193", "--reason", "again"])
        #expect(try replica.view(old)?["code"].text == "P0193")
        try follow(desk, more, "resolve --undo")
        #expect(try replica.view(old)?["code"].text == "P0192")
        try follow(desk, page, "resolve --undo")
        #expect(try replica.view(old)?["code"].text == "P0191")
    }

    @Test func `a deletion`() throws {
        let (desk, replica, old, _) = try people()
        for _ in 0..<2 {
            let page = said(desk, ["delete", old.short, "--reason", "nobody"])
            #expect(try replica.view(old)?.deletion == .deleted)
            try follow(desk, page, "resolve --undo")
            #expect(try replica.view(old)?.deletion == RecordState.Deletion.none)
        }
    }

    @Test(arguments: ["both", "A"]) func `a pair that was told apart or merged`(keep: String) throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        let ana = try replica.addParticipant("P0300", "Ana")
        let bea = try replica.addParticipant("P0300", "Bea")
        let name = "\(min(ana, bea).short).same-as-\(max(ana, bea).short)"
        let page = said(desk, ["resolve", name, "--keep", keep, "--reason", "seen"])
        try follow(desk, page, keep == "both" ? "resolve --undo" : "participant unmerge")
        #expect(try Merged(in: replica).root(of: ana) != Merged(in: replica).root(of: bea))
        #expect(try OpenConflicts(in: replica).all.map(\.kind) == (keep == "both" ? [.duplicate] : []))
    }

    @Test(arguments: [("A", "participant unmerge"), ("B", "participant merge")])
    func `a merge that was contested`(keep: String, verb: String) throws {
        let (desk, replica, old, kept) = try people()
        _ = said(desk, ["participant", "merge", "P0191", "--into", "P0188", "--yes", "--reason", "address"])
        let merge = try #require(try OpenConflicts.decisions(in: replica).first)
        _ = said(desk, ["reopen", merge.id.short, "--reason", "father and son"])
        let name = "\(old.short).contested-\(merge.id.short)"
        let page = said(desk, ["resolve", name, "--keep", keep, "--reason", "asked"])
        // And that, and what takes that back.
        let other = verb.hasSuffix("unmerge") ? "participant merge" : "participant unmerge"
        try follow(desk, page, verb, other, verb) { place in
            let isOne = try Merged(in: replica).areOne(old, kept)
            #expect(isOne == ((keep == "B") == (place != 1)), "step \(place)")
        }
    }

    @Test func `one of many that were decided at once`() async throws {
        let apart = try await Apart()
        let page = said(
            apart.desk,
            ["resolve", "--all", "--kind", "values", "--keep", "newest", "--reason", "agreed", "--yes"])
        let decision = try #require(apart.decisions.first)
        #expect(
            page.contains("Take one back: porchlight resolve --undo \(decision.id.short) --reason \"…\";"))
    }

    @Test func `one of a review`() async throws {
        let apart = try await Apart(answers: ["b", "rang her up"])
        #expect(apart.desk.run("conflicts", "review") == 0)
        let decision = try #require(apart.decisions.first)
        #expect(
            apart.desk.err.text.contains(
                "\nTake it back: porchlight resolve --undo \(decision.id.short) --reason \"…\"\n"))
    }
}
