import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Whoever decides what somebody else has decided meanwhile is told who that was, when, and how it is asked about again.
@Suite("What is decided already, whatever kind it was") struct DecidedAlreadyTests {
    private static let staff = [
        (code: "AD01", role: "administrator"), (code: "SV01", role: "supervisor"),
        (code: "PS07", role: "peer"), (code: "PS07", role: "peer"),
    ]

    /// Both the refused answer and a look say it; and what is named to ask about it again does so.
    private func expectDecided(
        _ name: String, on laptop: ApartDesks.Laptop, by staff: String = "AD01", keep: String = "B",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var again: String?
        for arguments in [
            ["resolve", name, "--keep", keep, "--reason", "too late"], ["conflicts", "show", name],
        ] {
            let said = laptop.hear(arguments)
            #expect(said.code == 65, "\(said)", sourceLocation: sourceLocation)
            #expect(
                said.err.contains("already decided by \(staff) today "), "\(said.err)",
                sourceLocation: sourceLocation)
            again = said.err.firstMatch(of: /porchlight reopen ([0-9a-f]+) --reason/).map {
                String($0.output.1)
            }
            #expect(again != nil, "\(said.err)", sourceLocation: sourceLocation)
        }
        let open = laptop.hear("reopen", again ?? "", "--reason", "look again")
        #expect(open.code == 0, "\(open)", sourceLocation: sourceLocation)
        let asked = laptop.hear("conflicts", "show", name)
        #expect(!asked.err.contains("porchlight reopen"), "\(asked)", sourceLocation: sourceLocation)
    }

    @Test func `corrections of one check-in, and what was asked about them again`() async throws {
        let desks = try await ApartDesks(Self.staff)
        let office = desks[0]
        try desks[2].said("checkin", "add", "P0142", "walked", "--at", "yesterday 10:05")
        try await desks.meet()
        let visit = try #require(try office.replica.find(Query("check_in")).first).id
        try desks[2].said("checkin", "amend", visit.text, "--did", "rode", "--reason", "x")
        try desks[3].said("checkin", "amend", visit.text, "--did", "ran", "--reason", "y")
        try await desks.meet()
        let name = try office.name(.amendments)
        try office.said("resolve", name, "--keep", "A", "--reason", "that one")
        try await desks.meet()
        try expectDecided(name, on: desks[1])
        try await desks.meet()
        let asked = try desks[1].name(.contested)
        try office.said("resolve", asked, "--keep", "A", "--reason", "still that one")
        try await desks.meet()
        try expectDecided(asked, on: desks[1])
    }

    @Test func `whose record one is that was merged into two`() async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said("participant", "merge", "P0190", "--into", "P0188", "--yes", "--reason", "one door")
        try desks[1].said("participant", "merge", "P0190", "--into", "P0142", "--yes", "--reason", "one name")
        try await desks.meet()
        let name = try desks[0].name(.fork)
        try desks[0].said("resolve", name, "--keep", "A", "--reason", "met them")
        try await desks.meet()
        try expectDecided(name, on: desks[1])
    }

    @Test func `of several who decided it, one after the other, the last is named`() async throws {
        let desks = try await ApartDesks(Self.staff)
        for (place, phone) in [(1, "212-555-0101"), (2, "212-555-0102")] {
            try desks[place].said("participant", "edit", "P0142", "--phone", phone)
        }
        try await desks.meet()
        let name = try desks[0].name(.values)
        try desks[0].said("resolve", name, "--keep", "A", "--reason", "rang her")
        try await desks.meet()
        let first = try #require(try desks[1].decisions("rang her").first)
        try desks[1].said("reopen", first.id.short, "--reason", "I did too")
        try desks[1].said("resolve", desks[1].name(.contested), "--keep", "A", "--reason", "once more")
        try await desks.meet()
        try expectDecided(name, on: desks[0], by: "SV01")
    }

    @Test func `merges in a ring`() async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[0].said("participant", "merge", "P0190", "--into", "P0188", "--yes", "--reason", "one door")
        try desks[1].said("participant", "merge", "P0188", "--into", "P0190", "--yes", "--reason", "one name")
        try await desks.meet()
        let name = try desks[0].name(.ring)
        let cleo = Harbor.participant("P0190").text
        try desks[0].said("participant", "unmerge", cleo, "--reason", "the other way round")
        try await desks.meet()
        #expect(try !desks[1].kinds.contains(.ring))
        try expectDecided(name, on: desks[1])
    }

    @Test(arguments: ["A", "both"]) func `two that look like one`(keep: String) async throws {
        let desks = try await ApartDesks(Self.staff)
        for (place, name) in [(0, "Jil"), (1, "Mac")] {
            try desks[place].said(
                "participant", "add", name, "--family", "Lund", "--code", "P0901", "--site", "S1", "--yes")
        }
        try await desks.meet()
        let name = try desks[0].name(.duplicate)
        try desks[0].said("resolve", name, "--keep", keep, "--reason", "met them")
        try await desks.meet()
        try expectDecided(name, on: desks[1])
    }

    @Test func `what came late on a record that was merged, by its name without a version`() async throws {
        let records = try LateAndTwice.records()
        let desk = try TestDesk(
            server: PlayedServer { request in
                PlayedServer.takes(request, records: request.hello.cursor.isEmpty ? records : [])
            })
        let replica = try desk.enrolled(role: "supervisor")
        _ = try await replica.sync(with: desk.server)
        let name = "\(LateAndTwice.id(5).short).late-contact"
        #expect(desk.hear(["resolve", name, "--keep", "A", "--reason", "rang him up"]).code == 0)
        let said = desk.hear(["resolve", name, "--keep", "B", "--reason", "too late"])
        let decision = try #require(try OpenConflicts.decisions(in: replica).first)
        #expect(said.code == 65 && said.err.contains("already decided by SV01 today "), "\(said)")
        #expect(said.err.contains("porchlight reopen \(decision.id.short) --reason"), "\(said)")
    }
}
