import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Of many conflicts at once some are somebody else's to decide, and some are decided one by one.
@Suite("Many at once, and what is not among them") struct ManyAtOnceTests {
    private func mixed() async throws -> (ApartDesks, session: RecordID) {
        let desks = try await ApartDesks([
            (code: "PS07", role: "peer"), (code: "SV01", role: "supervisor"),
            (code: "AD01", role: "administrator"), (code: "PS09", role: "peer"),
        ])
        try desks[3].said("checkin", "add", "P0142", "walked", "--at", "yesterday 10:05")
        let session = try await desks.answerApart()
        try await desks.meet()
        for (place, status) in [(1, "no_show"), (2, "attended")] {
            try desks[place].said("session", "attendance", session.text, "P0188", "--status", status)
        }
        let visit = try #require(try desks[0].replica.find(Query("check_in")).first).id
        try desks[1].said("checkin", "void", visit.text, "--reason", "was somebody else")
        try desks[3].said("checkin", "sign", visit.text)
        try await desks.meet()
        #expect(try desks[0].kinds == [.void, .void, .void])
        return (desks, session)
    }

    @Test func `where nothing can be decided so it is said of how many that is so, and how each is`()
        async throws
    {
        let (desks, session) = try await mixed()
        let all = ["resolve", "--all", "--kind", "void", "--keep", "A", "--reason", "so", "--yes"]
        let refused = desks[0].hear(all)
        #expect(refused.code == 77, "\(refused)")
        #expect(
            refused.err.contains(
                "1 of these 3 conflicts is not yours to decide so, and 2 are decided one by one"),
            "\(refused.err)")
        #expect(
            refused.err.contains("ask PS09, a supervisor or an administrator")
                && refused.err.contains("porchlight session attendance \(session.short) "), "\(refused.err)")
        // What is previewed, and what is told afterwards, are the same.
        let office = desks[2].hear(all)
        #expect(office.code == 0 && office.out.contains("decided: 1 conflict\n"), "\(office)")
        #expect(office.err.contains("2 conflicts not among them:\n"), "\(office)")
        #expect(office.out.ranges(of: "left: ").count == 2, "\(office)")
    }
}
