import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// What was sent and should not count.
@Suite struct VoidTests {
    private let group = [
        "session", "record", "--number", "6", "--at", "today 09:00", "--minutes", "60", "--present",
        "P0142,P0188", "--no-show", "P0190", "--did", "walked",
    ]

    private func session(on desk: CareDesk) throws -> String {
        try #require(try desk.replica().find(Query("session")).first).id.short
    }

    @Test func `a session that was sent is voided with all its attendance, and recorded anew`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run("enrollment", "start", "P0190").code == 0)
        #expect(desk.run(group).code == 0)
        try await desk.sync()
        #expect(desk.run("session", "makeups").out.contains("P0190 Cleo Park"))
        let id = try session(on: desk)
        let said = desk.run("session", "void", id, "--reason", "on the wrong day")
        #expect(said.code == 0, "\(said.err)")
        #expect(said.out.contains("the session, and with it the attendance of 3 people:"))
        #expect(
            said.out.contains("VOID: on the wrong day (PS07, today, Mon 2 Mar 2026, at 09:30). Nobody's"))
        #expect(said.out.contains("VOID: P0142 Ana Lopez, P0188 Ben Ode, P0190 Cleo Park"))
        let waiting = try desk.replica().outbox()
        #expect(waiting.map(\.table) == ["session", "attendance", "attendance", "attendance"])
        #expect(Set(waiting.map(\.transaction)).count == 1 && waiting[0].transaction != nil)
        #expect(
            desk.run("session", "makeups").out.contains(
                "Nobody who missed a session has still to make it up."))
        #expect(desk.run("session", "list").out.contains("VOID"))
        #expect(desk.run("participant", "show", "P0142").out.contains("session 1 next"))
        let again = desk.run("session", "void", id, "--reason", "x")
        #expect(again.code == 65 && again.err.contains("this session is void already"))
        // The same hour is free for the right entry.
        #expect(desk.run(group).code == 0)
        #expect(desk.run("session", "makeups").out.contains("P0190 Cleo Park"))
    }

    @Test func `attendance that another laptop keeps counts no more than its void session`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run("enrollment", "start", "P0190").code == 0)
        #expect(desk.run(group).code == 0)
        let replica = try desk.replica()
        let view = try #require(try replica.find(Query("session")).first)
        // Whoever voided it did not hold the attendance of anybody here.
        let mark = try Writes(
            "session",
            ["voided_at": .integer(TestDesk.now), "voided_by": .text("PS07"), "void_reason": .text("x")])
        try replica.edit { try $0.write(view.id, mark.registers) }
        #expect(try replica.find(Query("attendance")).allSatisfy { $0["voided_at"].isNone })
        #expect(
            desk.run("session", "makeups").out.contains(
                "Nobody who missed a session has still to make it up."))
        #expect(desk.run("participant", "show", "P0142").out.contains("session 1 next"))
        #expect(desk.run("today").out.contains("P0142 Ana Lopez  56 days  never yet"))
        // Whoever kept it sees that the session is void, and nobody under those who came.
        let shown = desk.run("session", "show", view.id.short).out
        #expect(
            shown.contains("VOID: x (PS07, today, Mon 2 Mar 2026, at 09:30). Nobody's attendance counts."))
        #expect(!shown.contains("Came:") && !shown.contains("No-show:"))
        #expect(
            shown.contains(
                "Not voided by name, and not counted either: P0142 Ana Lopez (attended), "
                    + "P0188 Ben Ode (attended), P0190 Cleo Park (no show)"), "\(shown)")
        let json = desk.run("session", "show", view.id.short, "--json").out
        #expect(json.split(separator: #""counts":false"#).count == 4 && !json.contains(#""counts":true"#))
        let list = desk.run("session", "list").out
        #expect(list.contains("VOID") && !list.contains("P0142"))
        let late = desk.run("session", "attendance", view.id.short, "P0142", "--status", "excused")
        #expect(late.code == 65 && late.err.contains("this session is void"))
        // Voided by name beside its session, it is told once, as void.
        let row = try #require(try replica.find(Query("attendance")).first)
        let own = try Writes(
            "attendance",
            ["voided_at": .integer(TestDesk.now), "voided_by": .text("PS07"), "void_reason": .text("y")])
        try replica.edit { try $0.write(row.id, own.registers) }
        let after = desk.run("session", "show", view.id.short).out
        #expect(after.split(separator: "(attended)").count + after.split(separator: "(no show)").count == 4)
    }

    @Test func `of a session that counts each attendance says whether it does`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run(group).code == 0)
        let id = try session(on: desk)
        #expect(desk.run("session", "void", id, "--participant", "ana", "--reason", "x").code == 0)
        let json = desk.run("session", "show", id, "--json").out
        #expect(json.split(separator: #""counts":true"#).count == 3)
        #expect(json.split(separator: #""counts":false"#).count == 2)
    }

    @Test func `one person's attendance is voided, and entered anew`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run(group).code == 0)
        try await desk.sync()
        let id = try session(on: desk)
        let said = desk.run("session", "void", id, "--participant", "ana", "--reason", "was Ben's sister")
        #expect(said.code == 0, "\(said.err)")
        #expect(said.out.contains("Void now, and kept: the attendance of P0142 Ana Lopez."))
        #expect(said.out.contains("Came: P0188 Ben Ode\n"))
        #expect(said.out.contains("VOID: P0142 Ana Lopez"))
        #expect(try desk.replica().outbox().map(\.table) == ["attendance"])
        let twice = desk.run("session", "void", id, "--participant", "P0142", "--reason", "x")
        #expect(twice.code == 65 && twice.err.contains("the attendance of P0142 is void already"))
        let anew = desk.run("session", "attendance", id, "P0142", "--status", "excused")
        #expect(anew.code == 0, "\(anew.err)")
        #expect(anew.out.contains("P0142 Ana Lopez: excused, put on the list."))
        let shown = desk.run("session", "show", id).out
        #expect(shown.contains("Excused: P0142 Ana Lopez\n") && !shown.contains("VOID"))
        let row = try #require(
            try desk.replica().find(Query("attendance", where: [.isNone("voided_at")])).first {
                $0["participant"].reference == Harbor.participant("P0142")
            })
        #expect(row["number"] == .integer(6) && row["peer"].text == "PS07")
        #expect(row["date"] == .integer(TestDesk.now / 86_400))
    }

    @Test func `one person's attendance is corrected in place`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run(group + ["--weight", "P0142=81.5kg"]).code == 0)
        try await desk.sync()
        let id = try session(on: desk)
        let said = desk.run("session", "attendance", id, "P0142", "--status", "excused")
        #expect(said.code == 0, "\(said.err)")
        #expect(said.out.contains("P0142 Ana Lopez: excused, before: attended."))
        #expect(said.out.contains("Excused: P0142 Ana Lopez (81.5 kg)"))
        #expect(try desk.replica().count(Query("attendance")) == 3)
        let back = desk.run(
            "session", "attendance", id, "P0142", "--status", "attended", "--weight", "180lb", "--active",
            "30")
        #expect(back.out.contains("Came: P0142 Ana Lopez (180 lb, 30 minutes active), P0188 Ben Ode"))
        for (wrong, code, says) in [
            (["--status", "asleep"], Int32(65), "is not a way to attend"),
            (["--status", "attended", "--weight", "81"], 65, "cannot be read"),
            (["--status", "attended", "--active", "20000"], 64, "--active must lie between"),
            ([], 64, "status"),
        ] {
            let said = desk.run(["session", "attendance", id, "P0142"] + wrong)
            #expect(said.code == code && said.err.contains(says), "\(wrong): \(said.err)")
        }
    }

    @Test func `whoever was never on the list is put on it only when asked for`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run("session", "record", "--number", "6", "--present", "P0142").code == 0)
        let id = try session(on: desk)
        let void = desk.run("session", "void", id, "--participant", "P0188", "--reason", "x")
        #expect(void.code == 65 && void.err.contains("P0188 is not on the list of this session"))
        let doubt = desk.run("session", "attendance", id, "P0188", "--status", "attended")
        #expect(doubt.code == 65 && doubt.err.contains("add --yes to put them on it"))
        #expect(try desk.replica().count(Query("attendance")) == 1)
        #expect(desk.run("session", "attendance", id, "P0188", "--status", "attended", "--yes").code == 0)
        #expect(desk.run("session", "show", id).out.contains("Came: P0142 Ana Lopez, P0188 Ben Ode"))
        #expect(desk.run("session", "void", id, "--reason", "x").code == 0)
        let late = desk.run("session", "attendance", id, "P0190", "--status", "attended", "--yes")
        #expect(late.code == 65 && late.err.contains("this session is void"))
    }

    @Test func `a peer voids no session of another's, and a signed one is voided like any other`()
        async throws
    {
        let office = try await CareDesk(staff: "AD01", role: "administrator")
        #expect(office.run(group + ["--peer", "PS09"]).code == 0)
        let replica = try office.replica()
        let view = try #require(try replica.find(Query("session")).first)
        let sign = try Writes("session", over: view, ["signed_at": .integer(TestDesk.now)])
        try replica.edit { try $0.write(view.id, sign.registers) }
        let said = office.run("session", "void", view.id.short, "--reason", "was cancelled")
        #expect(said.code == 0, "\(said.err)")
        #expect(said.out.contains("Led by PS09."))
        let peer = try await CareDesk()
        // As a sync would bring it.
        let theirs = try Writes(
            "session",
            [
                "peer": .text("PS07"), "activity": .text("walk"), "format": .text("individual"),
                "start_at": .integer(TestDesk.now), "site": .text("S1"), "mode": .text("in_person"),
            ])
        try peer.replica().edit { try $0.create("session", theirs.registers) }
        let id = try session(on: peer)
        #expect(peer.run("session", "void", id, "--reason", " ").code == 65)
        #expect(peer.run("session", "void", id).code == 64)
        let nurse = try await CareDesk(staff: "N01", role: "nurse")
        #expect(nurse.run("session", "void", "00000000", "--reason", "x").code == 65)
    }

    @Test func `a void escalation asks nobody to take it up, and is kept`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run("escalate", "P0142", "swollen left ankle", "--urgent", "--told", "N01").code == 0)
        let id = try #require(try desk.replica().find(Query("escalation")).first).id.short
        try await desk.sync()
        let said = desk.run("escalation", "void", id, "--reason", "was P0188")
        #expect(said.code == 0, "\(said.err)")
        #expect(said.out.contains("VOID: was P0188 (PS07, today, Mon 2 Mar 2026, at 09:30)"))
        #expect(said.out.contains("Everybody else still sees it as it was."))
        #expect(!said.out.contains("nobody has taken it up"))
        for verb in [["today"], ["participant", "show", "P0142"], ["escalation", "list"]] {
            #expect(!desk.run(verb).out.contains("swollen"), "\(verb)")
        }
        #expect(desk.run("today", "--json").out.contains(#""escalations":[]"#))
        #expect(desk.run("escalation", "list", "--all").out.contains("VOID"))
        #expect(desk.run("escalation", "show", id, "--json").out.contains(#""void_delivery":{"sent":false"#))
        try await desk.sync()
        let after = desk.run("escalation", "show", id)
        #expect(after.out.contains("The server knows, and whoever was told sees it after their next sync."))
        #expect(!after.out.contains("SENT:"))
        #expect(desk.run("escalation", "void", id, "--reason", "x").err.contains("is void already"))
        // The same words on the right person, and on this one again, are no doubt any more.
        #expect(desk.run("escalate", "P0142", "swollen left ankle").code == 0)
    }

    @Test func `an escalation that never went out is voided without a word of others`() async throws {
        let nurse = try await CareDesk(staff: "N01", role: "nurse")
        #expect(nurse.run("escalate", "P0142", "a fever").code == 0)
        let id = try #require(try nurse.replica().find(Query("escalation")).first).id.short
        let said = nurse.run("escalation", "void", id, "--reason", "thermometer broken")
        #expect(said.code == 0, "\(said.err)")
        #expect(said.out.contains("The server never had it, so nobody was told by it."))
        let taken = nurse.run("escalation", "acknowledge", id)
        #expect(taken.code == 65)
        #expect(taken.err.contains("this escalation does not count. VOID: thermometer broken (N01, today"))
    }

    struct Entry: CustomTestStringConvertible, Sendable {
        let entered: [[String]]
        let advice: [String]
        var testDescription: String { entered.last?.prefix(2).joined(separator: " ") ?? "" }
    }

    @Test(arguments: [
        Entry(
            entered: [["checkin", "add", "P0142", "a walk"]],
            advice: ["porchlight checkin add … --amends ID", "porchlight checkin void ID --reason"]),
        Entry(
            entered: [["session", "record", "--present", "P0142"]],
            advice: [
                "porchlight session void S1D --reason", "porchlight session attendance S1D WHO --status",
            ]),
        Entry(
            entered: [["escalate", "P0142", "a cough"]], advice: ["porchlight escalation void ID --reason"]),
        Entry(
            entered: [["referral", "add", "P0142", "--to-team", "ACT1"]],
            advice: ["porchlight referral withdraw ID"]),
        Entry(entered: [["participant", "add", "Eva"]], advice: ["porchlight participant edit ID"]),
        Entry(
            entered: [["enrollment", "start", "P0188"]], advice: ["porchlight enrollment end P0188"]),
    ])
    func `undo names the verb for what was sent`(_ entry: Entry) async throws {
        let desk = try await CareDesk()
        for line in entry.entered {
            let said = desk.run(line)
            #expect(said.code == 0, "\(said.err)")
        }
        try await desk.sync()
        let said = desk.run("undo")
        #expect(said.code == 65)
        let last = try #require(try desk.replica().lastWritten())
        let session = try desk.replica().find(Query("session")).first?.id.short ?? ""
        for advice in entry.advice {
            let words = advice.replacing("ID", with: last.record.short).replacing("S1D", with: session)
            #expect(said.err.contains(words), "\(words) in \(said.err)")
        }
    }

    @Test func `what is void already is not offered to be voided`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run("checkin", "add", "P0142", "a walk").code == 0)
        let id = try #require(try desk.replica().find(Query("check_in")).first).id.short
        #expect(desk.run("checkin", "void", id, "--reason", "x").code == 0)
        try await desk.sync()
        let said = desk.run("undo")
        #expect(said.code == 65 && said.err.contains("what is void stays so"), "\(said.err)")
    }
}
