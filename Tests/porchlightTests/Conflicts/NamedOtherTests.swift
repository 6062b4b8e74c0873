import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// What is said of a conflict before and after it is decided: with whom, by whom, and what is lost.
@Suite("What is said to whoever decides") struct NamedOtherTests {
    private static let staff = [
        (code: "PS07", role: "peer"), (code: "SV01", role: "supervisor"),
        (code: "AD01", role: "administrator"),
    ]

    @Test func `a merge that is asked about again names both of whom it is`() async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[2].said("participant", "merge", "P0190", "--into", "P0188", "--reason", "one door")
        try await desks.meet()
        let decision = try #require(try desks[0].decisions("one door").first)
        try desks[0].said("reopen", decision.id.short, "--reason", "two women")
        try await desks.meet()
        let office = desks[2]
        let title = "participant P0190 Cleo Park and P0188 Ben Ode"
        #expect(try office.said("conflicts").contains("\(title)  [contested: "))
        let page = try office.said("conflicts", "show", office.name(.contested))
        #expect(page.contains(title), "\(page)")
        for code in ["P0190", "P0188"] {
            let id = Harbor.participant(code).short
            #expect(
                page.contains("(\(id))") && page.contains("porchlight participant show \(id)\n"), "\(page)")
        }
        #expect(page.contains("  caseload"), "\(page)")
        let other = try #require(decision.other)
        #expect(try office.said("conflicts", "--json").contains(#""other":"\#(other.text)""#))
        let preview = office.hear("resolve", "--all", "--kind", "contested", "--keep", "B", "--reason", "two")
        #expect(preview.err.contains("\(title): keep two people after all"), "\(preview.err)")
        let done = try office.said("resolve", office.name(.contested), "--keep", "B", "--reason", "two women")
        #expect(done.contains(title), "\(done)")
    }

    @Test func `of two that are merged at once with others it is said who is merged into whom`() async throws
    {
        let desks = try await ApartDesks(Self.staff)
        for (place, name) in [(0, "Jil"), (1, "Mac")] {
            try desks[place].said(
                "participant", "add", name, "--family", "Lund", "--code", "P0901", "--site", "S1", "--yes")
        }
        try await desks.meet()
        #expect(try desks[2].kinds == [.duplicate])
        let sides = try desks[2].sides(of: try #require(try desks[2].open.first))
        let kept = try #require(sides.first?.record.map { Wording.label(of: $0) })
        let lost = try #require(sides.last?.record.map { Wording.label(of: $0) })
        #expect(kept != lost)
        let preview = desks[2].hear(
            "resolve", "--all", "--kind", "duplicate", "--keep", "A", "--reason", "same code")
        #expect(preview.err.contains(": keep \(kept) (\(lost) is merged into it)\n"), "\(preview.err)")
    }
}
