import Glibc
import PeerSupport
import SyncModel
import SyncReplica
import SyncWire
import Testing

@testable import porchlight

@Suite struct RecordVerbsTests {
    @Test func `lists what waits in plain words`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        #expect(desk.run("outbox") == 0)
        #expect(desk.out.text == "nothing waits, and nothing was refused\n")
        try replica.addParticipant("P0142", "Maria", family: "Lopez")
        #expect(desk.run("outbox") == 0)
        #expect(desk.out.text.contains("2026-03-02 09:30  waits  participant P0142 Maria Lopez: "))
        #expect(desk.out.text.contains("preferred name Maria"))
        #expect(desk.server.asked == 0)
    }

    @Test func `lists what waits for programs`() throws {
        let desk = try TestDesk()
        let id = try desk.enrolled().addParticipant("P0142", "Maria")
        #expect(desk.run("outbox", "--json") == 0)
        #expect(desk.out.text.contains("\"record\":\"\(id.text)\""))
        #expect(desk.out.text.contains(#""outcome":"waiting","code":null,"reason":null"#))
        #expect(desk.out.text.contains(#""name":{"preferred_name":"Maria","family_name":null}"#))
    }

    @Test func `takes back the newest entry, and then the one before`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        let first = try replica.addParticipant("P0001", "Ann")
        let second = try replica.addParticipant("P0002", "Bea")
        #expect(desk.run("undo") == 0)
        #expect(desk.out.text.contains("taken back: participant P0002"))
        #expect(try replica.view(second) == nil)
        #expect(desk.run("undo") == 0)
        #expect(try replica.view(first) == nil)
        #expect(desk.run("undo") == 65)
        #expect(desk.err.text.hasPrefix("error: there is nothing to take back"))
    }

    @Test func `takes nothing back against an answer, or after it was sent`() throws {
        let desk = try TestDesk(server: PlayedServer { PlayedServer.takes($0) }, answers: ["n"])
        let replica = try desk.enrolled()
        try replica.addParticipant("P0001", "Ann")
        #expect(desk.run("undo") == 65)
        #expect(desk.err.text.contains("Take back participant P0001 Ann"))
        #expect(try replica.status().waiting == 1)
        #expect(desk.run("sync") == 0)
        #expect(desk.run("undo", "--yes") == 65)
        #expect(desk.err.text.contains("sent already"))
    }

    @Test func `shows who wrote what, and what was replaced`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        let id = try replica.addParticipant("P0142", "Maria")
        try replica.edit { try $0.write(id, [RegisterWrite("contact", [.text("555 0100"), .none])]) }
        try replica.edit { try $0.write(id, [RegisterWrite("contact", [.text("555 0199"), .none])]) }
        #expect(desk.run("history", "p0142") == 0)
        let lines = desk.out.text.split(separator: "\n")
        #expect(lines.first == "participant P0142 Maria")
        #expect(lines.count == 5)
        #expect(lines[3].hasSuffix("phone 555 0100"))
        #expect(lines[4].hasSuffix("phone 555 0100 → 555 0199"))
        #expect(desk.run("history", "P0142", "--json") == 0)
        #expect(desk.out.text.contains(#""before":{"contact":{"phone":"555 0100","best_way":null}}"#))
        #expect(desk.out.text.contains(#""before":{"contact":null}"#))
        #expect(desk.run("history", "P9999") == 65)
        #expect(desk.run("history", "maria") == 0)
    }

    /// A participant of whom two people changed the phone number without knowing of each other.
    private func clash() -> (id: RecordID, state: RecordState) {
        let id = Identifier(high: 0x019c_aaaa_0000_7001, low: 0x8000_0000_0000_0142)
        let (a, b) = (Identifier(high: 7, low: 1), Identifier(high: 7, low: 2))
        func change(_ dot: Dot, _ author: String, _ writes: [RegisterWrite], _ context: Context) -> LiveChange
        {
            LiveChange(
                dot: dot, author: author, writes: writes, context: context,
                effective: EffectiveTime(microseconds: (TestDesk.now + Int64(dot.n)) * 1_000_000),
                deviceMicroseconds: TestDesk.now * 1_000_000)
        }
        let read = Context([Context.Entry(a, 1)])
        let made = [
            RegisterWrite("contact", [.text("555 0100"), .none]), RegisterWrite("identity", [.text("P0142")]),
            RegisterWrite("home", [.text("S1"), .none, .none]),
            RegisterWrite("name", [.text("Maria"), .text("Lopez")]),
        ].sorted { $0.register < $1.register }
        return (
            id,
            RecordState(
                table: "participant",
                live: [
                    change(Dot(a, 1), "AD01", made, Context()),
                    change(Dot(a, 2), "PS07", [RegisterWrite("contact", [.text("555 0111"), .none])], read),
                    change(Dot(b, 3), "PS08", [RegisterWrite("contact", [.text("555 0122"), .none])], read),
                ])
        )
    }

    @Test func `lists clashes with who, when, and which value is shown`() throws {
        let (id, state) = clash()
        let record = PageRecord(id: id, keys: ["all"], body: .state(StateCodec.encode(state)))
        let desk = try TestDesk(server: PlayedServer { PlayedServer.takes($0, records: [record]) })
        try desk.enrolled()
        #expect(desk.run("conflicts") == 0)
        #expect(desk.out.text == "nothing has to be decided\n")
        #expect(desk.run("sync") == 0)
        #expect(desk.run("conflicts") == 0)
        let shown = """
            participant P0142 Maria Lopez: contact  [values: written apart]
              00000142.contact@30f8
              A  shown  PS08  2026-03-02 09:30  phone 555 0122
              B  kept   PS07  2026-03-02 09:30  phone 555 0111

            """
        #expect(desk.out.text.contains(shown), "\(desk.out.text)")
        #expect(desk.run("conflicts", "--json") == 0)
        #expect(
            desk.out.text.contains(
                #""register":"contact","decision":null,"severity":"ask","values":[{"letter":"A","shown":true,"#
            ))
    }

    @Test func `the history shows what lost, and what either had replaced`() throws {
        let (id, state) = clash()
        let record = PageRecord(id: id, keys: ["all"], body: .state(StateCodec.encode(state)))
        let desk = try TestDesk(server: PlayedServer { PlayedServer.takes($0, records: [record]) })
        try desk.enrolled()
        #expect(desk.run("sync") == 0)
        #expect(desk.run("history", "P0142") == 0)
        let lines = desk.out.text.split(separator: "\n").suffix(2)
        #expect(lines.first?.contains("PS07  kept beside  phone 555 0100 → 555 0111") == true, "\(lines)")
        #expect(lines.last?.contains("PS08  shown        phone 555 0100 → 555 0122") == true, "\(lines)")
        #expect(desk.run("resolve", "P0142", "contact", "--keep", "B", "--reason", "seen") == 0)
        // What goes is said as plainly as what stays.
        #expect(desk.out.text.contains(": phone 555 0111"), "\(desk.out.text)")
        #expect(desk.out.text.contains("not kept: phone 555 0122 (PS08)"), "\(desk.out.text)")
        #expect(desk.run("history", "P0142") == 0)
        let after = desk.out.text.split(separator: "\n").last
        #expect(after?.contains("SV01  waits") == true, "\(desk.out.text)")
    }

    @Test func `what this laptop never knew is not made up`() throws {
        let (id, state) = clash()
        func values(_ live: [LiveChange]) throws -> (HistoryValues, [HistoryEntry]) {
            let bytes = StateCodec.encode(RecordState(table: "participant", live: live))
            let record = PageRecord(id: id, keys: ["all"], body: .state(bytes))
            let desk = try TestDesk(server: PlayedServer { PlayedServer.takes($0, records: [record]) })
            let replica = try desk.enrolled()
            #expect(desk.run("sync") == 0)
            let entries = try replica.history(id)
            return (HistoryValues(entries), entries)
        }
        let (whole, all) = try values(state.live)
        #expect(whole.before("contact", in: all[0]) == .nothing)
        #expect(whole.before("contact", in: all[2]) == .values([.text("555 0100"), .none]))
        // Without the making of the record nobody here can say what was replaced.
        let (part, one) = try values([state.live[1]])
        #expect(part.before("contact", in: one[0]) == .unknown)
    }

    @Test func `a clash is decided by the letter of the value that stays`() throws {
        let (id, state) = clash()
        let record = PageRecord(id: id, keys: ["all"], body: .state(StateCodec.encode(state)))
        let desk = try TestDesk(server: PlayedServer { PlayedServer.takes($0, records: [record]) })
        let replica = try desk.enrolled()
        #expect(desk.run("sync") == 0)
        #expect(desk.run("resolve", "P0142", "contact", "--keep", "C", "--reason", "seen") == 65)
        #expect(desk.run("resolve", "P0142", "name", "--keep", "A", "--reason", "seen") == 65)
        #expect(desk.err.text.contains("what waits in this record: 00000142.contact"))
        #expect(try replica.view(id)?.conflicts == ["contact"])
        #expect(
            desk.run("resolve", "P0142", "contact", "--keep", "b", "--reason", "seen") == 0,
            "\(desk.err.text)")
        #expect(try replica.view(id)?.conflicts == [])
        #expect(try replica.view(id)?["phone"] == .text("555 0111"))
        #expect(desk.run("conflicts") == 0)
        #expect(desk.out.text.hasSuffix("nothing has to be decided\n"))
    }

    @Test func `the doctor says at once that the file was put back or copied`() throws {
        let desk = try TestDesk()
        try desk.enrolled()
        #expect(
            desk.run("doctor") == 0
                && desk.out.text.contains(
                    "nothing here says that the file was copied or put back. A copy of the whole folder")
        )
        #expect(unlink(desk.path + "-id") == 0)
        #expect(desk.run("doctor") == 0, "\(desk.err.text)")
        #expect(desk.out.text.contains("this file is a copy, or was put back from an older one"))
        #expect(desk.run("doctor", "--json") == 0)
        #expect(desk.out.text.contains(#"{"area":"place","gravity":"notice","text":"this file is a copy"#))
    }

    @Test func `the doctor finds a sound replica sound, and makes its tables again`() throws {
        let desk = try TestDesk()
        let replica = try desk.enrolled()
        try replica.addParticipant("P0142", "Maria")
        #expect(desk.run("doctor") == 0, "\(desk.err.text)")
        #expect(desk.out.text.contains("times are shown in America/New_York"))
        #expect(!desk.out.text.contains("DAMAGED"))
        #expect(desk.run("doctor", "--rebuild", "--json") == 0)
        #expect(desk.out.text.contains(#""rebuilt":true"#))
        #expect(try replica.count(Query("participant")) == 1)
    }
}
