import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Whoever works with one of those whom a merge concerned is told which of several merges stands, and when it is another one.
@Suite("Who is told whose record one is") struct ForkToldTests {
    /// Cleo is PS07's, as Ana and Ben are, and Ben is PS09's too; she was merged apart into Ben by AD01 and into Ana by SV01.
    private func merged() async throws -> ApartDesks {
        let desks = try await ApartDesks([
            (code: "AD01", role: "administrator"), (code: "SV01", role: "supervisor"),
            (code: "PS07", role: "peer"), (code: "PS09", role: "peer"),
        ])
        try desks[0].said("assign", "P0188", "--to", "PS09", "--basis", "team")
        try await desks.meet()
        try desks[0].said("participant", "merge", "P0190", "--into", "P0188", "--yes", "--reason", "one door")
        try desks[1].said(
            "participant", "merge", "P0190", "--into", "P0142", "--yes", "--reason", "one phone")
        try await desks.meet()
        for place in [2, 3] { try desks[place].said("notices", "--seen") }
        try await desks.meet()
        return desks
    }

    /// Says whose record Cleo's is.
    private func keep(_ code: String, _ reason: String, _ desks: ApartDesks, at place: Int) async throws
        -> String
    {
        let conflict = try #require(try desks[place].open.first)
        let into = Harbor.participant(code)
        let side = try #require(
            try desks[place].sides(of: conflict).first { $0.values.first?.reference == into })
        let said = try desks[place].said(
            "resolve", conflict.name, "--keep", side.letter, "--reason", reason)
        try await desks.meet()
        return said
    }

    @Test func `where it is none of theirs the register says who had merged it into whom`() async throws {
        let desks = try await merged()
        let cleo = Harbor.participant("P0190").short
        try desks[0].said("participant", "unmerge", cleo, "--reason", "neither")
        let rows = try desks[0].said("conflicts", "export").split(whereSeparator: \.isNewline).filter {
            $0.contains("neither")
        }
        #expect(!rows.isEmpty)
        for row in rows {
            #expect(
                !row.contains(/merged into P0142[^|]*\(AD01\)/)
                    && !row.contains(/merged into P0188[^|]*\(SV01\)/), "\(row)")
        }
        #expect(rows.contains { $0.contains(/merged into P0142[^|]*\(SV01\)/) }, "\(rows)")
    }

    @Test(arguments: [0, 1])
    func `whoever works with one of them is told which stands, and when it is the other after all`(
        place: Int
    ) async throws {
        let desks = try await merged()
        let said = try await keep("P0188", "met them", desks, at: place)
        for one in ["PS07", "PS09"] { #expect(said.contains(one), "\(said)") }
        for peer in [2, 3] {
            let notices = try desks[peer].said("notices")
            #expect(notices.contains(": met them\n"), "\(notices)")
            // Nobody was taken from a caseload, so nobody is back on one.
            #expect(!notices.contains("on your caseload again"), "\(notices)")
            try desks[peer].said("notices", "--seen")
        }
        try await desks.meet()
        let first = try #require(try desks[0].decisions("met them").first)
        try desks[2].said("reopen", first.id.short, "--reason", "not sure")
        try await desks.meet()
        let again = try await keep("P0142", "it is Ana", desks, at: place)
        for one in ["PS07", "PS09"] { #expect(again.contains(one), "\(again)") }
        for peer in [2, 3] {
            let notices = try desks[peer].said("notices")
            #expect(notices.contains(": it is Ana\n"), "\(notices)")
        }
        for laptop in desks.all {
            let all = try laptop.said("notices", "--all")
            #expect(!all.contains("decided about it apart from this"), "\(laptop.staff): \(all)")
        }
        // Of the merge that was let stand first, and not in the end.
        let all = try desks[3].said("notices", "--all")
        #expect(all.contains("decided it anew today"), "\(all)")
    }

    @Test func `whoever works with the one that it is reads that, and so who works with another one`()
        async throws
    {
        let desks = try await merged()
        _ = try await keep("P0188", "met them", desks, at: 0)
        let kept = try desks[3].said("notices")
        #expect(
            kept.contains(
                "participant P0188 Ben Ode: whose record another one is was decided: it is theirs."),
            "\(kept)")
        #expect(kept.contains("  The other record: P0190 Cleo Park\n"), "\(kept)")
        let whole = try desks[2].said("notices")
        #expect(
            whole.contains("participant P0190 Cleo Park: whose record it is was decided, and one"), "\(whole)"
        )
        // Taken back, all of them are told of that too.
        let first = try #require(try desks[0].decisions("met them").first)
        let said = try desks[0].said("resolve", "--undo", first.id.short, "--reason", "not sure")
        for one in ["PS07", "PS09"] { #expect(said.contains(one), "\(said)") }
        try await desks.meet()
        let undone = try desks[3].said("notices")
        #expect(
            undone.contains(
                "a decision about whose record another one is was taken back, and is open again."),
            "\(undone)")
        #expect(!undone.contains("on your caseload again"), "\(undone)")
    }

    @Test func `whoever was told of one of the merges and works with none of them any more is told too`()
        async throws
    {
        let desks = try await merged()
        try desks[0].said("assign", "P0188", "--end", "--from", "PS09")
        try await desks.meet()
        let said = try await keep("P0188", "met them", desks, at: 0)
        #expect(said.contains("PS09"), "\(said)")
    }
}
