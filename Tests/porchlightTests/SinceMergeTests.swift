import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// What is written on one record under the name of another that was merged into it.
@Suite("What is written while two records are one person's") struct SinceMergeTests {
    private struct Pair {
        let desk: TestDesk
        let replica: Replica
        let kay: RecordID
        let lou: RecordID

        init(answers: [String]? = nil) throws {
            desk = try TestDesk(answers: answers)
            replica = try desk.enrolled()
            kay = try replica.addParticipant("P0191", "Kay", family: "Marsh")
            lou = try replica.addParticipant("P0188", "Lou", family: "Marsh")
            run("participant", "edit", "P0188", "--phone", "555 0188")
            run("participant", "merge", "P0191", "--into", "P0188", "--reason", "one address", "--yes")
        }

        @discardableResult func run(_ arguments: String...) -> TestDesk.Heard {
            run(arguments)
        }

        @discardableResult func run(_ arguments: [String]) -> TestDesk.Heard { desk.hear(arguments) }

        func phone(_ id: RecordID) throws -> String? { try replica.view(id)?["phone"].text }
    }

    @Test func `who edits a record that was merged hears that the other is changed`() throws {
        let pair = try Pair()
        let asked = pair.run("participant", "edit", "Kay", "--phone", "555 0191")
        #expect(asked.code == 65 && asked.out.isEmpty, "\(asked)")
        for part in [
            "P0191 Kay Marsh was merged into P0188 Lou Marsh by SV01 today 09:30",
            "it is the record of P0188 Lou Marsh that would be changed", "nothing was recorded",
            "if they are one person, add --yes",
            "porchlight participant unmerge \(pair.kay.short) --reason",
        ] {
            #expect(asked.err.contains(part), "\(part)\n\(asked.err)")
        }
        #expect(try pair.phone(pair.lou) == "555 0188" && pair.phone(pair.kay) == nil)
        let changed = pair.run("participant", "edit", "Kay", "--phone", "555 0191", "--yes")
        #expect(changed.code == 0, "\(changed)")
        #expect(
            changed.out.hasPrefix("Changed: P0188 Lou Marsh (P0191 Kay Marsh was merged into it)\n"),
            "\(changed.out)")
        #expect(try pair.phone(pair.lou) == "555 0191")
        // Whoever names the one that stays is asked nothing, and a name of both is that one's.
        #expect(
            pair.run("participant", "edit", "P0188", "--phone", "1").out.hasPrefix(
                "Changed: P0188 Lou Marsh\n"))
        #expect(pair.run("participant", "edit", "Marsh", "--phone", "2").code == 0)
    }

    @Test func `at a terminal it is a question`() throws {
        let pair = try Pair(answers: ["n", "y"])
        #expect(pair.run("participant", "edit", "Kay", "--phone", "3").code == 65)
        #expect(try pair.phone(pair.lou) == "555 0188")
        let asked = pair.run("participant", "edit", "Kay", "--phone", "4")
        #expect(
            asked.err.contains(
                "was merged into P0188 Lou Marsh by SV01 today 09:30, whose record this changes."))
        #expect(try pair.phone(pair.lou) == "4")
    }

    @Test func `who takes the merge back hears what is left on the other record`() throws {
        let pair = try Pair()
        pair.run("checkin", "add", "Kay", "walked to the bank")
        pair.run("participant", "edit", "Kay", "--phone", "555 0191", "--yes")
        let back = pair.run("participant", "unmerge", "P0191", "--reason", "sisters")
        #expect(back.code == 0, "\(back)")
        #expect(
            back.out.contains("Written on P0188 Lou Marsh while they were one, and still there:\n"), "\(back)"
        )
        #expect(back.out.contains("SV01  phone 555 0188 → 555 0191\n"), "\(back.out)")
        #expect(back.out.contains("porchlight history \(pair.lou.short) --server"))
        #expect(back.out.contains("porchlight participant edit \(pair.lou.short)"))
        let visit = try #require(try pair.replica.find(Query("check_in")).first)
        #expect(back.out.contains("Recorded about P0188 Lou Marsh in that time, and still there:\n"))
        #expect(back.out.contains("SV01  check-in \(visit.id.short)\n"), "\(back.out)")
        // What stood there before the merge is not among it.
        #expect(!back.out.contains("P0188 →") && !back.out.contains("→ 555 0188"), "\(back.out)")
    }

    /// Somebody contests the merge, after something was written while the two were one.
    private func contested(answers: [String]? = nil) throws -> (Pair, name: String) {
        let pair = try Pair(answers: answers)
        pair.run("checkin", "add", "Kay", "walked to the bank")
        pair.run("participant", "edit", "Kay", "--phone", "555 0191", "--yes")
        let merge = try #require(try OpenConflicts.decisions(in: pair.replica).first)
        pair.run("reopen", merge.id.short, "--reason", "sisters")
        return (pair, "\(pair.kay.short).contested-\(merge.id.short)")
    }

    private func isTold(_ page: String, _ pair: Pair) throws {
        #expect(
            page.contains("Written on P0188 Lou Marsh while they were one, and still there:\n"), "\(page)")
        #expect(page.contains("SV01  phone 555 0188 → 555 0191\n"), "\(page)")
        let visit = try #require(try pair.replica.find(Query("check_in")).first)
        #expect(page.contains("SV01  check-in \(visit.id.short)\n"), "\(page)")
        #expect(!page.contains("→ 555 0188"), "\(page)")
    }

    @Test func `who decides that they are two hears the same`() throws {
        let (pair, name) = try contested()
        let parted = pair.run("resolve", name, "--keep", "B", "--reason", "I met both")
        #expect(parted.code == 0, "\(parted)")
        try isTold(parted.out, pair)
        let (other, same) = try contested()
        let stays = other.run("resolve", same, "--keep", "A", "--reason", "one").out
        #expect(stays.contains("they stay one person") && !stays.contains("still there"), "\(stays)")
    }

    @Test func `also of many at once, in a review, and for programs`() throws {
        let all = ["resolve", "--all", "--kind", "contested", "--keep", "B", "--reason", "two", "--yes"]
        let (many, _) = try contested()
        try isTold(many.run(all).out, many)
        let (review, _) = try contested(answers: ["b", "I met both"])
        try isTold(review.run("conflicts", "review").err, review)
        let part = #""since":[{"into":"\#(review.lou.text)","written":[{"author":"SV01""#
        let (pair, name) = try contested()
        let one = pair.run("resolve", name, "--keep", "B", "--reason", "two", "--json").out
        #expect(one.contains(part) && one.contains(#""recorded":[{"record":""#), "\(one)")
        let (batch, _) = try contested()
        let json = batch.run(all + ["--json"]).out
        #expect(json.contains(part), "\(json)")
    }

    @Test func `who tells two apart that somebody had merged hears it as well`() throws {
        let (pair, name) = try contested()
        pair.run("resolve", name, "--keep", "A", "--reason", "one, I asked")
        // On another laptop the merge was taken back, by somebody who did not know of that.
        let decisions = try OpenConflicts.decisions(in: pair.replica)
        let first = try #require(decisions.first { $0.kind == .merge && $0.answers == nil })
        try pair.replica.edit(resolving: true) { edit in
            _ = try DecisionRecord(
                kind: .unmerge, subject: pair.kay, register: nil, other: pair.lou, answers: first.id,
                by: "SV01",
                at: TestDesk.now, reason: "two, I met both", before: nil, after: nil
            ).write(to: edit, telling: [])
        }
        let asked = try #require(try OpenConflicts(in: pair.replica).all.first { $0.kind == .duplicate })
        let told = pair.run("resolve", asked.name, "--keep", "both", "--reason", "sisters")
        #expect(told.code == 0, "\(told)")
        try isTold(told.out, pair)
    }

    @Test func `programs get all of it, and nothing where nothing was written`() throws {
        let pair = try Pair()
        pair.run("participant", "edit", "P0188", "--phone", "5")
        let json = pair.run("participant", "unmerge", "P0191", "--reason", "sisters", "--json").out
        #expect(json.contains(#""since":{"into":"\#(pair.lou.text)","written":[{"author":"SV01""#), "\(json)")
        #expect(json.contains(#""recorded":[]}"#), "\(json)")
        let quiet = try Pair()
        let back = quiet.run("participant", "unmerge", "P0191", "--reason", "sisters")
        #expect(back.code == 0 && !back.out.contains("still there"), "\(back)")
    }

    @Test func `a name that fits the records of one person names them`() throws {
        let pair = try Pair()
        let shown = pair.run("participant", "show", "Marsh")
        #expect(shown.code == 0 && shown.out.hasPrefix("P0188 Lou Marsh\n"), "\(shown)")
        try pair.replica.addParticipant("P0200", "Ann", family: "Marsh")
        let several = pair.run("participant", "show", "Marsh")
        #expect(several.code == 65 && several.err.contains("fits 2 records"), "\(several)")
        // Which record is meant is another question than who.
        #expect(pair.run("participant", "unmerge", "Marsh", "--reason", "x").code == 65)
    }
}
