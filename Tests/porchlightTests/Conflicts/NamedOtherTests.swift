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
        try desks[2].said("participant", "merge", "P0190", "--into", "P0188", "--yes", "--reason", "one door")
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

    @Test func `that it counts as corrected is told with who decided so apart`() async throws {
        let desks = try await ApartDesks([(code: "PS07", role: "peer")] + Self.staff)
        let visit = try await desks.visited("walked")
        try desks[0].said("checkin", "void", visit.text, "--reason", "was somebody else")
        try desks[1].said("checkin", "amend", visit.text, "--did", "rode", "--reason", "x")
        try await desks.meet()
        try desks[3].said("resolve", desks[3].name(.void), "--keep", "A", "--reason", "void it is")
        try desks[2].said("resolve", desks[2].name(.void), "--keep", "B", "--reason", "counts after all")
        try await desks.meet()
        for laptop in desks.all {
            let page = try laptop.said("conflicts", "show", laptop.name(.void))
            #expect(
                page.contains("  A  was decided by AD01 today ") && page.contains(": void it is\n"), "\(page)"
            )
            #expect(
                page.contains("  B  was decided by SV01 today ") && page.contains(": counts after all\n"),
                "\(page)")
            let list = try laptop.said("conflicts")
            #expect(list.contains("PS07, decided by SV01"), "\(list)")
            let json = try laptop.said("conflicts", "--json")
            #expect(json.contains(#""letter":"B","by":"SV01""#), "\(json)")
            #expect(json.contains(#""decided_by":"SV01""#), "\(json)")
        }
        // Decided anew, whoever's word does not stay is told.
        let done = try desks[3].said("resolve", desks[3].name(.void), "--keep", "A", "--reason", "void still")
        #expect(done.contains("PS07, SV01 will be told at their next sync\n"), "\(done)")
        try await desks.meet()
        #expect(try desks[2].said("notices").contains(": void still\n"))
    }
}
