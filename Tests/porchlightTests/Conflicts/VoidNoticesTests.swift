import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// What the notices of void check-ins say that counts in their place: only what does.
@Suite("Notices of check-ins that are void for another") struct VoidNoticesTests {
    /// PS07's check-in, corrected by AD01 and by PS07 apart; SV01 keeps one of the two.
    private func kept(_ maker: String, isSigned: Bool = false) async throws -> (
        ApartDesks, kept: RecordView, void: RecordView
    ) {
        let desks = try await ApartDesks([
            (code: "PS07", role: "peer"), (code: "SV01", role: "supervisor"),
            (code: "AD01", role: "administrator"),
        ])
        let visit = try await desks.visited("walked")
        try desks[0].said("checkin", "amend", visit.text, "--did", "by PS07", "--reason", "x")
        try desks[2].said("checkin", "amend", visit.text, "--did", "by AD01", "--reason", "y")
        try await desks.meet()
        if isSigned {
            // It is PS07's visit, so they may sign what AD01 made of it.
            let made = try desks[0].replica.find(Query("check_in", where: [.isSet("amends")]))
            try desks[0].said(
                "checkin", "sign", #require(made.first { $0["did"].text == "by AD01" }).id.text)
            try await desks.meet()
        }
        let conflict = try #require(try desks[1].open.first)
        let sides = try desks[1].sides(of: conflict)
        let side = try #require(sides.first { $0.author == maker })
        let other = try #require(sides.first { $0.author != maker }?.record)
        try desks[1].said("resolve", conflict.name, "--keep", side.letter, "--reason", "kept")
        try await desks.meet()
        return (desks, try #require(side.record), other)
    }

    @Test func `another's correction is not called one's own`() async throws {
        let (desks, kept, _) = try await kept("AD01")
        let notices = try desks[0].said("notices")
        #expect(notices.contains("it is void, and another entry about the same visit counts."), "\(notices)")
        #expect(!notices.contains("that you corrected it to"), "\(notices)")
        #expect(notices.contains("  The entry that counts: check-in \(kept.id.short)\n"), "\(notices)")
    }

    @Test func `one's own correction is`() async throws {
        let (desks, kept, void) = try await kept("PS07", isSigned: true)
        // AD01's is void; PS07, who wrote the visit itself, made the one that counts.
        let told = try NoticeList(in: desks[2].replica, for: "AD01").decided
        #expect(told.first?.notice.subject == void.id)
        let list = try NoticeList(in: desks[0].replica, for: "PS07")
        #expect(list.decided.first?.notice.subject == void.id)
        // That AD01 had corrected the visit they were told before.
        #expect(list.decided.dropFirst().map { $0.decision?.isPlainCorrection } == [true])
        #expect(list.decided.first?.instead == .theirs(kept.id))
        #expect(
            try desks[0].said("notices").contains(
                "it is void, and the entry that you corrected it to counts."))
        let notices = try desks[2].said("notices")
        #expect(notices.contains("it is void, and another entry about the same visit counts."), "\(notices)")
    }

    @Test func `where none counts any more it is said that none does, and what counts again is`() async throws
    {
        let (desks, kept, void) = try await kept("AD01")
        try desks[2].said("checkin", "void", kept.id.text, "--reason", "was somebody else")
        try await desks.meet()
        let none = try desks[0].said("notices")
        #expect(none.contains("it is void, and no entry about the same visit counts."), "\(none)")
        #expect(!none.contains("another entry about the same visit counts."), "\(none)")
        let decision = try #require(try desks[1].decisions("kept").first { $0.subject == void.id })
        try desks[1].said("resolve", "--undo", decision.id.short, "--reason", "not so")
        try await desks.meet()
        let again = try desks[0].said("notices")
        #expect(again.contains("it was said to be void, and counts now."), "\(again)")
    }
}
