import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Where people who used the program for the first time were misled.
@Suite struct StumbleTests {
    @Test func `an end that lies ahead is refused, because it would take effect at once`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        let ana = try replica.addParticipant("P0300", "Ana")
        try replica.edit { edit in
            try edit.create(
                "assignment",
                [
                    RegisterWrite("what", [.reference(ana), .text("SV01"), .text("own"), .none]),
                    RegisterWrite("period", [.integer(20_000), .none]),
                ])
        }
        #expect(desk.run("assign", "P0300", "--end", "--on", "tomorrow") == 65)
        #expect(desk.err.text.contains("an end takes effect as soon as it is synced"))
        #expect(try replica.count(Query("assignment", where: [.isNone("to_date")])) == 1)
        #expect(desk.run("assign", "P0300", "--end", "--on", "today") == 0)
        #expect(try replica.count(Query("assignment", where: [.isNone("to_date")])) == 0)
    }

    @Test func `a peer ends their own stretch without naming themselves`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled(role: "peer")
        let ana = try replica.addParticipant("P0300", "Ana")
        try replica.edit { edit in
            try edit.create(
                "assignment",
                [
                    RegisterWrite("what", [.reference(ana), .text("SV01"), .text("own"), .none]),
                    RegisterWrite("period", [.integer(20_000), .none]),
                ])
        }
        #expect(desk.run("assign", "P0300", "--end") == 0, "\(desk.err.text)")
    }

    @Test func `an empty answer takes up nothing`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        let ana = try replica.addParticipant("P0300", "Ana")
        let id = try #require(
            try replica.edit { edit in
                try edit.create(
                    "escalation",
                    [
                        RegisterWrite(
                            "what",
                            [
                                .reference(ana), .text("SV01"), .integer(TestDesk.now), .text("a cough"),
                                .text("urgent"),
                            ])
                    ])
            }.records.first)
        for empty in ["", "  "] {
            #expect(desk.run("escalation", "acknowledge", id.short, empty) == 65)
        }
        #expect(try replica.view(id)?["acknowledged_at"].isNone == true)
        #expect(desk.run("escalation", "acknowledge", id.short, "visiting") == 0)
    }

    @Test func `a role that has changed is known as soon as the directory says so`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled(role: "administrator")
        let me = NaturalKey.id(table: "staff", key: "SV01")
        func directory(_ role: String) -> [RegisterWrite] {
            [
                RegisterWrite("identity", [.text("SV01")]), RegisterWrite("name", [.text("Sue")]),
                RegisterWrite("role", [.text(role)]),
            ]
        }
        try replica.edit { try $0.create("staff", id: me, directory("peer")) }
        #expect(try replica.enrolment.role == "peer")
        #expect(try replica.status().enrolment.role == "peer")
        #expect(desk.run("site", "add", "S2", "--name", "Elm") == 77)
    }

    @Test func `a check-in that is corrected is one, and the old one is void`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        try replica.addParticipant("P0300", "Ana")
        #expect(
            desk.run("checkin", "add", "P0300", "walked", "--next", "call", "--sign") == 0, "\(desk.err.text)"
        )
        let old = try #require(try replica.find(Query("check_in")).first)
        #expect(desk.run("checkin", "amend", old.id.short) == 64)
        #expect(desk.run("checkin", "amend", old.id.short, "--did", "ran", "--minutes", "20") == 0)
        let new = try #require(try replica.find(Query("check_in", where: [.isNone("voided_at")])).first)
        #expect(
            new["did"] == .text("ran") && new["next_step"] == .text("call") && new["minutes"] == .integer(20))
        #expect(new["amends"] == .reference(old.id) && new["signed_at"].isNone)
        let unsigned = "The old one was signed, and the new one is not: porchlight checkin sign "
        #expect(desk.out.text.contains("\(unsigned)\(new.id.short)\n"), "\(desk.out.text)")
        #expect(try replica.view(old.id)?["did"] == .text("walked"))
        #expect(desk.run("checkin", "amend", old.id.short, "--did", "rode") == 65)
        #expect(try replica.count(Query("check_in")) == 2)
        // Of what was not signed, or is signed again, there is nothing to say.
        #expect(desk.run("checkin", "amend", new.id.short, "--did", "rode", "--sign") == 0)
        let signed = try #require(try replica.find(Query("check_in", where: [.isNone("voided_at")])).first)
        #expect(desk.run("checkin", "amend", signed.id.short, "--did", "flew", "--sign") == 0)
        #expect(desk.out.text.ranges(of: unsigned).count == 1)
    }

    @Test func `what was written apart is told apart in the history`() async throws {
        let apart = try await Apart(
            theirs: [RegisterWrite("consent", [.text("yes"), .none])])
        #expect(apart.desk.run("history", "P0142") == 0)
        #expect(apart.desk.out.text.contains("stands, apart from SV01"))
        #expect(apart.desk.out.text.contains("stands, apart from PS09"))
        #expect(apart.desk.run("history", "P0142", "--json") == 0)
        #expect(apart.desk.out.text.contains(#""apart_from":["SV01"]"#))
        #expect(try OpenConflicts(in: apart.replica).all.isEmpty)
    }
}
