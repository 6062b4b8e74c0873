import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Two who were told apart by one and merged by another: who says which record stays gets that one.
@Suite("Which of two records stays") struct TurnedRoundTests {
    /// Eve and Gus, told apart, and Gus merged into Eve all the same. PS07 works with Eve, PS09 with Gus.
    private struct Pair {
        let desk: TestDesk
        let replica: Replica
        let eve: RecordID
        let gus: RecordID
        let merge: TestDesk.Heard

        init(answers: [String]? = nil, into other: String? = nil, _ more: [String] = ["--yes"]) throws {
            desk = try TestDesk(answers: answers)
            replica = try desk.enrolled(role: "administrator")
            let ids = [
                try replica.addParticipant("P0300", "Eve"), try replica.addParticipant("P0300", "Gus"),
            ]
            (eve, gus) = (ids[0], ids[1])
            for (person, peer) in [(eve, "PS07"), (gus, "PS09")] {
                try replica.edit { edit in
                    _ = try edit.create(
                        "assignment",
                        [
                            RegisterWrite("what", [.reference(person), .text(peer), .text("own"), .none]),
                            RegisterWrite("period", [.integer(20_000), .none]),
                        ])
                }
            }
            _ = desk.hear(["resolve", Self.name(eve, gus), "--keep", "both", "--reason", "met both", "--yes"])
            if let other { try replica.addParticipant(other, "Kim") }
            merge = desk.hear(
                ["participant", "merge", gus.text, "--into", other ?? eve.text, "--reason", "one"] + more)
        }

        static func name(_ a: RecordID, _ b: RecordID) -> String {
            "\(min(a, b).short).same-as-\(max(a, b).short)"
        }

        func run(_ arguments: String...) -> TestDesk.Heard {
            desk.hear(arguments)
        }

        /// Decides that they are one, and that this one's record stays.
        func keep(_ person: RecordID) -> TestDesk.Heard {
            let letter = person == min(eve, gus) ? "A" : "B"
            return run("resolve", Self.name(eve, gus), "--keep", letter, "--reason", "the better record")
        }

        func peers(_ person: RecordID) throws -> [String] {
            try replica.find(Query.openAssignments(of: person)).compactMap { $0["peer"].text }.sorted()
        }
    }

    @Test func `the letter of the one that leads to the other turns them round`() throws {
        let pair = try Pair()
        #expect(try pair.peers(pair.eve) == ["PS07", "PS09"] && pair.peers(pair.gus) == ["PS09"])
        #expect(pair.run("participant", "edit", pair.eve.text, "--phone", "555 0101").code == 0)
        let kept = pair.keep(pair.gus)
        #expect(
            kept.code == 0 && kept.out.contains(": P0300 Eve is merged into P0300 Gus\n"), "\(kept)")
        #expect(try pair.replica.view(pair.gus)?["merged_into"].isNone == true)
        #expect(try pair.replica.view(pair.eve)?["merged_into"] == .reference(pair.gus))
        #expect(try Merged(in: pair.replica).root(of: pair.eve) == pair.gus)
        // Everybody goes on seeing the person, and nobody what the other merge had given.
        #expect(try pair.peers(pair.gus) == ["PS07", "PS09"] && pair.peers(pair.eve) == ["PS07"])
        #expect(kept.out.contains("PS07, PS09 will be told"), "\(kept.out)")
        #expect(
            kept.out.contains("Written on P0300 Eve while that was shown, and not shown any more:\n"))
        #expect(kept.out.contains("555 0101") && !kept.out.contains("not merged"), "\(kept.out)")
        #expect(kept.out.contains("porchlight participant edit \(pair.gus.short)"))
        #expect(pair.run("conflicts").out == "nothing has to be decided\n")
        // The register says so, and what is offered takes it back.
        let last = try #require(
            try OpenConflicts.decisions(in: pair.replica).first { $0.reason == "the better record" })
        #expect(last.subject == pair.eve && last.other == pair.gus)
        #expect(kept.out.contains("porchlight participant unmerge \(pair.eve.short) "))
        #expect(pair.run("participant", "unmerge", pair.eve.text, "--reason", "two").code == 0)
        #expect(try pair.peers(pair.gus) == ["PS09"] && pair.peers(pair.eve) == ["PS07"])
    }

    @Test func `the letter of the one that stays leaves them as they are`() throws {
        let pair = try Pair()
        let kept = pair.keep(pair.eve)
        #expect(
            kept.code == 0 && kept.out.contains(": P0300 Gus is merged into P0300 Eve\n"), "\(kept)")
        #expect(try pair.replica.view(pair.gus)?["merged_into"] == .reference(pair.eve))
        #expect(try pair.peers(pair.eve) == ["PS07", "PS09"])
    }

    @Test func `where a third is in it nobody is led elsewhere unasked`() throws {
        let pair = try Pair()
        try pair.replica.addParticipant("P0301", "Kim")
        #expect(
            pair.run("participant", "merge", pair.eve.text, "--into", "P0301", "--yes", "--reason", "one")
                .code
                == 0)
        let refused = pair.keep(pair.gus)
        #expect(
            refused.code == 65 && refused.err.contains("P0300 Eve was merged into P0301 Kim"),
            "\(refused)")
        #expect(
            refused.err.contains("porchlight participant unmerge \(pair.eve.short) --reason \"…\""),
            "\(refused.err)")
        #expect(try pair.replica.view(pair.gus)?["merged_into"] == .reference(pair.eve))
        #expect(pair.keep(pair.eve).out.contains(": P0300 Gus is merged into P0300 Eve\n"))
        // Where both were merged into the third, that is the one that stays.
        let both = try Pair(into: "P0301")
        let kim = try #require(
            try both.replica.find(Query("participant")).first { $0["code"] == .text("P0301") })
        _ = both.run("participant", "merge", both.eve.text, "--into", "P0301", "--yes", "--reason", "one")
        let kept = both.keep(both.eve)
        #expect(kept.out.contains(": one person, shown as P0301 Kim\n"), "\(kept)")
        #expect(try Merged(in: both.replica).root(of: both.gus) == kim.id)
        #expect(both.run("conflicts").out == "nothing has to be decided\n")
    }

    @Test func `who merges two of whom somebody said that they are two is told so`() throws {
        let pair = try Pair()
        let said = "SV01 said today 09:30 that they are two people: met both\n"
        let name = Pair.name(pair.eve, pair.gus)
        #expect(pair.merge.code == 0 && pair.merge.out.contains(said), "\(pair.merge)")
        #expect(
            pair.merge.out.contains("So it is asked which is right: porchlight conflicts show \(name)\n"))
        let json = try Pair(["--json", "--yes"]).merge.out
        #expect(
            json.contains(#""apart":[{"decision":""#) && json.contains(#""reason":"met both"}]"#),
            "\(json)")
        // Where nobody can be asked it is said in what is refused.
        let refused = try Pair([])
        #expect(
            refused.merge.code == 65
                && refused.merge.err.contains(
                    "P0300 Gus would be merged into P0300 Eve; SV01 said today 09:30 that they are two people: met both\n"
                ),
            "\(refused.merge)")
        // At a terminal before it is done.
        let asked = try Pair(answers: ["n"], [])
        #expect(asked.merge.code == 65 && asked.merge.err.contains(said), "\(asked.merge)")
        #expect(try asked.replica.view(asked.gus)?["merged_into"].isNone == true)
        // Once that is decided it is said no more, nor of one's own merge that one took back.
        _ = pair.keep(pair.eve)
        _ = pair.run("participant", "unmerge", pair.gus.text, "--reason", "no")
        let again = pair.run(
            "participant", "merge", pair.gus.text, "--into", pair.eve.text, "--yes", "--reason", "yes")
        #expect(
            again.code == 0 && !again.out.contains("two people") && !again.out.contains("asked"),
            "\(again)")
    }
}
