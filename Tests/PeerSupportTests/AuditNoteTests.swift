import SyncModel
import Testing

@testable import PeerSupport

/// What the audit log says of decisions.
@Suite("Notes for the audit log") struct AuditNoteTests {
    @Test func `the audit log has a wish under the name of whoever wishes it alone`() throws {
        func note(by author: String, for name: String) throws -> String? {
            let table = try #require(PeerSupportSchema.schema.table("decision"))
            let writes = Make.writes(
                table,
                [
                    "contested_by": .text(name), "contested_at": .integer(5),
                    "contest_reason": .text("no, mine"),
                ])
            let change = Change(
                dot: Dot(Make.device, 2), epoch: 1, author: author, table: "decision", record: Make.id(50),
                writes: writes, context: Context(),
                clock: ClockReading(wallMicroseconds: 0, boot: Make.id(0), bootMicroseconds: 0))
            return Make.domain.auditNote(of: change)
        }
        #expect(try note(by: "AD02", for: "AD02") == "contest \(Make.id(50).text): no, mine")
        #expect(try note(by: "AD01", for: "AD02") == nil)
    }
}
