import SyncModel
import SyncReplica
import Testing

@testable import porchlight

extension ApartDesks {
    /// The first, who is PS07, records a session, and all meet; then the second says that P0188 did not come, and the
    /// first that he did, each without knowing of the other.
    func answerApart() async throws -> RecordID {
        try self[0].said(
            "session", "record", "--number", "6", "--at", "yesterday 14:00", "--minutes", "60", "--present",
            "P0142", "--yes")
        try await meet()
        let session = try #require(try self[0].replica.find(Query("session")).first).id
        for (place, status) in [(1, "no_show"), (0, "attended")] {
            try self[place].said(
                "session", "attendance", session.text, "P0188", "--status", status, "--yes")
        }
        return session
    }
}
