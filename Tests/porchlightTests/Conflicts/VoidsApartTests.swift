import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Check-ins that people voided, corrected or signed without knowing of each other, and who may say what becomes of them.
@Suite("Void marks that were written apart") struct VoidsApartTests {
    private let staff = [
        (code: "PS07", role: "peer"), (code: "PS07", role: "peer"), (code: "AD01", role: "administrator"),
        (code: "SV01", role: "supervisor"), (code: "PP01", role: "primary_provider"),
    ]

    /// A check-in that everybody has.
    private func visit(answers: [String: [String]] = [:]) async throws -> (ApartDesks, RecordID) {
        let desks = try await ApartDesks(staff, answers: answers)
        try desks[0].said("checkin", "add", "P0142", "walked to the shop", "--at", "yesterday 10:05")
        try await desks.meet()
        return (desks, try #require(try desks[0].replica.find(Query("check_in")).first).id)
    }

    @Test func `who may not say which correction stays is told everybody who may`() async throws {
        let (desks, visit) = try await visit()
        try desks[0].said("checkin", "amend", visit.text, "--did", "walked to the bank", "--reason", "x")
        try desks[1].said("checkin", "amend", visit.text, "--did", "walked to the clinic", "--reason", "y")
        try await desks.meet()
        let refused = desks[4].hear("resolve", try desks[4].name(.amendments), "--keep", "A", "--reason", "x")
        #expect(refused.code == 77, "\(refused)")
        #expect(refused.err.contains("ask PS07, a supervisor or an administrator\n"), "\(refused.err)")
        #expect(try desks[4].said("conflicts").ranges(of: "not yours to choose").count == 2)
        for place in [0, 2, 3] {
            #expect(try !desks[place].said("conflicts").contains("not yours to choose"), "\(place)")
        }
    }
}
