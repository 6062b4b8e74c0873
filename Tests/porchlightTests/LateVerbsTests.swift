import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// What came late on a record that was merged is decided by whoever may write what stays.
@Suite("Who decides what came late") struct LateVerbsTests {
    private struct Late {
        let desk: TestDesk
        let replica: Replica
        let contact = "\(LateAndTwice.id(5).short).late-contact"
        let goals = "\(LateAndTwice.id(5).short).late-goals"

        init(role: String) async throws {
            let records = try LateAndTwice.records(goals: true)
            desk = try TestDesk(
                server: PlayedServer { request in
                    PlayedServer.takes(request, records: request.hello.cursor.isEmpty ? records : [])
                })
            replica = try desk.enrolled(role: role)
            _ = try await replica.sync(with: desk.server)
        }

        var open: Set<String> {
            get throws { Set(try OpenConflicts(in: replica).all.filter { $0.kind == .late }.map(\.name)) }
        }

        var phone: Value { get throws { try replica.view(LateAndTwice.id(6))?["phone"] ?? .none } }
    }

    @Test(arguments: ["A", "B"]) func `a peer decides about a telephone number, and not about goals`(
        keep: String
    )
        async throws
    {
        let late = try await Late(role: "peer")
        #expect(try late.open == [late.contact, late.goals])
        let old = try late.replica.state(LateAndTwice.id(5))
        for letter in ["A", "B"] {
            let refused = late.desk.hear(["resolve", late.goals, "--keep", letter, "--reason", "seen"])
            #expect(refused.code == 77, "\(refused)")
            #expect(
                refused.err.contains("try:   ask a primary provider\n"), "\(refused.err)")
        }
        let list = try late.desk.said("conflicts", "--kind", "late")
        #expect(list.ranges(of: "(not yours to choose)").count == 2, "\(list)")
        let shown = try late.desk.said("conflicts", "show", late.goals)
        #expect(shown.contains("B  is not yours to choose: ask a primary provider"), "\(shown)")
        let page = try late.desk.said("resolve", late.contact, "--keep", keep, "--reason", "rang him up")
        #expect(try late.phone == (keep == "A" ? .none : .text("555 0107")))
        #expect(try late.open == [late.goals])
        // Nothing was written on the record that was merged.
        #expect(try late.replica.state(LateAndTwice.id(5)) == old)
        // Taken back, it is asked again, once.
        let back = try #require(page.firstMatch(of: /--undo (\S+)/)?.output.1)
        _ = try late.desk.said("resolve", "--undo", String(back), "--reason", "the wrong one")
        let asked = try OpenConflicts(in: late.replica).all.filter { $0.register == "contact" }
        #expect(asked.map(\.kind) == [.contested])
    }

    @Test func `what came in since the version that was shown is not closed`() async throws {
        let late = try await Late(role: "supervisor")
        let token = try #require(try late.replica.token(for: LateAndTwice.id(5)))
        try late.replica.edit { edit in
            try edit.write(
                LateAndTwice.id(5), [RegisterWrite("contact", [.text("555 0109"), .none])])
        }
        let refused = late.desk.hear([
            "resolve", late.contact, "--keep", "A", "--reason", "seen", "--token", token.text,
        ])
        #expect(refused.code == 65 && refused.err.contains("has changed since it was shown"), "\(refused)")
        #expect(try late.open == [late.contact, late.goals])
        #expect(
            late.desk.hear(["resolve", late.contact, "--keep", "A", "--reason", "seen"]).code == 0)
        #expect(try late.open == [late.goals])
    }
}
