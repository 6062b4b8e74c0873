import PeerSupport
import SyncModel
import SyncReplica
import SyncWire
import Testing

@testable import porchlight

/// A referral that was declined by one and taken another step by somebody else.
@Suite("Where a referral stands, decided by hand") struct ReferralConflictTests {
    private struct Declined {
        let desk: TestDesk
        let replica: Replica
        let referral = Identifier(high: 0x0199_aaaa_bbbb_7ccc, low: 0x8000_0000_dead_beef)

        /// PS09 declined it because it is no fit, which is shown; and N01 wrote another status.
        init(
            against status: String = "accepted", answers: [String]? = nil, role: String = "supervisor",
            to peer: String? = nil
        ) async throws {
            let at = TestDesk.now * 1_000_000
            func live(
                _ laptop: UInt64, _ author: String, _ fields: KeyValuePairs<String, Value?>, minutes: Int64
            )
                throws -> LiveChange
            {
                LiveChange(
                    dot: Dot(Identifier(high: laptop, low: laptop), 1), author: author,
                    writes: try Writes("referral", fields).registers,
                    context: laptop == 9 ? Context() : Context([.init(Identifier(high: 9, low: 9), 1)]),
                    effective: EffectiveTime(microseconds: at - minutes * 60_000_000),
                    deviceMicroseconds: at - minutes * 60_000_000)
            }
            let sent = try live(
                9, "PP01",
                [
                    "participant": .reference(Harbor.participant("P0142")), "from_staff": .text("PP01"),
                    "origin": .text("worker"), "to_team": .text("PEER"),
                    "to_peer": peer.map { .text($0) },
                    "sent_at": .integer(TestDesk.now - 9_000),
                ], minutes: 150)
            let declined = try live(
                8, "PS09",
                [
                    "status": .text("declined"), "decline_reason": .text("not_a_fit"),
                    "status_note": .text("lives too far away"), "status_by": .text("PS09"),
                    "status_at": .integer(TestDesk.now - 1_800),
                ], minutes: 30)
            let other = try live(
                7, "N01",
                [
                    "status": .text(status), "status_note": .text("from Monday"), "status_by": .text("N01"),
                    "status_at": .integer(TestDesk.now - 3_600),
                ], minutes: 60)
            let state = RecordState(table: "referral", live: [sent, declined, other])
            let record = referral
            let server = PlayedServer { request in
                PlayedServer.takes(
                    request,
                    records: request.hello.cursor.isEmpty
                        ? [PageRecord(id: record, keys: ["all"], body: .state(StateCodec.encode(state)))] : []
                )
            }
            desk = try TestDesk(server: server, answers: answers)
            replica = try desk.enrolled(role: role)
            _ = try await replica.sync(with: server)
        }

        func run(_ arguments: String...) -> (code: Int32, out: String, err: String) {
            let before = (desk.out.text.count, desk.err.text.count)
            let code = Command.run(arguments + ["--replica", desk.path], in: desk.world, on: desk.screen)
            return (
                code, String(desk.out.text.dropFirst(before.0)), String(desk.err.text.dropFirst(before.1))
            )
        }

        func resolve(_ values: String...) -> (code: Int32, out: String, err: String) { resolve(values) }

        func resolve(_ values: [String]) -> (code: Int32, out: String, err: String) {
            let before = (desk.out.text.count, desk.err.text.count)
            let code = Command.run(
                ["resolve", "deadbeef.status", "--reason", "agreed", "--replica", desk.path]
                    + values.flatMap { ["--value", $0] }, in: desk.world, on: desk.screen)
            return (
                code, String(desk.out.text.dropFirst(before.0)), String(desk.err.text.dropFirst(before.1))
            )
        }

        func status() throws -> [Value]? { try replica.view(referral)?.values(of: "status") }
    }

    @Test func `a status that somebody wrote comes with all that they wrote of it`() async throws {
        let declined = try await Declined()
        let done = declined.resolve("status=accepted")
        #expect(done.code == 0, "\(done)")
        #expect(
            try declined.status() == [
                .text("accepted"), .none, .text("from Monday"), .text("N01"), .integer(TestDesk.now - 3_600),
            ])
        #expect(
            done.out.contains("cleared, because it was said of another status: decline reason\n"),
            "\(done.out)")
    }

    /// What one decides would stand as somebody else's.
    @Test(arguments: ["status_by=PS09", "status_at=2026-03-01 10:00"])
    func `who set a status, and when, is not for anybody to type`(typed: String) async throws {
        let declined = try await Declined()
        let before = try declined.status()
        let refused = declined.resolve("status=accepted", typed)
        #expect(refused.code == 65, "\(refused)")
        #expect(refused.err.contains("not for anybody to type"), "\(refused.err)")
        #expect(try declined.status() == before)
    }

    @Test func `a status that nobody wrote is the decider's, without what was said of another`() async throws
    {
        let declined = try await Declined(against: "seen")
        let done = declined.resolve("status=accepted")
        #expect(done.code == 0, "\(done)")
        #expect(
            try declined.status() == [
                .text("accepted"), .none, .none, .text("SV01"), .integer(TestDesk.now),
            ])
        #expect(done.out.contains("of another status: decline reason, status note\n"), "\(done.out)")
        let other = try await Declined(against: "seen")
        #expect(other.resolve("status=accepted", "status_note=on Friday").code == 0)
        #expect(try other.status()?[2] == .text("on Friday"))
    }

    @Test func `what does not go together is refused with what to give`() async throws {
        let declined = try await Declined()
        let kept = declined.resolve("status=accepted", "decline_reason=not_a_fit")
        #expect(kept.code == 65, "\(kept)")
        #expect(kept.err.contains("a referral that is accepted has no reason for being declined"))
        #expect(kept.err.contains("leave decline_reason empty, or decide for declined"))
        let bare = declined.resolve("decline_reason=")
        #expect(bare.code == 65, "\(bare)")
        #expect(bare.err.contains("declining a referral needs a reason"))
        #expect(bare.err.contains("there are: said_no, caseload_full, not_a_fit, other_service"))
        #expect(try OpenConflicts.decisions(in: declined.replica).isEmpty)
        // Another reason of the same status leaves the note as it is, and is the word of who gave it.
        #expect(declined.resolve("decline_reason=said no").code == 0)
        #expect(
            try declined.status() == [
                .text("declined"), .text("said_no"), .text("lives too far away"), .text("SV01"),
                .integer(TestDesk.now),
            ])
        let shown = declined.run("referral", "show", "deadbeef")
        #expect(shown.out.contains(/who set the status: +SV01\n/), "\(shown.out)")
    }

    @Test func `what somebody types of a status just as it stands is its author's still`() async throws {
        for typed in [["decline_reason=not_a_fit"], ["status=declined", "decline_reason=not_a_fit"]] {
            let declined = try await Declined()
            let done = declined.resolve(typed)
            #expect(done.code == 0, "\(done)")
            #expect(try declined.status()?[3...] == [.text("PS09"), .integer(TestDesk.now - 1_800)])
        }
        // A status as somebody had offered it, with a note of one's own, is one's own word.
        let declined = try await Declined()
        #expect(declined.resolve("status=accepted", "status_note=from Tuesday").code == 0)
        #expect(
            try declined.status() == [
                .text("accepted"), .none, .text("from Tuesday"), .text("SV01"), .integer(TestDesk.now),
            ])
    }

    @Test func `another reason that is given in an editor is the word of who gave it`() async throws {
        let declined = try await Declined()
        let desk = Desk(
            try commonOptions(["--replica", declined.desk.path]), world: declined.desk.world,
            screen: declined.desk.screen)
        let text = try #require(
            try OpenConflicts(in: declined.replica).all.first.map { ConflictText($0, at: desk) })
        let layout = try #require(text.conflict.view.table.register("status"))
        let three = ThreeWay(text: text, desk: desk)
        let sides = try text.sides()
        func saved(_ reason: String) throws -> [Value] {
            try three.settled(
                "=== status\ndeclined\n=== decline_reason\n\(reason)\n=== status_note\nlives too far away\n"
                    + "=== status_by\nPS09\n=== status_at\n2026-03-02 09:00\n", sides, layout)
        }
        #expect(try saved("said no")[3...] == [.text("SV01"), .integer(TestDesk.now)])
        #expect(try saved("not a fit")[3...] == [.text("PS09"), .integer(TestDesk.now - 1_800)])
    }

    @Test(arguments: ["A", "B", "newest", "status=closed"])
    func `a peer to whom it was sent takes any letter, and what is printed of the way back works`(
        choice: String
    ) async throws {
        let declined = try await Declined(against: "closed", role: "peer", to: "SV01")
        let done =
            choice.contains("=")
            ? declined.resolve(choice)
            : declined.run("resolve", "deadbeef.status", "--keep", choice, "--reason", "agreed")
        try #require(done.code == 0, "\(done)")
        let isClosed = choice != "A" && choice != "newest"
        #expect(try declined.status()?.first == .text(isClosed ? "closed" : "declined"))
        let decision = try #require(try OpenConflicts.decisions(in: declined.replica).first)
        // What had stood there is a step from nowhere now, which only the office may write.
        if isClosed {
            #expect(!done.out.contains("--undo"), "\(done.out)")
            #expect(done.out.contains("A supervisor or an administrator can take it back.\n"))
            let undo = declined.run("resolve", "--undo", decision.id.short, "--reason", "no")
            #expect(undo.code == 77, "\(undo)")
            #expect(undo.err.contains("porchlight reopen \(decision.id.short) --reason"), "\(undo.err)")
            let line = "Ask for another look: porchlight reopen \(decision.id.short) --reason \"…\"\n"
            #expect(done.out.contains(line), "\(done.out)")
            #expect(declined.run("reopen", decision.id.short, "--reason", "no").code == 0)
            // The letter that is not theirs to take says whose it is.
            let name = "deadbeef.contested-\(decision.id.short)"
            let whose = "B  is not yours to choose: ask a supervisor or an administrator\n"
            let shown = declined.run("conflicts", "show", name)
            #expect(shown.out.contains(whose) && !shown.out.contains("A  is not"), "\(shown)")
            #expect(declined.run("conflicts").out.ranges(of: "(not yours to choose)").count == 1)
            let json = declined.run("conflicts", "--json").out
            #expect(
                json.contains(#""permitted":true},{"letter":"B""#) && json.contains(#""permitted":false}]"#),
                "\(json)")
            let other = declined.run("resolve", name, "--keep", "B", "--reason", "no")
            #expect(
                other.code == 77 && other.err.contains("ask a supervisor or an administrator"), "\(other)")
            #expect(declined.run("resolve", name, "--keep", "A", "--reason", "yes").code == 0)
        } else {
            #expect(done.out.contains("Take it back: porchlight resolve --undo \(decision.id.short)"))
            #expect(declined.run("resolve", "--undo", decision.id.short, "--reason", "no").code == 0)
        }
    }

    @Test func `whoever stands on no side is told whom to ask`() async throws {
        let declined = try await Declined(role: "nurse", to: "PS09")
        for letter in ["A", "B"] {
            let done = declined.run("resolve", "deadbeef.status", "--keep", letter, "--reason", "agreed")
            #expect(done.code == 77, "\(done)")
            #expect(
                done.err.contains("only those who sent this referral or receive it decide where it stands"))
            #expect(done.err.contains("ask PP01, PS09, a supervisor or an administrator"), "\(done.err)")
        }
        #expect(try OpenConflicts.decisions(in: declined.replica).isEmpty)
    }

    @Test(arguments: [["accept"], ["seen"], ["withdraw"], ["withdraw", "--confirm"]])
    func
        `while two steps stand against each other none follows, though the one that is shown would be the last`(
            step: [String]
        ) async throws
    {
        let declined = try await Declined(role: "peer", to: "SV01")
        let before = try declined.status()
        #expect(before?.first == .text("declined"))
        let refused = declined.desk.hear(["referral", step[0], "deadbeef"] + step.dropFirst())
        #expect(refused.code != 0, "\(refused)")
        #expect(refused.err.contains("porchlight conflicts show deadbeef.status"), "\(refused.err)")
        #expect(!refused.err.contains("nothing can follow"), "\(refused.err)")
        #expect(try declined.status() == before)
    }

    @Test func `it is listed as open until somebody has decided, whichever step is shown`() async throws {
        let declined = try await Declined(role: "peer", to: "SV01")
        #expect(declined.run("referral", "list").out.contains("declined, clash"))
        let today = declined.run("today")
        #expect(
            today.out.contains("decide where it stands: porchlight conflicts show deadbeef.status"),
            "\(today)")
        #expect(declined.run("today", "--json").out.contains(#""needs":"decision""#))
        let page = declined.run("referral", "show", "deadbeef").out
        #expect(page.contains("porchlight conflicts show deadbeef.status"), "\(page)")
        #expect(!page.contains("nothing can follow"), "\(page)")
        #expect(declined.run("referral", "show", "deadbeef", "--json").out.contains(#""possible_steps":[]"#))
        #expect(declined.run("resolve", "deadbeef.status", "--keep", "A", "--reason", "agreed").code == 0)
        #expect(declined.run("referral", "list").out == "No referrals fit.\n")
        #expect(!declined.run("today").out.contains("Referrals waiting"))
        let over = declined.run("referral", "accept", "deadbeef")
        #expect(over.err.contains("nothing can follow"), "\(over)")
    }
}
