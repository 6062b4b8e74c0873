import PeerSupport
import SyncModel
import SyncReplica
import SyncWire
import Testing

@testable import porchlight

/// Codes that are typed as the value of a field are looked up like those of the verbs: a record under a code that nobody
/// has leaves everybody's laptop, and a code that two have names neither.
@Suite("Codes as values of a field") struct CodeTests {
    private static let home: [RegisterWrite] = [RegisterWrite("home", [.text("S1"), .text("ACT1"), .none])]

    /// A laptop with a directory and P0188 Ben Ode, on which the home of P0142 was written apart.
    private func apart(
        theirs: [RegisterWrite] = [RegisterWrite("home", [.text("S9"), .text("ACT1"), .none])],
        mine: [RegisterWrite] = home, role: String = "administrator"
    ) async throws -> Apart {
        let apart = try await Apart(role: role, theirs: theirs, mine: mine)
        try directory(apart.replica)
        return apart
    }

    /// Two sites, a team, a peer and a provider; it is only the administrator's to write, so it comes by an import.
    private func directory(_ replica: Replica) throws {
        func add(_ edit: Edit, _ table: String, _ code: String, _ more: [RegisterWrite]) throws {
            try edit.create(
                table, id: NaturalKey.id(table: table, key: code),
                [RegisterWrite("identity", [.text(code)]), RegisterWrite("name", [.text("The \(code)")])]
                    + more)
        }
        try replica.edit { edit in
            for code in ["S1", "S2"] { try add(edit, "site", code, []) }
            try add(edit, "team", "ACT1", [])
            try add(edit, "staff", "PS07", [RegisterWrite("role", [.text("peer")])])
            try add(edit, "staff", "PP01", [RegisterWrite("role", [.text("primary_provider")])])
        }
        try replica.addParticipant("P0188", "Ben", family: "Ode")
    }

    private func home(_ apart: Apart) throws -> [[Value]] {
        try apart.replica.siblings(apart.person, of: "home").map(\.values)
    }

    @Test func `a site that the directory does not have is refused, and nothing is decided`() async throws {
        let apart = try await apart()
        for value in ["site=NOPE", "team=NOPE"] {
            #expect(
                apart.desk.run("resolve", "P0142", "home", "--value", value, "--reason", "x") == 65,
                "\(value)")
            #expect(apart.desk.err.text.contains("on this laptop fits \"NOPE\""), "\(apart.desk.err.text)")
        }
        #expect(try home(apart).count == 2 && apart.decisions.isEmpty)
        // In the directory's spelling, whatever was typed.
        #expect(
            apart.desk.run(
                "resolve", "P0142", "home", "--value", "site=s2", "--value", "team=", "--reason", "x")
                == 0, "\(apart.desk.err.text)")
        #expect(try home(apart) == [[.text("S2"), .none, .none]])
    }

    @Test func `what stands on one of the sides is taken, whatever the directory says`() async throws {
        let apart = try await apart()
        #expect(
            apart.desk.run(
                "resolve", "P0142", "home", "--value", "site=s9", "--value", "residence=Elm Street",
                "--reason", "x") == 0, "\(apart.desk.err.text)")
        #expect(try home(apart) == [[.text("S9"), .text("ACT1"), .text("Elm Street")]])
    }

    @Test func `a code that somebody else has is refused, with whose it is`() async throws {
        let apart = try await apart(
            theirs: [RegisterWrite("identity", [.text("P0900")])],
            mine: [RegisterWrite("identity", [.text("P0901")])])
        for (code, words) in [
            ("P0188", "the code P0188 is taken"), ("9x", "a code begins with a letter"),
        ] {
            #expect(
                apart.desk.run("resolve", "deadbeef.identity", "--value", "code=\(code)", "--reason", "x")
                    == 65)
            #expect(apart.desk.err.text.contains(words), "\(apart.desk.err.text)")
        }
        // There is no --code here that could be left out.
        #expect(!apart.desk.err.text.contains("--code"))
        #expect(try apart.replica.siblings(apart.person, of: "identity").count == 2)
        // One of the sides is nobody else's.
        #expect(
            apart.desk.run("resolve", "deadbeef.identity", "--value", "code=p0900", "--reason", "x") == 0,
            "\(apart.desk.err.text)")
        #expect(try apart.replica.view(apart.person)?["code"].text == "P0900")
    }

    @Test func `a primary provider is somebody of the directory`() async throws {
        func provider(_ code: String) -> [RegisterWrite] {
            [RegisterWrite("primary_provider", [.text(code)])]
        }
        let apart = try await apart(theirs: provider("PP08"), mine: provider("PP09"))
        let resolve = ["resolve", "P0142", "primary_provider", "--reason", "x", "--value"]
        func run(_ value: String) -> Int32 {
            Command.run(
                resolve + [value, "--replica", apart.desk.path], in: apart.desk.world, on: apart.desk.screen)
        }
        #expect(run("primary_provider=PP99") == 65)
        #expect(apart.desk.err.text.contains("no staff member on this laptop fits \"PP99\""))
        #expect(run("primary_provider=pp01") == 0, "\(apart.desk.err.text)")
        #expect(try apart.replica.view(apart.person)?["primary_provider"].text == "PP01")
    }

    @Test func `an editor's text is checked the same way`() async throws {
        let apart = try await apart()
        let desk = Desk(
            try commonOptions(["--replica", apart.desk.path]), world: apart.desk.world,
            screen: apart.desk.screen)
        let text = try #require(
            try OpenConflicts(in: apart.replica).all.first.map { ConflictText($0, at: desk) })
        let three = ThreeWay(text: text, desk: desk)
        let layout = try #require(text.conflict.view.table.register("home"))
        func saved(_ site: String) -> String {
            "=== site (site)\n\(site)\n=== team (team)\nACT1\n=== residence (residence)\nElm Street\n"
        }
        let sides = try text.sides()
        #expect(
            try three.values(saved("S2"), sides, layout) == [.text("S2"), .text("ACT1"), .text("Elm Street")])
        #expect(try three.values(saved("S9"), sides, layout).first == .text("S9"))
        let error = #expect(throws: SyncError.self) { try three.values(saved("NOPE"), sides, layout) }
        #expect(error?.code == .unknownRecord)
    }

    @Test func `an entry that was not taken is corrected with codes that there are`() throws {
        let server = PlayedServer {
            PlayedServer.takes($0, as: .quarantined(Refusal(code: "permission", reason: "No.")))
        }
        let desk = try TestDesk(server: server)
        let replica = try desk.enrolled(role: "administrator")
        let id = try replica.addParticipant("P0142", "Ana")
        try directory(replica)
        #expect(desk.run("sync") == 0)
        let before = try replica.outbox()
        for (pair, words) in [
            ("site=NOPE", "no site on this laptop fits"), ("team=NOPE", "no team on this laptop fits"),
            ("primary_provider=PP99", "no staff member on this laptop fits"),
            ("code=P0188", "P0188 is taken"),
        ] {
            #expect(desk.run("outbox", "edit", "1", "--set", pair) == 65, "\(pair)")
            #expect(desk.err.text.contains(words), "\(pair): \(desk.err.text)")
        }
        #expect(try replica.outbox() == before)
        // Its own code is no one else's.
        #expect(
            desk.run("outbox", "edit", "1", "--set", "code=p0142", "--set", "site=s2") == 0,
            "\(desk.err.text)")
        #expect(try replica.view(id)?["site"].text == "S2")
        #expect(try replica.view(id)?["code"].text == "P0142")
    }

    @Test func `whoever receives a referral or holds a caseload is a peer`() async throws {
        let apart = try await apart()
        let desk = Desk(
            try commonOptions(["--replica", apart.desk.path]), world: apart.desk.world,
            screen: apart.desk.screen)
        #expect(try desk.code("ps07", of: .peer) == "PS07")
        let error = #expect(throws: SyncError.self) { try desk.code("PP01", of: .peer) }
        #expect(error?.what.contains("is not a peer specialist") == true)
        #expect(try desk.code("pp01", of: .staff) == "PP01")
    }
}
