import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// While a ring is open, or one record is merged into two, whoever is told of the merges is told that it is asked.
@Suite("Notices of merges that were made apart") struct RingNoticesTests {
    private static let staff = [
        (code: "AD01", role: "administrator"), (code: "SV01", role: "supervisor"),
        (code: "PS07", role: "peer"),
    ]

    /// Two merges that were made apart, the second after so many other commands.
    private func merged(
        _ first: (String, String), _ second: (String, String), later: Int = 0,
        answers: [String: [String]] = [:]
    ) async throws -> ApartDesks {
        let desks = try await ApartDesks(Self.staff, answers: answers)
        try desks[0].said("participant", "merge", first.0, "--into", first.1, "--yes", "--reason", "one door")
        for _ in 0..<later { desks[1].hear("status") }
        try desks[1].said(
            "participant", "merge", second.0, "--into", second.1, "--yes", "--reason", "one phone")
        try await desks.meet()
        return desks
    }

    @Test func `of a ring they name the question, and no decision to ask about`() async throws {
        let desks = try await merged(("P0142", "P0188"), ("P0188", "P0142"))
        for laptop in desks.all { #expect(try laptop.kinds == [.ring], "\(laptop.staff)") }
        let name = try #require(try desks[2].open.first?.name)
        for laptop in desks.all {
            let notices = try laptop.said("notices")
            #expect(
                notices.ranges(of: "It is being asked again: porchlight conflicts show \(name)\n").count
                    == (laptop.staff == "PS07" ? 2 : 0), "\(laptop.staff): \(notices)")
            #expect(!notices.contains("porchlight reopen"), "\(notices)")
        }
        #expect(try desks[2].said("notices", "--json").contains(#""asked_again":"\#(name)""#))
        // Once it is decided, they say what can be done about that again.
        try desks[0].said("participant", "unmerge", "P0142", "--reason", "seen")
        try await desks.meet()
        #expect(try desks[2].kinds == [])
        let notices = try desks[2].said("notices")
        #expect(!notices.contains("being asked again") && notices.contains("porchlight reopen"), "\(notices)")
    }

    @Test func `the tag of a ring stands for the merges in it`() async throws {
        var tags: Set<String> = []
        for later in [0, 1] {
            let desks = try await merged(("P0142", "P0188"), ("P0188", "P0142"), later: later)
            let names = Set(try desks.all.map { try $0.name(.ring) })
            #expect(names.count == 1, "\(names)")
            let name = try #require(names.first)
            tags.insert(String(name.suffix(4)))
            // Who names another ring than the one that stands there decides nothing.
            let stale = desks[0].hear("resolve", "\(name.dropLast(4))0000", "--keep", "A", "--reason", "x")
            #expect(stale.code != 0 && stale.err.contains("have changed since they were shown"), "\(stale)")
            let refused = desks[0].hear("resolve", name, "--keep", "A", "--reason", "x")
            #expect(refused.code == 65 && refused.err.contains("take one of the merges back"), "\(refused)")
        }
        #expect(tags.count == 2, "\(tags)")
    }

    @Test func `who recorded something about two that were parted apart finds it while it is asked`()
        async throws
    {
        let desks = try await merged(("P0142", "P0188"), ("P0188", "P0142"))
        let rosa = desks[2]
        try rosa.said("checkin", "add", "P0188", "walked to the bank", "--at", "yesterday 10:05")
        let visit = try #require(try rosa.replica.find(Query("check_in")).first).id
        try await desks.meet()
        #expect(try !rosa.said("notices").contains(visit.short))
        try desks[0].said("participant", "unmerge", "P0142", "--reason", "two")
        try desks[1].said("participant", "unmerge", "P0188", "--reason", "two of them")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.duplicate], "\(laptop.staff)") }
        let name = try #require(try rosa.open.first?.name)
        for arguments in [["notices"], ["notices", "--seen"], ["notices"]] {
            let notices = rosa.hear(arguments).out
            for line in [
                "What you wrote meanwhile stands where it was written:\n",
                "  Whether they are two people's is being asked: porchlight conflicts show \(name)\n",
                "  check-in \(visit.short) of ",
            ] {
                #expect(notices.contains(line), "\(line)\n\(notices)")
            }
            // It may yet turn out to stand where it should.
            #expect(!notices.contains("put right") && !notices.contains("checkin void"), "\(notices)")
        }
        let json = try rosa.said("notices", "--json")
        #expect(json.contains(#""asked":"\#(name)""#), "\(json)")
        // Nobody else is told of it.
        for laptop in [desks[0], desks[1]] {
            #expect(try laptop.said("notices", "--json").contains(#""stayed":[]"#))
        }
        try desks[0].said("resolve", desks[0].name(.duplicate), "--keep", "both", "--reason", "met both")
        try await desks.meet()
        let told = try rosa.said("notices")
        #expect(told.ranges(of: "check-in \(visit.short) of ").count == 1, "\(told)")
        #expect(!told.contains("is being asked:"), "\(told)")
        #expect(told.contains("porchlight checkin void \(visit.short) "), "\(told)")
        #expect(try rosa.said("notices", "--json").contains(#""asked":null"#))
    }

    @Test func `one record merged into two people is a question of its own, in words`() async throws {
        let desks = try await merged(("P0190", "P0188"), ("P0190", "P0142"))
        let cleo = Harbor.participant("P0190")
        for laptop in desks.all { #expect(try laptop.kinds == [.fork], "\(laptop.staff)") }
        let name = "\(cleo.short).merged-into"
        let notices = try desks[2].said("notices")
        #expect(
            notices.ranges(of: "It is being asked again: porchlight conflicts show \(name)\n").count == 2,
            "\(notices)")
        #expect(!notices.contains("porchlight reopen"), "\(notices)")
        // Whoever merged it elsewhere than is shown is told that it waits.
        #expect(try desks[0].said("notices").contains("you merged it, and somebody who did not know of that"))
        let list = try desks[0].said("conflicts")
        for part in [
            "participant P0190 Cleo Park: whose record it is  [fork: merged into two different people]\n",
            "the record of P0188 Ben Ode (", ": one door)", "the record of P0142 Ana Lopez (", ": one phone)",
            "A  shown", "B  kept",
        ] {
            #expect(list.contains(part), "\(part)\n\(list)")
        }
        #expect(!list.contains("redirect") && !list.contains("not yours to choose"), "\(list)")
        #expect(try desks[2].said("conflicts").ranges(of: "not yours to choose").count == 2)
        #expect(try desks[0].said("conflicts", "--json").contains(#""kind":"fork""#))
        #expect(try desks[0].said("conflicts", "--kind", "fork") == list)
        // No other target is typed: the way on is named.
        for typed in [["--value", "merged_into="], ["--value", "merged_into=P0188"], ["--edit"]] {
            let refused = desks[0].hear(["resolve", name] + typed + ["--reason", "x"])
            #expect(refused.code == 65, "\(refused)")
            #expect(
                refused.err.contains("--keep A|B (whose record it is)")
                    && refused.err.contains("porchlight participant unmerge \(cleo.short) --reason"),
                "\(refused.err)")
        }
        #expect(
            desks[2].hear("resolve", name, "--keep", "B", "--reason", "x").err.contains(
                "ask a supervisor or an administrator"))
        let kept = try desks[0].said("resolve", desks[0].name(.fork), "--keep", "B", "--reason", "met them")
        #expect(kept.contains(": the record of P0188 Ben Ode"), "\(kept)")
        try await desks.meet()
        for laptop in desks.all {
            #expect(try laptop.kinds == [], "\(laptop.staff)")
            #expect(
                try laptop.replica.view(cleo)?["merged_into"].reference == Harbor.participant("P0188"))
        }
        // Of the merge that does not stand, the notice names what was decided; of the other there is nothing newer.
        let after = try desks[2].said("notices")
        #expect(after.ranges(of: "AD01 decided it anew today").count == 1, "\(after)")
        #expect(after.contains(": met them\n") && !after.contains("being asked again"), "\(after)")
        // Asked about again it is a choice between the same two, and no other.
        let decision = try #require(try desks[1].decisions("met them").first)
        try desks[1].said("reopen", decision.id.short, "--reason", "I met her too")
        let again = try #require(try desks[1].open.first)
        #expect(again.kind == .contested)
        let typed = desks[1].hear(
            "resolve", again.name, "--value", "merged_into=P0188", "--reason", "x")
        #expect(typed.code == 65 && typed.err.contains("this conflict takes no other value"), "\(typed)")
    }

    @Test func `whose record it is of neither ends with the merge, and merged twice alike is no question`()
        async throws
    {
        let desks = try await merged(("P0190", "P0188"), ("P0190", "P0142"))
        // What was recorded while it counted as one of theirs is on that one, whichever is shown meanwhile.
        try desks[2].said("checkin", "add", "P0188", "walked to the bank", "--at", "yesterday 10:05")
        try desks[2].said("checkin", "add", "P0142", "walked home", "--at", "yesterday 11:05")
        try await desks.meet()
        let visits = try desks[2].replica.find(Query("check_in")).map(\.id.short)
        let page = try desks[1].said("participant", "unmerge", "P0190", "--reason", "nobody's but hers")
        #expect(visits.count == 2 && visits.allSatisfy(page.contains), "\(page)")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
        let notices = try desks[2].said("notices")
        #expect(visits.allSatisfy { notices.contains("check-in \($0) of ") }, "\(notices)")
        let alike = try await merged(("P0190", "P0188"), ("P0190", "P0188"))
        for laptop in alike.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
        // Which both ended, when one says so.
        try alike[0].said("participant", "unmerge", "P0190", "--reason", "two people")
        try await alike.meet()
        for laptop in alike.all {
            #expect(try laptop.kinds == [], "\(laptop.staff)")
            #expect(
                try laptop.replica.view(Harbor.participant("P0190"))?["merged_into"].isNone == true)
        }
    }

    @Test(arguments: ["A", "B"], [false, true])
    func `merged by one and said to be nobody else's by another is said so`(
        letter: String, isShown: Bool
    ) async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said("participant", "merge", "P0190", "--into", "P0188", "--yes", "--reason", "one door")
        try await desks.meet()
        // What is written last is shown.
        for laptop in isShown ? [desks[0], desks[1]] : [desks[1], desks[0]] {
            try laptop.said("participant", "unmerge", "P0190", "--reason", "not Ben")
            guard laptop.staff == "SV01" else { continue }
            try laptop.said(
                "participant", "merge", "P0190", "--into", "P0142", "--yes", "--reason", "it is Ana")
        }
        try await desks.meet()
        let cleo = Harbor.participant("P0190")
        for laptop in desks.all { #expect(try laptop.kinds == [.fork], "\(laptop.staff)") }
        let list = try desks[1].said("conflicts")
        #expect(
            list.contains("[fork: merged here, not merged there]\n") && list.contains("not merged\n"),
            "\(list)")
        #expect(!list.contains("different people") && !list.contains("of their own"), "\(list)")
        let page = try desks[1].said("conflicts", "show", "\(cleo.short).merged-into")
        #expect(!page.contains("none of theirs"), "\(page)")
        #expect(try desks[1].replica.view(cleo)?["merged_into"].isNone == !isShown)
        let waiting = try desks[isShown ? 0 : 1].said("notices")
        #expect(
            waiting.contains(
                isShown
                    ? "you said that it leads to no other record, and somebody who did not know of that merged it"
                    : "you merged it, and somebody who did not know of that said that it leads to no other record"
            ),
            "\(waiting)")
        let said = try desks[0].said("resolve", desks[0].name(.fork), "--keep", letter, "--reason", "met her")
        try await desks.meet()
        let leads = try desks[2].replica.view(cleo)?["merged_into"].reference != nil
        #expect(leads == (isShown == (letter == "A")))
        #expect(said.contains(leads ? ": the record of P0142 Ana Lopez" : ": not merged"), "\(said)")
        let row = try #require(try desks[0].register().first { $0["reason"] == "met her" })
        #expect(row["before"].contains("not merged"), "\(row)")
        #expect(leads || row["after"].contains("not merged"), "\(row)")
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
    }

    /// Cleo is PS09's, and was merged apart into Ben and into Ana, who are not.
    private func given() async throws -> ApartDesks {
        let desks = try await ApartDesks(Self.staff + [(code: "PS09", role: "peer")])
        try desks[0].said("assign", "P0190", "--to", "PS09", "--from", "PS07", "--basis", "team")
        try await desks.meet()
        try desks[0].said("participant", "merge", "P0190", "--into", "P0188", "--yes", "--reason", "one door")
        try desks[1].said(
            "participant", "merge", "P0190", "--into", "P0142", "--yes", "--reason", "one phone")
        try await desks.meet()
        #expect(try caseload(desks) == ["P0142", "P0188", "P0190"])
        return desks
    }

    /// Whom PS09 works with, by code.
    private func caseload(_ desks: ApartDesks) throws -> [String] {
        let people = Dictionary(
            uniqueKeysWithValues: ["P0142", "P0188", "P0190"].map { (Harbor.participant($0), $0) })
        let open = try desks[3].replica.find(Query.openAssignments([.equals("peer", .text("PS09"))]))
        return try open.map { row in
            try #require(row["participant"].reference.flatMap { people[$0] }, "\(row)")
        }
        .sorted()
    }

    @Test func `what both merges of one record gave ends with it, and whoever made either is told`()
        async throws
    {
        let desks = try await given()
        let said = try desks[1].said("participant", "unmerge", "P0190", "--reason", "nobody's but hers")
        #expect(said.contains("AD01, PS07, PS09 will be told"), "\(said)")
        try await desks.meet()
        #expect(try caseload(desks) == ["P0190"])
        for laptop in desks.all {
            let chains = try OpenConflicts.chains(in: laptop.replica)
            let end = try #require(chains.all.last { $0.kind == .unmerge })
            let merges = chains.all.filter { $0.kind == .merge }
            #expect(merges.count == 2)
            for merge in merges {
                #expect(chains.closer(of: merge)?.id == end.id, "\(laptop.staff): \(merge.reason)")
            }
            #expect(chains.merges(endedBy: end).count == 2)
        }
        // Whoever had merged them otherwise reads what has become of that.
        let notices = try desks[0].said("notices")
        #expect(notices.contains(": nobody's but hers\n"), "\(notices)")
        #expect(try desks[3].said("notices").ranges(of: "SV01 decided it anew today").count == 2)
    }

    @Test func `who is nobody else's is asked about with none of those that it was merged into`() async throws
    {
        let desks = try await ApartDesks(Self.staff)
        for (laptop, name) in zip(desks.all, ["Zoe", "Zoey"]) {
            try laptop.said(
                "participant", "add", name, "--family", "West", "--code", "P0900", "--site", "S1", "--yes")
        }
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.duplicate], "\(laptop.staff)") }
        let west = try desks[0].replica.find(Query("participant")).filter { $0["code"].text == "P0900" }
        try #require(west.count == 2)
        let (zoe, zoey, ana) = (west[0].id, west[1].id, Harbor.participant("P0142"))
        try desks[0].said(
            "participant", "merge", zoe.text, "--into", zoey.text, "--yes", "--reason", "one code")
        try desks[1].said(
            "participant", "merge", zoe.text, "--into", ana.text, "--yes", "--reason", "one phone")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.fork], "\(laptop.staff)") }
        #expect(try desks[1].replica.view(zoe)?["merged_into"].reference == ana)
        let json = try desks[1].said("participant", "unmerge", zoe.text, "--reason", "hers", "--json")
        #expect(json.contains(#""since":{"into":"\#(ana.text)""#), "\(json)")
        #expect(json.contains(#""others":[{"into":"\#(zoey.text)""#), "\(json)")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
    }

    @Test(arguments: [("A", "P0142"), ("B", "P0188")])
    func `what a merge gave that does not stand ends, and goes on when that is taken back`(
        letter: String, kept: String
    ) async throws {
        let desks = try await given()
        let said = try desks[0].said(
            "resolve", desks[0].name(.fork), "--keep", letter, "--reason", "met them")
        #expect(said.contains("PS09"), "\(said)")
        try await desks.meet()
        #expect(try caseload(desks) == [kept, "P0190"])
        let told = try desks[3].said("notices")
        #expect(
            told.contains("whose record it is was decided, and one that you work with is another person's."),
            "\(told)")
        let decision = try #require(try desks[0].decisions("met them").first)
        try desks[0].said("resolve", "--undo", decision.id.short, "--reason", "not sure")
        try await desks.meet()
        // What is shown then is what was shown before.
        #expect(try caseload(desks) == (kept == "P0142" ? ["P0142", "P0190"] : ["P0142", "P0188", "P0190"]))
        let sides = try desks[0].sides(of: #require(try desks[0].open.first))
        let other = Harbor.participant("P0188")
        let ben = try #require(sides.first { $0.values.first?.reference == other })
        try desks[0].said(
            "resolve", desks[0].name(.contested), "--keep", ben.letter, "--reason", "it is Ben")
        try await desks.meet()
        #expect(try caseload(desks) == ["P0188", "P0190"])
    }

    @Test func `a review offers nobody what is not theirs to choose`() async throws {
        let desks = try await merged(
            ("P0190", "P0188"), ("P0190", "P0142"), answers: ["PS07": ["a", "t", "e", "q"]])
        let review = desks[2].hear("conflicts", "review")
        #expect(review.err.contains("\ns leave, q quit: "), "\(review.err)")
        #expect(!review.err.contains("keep a/b") && !review.err.contains("why? "), "\(review.err)")
        #expect(review.err.contains("A  is not yours to choose: ask a supervisor or an administrator\n"))
        #expect(try desks[2].kinds == [.fork])
    }

    /// What was parted by an answer that is asked about again, or that was decided otherwise, is in its place.
    @Test
    func
        `what was recorded is not said to be out of place while the fork is open, nor once they are one again`()
        async throws
    {
        let desks = try await merged(("P0190", "P0188"), ("P0190", "P0142"))
        let rosa = desks[2]
        try rosa.said("checkin", "add", "P0188", "walked to the bank", "--at", "yesterday 10:05")
        try rosa.said("checkin", "add", "P0142", "rode home", "--at", "yesterday 11:05")
        try await desks.meet()
        for (place, letter) in [(0, "A"), (1, "B")] {
            try desks[place].said(
                "resolve", desks[place].name(.fork), "--keep", letter, "--reason", "apart \(place)")
        }
        try await desks.meet()
        #expect(try rosa.kinds == [.fork])
        let open = try rosa.said("notices")
        #expect(
            open.contains("Whether they are two people's is being asked: porchlight conflicts show "),
            "\(open)")
        #expect(!open.contains("put right") && !open.contains("checkin void"), "\(open)")
        for place in [0, 1] {
            let notices = try desks[place].said("notices")
            #expect(!notices.contains("it counts as that"), "\(notices)")
        }
        try desks[0].said("resolve", desks[0].name(.fork), "--keep", "A", "--reason", "last")
        try await desks.meet()
        // It is the record of the one, and what was recorded about that one is nowhere else.
        let kept = try #require(
            try rosa.replica.view(Harbor.participant("P0190"))?["merged_into"].reference)
        let visits = try rosa.replica.find(Query("check_in"))
        let told = try rosa.said("notices")
        for visit in visits {
            #expect(
                told.contains("check-in \(visit.id.short) of ") == (visit["participant"].reference != kept),
                "\(told)")
        }
        #expect(visits.count == 2)
    }
}
