import SyncModel
import SyncReplica
import SyncWire
import Synchronization
import Testing

@testable import porchlight

/// `porchlight outbox show`, `edit` and `discard`.
@Suite struct OutboxVerbsTests {
    private static let refusal = Refusal(code: "permission", reason: "A supervisor sets no goals.")

    /// A server that refuses everything until it is told otherwise, and confirms what is withdrawn.
    private static func refusing(_ refuses: Switch = Switch()) -> PlayedServer {
        PlayedServer { request in
            var reply = PlayedServer.takes(
                request, as: refuses.isOn ? .quarantined(refusal) : .applied)
            reply.dispositions += request.withdrawals.map {
                Disposition(dot: $0.dot, outcome: .withdrawn, effective: nil)
            }
            reply.end.heard += UInt64(request.withdrawals.count)
            return reply
        }
    }

    @Test func `shows what was written, why it was refused, and what stands there now`() throws {
        let refuses = Switch(false)
        let desk = try TestDesk(server: Self.refusing(refuses))
        let replica = try desk.enrolled()
        let id = try replica.addParticipant("P0142", "Maria", family: "Lopez")
        try replica.edit { try $0.write(id, [RegisterWrite("contact", [.text("555 0100"), .none])]) }
        #expect(desk.run("sync") == 0)
        refuses.turn(true)
        try replica.edit { try $0.write(id, [RegisterWrite("contact", [.text("555 0199"), .none])]) }
        #expect(desk.run("sync") == 0)
        #expect(desk.run("outbox") == 0)
        #expect(desk.out.text.contains("not taken: A supervisor sets no goals."))
        #expect(desk.out.text.contains("`porchlight outbox show 3` says more"))
        #expect(desk.run("outbox", "show", "3") == 0)
        #expect(desk.out.text.contains("participant P0142 Maria Lopez\n"))
        #expect(desk.out.text.contains("phone  555 0199  555 0100 (SV01)"))
        #expect(desk.out.text.contains("porchlight outbox edit 3 --set FIELD=VALUE"))
        #expect(desk.run("outbox", "show", "3", "--json") == 0)
        #expect(
            desk.out.text.contains(
                #""together":[],"standing":{"contact":[{"author":"SV01","writes":{"contact":{"phone":"555 0100","best_way":null}}}]}}"#
            ))
        #expect(desk.run("outbox", "show", "9") == 65)
        #expect(desk.err.text.contains("there is no entry 9 in the outbox"))
    }

    @Test func `enters anew what was refused, corrected, and withdraws it`() throws {
        let refuses = Switch()
        let desk = try TestDesk(server: Self.refusing(refuses))
        let replica = try desk.enrolled()
        let id = try replica.addParticipant("P0142", "Mria", family: "Lopez")
        #expect(desk.run("sync") == 0)
        // By the schema's name, and by the word on the screen; a field of a register that was not written too.
        #expect(
            desk.run(
                "outbox", "edit", "1", "--set", "Preferred name=Maria", "--set", "year of birth = 1961",
                "--set", "family_name=") == 0)
        #expect(desk.out.text.contains("Entered anew, as no. 2: participant P0142 Maria"))
        #expect(desk.out.text.contains("withdrawn: no. 1\n"))
        let view = try #require(try replica.view(id))
        #expect(view["preferred_name"].text == "Maria" && view["birth_year"].integer == 1961)
        #expect(view["family_name"].isNone)
        #expect(desk.run("outbox") == 0)
        #expect(desk.out.text.contains("withdrawn, not told to the server yet"))
        #expect(desk.run("status", "--json") == 0)
        #expect(desk.out.text.contains(#""quarantined":0,"withdrawing":1"#))
        refuses.turn(false)
        #expect(desk.run("sync", "--json") == 0)
        #expect(desk.out.text.contains(#""withdrawn":1,"withdrawn_too_late":0"#))
        #expect(try replica.outbox().isEmpty)
        #expect(try replica.view(id)?["preferred_name"].text == "Maria")
    }

    @Test func `of what is new an empty value leaves out what its author may not write`() throws {
        let desk = try TestDesk(server: Self.refusing())
        let replica = try desk.enrolled()
        let id = try replica.addParticipant("P0142", "Maria")
        try desk.said("outbox")
        try replica.edit { try $0.write(id, [RegisterWrite("birth", [.integer(1961)])]) }
        #expect(desk.run("sync") == 0)
        try desk.said("outbox", "edit", "1", "--set", "preferred name=Mary", "--set", "year of birth=")
        let made = try #require(try replica.outbox().first { $0.outcome == .waiting && $0.creates })
        #expect(!made.writes.contains { $0.register == "birth" })
        #expect(try replica.view(id)?["preferred_name"].text == "Mary")
    }

    @Test func `a participant about whom something was taken is not withdrawn by accident`() throws {
        let refuses = Switch()
        let desk = try TestDesk(server: Self.refusing(refuses))
        let replica = try desk.enrolled()
        try replica.addParticipant("P0142", "Maria")
        #expect(desk.run("sync") == 0)
        refuses.turn(false)
        try desk.said("checkin", "add", "P0142", "walked", "--at", "yesterday 10:00")
        #expect(desk.run("sync") == 0)
        let before = try replica.outbox()
        let refused = desk.hear(["outbox", "discard", "1", "--yes"])
        #expect(refused.code == 65 && refused.err.contains("1 entry about this participant would stay"))
        #expect(try replica.outbox() == before)
        try desk.said("outbox", "discard", "1", "--yes", "--alone")
        #expect(try replica.outbox().map(\.outcome) == [.withdrawing])
    }

    @Test func `says what cannot be read or recorded, and changes nothing`() throws {
        let desk = try TestDesk(server: Self.refusing())
        let replica = try desk.enrolled(role: "peer")
        try replica.edit { edit in
            try edit.create(
                "participant",
                [
                    RegisterWrite("identity", [.text("P0142")]),
                    RegisterWrite("name", [.text("Maria"), .none]),
                    RegisterWrite("home", [.text("S1"), .none, .none]),
                ])
        }
        #expect(desk.run("sync") == 0)
        let before = try replica.outbox()
        for (pair, words, exit) in [
            ("phone", "is not a field and its value", 65), ("=5", "is not a field and its value", 65),
            ("shoe=5", "participant has no field \"shoe\"", 65),
            ("birth_year=x", "year of birth must be", 65),
            ("part2=perhaps", "42 CFR Part 2 must be yes or no", 65),
            ("preferred_name=", "must not be empty", 65),
            ("preferred name=Maria", "nothing of what was typed differs", 65), ("goals=run", "", 77),
        ] {
            #expect(desk.run("outbox", "edit", "1", "--set", pair) == Int32(exit), "\(pair)")
            #expect(desk.err.text.contains(words), "\(pair): \(desk.err.text)")
        }
        #expect(desk.run("outbox", "edit", "1", "--set", "phone=1", "--set", "Phone=2") == 65)
        #expect(desk.err.text.contains("phone is said twice"))
        #expect(desk.run("outbox", "edit", "1") == 64)
        #expect(desk.run("outbox", "edit", "7", "--set", "phone=1") == 65)
        #expect(try replica.outbox() == before)
    }

    @Test func `of what was written on a record that has left, no edit is advised, and edit says why`() throws
    {
        let refuses = Switch(false)
        let left = Mutex<RecordID?>(nil)
        let desk = try TestDesk(
            server: PlayedServer { request in
                var reply = PlayedServer.takes(
                    request, as: refuses.isOn ? .quarantined(Self.refusal) : .applied)
                if refuses.isOn { reply.leaves = left.withLock { $0.map { [$0] } ?? [] } }
                return reply
            })
        let replica = try desk.enrolled()
        let id = try replica.addParticipant("P0142", "Maria")
        left.withLock { $0 = id }
        #expect(desk.run("sync") == 0)
        try replica.edit { try $0.write(id, [RegisterWrite("contact", [.text("555 0199"), .none])]) }
        refuses.turn(true)
        #expect(desk.run("sync") == 0)
        try #require(try replica.view(id) == nil)
        let before = try replica.outbox()
        let way = "What it was written on has left this laptop, so it cannot be entered anew here."
        for verb in [["notices"], ["outbox", "show", "2"]] {
            let said = try desk.said(verb)
            #expect(said.contains(way) && said.contains("outbox discard 2"), "\(verb): \(said)")
            #expect(!said.contains("outbox edit"), "\(verb): \(said)")
        }
        #expect(try !desk.said("outbox").contains("`outbox edit`"))
        let refused = desk.hear(["outbox", "edit", "2", "--set", "phone=555 0100"])
        #expect(refused.code == 65 && refused.err.contains("has left this laptop"), "\(refused)")
        #expect(
            refused.err.contains("porchlight outbox discard 2") && !refused.err.contains("check the code"))
        #expect(try replica.outbox() == before)
        // What the advice names does work.
        #expect(desk.run("outbox", "discard", "2", "--yes", "--json") == 0)
    }

    @Test func `whose role may not write it any more is not advised to enter it anew`() throws {
        let refuses = Switch(false)
        let demoted = PageRecord(
            id: NaturalKey.id(table: "staff", key: "SV01"), keys: ["all"],
            body: .state(
                StateCodec.encode(
                    RecordState(
                        table: "staff",
                        live: [
                            LiveChange(
                                dot: Dot(Identifier(high: 9, low: 9), 1), author: "AD01",
                                writes: [
                                    RegisterWrite("identity", [.text("SV01")]),
                                    RegisterWrite("name", [.text("Sam")]),
                                    RegisterWrite("role", [.text("driver")]),
                                ],
                                context: Context(), effective: EffectiveTime(microseconds: 1),
                                deviceMicroseconds: 1)
                        ]))))
        let desk = try TestDesk(
            server: PlayedServer { request in
                PlayedServer.takes(
                    request, as: refuses.isOn ? .quarantined(Self.refusal) : .applied,
                    records: refuses.isOn ? [demoted] : [])
            })
        let replica = try desk.enrolled()
        let id = try replica.addParticipant("P0142", "Maria")
        #expect(desk.run("sync") == 0)
        try replica.edit { try $0.write(id, [RegisterWrite("contact", [.text("555 0199"), .none])]) }
        refuses.turn(true)
        #expect(desk.run("sync") == 0)
        let said = try desk.said("notices")
        #expect(said.contains("Your role may not enter it anew.") && !said.contains("outbox edit"), "\(said)")
        #expect(desk.run("outbox", "edit", "2", "--set", "phone=555 0100") == 77)
    }

    /// What a peer records and the server does not take is theirs to put right: it is entered anew as it was made, not
    /// written upon what is shown of it meanwhile.
    @Test(arguments: ["participant", "referral"])
    func `a record that a peer made and the server refused can be entered anew, and is said to be`(
        table: String
    ) throws {
        let refuses = Switch(false)
        let desk = try TestDesk(server: Self.refusing(refuses))
        let replica = try desk.enrolled(role: "peer")
        let person = try replica.addParticipant("P0142", "Maria")
        #expect(desk.run("sync") == 0)
        refuses.turn(true)
        let field: String
        if table == "participant" {
            try replica.addParticipant("P0188", "Ben")
            field = "preferred_name=Benjamin"
        } else {
            let now = Value.integer(TestDesk.now)
            let writes = try Writes(
                "referral",
                [
                    "participant": .reference(person), "from_team": .text("PEER"),
                    "from_staff": .text("SV01"),
                    "origin": .text("worker"), "need": .text("company to the clinic"),
                    "to_team": .text("ACT1"), "sent_at": now, "status": .text("sent"),
                    "status_by": .text("SV01"), "status_at": now,
                ])
            try replica.edit { _ = try $0.create("referral", writes.registers) }
            field = "need=company to the shop"
        }
        #expect(desk.run("sync") == 0)
        for verb in [["notices"], ["outbox", "show", "2"], ["outbox"]] {
            let said = try desk.said(verb)
            #expect(said.contains("outbox edit"), "\(verb): \(said)")
            #expect(!said.contains("Your role may not"), "\(verb): \(said)")
        }
        // Looked at, it is as it was: what was tried was not kept.
        #expect(try replica.outbox().map(\.number) == [2] && replica.status().quarantined == 1)
        try desk.said("outbox", "edit", "2", "--set", field)
        #expect(try replica.outbox().map(\.creates).contains(true))
    }

    @Test func `of what was deleted meanwhile it is not said that it has left this laptop`() throws {
        let refuses = Switch(false)
        let desk = try TestDesk(server: Self.refusing(refuses))
        let replica = try desk.enrolled(role: "administrator")
        let id = try replica.addParticipant("P0142", "Maria")
        #expect(desk.run("sync") == 0)
        try replica.edit { try $0.write(id, [RegisterWrite("contact", [.text("555 0199"), .none])]) }
        refuses.turn(true)
        #expect(desk.run("sync") == 0)
        refuses.turn(false)
        try desk.said("delete", id.text, "--reason", "nobody of this name", "--yes")
        #expect(desk.run("sync") == 0)
        try #require(try replica.view(id)?.deletion == .deleted)
        let before = try replica.outbox()
        for verb in [["notices"], ["outbox", "show", "2"]] {
            let said = try desk.said(verb)
            #expect(said.contains("was deleted") && !said.contains("has left"), "\(verb): \(said)")
            #expect(said.contains("porchlight history \(id.short)"), "\(verb): \(said)")
            #expect(!said.contains("outbox edit"), "\(verb): \(said)")
        }
        let refused = desk.hear(["outbox", "edit", "2", "--set", "phone=555 0100"])
        #expect(refused.code == 65, "\(refused)")
        #expect(
            refused.err.contains("this record was deleted") && !refused.err.contains("has left"),
            "\(refused.err)")
        #expect(try replica.outbox() == before)
    }

    @Test func `of what cannot be entered anew yet it is not said that it will be taken by itself`() throws {
        let desk = try TestDesk(server: Self.refusing())
        let replica = try desk.enrolled()
        let id = try replica.addParticipant("P0142", "Maria")
        #expect(desk.run("sync") == 0)
        // The next entry on it waits: nothing is known of that.
        try replica.edit { try $0.write(id, [RegisterWrite("contact", [.text("555 0199"), .none])]) }
        #expect(try replica.hindrance(to: 1)?.code == .nothing)
        #expect(try replica.outbox().map(\.wasTaken) == [false, false])
        for verb in [["notices"], ["outbox", "show", "1"]] {
            let said = try desk.said(verb)
            #expect(
                !said.contains("taken by itself") && said.contains("outbox discard 1"), "\(verb): \(said)")
        }
    }

    @Test func `what stands against what was entered together is looked up once`() throws {
        let desk = try TestDesk(server: Self.refusing())
        let replica = try desk.enrolled()
        let id = try replica.addParticipant("P0142", "Maria")
        try replica.edit { edit in
            try edit.write(id, [RegisterWrite("contact", [.text("1"), .none])])
            try edit.write(id, [RegisterWrite("birth", [.integer(1961)])])
        }
        #expect(desk.run("sync") == 0)
        let entries = try replica.outbox()
        try #require(entries.count == 3)
        var asked: [Int64] = []
        let found = RefusedEntry.all(entries) { number in
            asked.append(number)
            return number == 2 ? .role : nil
        }
        #expect(asked == [1, 2])
        #expect(found.map(\.isCorrectable) == [true, false, false])
        // Each names its own number all the same.
        #expect(found.map { $0.advice.contains("outbox discard 3") } == [false, false, true])
    }

    @Test func `withdraws what was refused, with all that was entered together with it`() throws {
        let desk = try TestDesk(server: Self.refusing(), answers: ["n", "y"])
        let replica = try desk.enrolled()
        let id = try replica.addParticipant("P0142", "Maria")
        try replica.edit { edit in
            try edit.write(id, [RegisterWrite("contact", [.text("1"), .none])])
            try edit.write(id, [RegisterWrite("birth", [.integer(1961)])])
        }
        #expect(desk.run("outbox", "discard", "2", "--yes") == 65)
        #expect(desk.err.text.contains("no server has judged it yet"))
        #expect(desk.run("sync") == 0)
        #expect(desk.run("outbox") == 0)
        #expect(desk.out.text.contains("2 and 3 were entered together, and go together."))
        #expect(desk.run("outbox", "show", "2") == 0)
        #expect(desk.out.text.contains("Entered together with 3: they go together."))
        #expect(desk.run("outbox", "discard", "3") == 65)
        #expect(desk.err.text.contains("and 1 more entered together with it?"))
        #expect(try replica.status().quarantined == 3)
        #expect(desk.run("outbox", "discard", "3", "--reason", "entered twice") == 0)
        #expect(desk.out.text.contains("They were entered together, so they go together."))
        #expect(try replica.status().quarantined == 1 && replica.status().withdrawing == 2)
        #expect(try replica.view(id)?["phone"].isNone == true)
        #expect(desk.run("outbox", "discard", "2", "--yes", "--json") == 65)
        #expect(desk.run("outbox", "discard", "1", "--yes", "--json") == 0)
        #expect(
            desk.out.text.contains(#""outcome":"withdrawing""#)
                || desk.out.text.contains(#""withdrawn":[{"number":1"#))
        #expect(desk.run("sync") == 0)
        #expect(try replica.outbox().isEmpty && replica.view(id) == nil)
    }

    @Test func `a mistyped verb is told the nearest`() throws {
        let desk = try TestDesk()
        try desk.enrolled()
        #expect(desk.run("outbox", "discrad", "1") == 64)
        #expect(desk.err.text.contains("porchlight outbox discard"))
    }
}

/// Something that a test turns on and off.
final class Switch: Sendable {
    private let state: Mutex<Bool>

    init(_ isOn: Bool = true) { state = Mutex(isOn) }

    var isOn: Bool { state.withLock { $0 } }
    func turn(_ isOn: Bool) { state.withLock { $0 = isOn } }
}
