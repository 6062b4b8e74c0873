import PeerSupport
import SyncModel
import SyncReplica
import SyncWire
import Synchronization
import Testing

@testable import porchlight

/// Two who were merged in opposite directions by people who did not know of each other, and of whom one merge was taken back.
@Suite("One of two merges, taken back") struct RingTests {
    /// A laptop on which SV01 merged Max into Lea, and AD01 on another one Lea into Max.
    private struct Ring {
        let desk: TestDesk
        let replica: Replica
        let max: RecordID
        let lea: RecordID

        init() async throws {
            let brought = Brought()
            let server = PlayedServer(answer: { PlayedServer.takes($0, records: brought.take()) })
            desk = try TestDesk(server: server)
            replica = try desk.enrolled()
            max = try replica.addParticipant("P0191", "Max")
            lea = try replica.addParticipant("P0188", "Lea")
            _ = try desk.said(
                "participant", "merge", "P0191", "--into", "P0188", "--yes", "--reason", "one door")
            let (max, lea) = (max, lea)
            try replica.edit { edit in
                try edit.write(
                    lea,
                    [RegisterWrite("redirect", [.reference(max), .text("AD01"), .integer(TestDesk.now + 1)])])
            }
            let theirs = try Writes(
                "decision",
                [
                    "kind": .text("merge"), "subject": .reference(lea), "other": .reference(max),
                    "decided_by": .text("AD01"), "decided_at": .integer(TestDesk.now + 1),
                    "reason": .text("one phone"),
                ])
            brought.add("decision", theirs.registers)
            _ = try await replica.sync(with: server)
        }

        func decisions(_ kind: DecisionKind) throws -> [Decision] {
            try OpenConflicts.decisions(in: replica).filter { $0.kind == kind }
        }

        /// Of each decision, by its reason, what the register says of before and after, and which it answers.
        func exported() throws -> [String: [String]] {
            let lines = try desk.said("conflicts", "export").split(separator: "\r\n").dropFirst().map {
                $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            }
            return Dictionary(lines.map { ($0[10], [$0[6], $0[7], $0[11]]) }) { first, _ in first }
        }

        /// Tells SV01 of a decision.
        func tell(of decision: Decision) throws {
            let notice = try Writes(
                "notice",
                [
                    "to_staff": .text("SV01"), "decision": .reference(decision.id),
                    "subject": .reference(decision.subject), "subject_register": .text("redirect"),
                    "at": .integer(decision.at),
                ])
            try replica.edit { edit in _ = try edit.create("notice", notice.registers) }
        }

        var isOne: Bool { get throws { try Merged(in: replica).areOne(max, lea) } }

        /// Takes back the one merge, and asks for another look at that.
        func contested() throws -> (end: Decision, name: String) {
            _ = try desk.said("participant", "unmerge", max.text, "--reason", "wrong way round")
            let end = try #require(try decisions(.unmerge).first)
            _ = try desk.said("reopen", end.id.short, "--reason", "are they?")
            return (end, "\(max.short).contested-\(end.id.short)")
        }
    }

    @Test func `ends that merge alone, and says what is left`() async throws {
        let ring = try await Ring()
        let page = try ring.desk.said("participant", "unmerge", ring.max.text, "--reason", "wrong way round")
        #expect(page.contains("They are one person still: the other was merged into this one.\n"))
        let end = try #require(try ring.decisions(.unmerge).first)
        let merges = try ring.decisions(.merge)
        // It answers the merge that it took back, and the other one stands.
        #expect(end.answers == merges.first { $0.by == "SV01" }?.id)
        let chains = try OpenConflicts.chains(in: ring.replica)
        #expect(merges.map { chains.isClosed($0) } == merges.map { $0.by == "SV01" })
        #expect(end.saysOne == true)
        #expect(
            try ring.replica.find(Query("notice")).compactMap { Notice($0) }.map(\.to).contains("AD01"))
        // Merging them again would be refused, so the way on is the other merge.
        #expect(!page.contains("participant merge"), "\(page)")
        #expect(
            page.contains("If they are two people: porchlight participant unmerge \(ring.lea.short) "))
        let parted = try ring.desk.said("participant", "unmerge", ring.lea.text, "--reason", "two after all")
        // That the other was merged no more is nothing that was written on the one that stays.
        #expect(!parted.contains("still there") && !parted.contains("not merged"), "\(parted)")
        #expect(try !ring.isOne)
        #expect(try ring.desk.said("conflicts") == "nothing has to be decided\n")
    }

    @Test func `asked about again, each letter says and does what was decided, or the contrary`()
        async throws
    {
        for (keep, isOne) in [("A", true), ("B", false)] {
            let ring = try await Ring()
            let (end, name) = try ring.contested()
            let shown = try ring.desk.said("conflicts", "show", name)
            #expect(shown.contains(/A +decided +SV01 .*they stay one person/), "\(shown)")
            #expect(shown.contains(/B +instead .*two people after all/), "\(shown)")
            #expect(shown.contains("one of two merges taken back, wrong way round"), "\(shown)")
            let page = try ring.desk.said("resolve", name, "--keep", keep, "--reason", "asked them")
            #expect(
                page.contains(isOne ? ": they stay one person\n" : ": two people after all\n"), "\(page)")
            #expect(try ring.isOne == isOne)
            // Whoever had made the merge that stood is told.
            #expect(page.contains("AD01 will be told"), "\(page)")
            #expect(try ring.desk.said("conflicts") == "nothing has to be decided\n")
            // The register says which of the two led to which, and what that ends.
            let last = try #require(
                try OpenConflicts.decisions(in: ring.replica).first { $0.reason == "asked them" })
            #expect(last.subject == ring.lea && last.other == ring.max)
            #expect(last.kind == (isOne ? .merge : .unmerge))
            let other = try #require(try ring.decisions(.merge).first { $0.by == "AD01" })
            #expect(Set(last.closes) == [end.id, other.id])
            let (max, lea) = (ring.max.short, ring.lea.short)
            let back = isOne ? "unmerge \(lea)" : "merge \(lea) --into \(max)"
            #expect(page.contains("Take it back: porchlight participant \(back) "), "\(page)")
            let rows = try ring.exported()
            #expect(
                rows["wrong way round"] == [
                    "merged into P0188 Lea (SV01)",
                    "not merged into P0188 Lea; one person with them still",
                    end.answers?.text ?? "",
                ])
            #expect(
                rows["asked them"] == [
                    "merged into P0191 Max (AD01) | one of two merges taken back (SV01)",
                    isOne ? "merged into P0191 Max" : "not merged", "\(end.id.text) | \(other.id.text)",
                ])
        }
    }

    @Test func `of two merges made apart neither has decided the other anew`() async throws {
        let ring = try await Ring()
        for merge in try ring.decisions(.merge) { try ring.tell(of: merge) }
        let notices = try ring.desk.said("notices")
        #expect(notices.ranges(of: "are one person's").count == 2, "\(notices)")
        #expect(!notices.contains("decided it anew"), "\(notices)")
    }

    @Test func `a notice of it goes on saying what it was`() async throws {
        let ring = try await Ring()
        let (end, name) = try ring.contested()
        try ring.tell(of: end)
        let still = "one of two merges was taken back; they are one person still."
        #expect(try ring.desk.said("notices").contains(still))
        _ = try ring.desk.said("resolve", name, "--keep", "B", "--reason", "two")
        let notices = try ring.desk.said("notices")
        #expect(notices.contains("one of two merges was taken back; they were one person still."))
        #expect(!notices.contains("two people's after all"), "\(notices)")
    }
}

/// What a played server brings at the next exchange, by somebody on another laptop.
private final class Brought: Sendable {
    private let records = Mutex<[PageRecord]>([])

    func take() -> [PageRecord] {
        records.withLock { all in
            defer { all = [] }
            return all
        }
    }

    func add(_ table: String, _ writes: [RegisterWrite]) {
        let at = TestDesk.now * 1_000_000
        let change = LiveChange(
            dot: Dot(Identifier(high: 8, low: 8), 1), author: "AD01",
            writes: writes.sorted { $0.register < $1.register }, context: Context(),
            effective: EffectiveTime(microseconds: at), deviceMicroseconds: at)
        let record = PageRecord(
            id: Identifier(high: 0x0199_aaaa_bbbb_7ccc, low: 0x8000_0000_dead_0000), keys: ["all"],
            body: .state(StateCodec.encode(RecordState(table: table, live: [change]))))
        records.withLock { $0.append(record) }
    }
}
