import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

@Suite struct CoordinationTests {
    /// A referral of P0188 from PP01 to PS07, as a sync brings it.
    private func referral(on desk: CareDesk, to peer: String = "PS07") throws -> String {
        let writes = try Writes(
            "referral",
            [
                "participant": .reference(Harbor.participant("P0188")), "from_team": .text("ACT1"),
                "from_staff": .text("PP01"), "origin": .text("worker"), "to_team": .text("PEER"),
                "to_peer": .text(peer), "sent_at": .integer(TestDesk.now), "status": .text("sent"),
                "status_by": .text("PP01"), "status_at": .integer(TestDesk.now),
            ])
        let made = try desk.replica().edit { try $0.create("referral", writes.registers) }
        return try #require(made.records.first).short
    }

    @Test func `an escalation says NOT SENT until the server has it, then who was told`() async throws {
        let desk = try await CareDesk()
        let said = desk.run("escalate", "P0142", "swollen left ankle", "--urgent", "--told", "n01")
        #expect(said.code == 0)
        #expect(said.out.contains("NOT SENT: nobody has been told by this laptop."))
        #expect(said.out.contains("It is addressed to N01, who does NOT know of it yet."))
        #expect(desk.run("today").out.contains("NOT SENT"))
        #expect(desk.run("escalation", "list").out.contains("NOT SENT"))
        #expect(desk.run("participant", "show", "P0142").out.contains("NOT SENT Open escalation"))
        let id = try #require(try desk.replica().find(Query("escalation")).first?.id)
        #expect(desk.run("escalation", "show", id.short, "--json").out.contains(#""sent":false"#))
        try await desk.sync()
        let after = desk.run("escalation", "show", id.short).out
        #expect(after.contains("SENT: the server has it, as of today 09:30."))
        #expect(!after.contains("NOT SENT"))
        #expect(after.contains("It is addressed to N01, who sees it after their next sync."))
        #expect(after.contains("Open: nobody has taken it up."))
        #expect(!desk.run("today").out.contains("NOT SENT"))
    }

    @Test func `one told by phone was told, whatever the network does`() async throws {
        let desk = try await CareDesk()
        let said = desk.run("escalate", "P0142", "swollen left ankle", "--told", "N01", "--by", "phone")
        #expect(said.out.contains("N01 was told by phone today, Mon 2 Mar 2026, at 09:30."))
        #expect(said.out.contains("NOT SENT"))
        #expect(desk.run("escalate", "P0142", "again", "--by", "phone").code == 64)
    }

    @Test func `a nurse takes an escalation up, once; a peer does not`() async throws {
        let peer = try await CareDesk()
        #expect(peer.run("escalate", "P0142", "swollen left ankle").code == 0)
        let id = try #require(try peer.replica().find(Query("escalation")).first?.id)
        #expect(peer.run("escalation", "acknowledge", id.short).code == 77)
        let nurse = try await CareDesk(staff: "N01", role: "nurse")
        #expect(nurse.run("escalate", "P0142", "swollen left ankle").code == 0)
        let own = try #require(try nurse.replica().find(Query("escalation")).first?.id)
        #expect(nurse.run("escalation", "acknowledge", own.short, "visiting at noon").code == 0)
        #expect(nurse.run("escalation", "acknowledge", own.short).code == 65)
        #expect(nurse.run("escalation", "list").out.contains("No open escalations."))
        #expect(nurse.run("escalation", "list", "--all").out.contains("N01"))
    }

    @Test func `a step that is not possible says which are, and whose`() async throws {
        let desk = try await CareDesk()
        let id = try referral(on: desk)
        let wrong = desk.run("referral", "seen", id)
        #expect(wrong.code == 65)
        #expect(wrong.err.contains("a referral that is sent cannot be noted as seen"))
        #expect(
            wrong.err.contains("by the receiving side: accept, decline; by the side that sent it: withdraw"))
        #expect(desk.run("referral", "accept", id).code == 0)
        #expect(desk.run("referral", "schedule", id, "--at", "sun 10:00").code == 0)
        #expect(desk.run("referral", "show", id).out.contains("2026-03-08 10:00"))
        #expect(desk.run("referral", "schedule", id, "--at", "yesterday 10:00").code == 65)
        #expect(desk.run("referral", "seen", id, "--warm-handoff").code == 0)
        #expect(desk.run("referral", "close", id, "--outcome", "meets weekly").code == 0)
        let over = desk.run("referral", "accept", id)
        #expect(over.code == 65)
        #expect(over.err.contains("nothing can follow"))
        #expect(desk.run("referral", "list").out == "No referrals fit.\n")
    }

    @Test func `a step reads back what was written, and whom one has not taken on`() async throws {
        let desk = try await CareDesk(staff: "PS09")
        let id = try referral(on: desk, to: "PS09")
        let accepted = desk.run("referral", "accept", id)
        #expect(accepted.out.contains("To go on with them: porchlight assign P0188 --to PS09\n"))
        let seen = desk.run("referral", "seen", id, "--warm-handoff", "--with", "N01")
        #expect(seen.out.contains("Warm hand-off, with N01.\n"))
        #expect(desk.run("assign", "P0188", "--to", "PS09").code == 0)
        let closed = desk.run("referral", "close", id, "--outcome", "meets weekly", "--told-sender")
        #expect(closed.out.contains("Outcome: meets weekly\nWhoever sent it was told.\n"))
        #expect(!closed.out.contains("Not on your caseload"))
        let shown = desk.run("referral", "show", id).out
        #expect(shown.contains("status since:") && shown.ranges(of: "\nstatus:").count == 1)
        // PS07 has P0188 on the caseload, and is told nothing of it.
        let other = try await CareDesk()
        let own = try referral(on: other)
        #expect(!other.run("referral", "accept", own).out.contains("Not on your caseload"))
    }

    @Test func `the side that does not receive a referral cannot accept it`() async throws {
        let desk = try await CareDesk(staff: "PP01", role: "primary_provider")
        #expect(desk.run("referral", "add", "P0188", "--to-team", "PEER").code == 0)
        let id = try #require(try desk.replica().find(Query("referral")).first?.id).short
        let said = desk.run("referral", "accept", id)
        #expect(said.code != 0)
        #expect(said.err.contains("only the side that receives the referral may do this"))
        #expect(desk.run("referral", "withdraw", id).code == 0)
    }

    @Test func `a referral goes to another person, who is a peer`() async throws {
        let desk = try await CareDesk()
        let nurse = desk.run("referral", "add", "P0188", "--to-peer", "n01")
        #expect(nurse.code == 65)
        #expect(nurse.err.contains("N01 The N01 is not a peer specialist"))
        let oneself = desk.run("referral", "add", "P0188", "--to-peer", "PS07")
        #expect(oneself.code == 65)
        #expect(oneself.err.contains("try:   to take them on: porchlight assign P0188 --to PS07"))
        #expect(try desk.replica().count(Query("referral")) == 0)
        #expect(desk.run("referral", "add", "P0188", "--to-peer", "ps09").code == 0)
        let sent = try #require(try desk.replica().find(Query("referral")).first)
        #expect(sent["to_peer"].text == "PS09")
        // Rosa is on the receiving team too, and sent it herself.
        let own = desk.run("referral", "accept", sent.id.short)
        #expect(own.code == 77)
        #expect(own.err.contains("whoever sent a referral does not accept it themselves"))
    }

    @Test func `the same escalation within minutes is asked about, another is not`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run("escalate", "P0142", "swollen left ankle").code == 0)
        let again = desk.run("escalate", "P0142", "Swollen left ankle ")
        #expect(again.code == 65)
        #expect(again.err.contains("this escalation may be there already: PS07 recorded the same today"))
        #expect(desk.run("escalate", "P0142", "and now a fever").code == 0)
        #expect(desk.run("escalate", "P0188", "swollen left ankle").code == 0)
        #expect(desk.run("escalate", "P0142", "swollen left ankle", "--at", "today 8am").code == 0)
        #expect(try desk.replica().count(Query("escalation")) == 4)
        #expect(desk.run("escalate", "P0142", "swollen left ankle", "--yes").code == 0)
        #expect(try desk.replica().count(Query("escalation")) == 5)
    }

    @Test func `a staff code that nobody has is refused, and one in another case is found`() async throws {
        let desk = try await CareDesk()
        for verb in [
            ["escalate", "P0142", "a cough", "--told", "N99"],
            ["participant", "edit", "P0142", "--primary-provider", "PP99"],
            ["checkin", "add", "P0142", "a walk", "--peer", "PS99"], ["checkin", "list", "--peer", "PS99"],
            ["caseload", "PS99"], ["referral", "add", "P0188", "--to-peer", "PS99"],
            ["referral", "add", "P0188", "--to-team", "PEER", "--suggested-by", "SV99"],
        ] {
            let said = desk.run(verb)
            #expect(said.code == 65, "\(verb)")
            #expect(said.err.contains("no staff member on this laptop fits"), "\(verb): \(said.err)")
        }
        #expect(try desk.replica().outbox().isEmpty)
        #expect(desk.run("caseload", "ps07").out.contains("Caseload of PS07: 3 participants"))
        #expect(desk.run("escalate", "P0142", "a cough", "--told", "n01").out.contains("addressed to N01"))
        let office = try await CareDesk(staff: "AD01", role: "administrator")
        let new = ["staff", "add", "Ki", "--name", "Kim", "--role", "nurse", "--site", "s1"]
        #expect(office.run(new).code == 0)
        #expect(office.run("escalate", "P0142", "a cough", "--told", "KI").out.contains("addressed to Ki"))
        #expect(office.run("assign", "P0142", "--from", "ps07", "--to", "ps09").code == 0)
    }

    @Test func `declining needs a reason there is a word for`() async throws {
        let desk = try await CareDesk()
        let id = try referral(on: desk)
        #expect(desk.run("referral", "decline", id).code == 64)
        #expect(desk.run("referral", "decline", id, "--reason", "mood").code == 65)
        #expect(desk.run("referral", "decline", id, "--reason", "said-no").code == 0)
        #expect(try desk.replica().find(Query("referral")).first?["decline_reason"].text == "said_no")
    }

    @Test func `today lists who needs me, and how complete that is`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run("checkin", "add", "P0142", "a walk").code == 0)
        _ = try referral(on: desk)
        let out = desk.run("today").out
        #expect(out.contains("No contact for more than 10 days (2):"))
        #expect(out.contains("P0188 Ben Ode    56 days  never yet"))
        #expect(out.contains("Referrals waiting (1):"))
        #expect(out.contains("accept or decline"))
        #expect(out.contains("Complete to: last sync today 09:30; 2 entries wait here."))
        let quiet = desk.run("today", "--days", "60")
        #expect(!quiet.out.contains("No contact"))
        let json = desk.run("today", "--json").out
        #expect(
            json.hasPrefix(#"{"date":"2026-03-02","days":10,"escalations":[],"make_ups":[],"no_contact":["#))
        #expect(json.contains(#""participant_code":"P0188","peer":"PS07","last":null,"days":56"#))
        #expect(
            json.contains(
                #""conflicts":0,"refused":0,"waiting":2,"last_sync":"2026-03-02T14:30:00Z","double_codes":[],"to_decide":0}"#
            ))
    }
}
