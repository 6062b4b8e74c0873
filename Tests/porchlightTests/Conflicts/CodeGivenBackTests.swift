import PeerSupport
import SyncModel
import SyncReplica
import Synchronization
import Testing

@testable import porchlight

/// A code that somebody had goes to nobody else without a word, and nobody gets one back that is somebody else's by now.
@Suite("Codes that somebody had") struct CodeGivenBackTests {
    private static let staff = [
        (code: "PS07", role: "peer"), (code: "SV01", role: "supervisor"),
        (code: "AD01", role: "administrator"),
    ]

    /// AD01 gives P0190 another code, and then the old one to Rik Sool.
    private func renumbered(contested: Bool) async throws -> (ApartDesks, Decision) {
        let desks = try await ApartDesks(Self.staff)
        try desks[2].said("participant", "renumber", "P0190", "--to", "P0950", "--reason", "typed wrong")
        try await desks.meet()
        let decision = try #require(try desks[2].decisions("typed wrong").first)
        if contested { try desks[1].said("reopen", decision.id.short, "--reason", "it was right") }
        try desks[2].said(
            "participant", "add", "Rik", "--family", "Sool", "--site", "S1", "--code", "P0190", "--yes")
        try await desks.meet()
        return (desks, decision)
    }

    private func code(_ desks: ApartDesks) throws -> String? {
        try desks[2].replica.view(Harbor.participant("P0190"))?["code"].text
    }

    @Test func `a decision does not give a code back that somebody else has by now`() async throws {
        let (desks, _) = try await renumbered(contested: true)
        let office = desks[2]
        let name = try office.name(.contested)
        let list = try office.said("conflicts", "--kind", "contested")
        #expect(list.contains("P0190 (Rik Sool has it by now)"), "\(list)")
        let page = try office.said("conflicts", "show", name)
        #expect(
            page.contains("  B  cannot be chosen: the code P0190 is that of Rik Sool by now; "), "\(page)")
        let programs = try office.said("conflicts", "show", name, "--json")
        #expect(programs.ranges(of: #""possible":false"#).count == 1, "\(programs)")
        for choice in [["--keep", "B"], ["--value", "code=P0190"]] {
            let refused = office.hear(["resolve", name] + choice + ["--reason", "it was right"])
            #expect(refused.code == 65 && refused.err.contains("is that of Rik Sool by now"), "\(refused)")
            #expect(
                refused.err.contains("nothing was decided, and both keep the codes that they have"),
                "\(refused)")
        }
        let all = office.hear(
            "resolve", "--all", "--kind", "contested", "--keep", "B", "--reason", "x", "--yes")
        #expect(all.code != 0 && !all.err.contains("1 conflict:"), "\(all)")
        #expect(try code(desks) == "P0950" && office.decisions("it was right").isEmpty)
        // Once Rik has another one it can be had back.
        let rik = try #require(try office.replica.find(ParticipantCode.holders(of: "P0190")).first)
        try office.said("participant", "renumber", rik.id.short, "--to", "P0951", "--reason", "his own")
        try office.said("resolve", name, "--keep", "B", "--reason", "it was right")
        #expect(try code(desks) == "P0190")
    }

    @Test func `a renumbering is not taken back while somebody else has the old code`() async throws {
        let (desks, decision) = try await renumbered(contested: false)
        let refused = desks[2].hear("resolve", "--undo", decision.id.short, "--reason", "a mistake")
        #expect(
            refused.code == 65 && refused.err.contains("the code P0190 is that of Rik Sool by now"),
            "\(refused)")
        #expect(try code(desks) == "P0950" && desks[2].decisions("a mistake").isEmpty)
    }

    /// An administrator's laptop, and a site at which somebody can be added.
    private func office(_ server: PlayedServer = PlayedServer()) throws -> (TestDesk, Replica) {
        let desk = try TestDesk(server: server)
        let replica = try desk.enrolled(role: "administrator")
        try replica.edit { edit in
            try edit.create(
                "site", id: NaturalKey.id(table: "site", key: "S1"),
                [RegisterWrite("identity", [.text("S1")]), RegisterWrite("name", [.text("Elm Street")])])
        }
        return (desk, replica)
    }

    @Test func `the next free code is none that somebody had`() throws {
        let (desk, replica) = try office()
        let lea = try replica.addParticipant("P0300", "Lea")
        let first = try desk.said("participant", "renumber", "P0300", "--reason", "somebody has it")
        #expect(try replica.view(lea)?["code"].text == "P011-0001")
        let id = try #require(first.firstMatch(of: /resolve --undo ([0-9a-f]+)/)).output.1
        try desk.said("resolve", "--undo", String(id), "--reason", "it is hers")
        #expect(try replica.view(lea)?["code"].text == "P0300")
        let page = try desk.said("participant", "add", "Lou", "--site", "S1")
        #expect(page.contains("P011-0002 Lou"), "\(page)")
    }

    @Test func `nor one that was given here to somebody who has left this laptop since`() throws {
        let left = Mutex<[RecordID]>([])
        let (desk, replica) = try office(
            PlayedServer { request in
                var reply = PlayedServer.takes(request)
                reply.leaves = left.withLock { $0 }
                return reply
            })
        let lea = try replica.addParticipant("P0300", "Lea")
        try desk.said("participant", "renumber", lea.text, "--reason", "somebody has it")
        try desk.said("participant", "renumber", lea.text, "--to", "P0301", "--reason", "her own")
        try desk.said("sync")
        let decisions = try OpenConflicts.decisions(in: replica).map(\.id)
        left.withLock { $0 = [lea] + decisions }
        try desk.said("sync")
        #expect(try decisions.count == 2 && OpenConflicts.decisions(in: replica).isEmpty)
        let page = try desk.said("participant", "add", "Lou", "--site", "S1")
        #expect(page.contains("P011-0002 Lou"), "\(page)")
        let refused = desk.hear(["participant", "renumber", "Lou", "--to", "P011-0001", "--reason", "x"])
        #expect(refused.err.contains("was that of somebody who is not here until today"), "\(refused)")
    }

    @Test func `nobody gets a code that somebody else had, and whoever had it may have it again`() throws {
        let (desk, replica) = try office()
        let ana = try replica.addParticipant("P0300", "Ana")
        let bea = try replica.addParticipant("P0400", "Bea")
        try desk.said("participant", "renumber", ana.text, "--to", "P0301", "--reason", "typed wrong")
        let refused = desk.hear(["participant", "renumber", bea.text, "--to", "P0300", "--reason", "hers"])
        #expect(refused.code == 65, "\(refused)")
        #expect(
            refused.err.contains("the code P0300 was that of Ana until today 09:30"), "\(refused)")
        #expect(try replica.view(bea)?["code"].text == "P0400")
        // Whoever adds somebody is asked: the other may have had it by mistake.
        let add = ["participant", "add", "Cleo", "--site", "S1", "--code", "P0301"]
        try desk.said("participant", "renumber", ana.text, "--to", "P0302", "--reason", "once more")
        let asked = desk.hear(add)
        #expect(asked.code == 65 && asked.err.contains("P0301 was that of Ana until"), "\(asked)")
        _ = try desk.said(add + ["--yes"])
        #expect(
            desk.hear(["participant", "renumber", ana.text, "--to", "P0301", "--reason", "x"]).err
                .contains("it is the code of Cleo"))
        try desk.said("participant", "renumber", ana.text, "--to", "P0300", "--reason", "hers after all")
        #expect(try replica.view(ana)?["code"].text == "P0300")
    }

    @Test func `a code that somebody was added with on this laptop is asked about too, and not refused`()
        throws
    {
        let (desk, replica) = try office()
        let ana = try replica.addParticipant("P0300", "Ana")
        let add = ["participant", "add", "Cleo", "--site", "S1", "--code", "p0300"]
        #expect(desk.hear(add + ["--yes"]).code == 65)
        try desk.said("participant", "renumber", ana.text, "--to", "P0301", "--reason", "typed wrong")
        let asked = desk.hear(add)
        #expect(asked.code == 65 && asked.err.contains("P0300 was that of Ana until"), "\(asked)")
        _ = try desk.said(add + ["--yes"])
        #expect(
            try replica.find(ParticipantCode.holders(of: "P0300")).map { Wording.name(of: $0) } == ["Cleo"])
    }

    @Test func `whoever was given a code on this laptop may have it again`() throws {
        let (desk, replica) = try office()
        try desk.said("participant", "add", "Lou", "--site", "S1", "--yes")
        let lou = try #require(try replica.find(ParticipantCode.holders(of: "P011-0001")).first).id
        try desk.said("participant", "renumber", lou.text, "--to", "P0400", "--reason", "x")
        try desk.said("participant", "renumber", lou.text, "--to", "P011-0001", "--reason", "y")
        #expect(try replica.view(lou)?["code"].text == "P011-0001")
    }
}
