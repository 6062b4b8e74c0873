import PeerSupport
import SyncModel
import SyncReplica
import SyncWire
import Testing

@testable import porchlight

/// Whoever looks at one record, or one conflict, has all of it before them, and the command that goes on from there.
@Suite("What is looked at is shown whole") struct ShownWholeTests {
    private static let staff = [
        (code: "PS07", role: "peer"), (code: "SV01", role: "supervisor"),
        (code: "AD01", role: "administrator"),
    ]

    @Test(arguments: [true, false])
    func `a void mark in conflict is shown beside whoever went on, with the command`(isSigned: Bool)
        async throws
    {
        let desks = try await ApartDesks(Self.staff)
        let visit = try await desks.visited()
        try desks[1].said("checkin", "void", visit.text, "--reason", "was somebody else")
        if isSigned {
            try desks[0].said("checkin", "sign", visit.text)
        } else {
            try desks[0].goesOn(with: visit)
        }
        try await desks.meet()
        let page = try desks[2].said("checkin", "show", visit.text)
        let clash = try #require(page.split(separator: "Clash in the ").last, "\(page)")
        // A void does not stand against a signature that its writer had not read.
        if isSigned {
            #expect(clash.contains(/shown now \(PS07, .*also kept \(SV01/), "\(page)")
            #expect(clash.contains(/check-in +goes on +void\n/), "\(page)")
            #expect(clash.contains(/void reason +\(nothing\) +was somebody else\n/), "\(page)")
        } else {
            #expect(clash.contains(/shown now \(SV01, .*also kept \(PS07/), "\(page)")
            #expect(clash.contains(/check-in +void +goes on\n/), "\(page)")
            #expect(clash.contains(/void reason +was somebody else +\(nothing\)\n/), "\(page)")
        }
        let line = "It waits for a decision: porchlight conflicts show \(visit.short).void\n"
        #expect(clash.contains(line), "\(page)")
        #expect(try desks[2].said("conflicts", "show", "\(visit.short).void").contains("voided here"))
        let programs = try desks[2].said("checkin", "show", visit.text, "--json")
        #expect(programs.contains(#""asked":"\#(visit.short).void""#), "\(programs)")
        // What was decided is no clash any more.
        try desks[2].said("resolve", desks[2].name(.void), "--keep", "B", "--reason", "it was her")
        #expect(try !desks[2].said("checkin", "show", visit.text).contains("It waits for a decision"))
    }

    @Test func `what was signed is shown beside each of two who had voided it without knowing that`()
        async throws
    {
        let desks = try await ApartDesks(Self.staff)
        let visit = try await desks.visited()
        try desks[1].said("checkin", "void", visit.text, "--reason", "was somebody else")
        try desks[2].said("checkin", "void", visit.text, "--reason", "entered twice")
        try desks[0].said("checkin", "sign", visit.text)
        try await desks.meet()
        for desk in desks.all {
            let page = try desk.said("checkin", "show", visit.text)
            #expect(page.contains(/shown now \(PS07, .*also kept \(.*also kept \(/), "\(page)")
            #expect(page.contains(/check-in +goes on +void +void\n/), "\(page)")
            #expect(!page.contains("VOID"), "\(page)")
            let history = try desk.said("history", visit.text)
            #expect(history.ranges(of: "kept beside").count == 2, "\(history)")
        }
        // Decided for one of the two, it is void; taken back, it counts as before.
        let office = desks[2]
        let said = try office.said("resolve", office.name(.void), "--keep", "A", "--reason", "it was so")
        #expect(try office.replica.view(visit)?["voided_at"].isNone == false)
        try office.takeBack(said)
        #expect(try office.replica.view(visit)?["voided_at"].isNone == true)
        #expect(try !office.kinds.isEmpty)
    }

    @Test func `values that were written apart have the command too`() async throws {
        let desks = try await ApartDesks(Self.staff)
        for (place, phone) in [(0, "555 0001"), (1, "555 0002")] {
            try desks[place].said("participant", "edit", "P0142", "--phone", phone)
        }
        try await desks.meet()
        let id = Harbor.participant("P0142").short
        let card = try desks[2].said("participant", "show", "P0142")
        #expect(
            card.contains("It waits for a decision: porchlight conflicts show \(id).contact\n"), "\(card)")
    }

    @Test func `what somebody wrote by a wrong clock is shown to its end`() async throws {
        let long = String(repeating: "walked on and on, ", count: 30) + "and home again"
        func live(_ n: UInt64, _ writes: [RegisterWrite], ahead: Int64) -> LiveChange {
            LiveChange(
                dot: Dot(Identifier(high: 9, low: 9), n), author: "PS07", writes: writes, context: Context(),
                effective: EffectiveTime(microseconds: TestDesk.now * 1_000_000),
                deviceMicroseconds: (TestDesk.now + ahead) * 1_000_000)
        }
        let visit = try Writes(
            "check_in",
            [
                "participant": .reference(Harbor.participant("P0142")), "peer": .text("PS07"),
                "activity": .text("check_in"), "start_at": .integer(TestDesk.now), "did": .text(long),
            ])
        let id = Identifier(high: 0x0199_aaaa_bbbb_7ccc, low: 0x8000_0000_dead_beef)
        let state = RecordState(table: "check_in", live: [live(1, visit.registers, ahead: 259_200)])
        let record = PageRecord(id: id, keys: ["all"], body: .state(StateCodec.encode(state)))
        let desk = try TestDesk(
            server: PlayedServer { request in
                PlayedServer.takes(request, records: request.hello.cursor.isEmpty ? [record] : [])
            })
        let replica = try desk.enrolled(role: "administrator")
        _ = try await replica.sync(with: desk.server)
        let name = try #require(try OpenConflicts(in: replica).all.first).name
        let page = try desk.said("conflicts", "show", name)
        #expect(page.contains("and home again, start ") && !page.contains("on, …"), "\(page)")
        // A list is no place for it.
        let list = try desk.said("conflicts")
        #expect(!list.contains("and home again") && list.contains("…\n"), "\(list)")
    }
}
