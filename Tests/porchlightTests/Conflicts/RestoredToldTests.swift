import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Whoever was told that what they wrote was decided otherwise is told what becomes of that decision.
@Suite("Authors who are told that their value stands again") struct RestoredToldTests {
    private static let staff = [
        (code: "PS07", role: "peer"), (code: "PS09", role: "peer"), (code: "SV01", role: "supervisor"),
        (code: "AD01", role: "administrator"),
    ]

    /// PS09's telephone number is not the one that AD01 keeps; they have seen the notice.
    private func decided() async throws -> (ApartDesks, first: Decision) {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said("participant", "edit", "P0142", "--phone", "555 0007")
        try desks[1].said("participant", "edit", "P0142", "--phone", "555 0009")
        try await desks.meet()
        try await keep("555 0007", "rang her", desks)
        try desks[1].said("notices", "--seen")
        try await desks.meet()
        return (desks, try #require(try desks[3].decisions("rang her").first))
    }

    @discardableResult
    private func keep(_ phone: String, _ reason: String, _ desks: ApartDesks, at place: Int = 3) async throws
        -> String
    {
        let conflict = try #require(try desks[place].open.first)
        let side = try #require(
            try desks[place].sides(of: conflict).first { $0.values.first?.text == phone })
        let said = try desks[place].said(
            "resolve", conflict.name, "--keep", side.letter, "--reason", reason)
        try await desks.meet()
        return said
    }

    /// Asked for by somebody else, and decided by somebody who holds nobody's notices.
    @Test(arguments: [2, 3])
    func `on another look that somebody else asked for`(place: Int) async throws {
        let (desks, first) = try await decided()
        try desks[2].said("reopen", first.id.short, "--reason", "she moved")
        try await desks.meet()
        let said = try await keep("555 0009", "rang again", desks, at: place)
        #expect(said.contains("PS07, PS09") || said.contains("PS09, SV01"), "\(said)")
        let notices = try desks[1].said("notices")
        #expect(notices.contains(": what you wrote was kept.\n"), "\(notices)")
        #expect(notices.contains(": rang again\n"), "\(notices)")
    }

    @Test func `a value that comes back by a new decision`() async throws {
        let (desks, _) = try await decided()
        for (place, phone) in [(2, "555 0003"), (0, "555 0004")] {
            try desks[place].said("participant", "edit", "P0142", "--phone", phone)
        }
        try await desks.meet()
        try desks[3].said(
            "resolve", desks[3].name(.values), "--value", "phone=555 0009", "--reason", "the old one")
        try await desks.meet()
        let notices = try desks[1].said("notices")
        #expect(notices.contains(": the old one\n"), "\(notices)")
        #expect(notices.contains(": what you had written stands again.\n"), "\(notices)")
    }

    @Test func `a decision that answers another one is taken back, and all are told`() async throws {
        let (desks, first) = try await decided()
        try desks[2].said("reopen", first.id.short, "--reason", "she moved")
        try await desks.meet()
        try desks[3].said(
            "resolve", desks[3].name(.contested), "--keep", "A", "--reason", "rang again")
        try await desks.meet()
        let second = try #require(try desks[3].decisions("rang again").first)
        try desks[1].said("notices", "--seen")
        let said = try desks[3].said("resolve", "--undo", second.id.short, "--reason", "wrong Ana")
        #expect(said.contains("PS09") && said.contains("SV01"), "\(said)")
    }

    /// SV01's void is not kept; that is asked again by PS09, and it is void after all.
    @Test func `a void that stands again`() async throws {
        let desks = try await ApartDesks(Self.staff)
        let visit = try await desks.visited("walked")
        try desks[2].said("checkin", "void", visit.text, "--reason", "was somebody else")
        try desks[0].said("checkin", "sign", visit.text)
        try await desks.meet()
        try desks[3].said("resolve", desks[3].name(.void), "--keep", "B", "--reason", "it was her")
        try await desks.meet()
        try desks[2].said("notices", "--seen")
        let first = try #require(try desks[3].decisions("it was her").first)
        try desks[1].said("reopen", first.id.short, "--reason", "I saw them")
        try await desks.meet()
        try desks[3].said("resolve", desks[3].name(.contested), "--keep", "A", "--reason", "so it was")
        try await desks.meet()
        let notices = try desks[2].said("notices")
        #expect(notices.contains(": so it was\n"), "\(notices)")
        #expect(notices.contains("it is void, and does not count."), "\(notices)")
    }

    /// Voided by SV01, corrected apart by PS07: that it counts as corrected answers the void.
    @Test func `whoever was told of a void is told that it counts as corrected`() async throws {
        let desks = try await ApartDesks(Self.staff)
        let visit = try await desks.visited("walked")
        try desks[2].said("checkin", "void", visit.text, "--reason", "was somebody else")
        try desks[0].said("checkin", "amend", visit.text, "--did", "rode", "--reason", "x")
        try await desks.meet()
        let sides = try desks[3].sides(of: #require(try desks[3].open.first))
        let last = try #require(sides.last?.letter)
        try desks[3].said("resolve", desks[3].name(.void), "--keep", last, "--reason", "it was her")
        try await desks.meet()
        let notices = try desks[0].said("notices")
        #expect(notices.contains(": it was her\n"), "\(notices)")
        #expect(!notices.contains("it is void, and does not count."), "\(notices)")
        #expect(notices.contains("it was said to be void, and counts as you corrected it."), "\(notices)")
    }

    /// The correction is void with it, and that is one notice.
    @Test func `whoever was told of a void that stands against their correction is told that once`()
        async throws
    {
        let desks = try await ApartDesks(Self.staff)
        let visit = try await desks.visited("walked")
        try desks[2].said("checkin", "void", visit.text, "--reason", "was somebody else")
        try desks[0].said("checkin", "amend", visit.text, "--did", "rode", "--reason", "x")
        try await desks.meet()
        try desks[3].said("resolve", desks[3].name(.void), "--keep", "A", "--reason", "it was not her")
        try await desks.meet()
        let notices = try desks[0].said("notices")
        #expect(notices.ranges(of: ": it was not her\n").count == 2, "\(notices)")
        #expect(try NoticeList(in: desks[0].replica, for: "PS07").decided.count == 2)
    }

    @Test func `a code that is given back`() async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said(
            "participant", "add", "Zoe", "--family", "West", "--code", "P0900", "--site", "S1", "--yes")
        try await desks.meet()
        try desks[2].said("participant", "renumber", "P0900", "--to", "P0901", "--reason", "taken")
        try await desks.meet()
        let said = try desks[3].said(
            "participant", "renumber", "P0901", "--to", "P0900", "--reason", "it was free")
        #expect(said.contains("\nPS07, SV01 will be told"), "\(said)")
        try await desks.meet()
        #expect(try desks[0].said("notices").contains(": it was free\n"))
    }
}
