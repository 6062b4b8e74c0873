import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

@Suite struct SessionTests {
    private let group = [
        "session", "record", "--number", "6", "--at", "today 09:00", "--minutes", "60", "--present",
        "P0142,P0188",
        "--no-show", "P0190", "--weight", "P0142=81.5kg", "--active", "P0142=90",
    ]

    @Test func `a group is one linked edit, read back`() async throws {
        let desk = try await CareDesk()
        let said = desk.run(group)
        #expect(said.code == 0)
        #expect(
            said.out.contains("Session 6 (core, group) today, Mon 2 Mar 2026, at 09:00, 60 minutes, at S1."))
        #expect(said.out.contains("Came: P0142 Ana Lopez (81.5 kg, 90 minutes active), P0188 Ben Ode"))
        #expect(said.out.contains("No-show: P0190 Cleo Park"))
        let waiting = try desk.replica().outbox()
        #expect(waiting.map(\.table) == ["session", "attendance", "attendance", "attendance"])
        #expect(waiting[0].transaction != nil)
        #expect(Set(waiting.map(\.transaction)).count == 1)
        #expect(desk.run("undo", "--yes").code == 0)
        #expect(try desk.replica().count(Query("attendance")) == 0)
    }

    @Test func `who came stands in the list and on the session's page`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run(group + ["--did", "label reading"]).code == 0)
        let list = desk.run("session", "list").out
        #expect(list.contains("P0142, P0188  P0190 (no show)"))
        let id = try #require(try desk.replica().find(Query("session")).first?.id.short)
        let shown = desk.run("session", "show", id)
        #expect(shown.code == 0)
        #expect(
            shown.out.contains("Session 6 (core, group) today, Mon 2 Mar 2026, at 09:00, 60 minutes, at S1."))
        #expect(shown.out.contains("Came: P0142 Ana Lopez (81.5 kg, 90 minutes active), P0188 Ben Ode\n"))
        #expect(shown.out.contains("No-show: P0190 Cleo Park\n"))
        #expect(shown.out.contains("what we did:  label reading"))
        let json = desk.run("session", "show", id, "--json").out
        #expect(json.contains(#""participant_code":"P0142""#) && json.contains(#""clashes":[]"#))
        #expect(desk.run("session", "show", "P0142").code == 65)
        #expect(desk.run("session", "show", "ffffffff").err.contains("no session on this laptop fits"))
    }

    @Test func `a missed session is due until it is made up`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run("enrollment", "start", "P0190").code == 0)
        #expect(desk.run(group).code == 0)
        #expect(
            desk.run("session", "makeups").out.contains(
                "P0190 Cleo Park  6               Mon 2 Mar 2026  no show"))
        #expect(desk.run("today").out.contains("Make-up sessions due (1):"))
        let made = desk.run(
            "session", "record", "--make-up-of", "6", "--at", "today 09:20", "--present", "P0190")
        #expect(made.code == 0)
        #expect(made.out.contains("Make-up of session 6 (core, individual)"))
        #expect(
            desk.run("session", "makeups").out.contains(
                "Nobody who missed a session has still to make it up."))
        #expect(desk.run("session", "list").out.contains("6 (make-up)"))
    }

    struct Wrong: CustomTestStringConvertible, Sendable {
        let arguments: [String]
        let code: Int32
        let says: String
        var testDescription: String { says }
    }

    @Test(arguments: [
        Wrong(
            arguments: ["--present", "P0142", "--excused", "P0142"], code: 65,
            says: "stands on the list twice"),
        Wrong(arguments: ["--present", "P0142", "--weight", "P0142=81"], code: 65, says: "cannot be read"),
        Wrong(
            arguments: ["--present", "P0142", "--weight", "P0188=81kg"], code: 65, says: "is not on the list"),
        Wrong(arguments: ["--present", "P9999"], code: 65, says: "no participant on this laptop"),
        Wrong(arguments: ["--number", "23", "--present", "P0142"], code: 64, says: "sessions 1 to 22"),
        Wrong(arguments: ["--number", "6"], code: 64, says: "name who came"),
    ])
    func `what cannot be meant records nothing`(_ wrong: Wrong) async throws {
        let desk = try await CareDesk()
        let said = desk.run(["session", "record"] + wrong.arguments)
        #expect(said.code == wrong.code)
        #expect(said.err.contains(wrong.says))
        #expect(try desk.replica().status().waiting == 0)
    }

    @Test func `the same session twice is asked about`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run(group).code == 0)
        let again = desk.run(group)
        #expect(again.code == 65)
        #expect(again.err.contains("this session may be there already"))
        #expect(try desk.replica().count(Query("session")) == 1)
    }
}
