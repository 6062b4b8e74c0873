import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// What a history says of decisions, and of what means something without a value.
@Suite("Histories in words") struct DecisionHistoryTests {
    private func said(_ desk: TestDesk, _ arguments: String...) -> String {
        let heard = desk.hear(arguments)
        #expect(heard.code == 0, "\(arguments): \(heard.err)")
        return heard.out
    }

    @Test func `the values of a decision are in words, with who wrote them`() async throws {
        let apart = try await Apart()
        _ = said(apart.desk, "resolve", "P0142", "contact", "--keep", "B", "--reason", "first")
        let decision = try #require(apart.decisions.first)
        let history = said(apart.desk, "history", decision.id.short)
        #expect(
            history.contains(
                "before: phone 555 0199 (SV01) | phone 555 0134 (PS09), after: phone 555 0134"), "\(history)")
        #expect(!history.contains("t555"))
    }

    @Test func `a deletion is no number`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled(role: "administrator")
        try replica.addParticipant("P0191", "Ben")
        _ = said(desk, "delete", "P0191", "--reason", "nobody")
        let decision = try #require(try OpenConflicts.decisions(in: replica).first)
        let history = said(desk, "history", decision.id.short)
        #expect(history.contains("before: not deleted (SV01 wrote on it), after: deleted"), "\(history)")
        #expect(!history.contains("i0") && !history.contains("i1"))
    }

    @Test func `what is void no more, or merged no more, is said so, and what was written again too`() throws
    {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        let old = try replica.addParticipant("P0191", "Ben")
        try replica.addParticipant("P0188", "Benjamin")
        _ = said(desk, "participant", "merge", "P0191", "--into", "P0188", "--yes", "--reason", "address")
        _ = said(desk, "participant", "unmerge", "P0191", "--reason", "two")
        let lines = said(desk, "history", old.text).split(separator: "\n").map(String.init)
        #expect(lines.last?.hasSuffix("  not merged") == true, "\(lines)")
        let code = RegisterWrite("identity", [.text("P0191")])
        try replica.edit { try $0.write(old, [code]) }
        #expect(said(desk, "history", old.text).contains("nothing new: wrote once more what stood there"))
        var teller = ChangeTeller(
            Desk(try commonOptions(["--replica", desk.path]), world: desk.world, screen: desk.screen))
        func contents(_ table: String, _ register: String) throws -> String {
            let count = PeerSupportSchema.schema.table(table)?.register(register)?.fields.count ?? 0
            return try teller.contents(
                table, [RegisterWrite(register, Array(repeating: Value.none, count: count))])
        }
        #expect(try contents("check_in", "void") == "not void")
        #expect(try contents("participant", "redirect") == "not merged")
        #expect(try contents("participant", "contact") == "phone and best way to reach them emptied")
    }
}
