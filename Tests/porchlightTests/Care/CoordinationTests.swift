import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

@Suite struct CoordinationTests {
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
        let sent = desk.run(
            "referral", "add", "P0188", "--to-peer", "PS07", "--need", "company to the clinic")
        #expect(sent.code == 0)
        let id = try #require(try desk.replica().find(Query("referral")).first?.id).short
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

    @Test func `the side that does not receive a referral cannot accept it`() async throws {
        let desk = try await CareDesk(staff: "PP01", role: "primary_provider")
        #expect(desk.run("referral", "add", "P0188", "--to-team", "PEER").code == 0)
        let id = try #require(try desk.replica().find(Query("referral")).first?.id).short
        let said = desk.run("referral", "accept", id)
        #expect(said.code != 0)
        #expect(said.err.contains("only the side that receives the referral may do this"))
        #expect(desk.run("referral", "withdraw", id).code == 0)
    }

    @Test func `declining needs a reason there is a word for`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run("referral", "add", "P0188", "--to-peer", "PS07").code == 0)
        let id = try #require(try desk.replica().find(Query("referral")).first?.id).short
        #expect(desk.run("referral", "decline", id).code == 64)
        #expect(desk.run("referral", "decline", id, "--reason", "mood").code == 65)
        #expect(desk.run("referral", "decline", id, "--reason", "said-no").code == 0)
        #expect(try desk.replica().find(Query("referral")).first?["decline_reason"].text == "said_no")
    }

    @Test func `today lists who needs me, and how complete that is`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run("checkin", "add", "P0142", "a walk").code == 0)
        #expect(desk.run("referral", "add", "P0188", "--to-peer", "PS07").code == 0)
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
                #""conflicts":0,"refused":0,"waiting":2,"last_sync":"2026-03-02T14:30:00Z","double_codes":[]}"#
            ))
    }
}
