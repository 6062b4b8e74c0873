import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// What should never have been made.
@Suite struct DeleteTests {
    private func desk(role: String = "administrator") throws -> (TestDesk, Replica, RecordID) {
        let desk = try TestDesk()
        let replica = try desk.enrolled(role: role)
        return (desk, replica, try replica.addParticipant("P0191", "Ben", family: "Ode"))
    }

    private func said(_ desk: TestDesk, _ arguments: String...) -> String {
        desk.hear(arguments).out
    }

    @Test func `a participant who does not exist is gone from every list, and comes back`() throws {
        let (desk, replica, id) = try desk()
        try replica.edit { edit in
            try edit.create(
                "assignment",
                [
                    RegisterWrite("what", [.reference(id), .text("PS07"), .text("own"), .none]),
                    RegisterWrite("period", [.integer(20_000), .none]),
                ])
        }
        #expect(said(desk, "caseload", "PS07").contains("1 participant"))
        #expect(desk.run("delete", "P0191", "--reason", "nobody of this name") == 0, "\(desk.err.text)")
        #expect(!said(desk, "participant", "list").contains("P0191"))
        #expect(
            said(desk, "participant", "list", "Ode").contains(
                "No participants fit.\nP0191 Ben Ode (\(id.short)) was deleted by SV01 today 09:30: nobody of this name\n"
            ))
        #expect(said(desk, "caseload", "PS07").contains("0 participants"))
        #expect(!said(desk, "today", "--peer", "PS07").contains("Ben"))
        #expect(said(desk, "history", id.text).contains("deleted"))
        #expect(said(desk, "conflicts") == "nothing has to be decided\n")
        let decision = try #require(try OpenConflicts.decisions(in: replica).first)
        #expect(decision.reason == "nobody of this name" && decision.register == deletedRegister)
        #expect(said(desk, "conflicts", "export").contains("nobody of this name"))
        // Whoever has them on their caseload is told.
        #expect(try replica.find(Query("notice")).compactMap { Notice($0)?.to } == ["PS07"])
        #expect(desk.run("delete", id.text, "--reason", "again") == 65)
        #expect(
            desk.run("resolve", "--undo", decision.id.short, "--reason", "she exists") == 0,
            "\(desk.err.text)")
        #expect(said(desk, "participant", "show", "P0191").hasPrefix("P0191 Ben Ode"))
    }

    @Test(arguments: ["P0191", "p0191", "Ben Ode", "ode", "short"])
    func `who was deleted is found as the living are, with who deleted them and why`(typed: String) throws {
        let (desk, replica, id) = try desk()
        let name = typed == "short" ? id.short : typed
        #expect(desk.run("delete", name, "--reason", "nobody of this name") == 0, "\(desk.err.text)")
        let decision = try #require(try OpenConflicts.decisions(in: replica).first?.id)
        let words = "deleted by SV01 today 09:30: nobody of this name"
        let back = "porchlight resolve --undo \(decision.short)"
        let history = said(desk, "history", name)
        #expect(
            history.hasPrefix("participant P0191 Ben Ode\nIt was \(words)\nTake it back: \(back)"),
            "\(history)")
        #expect(history.contains("code P0191"))
        #expect(
            said(desk, "history", name, "--json").contains(
                #""deleted":{"by":"SV01","at":"2026-03-02T14:30:00Z","reason":"nobody of this name","decision":"\#(decision.text)"}"#
            ))
        for verb in [
            ["conflicts", "show", name], ["resolve", name, "contact", "--keep", "A", "--reason", "x"],
            ["delete", name, "--reason", "x"], ["participant", "show", name],
            ["participant", "show", id.text], ["checkin", "add", name, "walked"],
        ] {
            let before = desk.err.text.count
            let code = Command.run(verb + ["--replica", desk.path], in: desk.world, on: desk.screen)
            let told = String(desk.err.text.dropFirst(before))
            #expect(
                code == 65 && told.hasPrefix("error: participant P0191 Ben Ode was \(words)\n"), "\(told)")
            #expect(told.contains("if that is wrong: \(back)"), "\(verb): \(told)")
        }
        #expect(try replica.find(Query("check_in")).isEmpty)
    }

    /// Taking it back would be refused to anybody else.
    @Test func `whoever did not delete it is told how to ask for another look`() async throws {
        let desks = try await ApartDesks([
            (code: "PS07", role: "peer"), (code: "SV01", role: "supervisor"),
            (code: "AD01", role: "administrator"),
        ])
        try desks[0].said("participant", "add", "Nobody Knows", "--code", "P0999", "--yes")
        try await desks.meet()
        let id = try #require(
            try desks[0].replica.find(Query("participant", where: [.equals("code", .text("P0999"))])).first?
                .id)
        try desks[2].said("delete", id.text, "--reason", "nobody of this name")
        try await desks.meet()
        let decision = try #require(desks[2].decisions("nobody of this name").first?.id.short)
        for (index, line) in [
            (0, "Ask for another look: porchlight reopen \(decision)"),
            (1, "Ask for another look: porchlight reopen \(decision)"),
            (2, "Take it back: porchlight resolve --undo \(decision)"),
        ] {
            let history = try desks[index].said("history", id.text)
            #expect(history.contains(line), "\(desks[index].staff): \(history)")
        }
        #expect(desks[0].hear("participant", "show", id.text).err.contains("porchlight reopen \(decision)"))
        #expect(desks[0].hear("resolve", "--undo", decision, "--reason", "x").code == 77)
    }

    @Test func `where a living one answers nobody speaks of who was deleted`() throws {
        let (desk, replica, id) = try desk()
        #expect(desk.run("delete", "P0191", "--reason", "entered twice") == 0)
        let living = try replica.addParticipant("P0191", "Ben", family: "Ode")
        for name in ["P0191", "Ben Ode"] {
            #expect(
                said(desk, "history", name, "--json").contains(#"{"record":"\#(living.text)""#), "\(name)")
            #expect(said(desk, "participant", "show", name).hasPrefix("P0191 Ben Ode"))
        }
        #expect(said(desk, "history", id.short).contains("It was deleted by"))
        #expect(said(desk, "history", living.short, "--json").contains(#""deleted":null"#))
        #expect(desk.run("history", "P0777") == 65)
        #expect(desk.err.text.contains("no record on this laptop fits \"P0777\""))
    }

    @Test func `somebody about whom anything was recorded stays, and what happened is voided`() throws {
        let (desk, replica, _) = try desk()
        #expect(desk.run("enrollment", "start", "P0191") == 0, "\(desk.err.text)")
        #expect(desk.run("delete", "P0191", "--reason", "mistake") == 65)
        #expect(desk.err.text.contains("something was recorded about this participant: 1 enrollment"))
        let year = try #require(try replica.find(Query("enrollment")).first)
        #expect(desk.run("delete", year.id.short, "--reason", "wrong person") == 0, "\(desk.err.text)")
        #expect(try replica.find(Query("enrollment")).isEmpty)
        #expect(desk.run("delete", "P0191", "--reason", "mistake") == 0, "\(desk.err.text)")
        try replica.addParticipant("P0192", "Bea")
        #expect(desk.run("checkin", "add", "P0192", "walked") == 0, "\(desk.err.text)")
        let visit = try #require(try replica.find(Query("check_in")).first)
        #expect(desk.run("delete", visit.id.short, "--reason", "mistake") == 65)
        #expect(desk.err.text.contains("a check-in is voided, and not deleted"))
        #expect(desk.err.text.contains("porchlight checkin void \(visit.id.short)"))
    }

    @Test func `what was recorded about them apart is asked about, and nobody's visit hangs on nobody`()
        throws
    {
        for goesOn in [true, false] {
            let (desk, replica, id) = try desk()
            #expect(desk.run("delete", "P0191", "--reason", "nobody of this name") == 0)
            // As another laptop had it that knew nothing of that.
            let visit = try replica.edit { edit in
                let writes = try Writes(
                    "check_in",
                    [
                        "participant": .reference(id), "peer": .text("SV01"),
                        "start_at": .integer(TestDesk.now - 60),
                        "activity": .text("check_in"), "mode": .text("in_person"), "did": .text("met Ben"),
                    ])
                try edit.create("check_in", writes.registers)
            }
            let name = "\(id.short).deleted"
            let told = said(desk, "conflicts")
            #expect(told.contains(name) && told.contains("there is 1 check-in"), "\(told)")
            #expect(desk.run("resolve", name, "--keep", "A", "--reason", "x") == 65)
            #expect(desk.err.text.contains("something was recorded about this participant: 1 check-in"))
            #expect(said(desk, "conflicts", "show", "P0191").contains(name))
            // Whoever looks for them hears that it is asked, and not how to take back what is in question.
            #expect(desk.run("participant", "show", "P0191") == 65)
            let asked = "hether it stays so is to be decided: porchlight conflicts show \(name)"
            #expect(desk.err.text.contains(asked), "\(desk.err.text)")
            #expect(said(desk, "history", "P0191").contains(asked))
            if goesOn {
                #expect(
                    desk.run("resolve", "P0191", "deleted", "--keep", "B", "--reason", "she met him") == 0,
                    "\(desk.err.text)")
                #expect(said(desk, "participant", "show", "P0191").contains("met Ben"))
            } else {
                let check = try #require(visit.records.first)
                #expect(desk.run("checkin", "void", check.short, "--reason", "met somebody else") == 0)
            }
            #expect(said(desk, "conflicts") == "nothing has to be decided\n")
        }
    }

    @Test func `only who may, and only with a reason`() throws {
        let (desk, replica, _) = try desk(role: "peer")
        #expect(desk.run("delete", "P0191", "--reason", "mistake") == 77)
        #expect(desk.run("delete", "P0191", "--reason", " ") == 65)
        #expect(desk.run("delete", "P0191") == 64)
        #expect(try replica.find(Query("participant")).count == 1)
        #expect(try replica.find(Query("decision")).isEmpty)
    }
}
