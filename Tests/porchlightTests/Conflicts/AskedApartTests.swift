import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// What somebody is told who takes back, or asks about, what others decided otherwise and apart; and whoever would decide many
/// at once that are not theirs to decide.
@Suite("Taking back and asking about what was decided apart") struct AskedApartTests {
    private static let staff = [
        (code: "PS07", role: "peer"), (code: "SV01", role: "supervisor"),
        (code: "AD01", role: "administrator"), (code: "PS09", role: "peer"),
    ]

    /// Two telephone numbers, of which SV01 and AD01 each keep another one.
    private func numbers() async throws -> ApartDesks {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said("participant", "edit", "P0142", "--phone", "212-555-0101")
        try desks[1].said("participant", "edit", "P0142", "--phone", "212-555-0102")
        try await desks.meet()
        try desks[1].said("resolve", desks[1].name(.values), "--keep", "A", "--reason", "sv A")
        try desks[2].said("resolve", desks[2].name(.values), "--keep", "B", "--reason", "ad B")
        try await desks.meet()
        return desks
    }

    @Test func `it is said that it is being asked, and where`() async throws {
        let desks = try await numbers()
        let name = try #require(try desks[1].open.first?.name)
        for (laptop, reason) in [(desks[1], "sv A"), (desks[2], "ad B"), (desks[2], "sv A")] {
            let decision = try #require(try laptop.decisions(reason).first)
            let heard = laptop.hear("resolve", "--undo", decision.id.short, "--reason", "not so")
            #expect(heard.code == 65, "\(heard)")
            #expect(
                heard.err.contains(
                    "decided otherwise by somebody who did not know of it, and is being asked"),
                "\(heard)")
            #expect(heard.err.contains("porchlight conflicts show \(name)\n"), "\(heard)")
            #expect(!heard.err.contains("since"), "\(heard)")
        }
        // The older of the two is asked about as it is, and nothing has to be reopened.
        let older = try #require(try desks[0].decisions("sv A").first)
        let reopen = desks[0].hear("reopen", older.id.short, "--reason", "look again")
        #expect(reopen.code == 65 && !reopen.err.contains("anew"), "\(reopen)")
        #expect(reopen.err.contains("porchlight conflicts show \(name)\n"), "\(reopen)")
    }

    @Test func `what was written there since is somebody else's word, and not the asker's`() async throws {
        let desks = try await numbers()
        try desks[2].said("resolve", desks[2].name(.values), "--keep", "A", "--reason", "last")
        try await desks.meet()
        let last = try #require(try desks[2].decisions("last").first)
        try desks[0].said("participant", "edit", "P0142", "--phone", "212-555-0109")
        try await desks.meet()
        let heard = desks[2].hear("resolve", "--undo", last.id.short, "--reason", "not so")
        #expect(heard.err.contains("something else was written there since by PS07"), "\(heard)")
    }

    @Test func `of two notices each says who decided apart, and who decided it anew`() async throws {
        let desks = try await numbers()
        for laptop in desks.all { #expect(try !laptop.said("notices").contains("decided it anew")) }
        try desks[2].said("resolve", desks[2].name(.values), "--keep", "B", "--reason", "last")
        try await desks.meet()
        #expect(try desks[2].kinds == [])
        // PS07 is told of whatever did not let their number stand; each decision before names the newest, and no other.
        for laptop in [desks[0], desks[1]] {
            let notices = try laptop.said("notices")
            for said in notices.matches(of: /decided it anew [^:]*:[0-9]+: (.*)/) {
                #expect(said.output.1 == "last", "\(notices)")
            }
            #expect(!notices.contains("apart from this"), "\(notices)")
        }
    }

    @Test func `who said the same apart is not said to have decided it anew`() async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said("participant", "edit", "P0142", "--phone", "212-555-0101")
        try desks[1].said("participant", "edit", "P0142", "--phone", "212-555-0102")
        try await desks.meet()
        let first = try desks[1].sides(of: #require(try desks[1].open.first)).first { $0.author == "SV01" }
        let letter = try #require(first?.letter)
        for place in [1, 2] {
            try desks[place].said(
                "resolve", desks[place].name(.values), "--keep", letter, "--reason", "same \(place)")
        }
        try await desks.meet()
        #expect(try desks[0].kinds == [])
        let notices = try desks[0].said("notices")
        #expect(!notices.contains("decided it anew"), "\(notices)")
        #expect(
            notices.contains("AD01 decided about it apart from this today")
                && notices.contains(": same 2\n"), "\(notices)")
    }

    @Test func `who may decide none of many hears that at once, and whom to ask`() async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said("checkin", "add", "P0142", "walked", "--at", "yesterday 10:05")
        try desks[0].said("checkin", "add", "P0188", "rode", "--at", "yesterday 11:05")
        try await desks.meet()
        let visits = try desks[0].replica.find(Query("check_in")).map(\.id)
        for visit in visits {
            try desks[1].said("checkin", "void", visit.text, "--reason", "was somebody else")
            try desks[0].said("checkin", "sign", visit.text)
        }
        try await desks.meet()
        let all = ["resolve", "--all", "--kind", "void", "--keep", "A", "--reason", "so"]
        for extra in [[], ["--yes"]] {
            let heard = desks[3].hear(all + extra)
            #expect(heard.code == 77 && heard.out.isEmpty, "\(heard)")
            #expect(
                heard.err.contains("none of these 2 conflicts is yours to decide so")
                    && heard.err.contains("try:   ask PS07, a supervisor or an administrator\n"), "\(heard)")
            #expect(!heard.err.contains("would be decided") && !heard.err.contains("stay"), "\(heard)")
        }
        #expect(try desks[3].kinds == [.void, .void])
        // Nor is a letter offered to them where they look at one.
        let name = try #require(try desks[3].open.first?.name)
        let page = try desks[3].said("conflicts", "show", name)
        #expect(
            page.contains("\nTo decide it: ask PS07, a supervisor or an administrator\n")
                && !page.contains("--keep"), "\(page)")
        #expect(try desks[1].said("conflicts", "show", name).contains("\nDecide: porchlight resolve "))
    }

    @Test func `of many of which some are theirs only these are counted, and decided`() async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said("checkin", "add", "P0142", "walked", "--at", "yesterday 10:05")
        try desks[2].said(
            "checkin", "add", "P0188", "rode", "--at", "yesterday 11:05")
        try await desks.meet()
        let visits = try desks[0].replica.find(Query("check_in"))
        for visit in visits {
            try desks[1].said("checkin", "void", visit.id.text, "--reason", "was somebody else")
            let author = try #require(visit["peer"].text)
            try (author == "PS07" ? desks[0] : desks[2]).goesOn(with: visit.id)
        }
        try await desks.meet()
        let all = ["resolve", "--all", "--kind", "void", "--keep", "A", "--reason", "so"]
        let asked = desks[0].hear(all)
        #expect(asked.code == 65 && asked.err.contains("1 conflict would be decided at once"), "\(asked)")
        #expect(
            asked.err.contains("1 conflict, of which 1 stays as shown:\n")
                && asked.err.contains("1 conflict not among them:\n"), "\(asked)")
        let done = desks[0].hear(all + ["--yes"])
        #expect(done.code == 0 && done.out.contains("decided: 1 conflict\n"), "\(done)")
        #expect(
            done.out.contains(": not yours to decide so, ask AD01, a supervisor or an administrator\n"),
            "\(done)")
        #expect(try desks[0].kinds == [.void])
    }
}
