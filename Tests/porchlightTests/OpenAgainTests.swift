import PeerSupport
import SyncModel
import SyncReplica
import SyncWire
import Testing

@testable import porchlight

/// Whatever a verb says is open is listed, and what somebody has decided is not, in whatever order people decide, take back
/// and ask for another look.
@Suite("What is open again") struct OpenAgainTests {
    /// A laptop with one question of each kind: two values, a time that was corrected, two records with one code, and those
    /// of ``LateAndTwice``.
    private func desk() async throws -> (TestDesk, Replica) {
        let other = Identifier(high: 9, low: 9)
        let at = TestDesk.now * 1_000_000
        func live(
            _ laptop: UInt64, _ n: UInt64, _ author: String, _ writes: [RegisterWrite], off: Int64 = 0
        ) -> LiveChange {
            let incarnation = Identifier(high: laptop, low: laptop)
            let read = n == 1 && laptop == 9 ? Context() : Context([.init(other, 1)])
            return LiveChange(
                dot: Dot(incarnation, n), author: author,
                writes: writes.sorted { $0.register < $1.register }, context: read,
                effective: EffectiveTime(microseconds: at - 60_000_000 * Int64(n)),
                deviceMicroseconds: at - 60_000_000 * Int64(n) + off * 3_600_000_000)
        }
        func named(_ code: String, _ name: String, off: Int64 = 0) -> LiveChange {
            live(
                9, 1, "PS09",
                [
                    RegisterWrite("identity", [.text(code)]),
                    RegisterWrite("name", [.text(name), .text("Ode")]),
                    RegisterWrite("home", [.text("S1"), .none, .none]),
                ], off: off)
        }
        let apart = [
            named("P0142", "Ana"),
            live(9, 2, "PS09", [RegisterWrite("contact", [.text("555 0134"), .none])]),
            live(8, 1, "SV01", [RegisterWrite("contact", [.text("555 0199"), .none])]),
        ]
        let records = [[named("P0143", "Zoe", off: 2)], apart].enumerated().map { place, live in
            PageRecord(
                id: Identifier(high: 0x0199_aaaa_bbbb_7ccc, low: 0x8000_0000_dead_0000 + UInt64(place)),
                keys: ["all"],
                body: .state(StateCodec.encode(RecordState(table: "participant", live: live))))
        }
        let more = try LateAndTwice.records()
        let server = PlayedServer(answer: { request in
            PlayedServer.takes(request, records: request.hello.cursor.isEmpty ? records + more : [])
        })
        let desk = try TestDesk(server: server)
        let replica = try desk.enrolled(role: "administrator")
        _ = try await replica.sync(with: server)
        try replica.addParticipant("P0300", "Mona")
        try replica.addParticipant("P0300", "Bea")
        return (desk, replica)
    }

    @Test func `a time is asked about a second time`() async throws {
        for undoes in [true, false] {
            let (desk, replica) = try await desk()
            func accept() throws -> Decision {
                let clock = try #require(try OpenConflicts(in: replica).all.first { $0.kind == .clock })
                #expect(desk.hear(["resolve", clock.name, "--keep", "A", "--reason", "seen"]).code == 0)
                let all = try OpenConflicts.decisions(in: replica).filter { $0.kind == .accept }
                return try #require(all.first { !DecisionChains(all).isClosed($0) })
            }
            let first = try accept()
            let again =
                undoes
                ? ["resolve", "--undo", first.id.short, "--reason", "no"]
                : ["reopen", first.id.short, "--reason", "no"]
            #expect(desk.hear(again).code == 0)
            let second = try accept()
            #expect(second.answers == first.id)
            let more =
                undoes
                ? ["reopen", second.id.short, "--reason", "no"]
                : ["resolve", "--undo", second.id.short, "--reason", "no"]
            #expect(desk.hear(more).out.contains("open again"))
            #expect(desk.hear(["conflicts"]).out.contains("[clock: "))
            // Of what was decided anew the older one is not taken back; it is said what became of the newer one.
            let count = try OpenConflicts.decisions(in: replica).count
            let refused = desk.hear(["resolve", "--undo", first.id.short, "--reason", "x"])
            let why =
                undoes
                ? ["this decision was taken back already"]
                : [
                    "this was decided anew since by SV01 today 09:30\n",
                    "it is open again, and waits in `porchlight conflicts`\n",
                ]
            #expect(refused.code == 65)
            for words in why { #expect(refused.err.contains(words), "\(refused.err)") }
            #expect(try OpenConflicts.decisions(in: replica).count == count)
        }
    }

    /// What somebody does next, and what it must leave.
    private struct Walk {
        let desk: TestDesk
        let replica: Replica
        var dice: Falling
        var decided: Set<ConflictKind> = []
        var opened: Set<DecisionKind> = []

        /// How a conflict is named with what stands there, so that its letters bind.
        func name(_ conflict: Conflict) throws -> String {
            let look = Desk(
                try commonOptions(["--replica", desk.path]), world: desk.world, screen: desk.screen)
            return ConflictText(conflict, at: look).id
        }

        private func names() throws -> [String] { try OpenConflicts(in: replica).all.map(\.name) }

        mutating func resolve(_ conflict: Conflict) throws {
            let keep = ["A", "B", "both"].randomElement(using: &dice) ?? "A"
            let before = try names()
            let done = desk.hear(["resolve", try name(conflict), "--keep", keep, "--reason", "seen"])
            if done.code == 0 {
                decided.insert(conflict.kind)
                #expect(try !names().contains(conflict.name), "\(conflict.name) \(keep)")
            } else {
                // Only what is not offered is refused, and then nothing is decided.
                #expect(keep != "A" && done.code == 65, "\(conflict.name): \(done.err)")
                #expect(done.err.contains("there is no value \(keep)"), "\(done.err)")
                #expect(try names() == before)
            }
        }

        mutating func open(_ decision: Decision, undoing: Bool) throws {
            let words = undoing ? ["resolve", "--undo"] : ["reopen"]
            let before = (try names(), try OpenConflicts.decisions(in: replica))
            let done = desk.hear(words + [decision.id.text, "--reason", "look again"])
            guard done.code == 0 else {
                #expect(done.code == 65 && done.err.contains("nothing was changed"), "\(done.err)")
                #expect(try names() == before.0 && OpenConflicts.decisions(in: replica) == before.1)
                return
            }
            let isOpen = done.out.contains("open again")
            if isOpen { opened.insert(decision.kind) }
            let asking = try OpenConflicts(in: replica).asking(about: [decision])
            #expect((asking != nil) == isOpen, "\(words) \(decision.kind): \(done.out)")
        }

        /// Nobody's wish is lost, and nothing that was taken back.
        func check() throws {
            let open = try OpenConflicts(in: replica)
            for one in open.chains.all where open.chains.isOpen(one) {
                #expect(open.asking(about: [one]) != nil, "\(one.kind) \(one.register ?? "")")
            }
            #expect(Set(open.all.map(\.name)).count == open.all.count)
        }
    }

    @Test(arguments: 0..<12) func `in every order`(seed: UInt64) async throws {
        let (desk, replica) = try await desk()
        let kinds = Set(try OpenConflicts(in: replica).all.map(\.kind))
        #expect(kinds == [.values, .clock, .duplicate, .amendments, .late])
        var walk = Walk(
            desk: desk, replica: replica,
            dice: Falling(state: seed &* 7_919 &+ 1))
        for _ in 0..<16 {
            let conflict = try OpenConflicts(in: replica).all.randomElement(using: &walk.dice)
            let decision = try OpenConflicts.decisions(in: replica).randomElement(using: &walk.dice)
            let move = Int.random(in: 0..<5, using: &walk.dice)
            if move < 2, let conflict {
                try walk.resolve(conflict)
            } else if move < 4, let decision {
                try walk.open(decision, undoing: move == 2)
            } else if let merged = try replica.find(
                Query("participant", where: [.isSet("merged_into")])
            ).first {
                #expect(desk.hear(["participant", "unmerge", merged.id.text, "--reason", "two"]).code == 0)
            }
            try walk.check()
        }
        #expect(!walk.decided.isEmpty && !walk.opened.isEmpty, "\(walk.decided) \(walk.opened)")
        // In the end everything can be decided, and then nothing is left.
        var left = 12
        while left > 0, let next = try OpenConflicts(in: replica).all.first {
            let done = desk.hear(["resolve", try walk.name(next), "--keep", "A", "--reason", "settled"])
            #expect(done.code == 0, "\(next.name): \(done.err)")
            left -= 1
        }
        try walk.check()
        #expect(try OpenConflicts(in: replica).all.isEmpty)
        #expect(desk.hear(["status", "--json"]).out.contains(#""to_decide":0"#))
    }

    /// The same numbers on every run.
    private struct Falling: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 33
        }
    }
}
