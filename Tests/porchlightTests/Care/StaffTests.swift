import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Whom the directory lets see more than one site or team.
@Suite("Further sites and teams of staff") struct StaffTests {
    @Test func `they are those of the directory, in its spelling, and go as they came`() async throws {
        let desk = try await CareDesk(staff: "AD01", role: "administrator")
        #expect(desk.run("site", "add", "S2", "--name", "Two", "--kind", "clinic").code == 0)
        let added = desk.run(
            "staff", "add", "SV02", "--name", "Sue", "--role", "supervisor", "--site", "S1", "--other-sites",
            "s2, S1", "--other-teams", "act1")
        #expect(added.code == 0, "\(added)")
        func view() throws -> RecordView { try #require(try desk.replica().view(Harbor.id("staff", "SV02"))) }
        #expect(try view()["other_sites"].text == "S2 S1")
        #expect(try view()["other_teams"].text == "ACT1")
        for (option, kind) in [("--other-sites", "site"), ("--other-teams", "team")] {
            let refused = desk.run("staff", "edit", "SV02", option, "S2 NOPE")
            #expect(refused.code == 65 && refused.err.contains("this laptop fits"), "\(refused)")
            #expect(refused.err.contains("no \(kind) on"), "\(refused)")
        }
        #expect(try view()["other_sites"].text == "S2 S1")
        #expect(desk.run("staff", "edit", "SV02", "--other-sites", "").code == 0)
        #expect(try view()["other_sites"].isNone)
        #expect(try view()["other_teams"].text == "ACT1")
    }
}
