import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Two records of which people who did not know of each other said different things.
@Suite("Whose records two are, decided apart") struct DecidedApartTests {
    /// An administrator's laptop with two people, who were merged.
    private func merged() throws -> (TestDesk, Replica, old: RecordID, kept: RecordID, merge: Decision) {
        let desk = try TestDesk()
        let replica = try desk.enrolled(role: "administrator")
        let old = try replica.addParticipant("P0191", "Ben", family: "Ode")
        let kept = try replica.addParticipant("P0188", "Benjamin", family: "Ode")
        _ = try desk.said("participant", "merge", "P0191", "--into", "P0188", "--yes", "--reason", "address")
        let merge = try #require(try OpenConflicts.decisions(in: replica).first)
        return (desk, replica, old, kept, merge)
    }

    /// A merge that somebody contests; kept here, and taken back as on another laptop that did not know of it.
    private func apart() throws -> (TestDesk, Replica, old: RecordID, kept: RecordID, merge: Decision) {
        let (desk, replica, old, kept, merge) = try merged()
        _ = try desk.said("reopen", merge.id.short, "--reason", "father and son")
        let name = "\(old.short).contested-\(merge.id.short)"
        let page = try desk.said("resolve", name, "--keep", "A", "--reason", "one, I asked")
        #expect(page.contains("they stay one person"))
        try replica.edit(resolving: true) { edit in
            try edit.write(old, [RegisterWrite("redirect", [.none, .none, .none])])
            _ = try DecisionRecord(
                kind: .unmerge, subject: old, register: nil, other: kept, answers: merge.id, by: "SV01",
                at: TestDesk.now, reason: "two, I met both", before: nil, after: nil
            ).write(to: edit, telling: ["SV01"])
        }
        return (desk, replica, old, kept, merge)
    }

    private func isOne(_ replica: Replica, _ a: RecordID, _ b: RecordID) throws -> Bool {
        try Merged(in: replica).root(of: a) == Merged(in: replica).root(of: b)
    }

    @Test(arguments: ["A", "B", "both"]) func `is asked, with what each said, until somebody decides`(
        keep: String
    )
        throws
    {
        let (desk, replica, old, kept, _) = try apart()
        let found = try OpenConflicts(in: replica).all
        #expect(found.map(\.kind) == [.duplicate])
        let name = "\(min(old, kept).short).same-as-\(max(old, kept).short)"
        let shown = try desk.said("conflicts", "show", name)
        #expect(shown.contains("one person, one, I asked") && shown.contains("two people, two, I met both"))
        // Nobody is told that it is settled.
        let notices = try desk.said("notices")
        #expect(notices.contains("It is being asked again: porchlight conflicts show \(name)"), "\(notices)")
        #expect(!notices.contains("porchlight reopen"))
        let page = try desk.said("resolve", name, "--keep", keep, "--reason", "rang them")
        #expect(try isOne(replica, old, kept) == (keep != "both"))
        #expect(try desk.said("conflicts") == "nothing has to be decided\n")
        // What it says of how it is taken back is so.
        let back = try #require(page.firstMatch(of: /Take it back: porchlight (.*) --reason/)?.output.1)
        let words = back.split(separator: " ").map(String.init) + ["--reason", "wrong"]
        let code = Command.run(words + ["--replica", desk.path], in: desk.world, on: desk.screen)
        #expect(code == 0, "\(words): \(desk.err.text)")
        #expect(try !isOne(replica, old, kept))
        #expect(try OpenConflicts(in: replica).all.map(\.kind) == (keep == "both" ? [.duplicate] : []))
    }

    @Test func `whoever asks for another look at one of both opens one question, not two`() throws {
        let (desk, replica, _, _, merge) = try apart()
        let answers = try OpenConflicts.decisions(in: replica).filter { $0.answers == merge.id }
        #expect(answers.count == 2)
        for one in answers {
            _ = try desk.said("reopen", one.id.short, "--reason", "look again")
        }
        #expect(try OpenConflicts(in: replica).all.map(\.kind) == [.duplicate])
        // The one that both answered is overruled, and whoever reads of it is told by whom.
        #expect(desk.run("reopen", merge.id.short, "--reason", "again") == 65)
        #expect(desk.err.text.contains("this was decided anew since by "))
    }

    @Test(arguments: [("A", false), ("B", true)]) func `an end of a merge that is contested stays or goes`(
        keep: String, isMerged: Bool
    ) throws {
        let (desk, replica, old, kept, merge) = try merged()
        _ = try desk.said("reopen", merge.id.short, "--reason", "really?")
        // Whoever parts them by the verb for it answers that wish too.
        _ = try desk.said("participant", "unmerge", "P0191", "--reason", "father and son")
        #expect(try desk.said("conflicts") == "nothing has to be decided\n")
        let end = try #require(try OpenConflicts.decisions(in: replica).first { $0.kind == .unmerge })
        #expect(end.answers == merge.id)
        _ = try desk.said("reopen", end.id.short, "--reason", "one all the same")
        let name = "\(old.short).contested-\(end.id.short)"
        let list = try desk.said("conflicts")
        #expect(list.contains("they stay two people") && list.contains("one person after all"), "\(list)")
        let page = try desk.said("resolve", name, "--keep", keep, "--reason", "asked")
        #expect(page.contains(isMerged ? "one person" : "they stay two people"))
        #expect(try isOne(replica, old, kept) == isMerged)
        #expect(try desk.said("conflicts") == "nothing has to be decided\n")
    }

    @Test func `an older program's contested merge is merged again where it says so`() throws {
        let (desk, replica, old, kept, merge) = try merged()
        try replica.edit { edit in
            try edit.write(old, [RegisterWrite("redirect", [.none, .none, .none])])
        }
        _ = try desk.said("reopen", merge.id.short, "--reason", "really?")
        let name = "\(old.short).contested-\(merge.id.short)"
        #expect(try desk.said("conflicts").contains("one person after all"))
        let page = try desk.said("resolve", name, "--keep", "A", "--reason", "asked")
        #expect(page.contains("one person: P0191 Ben Ode is P0188 Benjamin Ode"), "\(page)")
        #expect(try isOne(replica, old, kept))
        #expect(page.contains("Take it back: porchlight participant unmerge \(old.short)"))
        _ = try desk.said("participant", "unmerge", old.short, "--reason", "no")
        #expect(try !isOne(replica, old, kept))
    }

    /// The decision that closes the wish is about the other of the two: it is closed all the same.
    @Test func `whoever merges them the other way round has answered who asked for another look`() throws {
        let (desk, replica, old, kept, _) = try merged()
        _ = try desk.said("participant", "unmerge", "P0191", "--reason", "father and son")
        let end = try #require(try OpenConflicts.decisions(in: replica).first { $0.kind == .unmerge })
        _ = try desk.said("reopen", end.id.short, "--reason", "one, I know him")
        #expect(try OpenConflicts(in: replica).all.count == 1)
        _ = try desk.said(
            "participant", "merge", "P0188", "--into", "P0191", "--yes", "--reason", "asked them")
        #expect(try Merged(in: replica).root(of: kept) == old)
        #expect(try desk.said("conflicts") == "nothing has to be decided\n")
    }
}
