import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// What programs are told of conflicts, notices and history is what people are told.
@Suite("For programs what people read") struct ProgramsTests {
    private static let staff = [
        (code: "PS07", role: "peer"), (code: "SV01", role: "supervisor"),
        (code: "AD01", role: "administrator"),
    ]

    @Test func `conflicts, notices and history say in JSON what their text says`() async throws {
        let desks = try await ApartDesks(Self.staff)
        for (place, phone) in [(0, "0101"), (1, "0102")] {
            try desks[place].said("participant", "edit", "P0142", "--phone", "212-555-\(phone)")
        }
        try await desks.meet()
        let open = try desks[0].said("conflicts", "--json")
        #expect(
            open.contains(
                #""title":"participant P0142 Ana Lopez: contact","means":"written apart","said":[]"#),
            "\(open)")
        let history = try desks[0].said("history", "P0142", "--json")
        #expect(
            history.contains(#""state":"shown""#) && history.contains(#""state":"kept beside""#), "\(history)"
        )
        let waiting = try desks[0].said("notices", "--json")
        #expect(
            waiting.contains(#""waiting":"what you wrote is kept, and another value is shown.""#)
                && waiting.contains(#""decided_before":false"#), "\(waiting)")
        let conflict = try #require(try desks[2].open.first)
        let side = try #require(try desks[2].sides(of: conflict).first { $0.author == "SV01" })
        try desks[2].said("resolve", conflict.name, "--keep", side.letter, "--reason", "rang her")
        try await desks.meet()
        let made = try #require(try desks[0].decisions("rang her").first)
        let told = try desks[0].said("notices", "--json")
        for part in [
            #""table":"participant""#, #""text":"something you wrote was decided otherwise.""#,
            #""decided":"phone 212-555-0102""#, #""shown":"phone 212-555-0102""#, #""since":null"#,
            #""way":"If that is wrong: porchlight reopen \#(made.id.short) "#,
        ] {
            #expect(told.contains(part), "\(part)\n\(told)")
        }
        try desks[0].said("reopen", made.id.short, "--reason", "not hers")
        let again = try desks[0].said("conflicts", "--json")
        #expect(
            again.contains(#""said":[{"decision":"\#(made.id.text)","letter":null,"by":"AD01""#)
                || again.contains(#"{"decision":"\#(made.id.text)","letter":"A","by":"AD01""#), "\(again)")
        #expect(
            again.contains(#""contests":[{"by":"PS07","reason":"not hers"}],"taken_back":[]"#), "\(again)")
    }

    /// Who wrote a value stands beside it: whoever types another one is named there, and nobody types it.
    @Test func `a status that somebody types is theirs, and who wrote it is for nobody to type`() async throws
    {
        let desks = try await ApartDesks(Self.staff)
        for (place, status) in [(0, "left"), (1, "paused")] {
            try desks[place].said("enrollment", "end", "P0142", "--status", status)
        }
        try await desks.meet()
        let name = try desks[2].name(.values)
        let refused = desks[2].hear(
            "resolve", name, "--value", "status_by=PS07", "--value", "status=completed", "--value",
            "status_by=PS09", "--reason", "x")
        #expect(refused.code == 65 && refused.err.contains("not for anybody to type"), "\(refused)")
        #expect(refused.err.contains("leave them out"), "\(refused.err)")
        try desks[2].said("resolve", name, "--value", "status=completed", "--reason", "she came to all")
        let row = try #require(try desks[2].replica.find(Query("enrollment")).first)
        #expect(row["status"].text == "completed" && row["status_by"].text == "AD01", "\(row)")
        // What somebody had written just so stays theirs.
        let other = try await ApartDesks(Self.staff)
        for (place, status) in [(0, "left"), (1, "paused")] {
            try other[place].said("enrollment", "end", "P0142", "--status", status)
        }
        try await other.meet()
        try other[2].said(
            "resolve", other[2].name(.values), "--value", "status=left", "--reason", "asked her")
        let kept = try #require(try other[2].replica.find(Query("enrollment")).first)
        #expect(kept["status"].text == "left" && kept["status_by"].text == "PS07", "\(kept)")
    }
}
