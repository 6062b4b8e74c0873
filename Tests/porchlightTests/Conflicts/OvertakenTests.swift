import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Decisions about one field that followed each other, or were made apart, and who hears of them.
@Suite("What came after a decision, and who is told") struct OvertakenTests {
    /// PS07 and SV01 give Ana two numbers apart; AD01 and AD02 each let SV01's stand.
    private func alike() async throws -> ApartDesks {
        let desks = try await ApartDesks([
            (code: "PS07", role: "peer"), (code: "SV01", role: "supervisor"),
            (code: "AD01", role: "administrator"), (code: "AD02", role: "administrator"),
        ])
        try await ring(desks, "0101", "0102")
        for laptop in [desks[2], desks[3]] {
            let conflict = try #require(try laptop.open.first)
            let side = try #require(try laptop.sides(of: conflict).first { $0.author == "SV01" })
            try laptop.said(
                "resolve", conflict.name, "--keep", side.letter, "--reason", "says \(laptop.staff)")
        }
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
        return desks
    }

    private func ring(_ desks: ApartDesks, _ first: String, _ second: String) async throws {
        for (place, phone) in [(0, first), (1, second)] {
            try desks[place].said("participant", "edit", "P0142", "--phone", "212-555-\(phone)")
        }
        try await desks.meet()
    }

    @Test func `who read both of two who said the same has decided both anew, and neither apart`()
        async throws
    {
        let desks = try await alike()
        #expect(try desks[0].said("notices").contains("AD02 decided about it apart from this"))
        try await ring(desks, "0103", "0104")
        try desks[2].said("resolve", desks[2].name(.values), "--keep", "A", "--reason", "then")
        try await desks.meet()
        let notices = try desks[0].said("notices")
        #expect(!notices.contains("apart from this"), "\(notices)")
        #expect(notices.ranges(of: "AD01 decided it anew today").count == 2, "\(notices)")
        let rows = try desks[0].register()
        let both = Set(rows.filter { $0["reason"].hasPrefix("says ") }.map { $0["decision_id"] })
        let then = try #require(rows.first { $0["reason"] == "then" })
        #expect(Set(then["answers"].split(separator: " | ").map(String.init)) == both && both.count == 2)
    }

    @Test func `whoever decided what was taken back is told what others made of it apart`() async throws {
        let desks = try await ApartDesks([
            (code: "PS07", role: "peer"), (code: "PS09", role: "peer"), (code: "SV01", role: "supervisor"),
            (code: "AD01", role: "administrator"), (code: "AD02", role: "administrator"),
        ])
        try await ring(desks, "0101", "0102")
        try desks[2].said("resolve", desks[2].name(.values), "--keep", "B", "--reason", "first")
        try await desks.meet()
        let first = try #require(try desks[2].decisions("first").first)
        try desks[3].said("resolve", "--undo", first.id.short, "--reason", "wrong number")
        try await desks.meet()
        for laptop in [desks[3], desks[4]] {
            let conflict = try #require(try laptop.open.first)
            let kept = try #require(
                try laptop.sides(of: conflict).first { $0.values != first.valuesAfter.first?.values })
            try laptop.said(
                "resolve", conflict.name, "--keep", kept.letter, "--reason", "says \(laptop.staff)")
        }
        try await desks.meet()
        let told = try NoticeList(in: desks[2].replica, for: "SV01").decided.compactMap(\.decision?.reason)
        #expect(Set(told) == ["wrong number", "says AD01", "says AD02"], "\(told)")
    }

    /// An administrator marks all that is open as answered by one decision; a peer, whose check-in it is, answers each.
    @Test(arguments: [4, 0])
    func `what belongs together is taken back to the last of it`(decider: Int) async throws {
        let desks = try await ApartDesks([
            (code: "PS07", role: "peer"), (code: "PS07", role: "peer"), (code: "AD01", role: "administrator"),
            (code: "SV01", role: "supervisor"), (code: "AD02", role: "administrator"),
        ])
        let visit = try await desks.visited()
        try desks[0].said("checkin", "amend", visit.text, "--did", "walked to the bank", "--reason", "x")
        try desks[1].said("checkin", "amend", visit.text, "--did", "walked to the clinic", "--reason", "y")
        try await desks.meet()
        // Two of them ask at once about what they have decided themselves.
        var both: [Decision] = []
        for (place, letter) in [(2, "A"), (3, "A"), (0, "B")] {
            try desks[place].said(
                "resolve", desks[place].name(.amendments), "--keep", letter, "--reason", "says \(place)")
            guard letter == "A" else { continue }
            let made = try #require(
                try desks[place].decisions("says \(place)").first { $0.subject != visit })
            try desks[place].said("reopen", made.id.short, "--reason", "or the clinic")
            both.append(made)
        }
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.amendments], "\(laptop.staff)") }
        let said = try desks[decider].said(
            "resolve", desks[decider].name(.amendments), "--keep", "A", "--reason", "the bank")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
        let made = try desks[4].decisions("the bank")
        #expect(Set(made.map(\.subject)).count == made.count - (decider == 4 ? 0 : 1), "\(made)")
        let rows = try desks[4].register().filter {
            $0["reason"] == "the bank" && $0["record"] == both.first?.subject.text
        }
        let answers = rows.map { $0["answers"] }.joined(separator: " ")
        #expect(both.count == 2 && both.allSatisfy { answers.contains($0.id.text) }, "\(rows)")
        try desks[decider].takeBack(said)
        try await desks.meet()
        #expect(try desks[0].kinds == [.amendments])
    }

    @Test func `what was written since is not said to be decided apart`() async throws {
        let desks = try await alike()
        try await ring(desks, "0103", "0104")
        let first = try #require(try desks[3].decisions("says AD02").first)
        let waiting = try desks[0].said("notices") + desks[1].said("notices")
        #expect(waiting.contains("  Nobody has decided yet. Look at both: "), "\(waiting)")
        #expect(!waiting.contains("is open again"), "\(waiting)")
        let undone = desks[3].hear("resolve", "--undo", first.id.short, "--reason", "wrong")
        let name = try #require(try desks[3].open.first?.name)
        #expect(undone.code == 65 && !undone.err.contains("did not know"), "\(undone)")
        #expect(
            undone.err.contains("something else was written there since by ")
                && undone.err.contains(", and is being asked\n")
                && undone.err.contains("porchlight conflicts show \(name)\n"), "\(undone.err)")
    }

    @Test func `what is open already is not asked about once more, and its name is told`() async throws {
        let desks = try await alike()
        let decision = try #require(try desks[0].decisions("says AD02").first)
        let page = try desks[0].said("reopen", decision.id.short, "--reason", "not so")
        let name = try #require(try desks[0].open.first?.name)
        #expect(page.contains("porchlight conflicts show \(name)\n"))
        let again = desks[0].hear("reopen", decision.id.short, "--reason", "not so")
        #expect(again.code == 65, "\(again)")
        #expect(
            again.err.contains("PS07 asked for another look already, and it is open")
                && again.err.contains("porchlight conflicts show \(name)\n"), "\(again.err)")
        let more = try await alike()
        try await ring(more, "0103", "0104")
        try more[2].said("resolve", more[2].name(.values), "--keep", "A", "--reason", "then")
        let then = try #require(try more[2].decisions("then").first)
        try more[2].said("resolve", "--undo", then.id.short, "--reason", "back")
        let undone = more[2].hear("reopen", then.id.short, "--reason", "look")
        #expect(undone.code == 65 && undone.err.contains("AD01 took it back, and it is open"), "\(undone)")
        let asked = try #require(try more[2].open.first?.name)
        #expect(undone.err.contains("porchlight conflicts show \(asked)\n"), "\(undone)")
    }
}
