import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Whose the answers about one person on a session's list are, and who let each stand last.
@Suite("Who kept which answer on a session's list") struct OnListCreditTests {
    /// SV01 says that Ben did not come, PS07 that he did; SV01 keeps the one and AD01 the other, apart.
    private func keptApart() async throws -> (ApartDesks, session: RecordID) {
        let desks = try await ApartDesks([
            (code: "PS07", role: "peer"), (code: "SV01", role: "supervisor"),
            (code: "AD01", role: "administrator"), (code: "AD02", role: "administrator"),
        ])
        let session = try await desks.answerApart()
        try await desks.meet()
        try await keep([(1, "no_show"), (2, "attended")], desks, session)
        return (desks, session)
    }

    private func keep(_ answers: [(Int, String)], _ desks: ApartDesks, _ session: RecordID) async throws {
        for (place, status) in answers {
            try desks[place].said("session", "attendance", session.text, "P0188", "--status", status)
        }
        try await desks.meet()
    }

    @Test func `who kept an answer is who did so last, and nobody who was overruled since`() async throws {
        let (desks, session) = try await keptApart()
        let first = try desks[0].said("session", "show", session.text)
        #expect(first.contains("(no show, SV01; attended, PS07, kept by AD01)"), "\(first)")
        try await keep([(2, "no_show"), (3, "attended")], desks, session)
        let shown = try desks[0].said("session", "show", session.text)
        #expect(shown.contains("(no show, SV01, kept by AD01; attended, PS07, kept by AD02, "), "\(shown)")
    }
}
