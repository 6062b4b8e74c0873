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
        init(against status: String = "accepted", answers: [String]? = nil) async throws {
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
            replica = try desk.enrolled()
            _ = try await replica.sync(with: server)
        }

        func run(_ arguments: String...) -> (code: Int32, out: String, err: String) {
            let before = (desk.out.text.count, desk.err.text.count)
            let code = Command.run(arguments + ["--replica", desk.path], in: desk.world, on: desk.screen)
            return (
                code, String(desk.out.text.dropFirst(before.0)), String(desk.err.text.dropFirst(before.1))
            )
        }

        func resolve(_ values: String...) -> (code: Int32, out: String, err: String) {
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
        // Another reason of the same status leaves the rest as it is.
        #expect(declined.resolve("decline_reason=said no").code == 0)
        #expect(
            try declined.status() == [
                .text("declined"), .text("said_no"), .text("lives too far away"), .text("PS09"),
                .integer(TestDesk.now - 1_800),
            ])
    }
}
