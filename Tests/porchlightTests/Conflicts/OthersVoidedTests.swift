import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Whoever says of a session, an attendance or an escalation of somebody else that it does not count decides something.
@Suite("What others recorded and somebody voided") struct OthersVoidedTests {
    private static let staff = [
        (code: "PS07", role: "peer"), (code: "SV01", role: "supervisor"),
        (code: "AD01", role: "administrator"), (code: "N01", role: "nurse"),
    ]

    /// PS07's session with P0142, to which SV01 added P0188.
    private func session() async throws -> (ApartDesks, RecordID) {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said(
            "session", "record", "--number", "6", "--at", "yesterday 14:00", "--minutes", "60", "--present",
            "P0142", "--yes")
        try await desks.meet()
        let session = try #require(try desks[0].replica.find(Query("session")).first).id
        try desks[1].said(
            "session", "attendance", session.text, "P0188", "--status", "attended", "--yes")
        try await desks.meet()
        return (desks, session)
    }

    /// How many of the session's attendance count, on every laptop.
    private func counting(_ desks: ApartDesks) throws -> Set<Int> {
        Set(try desks.all.map { try $0.replica.count(Query("attendance", where: [.isNone("voided_at")])) })
    }

    @Test func `of a session whoever recorded it is told, and whoever put somebody on its list`() async throws
    {
        let (desks, session) = try await session()
        let said = try desks[2].said("session", "void", session.text, "--reason", "another day")
        #expect(said.contains("\nPS07, SV01 will be told at their next sync\n"), "\(said)")
        let made = try #require(try desks[2].decisions("another day").first)
        #expect(try desks[2].decisions("another day").count == 1)
        #expect(said.contains("Take it back: porchlight resolve --undo \(made.id.short) "), "\(said)")
        try await desks.meet()
        #expect(try counting(desks) == [0])
        for place in [0, 1] {
            let notices = try desks[place].said("notices")
            for line in [
                "session \(session.short): void: it is void, and nobody's attendance counts.\n",
                "  AD01 today ", ": another day\n",
                "  If that is wrong: porchlight reopen \(made.id.short) ",
            ] {
                #expect(notices.contains(line), "\(line)\n\(notices)")
            }
        }
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
        let row = try #require(try desks[1].register().first)
        #expect(row["table"] == "session" && row["decided_by"] == "AD01", "\(row)")
        #expect(row["before"] == "not void (PS07 wrote on it)", "\(row)")
        #expect(row["after"].contains("another day") && row["answers"].isEmpty, "\(row)")
    }

    @Test func `asked for another look, the session counts again with its list, and not without`()
        async throws
    {
        let (desks, session) = try await session()
        try desks[2].said("session", "void", session.text, "--reason", "another day")
        try await desks.meet()
        let made = try #require(try desks[0].decisions("another day").first)
        try desks[0].said("reopen", made.id.short, "--reason", "it was that day")
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.contested], "\(laptop.staff)") }
        let said = try desks[1].said(
            "resolve", desks[1].name(.contested), "--keep", "B", "--reason", "so it was")
        #expect(said.contains("AD01, PS07 will be told"), "\(said)")
        try await desks.meet()
        #expect(try desks[0].replica.view(session)?["voided_at"].isNone == true)
        #expect(try counting(desks) == [2])
        let page = try desks[0].said("session", "show", session.text)
        #expect(page.contains("Came: P0142 Ana Lopez, P0188 Ben Ode\n"), "\(page)")
        #expect(try desks[0].said("notices").contains("it counts, and is not void any more."))
        // And once more the other way.
        let second = try #require(try desks[1].decisions("so it was").first)
        try desks[2].said("reopen", second.id.short, "--reason", "no")
        try await desks.meet()
        try desks[2].said("resolve", desks[2].name(.contested), "--keep", "A", "--reason", "it was not")
        try await desks.meet()
        #expect(try counting(desks) == [0])
        for place in [0, 1] { #expect(try desks[place].said("notices").contains(": it was not\n")) }
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
    }

    @Test func `taken back, all of its list counts again that was void with it, and nothing else`()
        async throws
    {
        let (desks, session) = try await session()
        try desks[1].said(
            "session", "attendance", session.text, "P0190", "--status", "no_show", "--yes")
        try desks[1].said(
            "session", "void", session.text, "--participant", "P0190", "--reason", "was not asked")
        try await desks.meet()
        let said = try desks[2].said("session", "void", session.text, "--reason", "another day")
        try await desks.meet()
        #expect(try counting(desks) == [0])
        try desks[2].takeBack(said)
        try await desks.meet()
        #expect(try counting(desks) == [2])
        for laptop in desks.all {
            #expect(try laptop.kinds == [.contested], "\(laptop.staff)")
            #expect(try laptop.replica.view(session)?["voided_at"].isNone == true)
        }
        try desks[1].said("resolve", desks[1].name(.contested), "--keep", "B", "--reason", "it counts")
        try await desks.meet()
        #expect(try counting(desks) == [2])
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
    }

    @Test func `a session that somebody went on with counts again with its list`() async throws {
        let (desks, session) = try await session()
        try desks[2].said("session", "void", session.text, "--reason", "another day")
        let place = try Writes(
            "session", over: desks[0].replica.view(session), ["place_note": .text("in the yard")])
        try desks[0].replica.edit { try $0.write(session, place.registers) }
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.void], "\(laptop.staff)") }
        try desks[1].said("resolve", desks[1].name(.void), "--keep", "B", "--reason", "it was that day")
        try await desks.meet()
        #expect(try counting(desks) == [2])
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
        #expect(try desks[0].said("notices").contains("AD01 today "))
        #expect(try desks[0].said("notices").contains(": it was that day\n"))
    }

    @Test func `of one's own session whoever else put somebody on its list is told`() async throws {
        let (desks, session) = try await session()
        let said = try desks[0].said("session", "void", session.text, "--reason", "another day")
        #expect(said.contains("\nSV01 will be told at their next sync\n"), "\(said)")
        try await desks.meet()
        let notices = try desks[1].said("notices")
        #expect(notices.contains("nobody's attendance counts.\n"), "\(notices)")
        #expect(try desks[0].said("notices") == "no notices\n")
    }

    @Test func `of one's own nobody is told, and nothing is decided`() async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said(
            "session", "record", "--number", "6", "--at", "yesterday 14:00", "--minutes", "60", "--present",
            "P0142", "--yes")
        try desks[0].said("escalate", "P0142", "swollen ankle", "--told", "N01")
        let session = try #require(try desks[0].replica.find(Query("session")).first).id
        let escalation = try #require(try desks[0].replica.find(Query("escalation")).first).id
        for (table, id) in [("session", session), ("escalation", escalation)] {
            let said = try desks[0].said(table, "void", id.text, "--reason", "twice")
            #expect(!said.contains("will be told at") && !said.contains("Take it back"), "\(said)")
        }
        #expect(try desks[0].replica.find(Query("decision")).isEmpty)
    }

    @Test func `of one attendance whoever recorded it is told, and it is taken back`() async throws {
        let (desks, session) = try await session()
        let said = try desks[2].said(
            "session", "void", session.text, "--participant", "P0188", "--reason", "was not there")
        #expect(said.contains("\nPS07, SV01 will be told at their next sync\n"), "\(said)")
        try await desks.meet()
        #expect(try counting(desks) == [1])
        let notices = try desks[1].said("notices")
        #expect(
            notices.contains(" of P0188 Ben Ode, session 6 on 2026-03-01: void: it is void, "), "\(notices)")
        let json = try desks[2].said(
            "session", "void", session.text, "--participant", "P0142", "--reason", "nor she", "--json")
        #expect(json.contains(#""told":["PS07"]"#), "\(json)")
        let made = try #require(try desks[1].decisions("was not there").first)
        #expect(try desks[1].register().first?["participant"] == Harbor.participant("P0188").text)
        try desks[1].said("reopen", made.id.short, "--reason", "she was")
        try await desks.meet()
        try desks[1].said("resolve", desks[1].name(.contested), "--keep", "B", "--reason", "asked")
        try await desks.meet()
        let page = try desks[0].said("session", "show", session.text)
        #expect(page.contains("Came: P0188 Ben Ode\n"), "\(page)")
    }

    @Test func `of an escalation whoever raised it is told, and whoever took it up`() async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said("escalate", "P0142", "swollen ankle", "--told", "N01")
        try await desks.meet()
        let escalation = try #require(try desks[0].replica.find(Query("escalation")).first).id
        try desks[3].said("escalation", "acknowledge", escalation.text, "rang her")
        try await desks.meet()
        let said = try desks[1].said("escalation", "void", escalation.text, "--reason", "somebody else's")
        #expect(said.contains("\nN01, PS07 will be told at their next sync\n"), "\(said)")
        let json = try desks[1].said("escalation", "show", escalation.text, "--json")
        #expect(json.contains(#""voided_by":"SV01""#), "\(json)")
        try await desks.meet()
        for place in [0, 3] {
            let notices = try desks[place].said("notices")
            #expect(
                notices.contains("escalation \(escalation.short): void: it is void, and does not count.\n"),
                "\(notices)")
        }
        let row = try #require(try desks[2].register().first)
        #expect(row["table"] == "escalation" && row["decided_by"] == "SV01", "\(row)")
        let history = try desks[0].said("history", escalation.text)
        #expect(history.contains("SV01") && history.contains("somebody else's"), "\(history)")
        try desks[1].takeBack(said)
        try await desks.meet()
        for laptop in desks.all { #expect(try laptop.kinds == [.contested], "\(laptop.staff)") }
        try desks[2].said("resolve", desks[2].name(.contested), "--keep", "B", "--reason", "it was hers")
        try await desks.meet()
        #expect(try desks[0].replica.view(escalation)?["voided_at"].isNone == true)
        for laptop in desks.all { #expect(try laptop.kinds == [], "\(laptop.staff)") }
    }

    /// Who may not decide anything may void their own all the same, whoever took it up.
    @Test func `a referrer's own escalation is void without a decision`() async throws {
        let desks = try await ApartDesks(Self.staff + [(code: "RF01", role: "referrer")])
        try desks[4].said("escalate", "P0142", "swollen ankle", "--told", "N01")
        try await desks.meet()
        let escalation = try #require(try desks[4].replica.find(Query("escalation")).first).id
        try desks[3].said("escalation", "acknowledge", escalation.text, "rang her")
        try await desks.meet()
        try desks[4].said("escalation", "void", escalation.text, "--reason", "somebody else's")
        try await desks.meet()
        #expect(try desks[0].replica.view(escalation)?["voided_by"].text == "RF01")
        #expect(try desks[2].replica.find(Query("decision")).isEmpty)
    }
}
