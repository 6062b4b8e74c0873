import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Two laptops that are offline can give one code to two people. They stay two, and no verb takes one for the other.
@Suite struct DoubleCodeTests {
    /// A laptop on which Ben has the code that a sync has brought for Bea too.
    private func desk() async throws -> (CareDesk, ben: RecordID, bea: RecordID) {
        let desk = try await CareDesk()
        #expect(desk.run("participant", "add", "Ben", "--family", "Orr", "--code", "P0300").code == 0)
        let replica = try desk.replica()
        let ben = try #require(try replica.find(ParticipantCode.holders(of: "P0300")).first).id
        let writes = try Writes(
            "participant",
            [
                "code": .text("P0300"), "preferred_name": .text("Bea"), "family_name": .text("Utz"),
                "site": .text("S1"),
            ])
        let made = try replica.edit { try $0.create("participant", writes.registers) }
        return (desk, ben, try #require(made.records.first))
    }

    @Test func `a code of two people names neither, in any verb, and says who they are`() async throws {
        let (desk, ben, bea) = try await desk()
        let before = try desk.replica().outbox().count
        for verb in [
            ["participant", "show", "P0300"], ["participant", "edit", "p0300", "--phone", "1"],
            ["checkin", "add", "P0300", "walked"], ["checkin", "list", "P0300"],
            ["escalate", "P0300", "a cough"], ["assign", "P0300", "--end"], ["history", "P0300"],
            ["referral", "add", "P0300", "--to-team", "ACT1"], ["referral", "list", "P0300"],
            ["enrollment", "start", "P0300"],
            ["resolve", "P0300", "contact", "--keep", "A", "--reason", "seen"],
            ["session", "record", "--number", "1", "--present", "P0142,P0300"],
        ] {
            let said = desk.run(verb)
            #expect(said.code == 65, "\(verb)")
            #expect(said.out.isEmpty, "\(verb)")
            #expect(said.err.contains("P0300 is the code of two people: "), "\(verb): \(said.err)")
            #expect(said.err.contains("\(ben.short) Ben Orr, site S1, team PEER, added by PS07 today 09:30"))
            #expect(said.err.contains("\(bea.short) Bea Utz, site S1, added by PS07"))
            #expect(said.err.contains("nothing of one is shown or recorded under the other"))
        }
        #expect(try desk.replica().outbox().count == before)
        #expect(desk.run("participant", "show", "P0300", "--json").err.contains(#""code":"ambiguous""#))
    }

    @Test func `the short id, and the name, say which one is meant`() async throws {
        let (desk, ben, bea) = try await desk()
        #expect(desk.run("checkin", "add", ben.short, "walked with Ben").code == 0)
        #expect(desk.run("checkin", "add", "Bea", "talked with Bea").code == 0)
        let replica = try desk.replica()
        for (id, text) in [(ben, "walked with Ben"), (bea, "talked with Bea")] {
            let found = try replica.find(
                Query("check_in", where: [.equals("participant", .reference(id))]))
            #expect(found.map { $0["did"].text } == [text])
        }
        let card = desk.run("participant", "show", bea.short).out
        #expect(card.hasPrefix("P0300 Bea Utz\n"))
        #expect(card.contains("talked with Bea"))
        #expect(!card.contains("Ben"))
        // Where both stand in one list, the id tells them apart.
        let list = desk.run("checkin", "list").out
        #expect(list.contains("P0300 Ben Orr (\(ben.short))"))
        #expect(list.contains("P0300 Bea Utz (\(bea.short))"))
    }

    @Test func `double codes are in plain sight`() async throws {
        let (desk, ben, bea) = try await desk()
        let note = "P0300 is the code of two people (porchlight participant list P0300)"
        for verb in [["status"], ["today"], ["participant", "list"], ["doctor"]] {
            #expect(desk.run(verb).out.contains(note), "\(verb)")
        }
        #expect(desk.run("conflicts").out.contains("may be one person"))
        for id in [ben, bea] {
            #expect(desk.run("participant", "list", "P0300").out.contains("same code, id \(id.short)"))
        }
        #expect(desk.run("status", "--json").out.contains(#""double_codes":["P0300"]"#))
        #expect(desk.run("today", "--json").out.contains(#""double_codes":["P0300"]"#))
        let other = try await CareDesk()
        #expect(other.run("status", "--json").out.contains(#""double_codes":[]"#))
        #expect(!other.run("status").out.contains("is the code of"))
    }
}
