import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Somebody deleted a record, and somebody who did not know of it went on with it.
@Suite("Deleted here, written there, on the command line") struct DeletedApartTests {
    /// PS09 deleted P0142, with a decision that says why, and SV01 gave her another number.
    private func apart() async throws -> Apart {
        let apart = try await Apart(
            role: "administrator", theirs: [RegisterWrite(deletedRegister, [.integer(1)])])
        try apart.replica.edit { edit in
            _ = try DecisionRecord(
                kind: .resolve, subject: apart.person, register: deletedRegister, other: nil, answers: nil,
                by: "SV01", at: TestDesk.now - 3_600, reason: "nobody of this name",
                before: DecidedValue.text([
                    DecidedValue(author: "PS09", effective: nil, values: [.integer(0)])
                ]),
                after: DecidedValue.text([
                    DecidedValue(author: "PS09", effective: nil, values: [.integer(1)])
                ])
            ).write(to: edit, telling: [])
        }
        return apart
    }

    @Test func `what everybody sees is marked as shown`() async throws {
        let apart = try await apart()
        #expect(try apart.desk.said("participant", "list").contains("P0142"))
        let list = try apart.desk.said("conflicts")
        #expect(list.contains("A  kept   PS09") && list.contains("B  shown  SV01"), "\(list)")
        let json = try apart.desk.said("conflicts", "--json")
        #expect(
            json.contains(#""letter":"A","shown":false,"state":"kept""#)
                && json.contains(#""letter":"B","shown":true,"state":"shown""#), "\(json)")
        let history = try apart.desk.said("history", "P0142").split(separator: "\n")
        let deletion = try #require(history.first { $0.hasSuffix("deleted") })
        #expect(deletion.contains("kept beside") && !deletion.contains("shown"), "\(history)")
        let card = try apart.desk.said("participant", "show", "P0142")
        let clash = try #require(card.split(separator: "Clash in the deletion").last)
        #expect(clash.contains(/shown now \(SV01.*also kept \(PS09/), "\(card)")
        #expect(clash.contains(/record +goes on +deleted/), "\(card)")
    }

    @Test func `both are told what is shown, and who went on with it not that it is something else`()
        async throws
    {
        let apart = try await apart()
        let mine = try apart.desk.said("notices")
        #expect(mine.contains("it is shown, with what you wrote, until somebody decides."), "\(mine)")
        #expect(!mine.contains("another value is shown"), "\(mine)")
        let theirs = try #require(try NoticeList(in: apart.replica, for: "PS09").undecided.first)
        #expect(
            theirs.waiting(for: "PS09").hasPrefix(
                "you deleted it, and somebody who did not know of that went on"))
    }

    @Test(arguments: ["A", "B"]) func `taking back what was decided gives back what was shown`(keep: String)
        async throws
    {
        let apart = try await apart()
        _ = try apart.desk.said("resolve", "P0142", "deleted", "--keep", keep, "--reason", "seen")
        let decision = try #require(apart.decisions.first { $0.reason == "seen" })
        #expect(
            try apart.replica.view(apart.person)?.deletion
                == (keep == "A" ? RecordState.Deletion.deleted : RecordState.Deletion.none))
        if keep == "A" {
            let history = try apart.desk.said("history", "deadbeef")
            #expect(history.contains("It was deleted by SV01 today 09:30: seen"), "\(history)")
            let back = "porchlight resolve --undo \(decision.id.short)"
            #expect(history.contains("Take it back: \(back)"), "\(history)")
            #expect(apart.desk.run("participant", "show", "P0142") == 65)
            #expect(apart.desk.err.text.contains("if that is wrong: \(back)"))
            // The first deletion was decided anew: taking that back is refused, with what brings the person back.
            let first = try #require(apart.decisions.first { $0.reason == "nobody of this name" })
            #expect(apart.desk.run("resolve", "--undo", first.id.short, "--reason", "x") == 65)
            #expect(
                apart.desk.err.text.contains("try:   if that is wrong: \(back)"), "\(apart.desk.err.text)")
        }
        let undone = try apart.desk.said("resolve", "--undo", decision.id.short, "--reason", "she exists")
        #expect(undone.contains(": it is shown \(keep == "A" ? "again" : "still")\n"), "\(undone)")
        #expect(try apart.desk.said("participant", "show", "P0142").hasPrefix("P0142 Ana Lopez"))
        #expect(undone.contains("It is open again: porchlight conflicts show deadbeef.contested-"))
        let asked = try #require(try OpenConflicts(in: apart.replica).all.first)
        #expect(asked.kind == .contested)
        // The letters are those of the first question: A deletes, whatever is shown by now.
        let list = try apart.desk.said("conflicts")
        #expect(list.contains("A  not kept") && list.contains("B  shown"), "\(list)")
        _ = try apart.desk.said("resolve", "deadbeef", "deleted", "--keep", "B", "--reason", "she does")
        #expect(try apart.replica.view(apart.person)?.deletion == RecordState.Deletion.none)
    }

    @Test func `who is deleted again because that was undone is so for the first reason, and comes back`()
        async throws
    {
        let desk = try TestDesk()
        let replica = try desk.enrolled(role: "administrator")
        let id = try replica.addParticipant("P0191", "Ben", family: "Ode")
        _ = try desk.said("delete", "P0191", "--reason", "nobody of this name")
        try replica.edit { edit in
            let writes = try Writes(
                "check_in",
                [
                    "participant": .reference(id), "peer": .text("SV01"),
                    "start_at": .integer(TestDesk.now - 60),
                    "activity": .text("check_in"), "mode": .text("in_person"), "did": .text("met Ben"),
                ])
            _ = try edit.create("check_in", writes.registers)
        }
        #expect(try desk.said("conflicts").contains("A  shown"))
        _ = try desk.said("resolve", "P0191", "deleted", "--keep", "B", "--reason", "she met him")
        let goesOn = try #require(
            try OpenConflicts.decisions(in: replica).first { $0.reason == "she met him" })
        let undone = try desk.said("resolve", "--undo", goesOn.id.short, "--reason", "it was Tom")
        #expect(undone.contains(": it is deleted again"))
        let history = try desk.said("history", "P0191")
        #expect(history.contains("It was deleted by SV01 today 09:30: nobody of this name"), "\(history)")
        // What is named brings the person back.
        let named = try #require(
            history.firstMatch(of: /to be decided: porchlight conflicts show (\S+)/)?.output.1)
        let shown = try desk.said("conflicts", "show", String(named))
        #expect(shown.contains("A  shown") && shown.contains("B  kept"), "\(shown)")
        _ = try desk.said("resolve", String(named), "--keep", "B", "--reason", "she did")
        #expect(try desk.said("conflicts") == "nothing has to be decided\n")
        #expect(try desk.said("participant", "show", "P0191").hasPrefix("P0191 Ben Ode"))
    }

    @Test func `a supervisor is told that only an administrator decides it`() async throws {
        let apart = try await Apart(theirs: [RegisterWrite(deletedRegister, [.integer(1)])])
        for letter in ["A", "B"] {
            #expect(apart.desk.run("resolve", "P0142", "deleted", "--keep", letter, "--reason", "x") == 77)
        }
        #expect(apart.desk.err.text.ranges(of: "try:   ask an administrator\n").count == 2)
        let shown = try apart.desk.said("conflicts", "show", "deadbeef.deleted")
        for letter in ["A", "B"] {
            #expect(shown.contains("\(letter)  is not yours to choose: ask an administrator\n"), "\(shown)")
        }
        #expect(apart.decisions.isEmpty)
    }
}
