import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Who has somebody on their caseload by a merge, loses them when another merge stands, and gets them back with it.
@Suite("Caseloads that a merge gave, and that it gives back") struct GivenBackTests {
    /// Cleo is PS09's, and was merged apart into Ben by AD01 and into Ana by SV01, who are not.
    private func given() async throws -> ApartDesks {
        let desks = try await ApartDesks([
            (code: "AD01", role: "administrator"), (code: "SV01", role: "supervisor"),
            (code: "PS07", role: "peer"), (code: "PS09", role: "peer"),
        ])
        try desks[0].said("assign", "P0190", "--to", "PS09", "--from", "PS07", "--basis", "team")
        try await desks.meet()
        try desks[0].said("participant", "merge", "P0190", "--into", "P0188", "--yes", "--reason", "one door")
        try desks[1].said(
            "participant", "merge", "P0190", "--into", "P0142", "--yes", "--reason", "one phone")
        try await desks.meet()
        return desks
    }

    /// Whom PS09 works with, by code.
    private func caseload(_ desks: ApartDesks) throws -> [String] {
        let people = Dictionary(
            uniqueKeysWithValues: ["P0142", "P0188", "P0190"].map { (Harbor.participant($0), $0) })
        let open = try desks[3].replica.find(Query.openAssignments([.equals("peer", .text("PS09"))]))
        return open.compactMap { row in row["participant"].reference.flatMap { people[$0] } }.sorted()
    }

    /// Says whose record Cleo's is.
    private func keep(_ code: String, _ reason: String, _ desks: ApartDesks) async throws -> String {
        let conflict = try #require(try desks[0].open.first)
        let into = Harbor.participant(code)
        let side = try #require(
            try desks[0].sides(of: conflict).first { $0.values.first?.reference == into })
        let said = try desks[0].said(
            "resolve", conflict.name, "--keep", side.letter, "--reason", reason)
        try await desks.meet()
        return said
    }

    @Test
    func `whom a decision took from a caseload comes back with it, and whom somebody else took does not`()
        async throws
    {
        for isEnded in [false, true] {
            let desks = try await given()
            #expect(try caseload(desks) == ["P0142", "P0188", "P0190"])
            if isEnded {
                // On the day of the decision, and by whoever decides.
                try desks[0].said("assign", "P0188", "--end", "--from", "PS09")
                try await desks.meet()
            }
            _ = try await keep("P0142", "met her", desks)
            #expect(try caseload(desks) == ["P0142", "P0190"])
            let decision = try #require(try desks[0].decisions("met her").first)
            try desks[0].said("reopen", decision.id.short, "--reason", "not sure")
            try await desks.meet()
            let said = try await keep("P0188", "it is Ben", desks)
            #expect(try caseload(desks) == (isEnded ? ["P0190"] : ["P0188", "P0190"]), "\(isEnded)")
            #expect(said.contains("PS09"), "\(said)")
            let notices = try desks[3].said("notices")
            #expect(
                notices.contains(
                    "participant P0188 Ben Ode: whose record another one is was decided, and they are on your caseload "
                        + "again.\n") == !isEnded, "\(notices)")
        }
    }

    @Test func `whoever gets somebody back because a decision was taken back is told`() async throws {
        let desks = try await given()
        _ = try await keep("P0188", "it is Ben", desks)
        #expect(try caseload(desks) == ["P0188", "P0190"])
        let decision = try #require(try desks[0].decisions("it is Ben").first)
        let said = try desks[0].said("resolve", "--undo", decision.id.short, "--reason", "not sure")
        #expect(said.contains("PS09, SV01 will be told"), "\(said)")
        try await desks.meet()
        #expect(try caseload(desks) == ["P0142", "P0188", "P0190"])
        let notices = try desks[3].said("notices")
        #expect(
            notices.contains(
                "a decision about whose record another one is was taken back, and they are on your caseload again."
            ),
            "\(notices)")
    }
}
