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

    private func run(_ desk: TestDesk, _ arguments: [String]) -> (code: Int32, out: String) {
        let before = desk.out.text.count
        let code = Command.run(arguments + ["--replica", desk.path], in: desk.world, on: desk.screen)
        return (code, String(desk.out.text.dropFirst(before)))
    }

    @Test func `a time is asked about a second time`() async throws {
        for undoes in [true, false] {
            let (desk, replica) = try await desk()
            func accept() throws -> Decision {
                let clock = try #require(try OpenConflicts(in: replica).all.first { $0.kind == .clock })
                #expect(run(desk, ["resolve", clock.name, "--keep", "A", "--reason", "seen"]).code == 0)
                let all = try OpenConflicts.decisions(in: replica).filter { $0.kind == .accept }
                return try #require(all.first { !DecisionChains(all).isClosed($0) })
            }
            let first = try accept()
            let again =
                undoes
                ? ["resolve", "--undo", first.id.short, "--reason", "no"]
                : ["reopen", first.id.short, "--reason", "no"]
            #expect(run(desk, again).code == 0)
            let second = try accept()
            #expect(second.answers == first.id)
            let more =
                undoes
                ? ["reopen", second.id.short, "--reason", "no"]
                : ["resolve", "--undo", second.id.short, "--reason", "no"]
            #expect(run(desk, more).out.contains("open again"))
            #expect(run(desk, ["conflicts"]).out.contains("[clock: "))
            // Of what was decided anew the older one is not taken back; it is said which stands.
            #expect(run(desk, ["resolve", "--undo", first.id.short, "--reason", "x"]).code == 65)
        }
    }

    @Test(arguments: 0..<12) func `in every order`(seed: UInt64) async throws {
        let (desk, replica) = try await desk()
        let look = Desk(
            try commonOptions(["--replica", desk.path]), world: desk.world, screen: desk.screen)
        let kinds = Set(try OpenConflicts(in: replica).all.map(\.kind))
        #expect(kinds == [.values, .clock, .duplicate, .amendments, .late])
        var dice = Falling(state: seed &* 7_919 &+ 1)
        var opened = 0
        var decided = 0
        for _ in 0..<16 {
            let conflicts = try OpenConflicts(in: replica).all
            let decisions = try OpenConflicts.decisions(in: replica)
            let move = Int.random(in: 0..<5, using: &dice)
            let decision = decisions.randomElement(using: &dice)
            if move < 2, let conflict = conflicts.randomElement(using: &dice), conflict.kind != .ring {
                let id = ConflictText(conflict, at: look).id
                let keep = ["A", "B", "both"].randomElement(using: &dice) ?? "A"
                let done = run(desk, ["resolve", id, "--keep", keep, "--reason", "seen"])
                let names = try OpenConflicts(in: replica).all.map(\.name)
                decided += done.code == 0 ? 1 : 0
                #expect(done.code != 0 || !names.contains(conflict.name), "\(conflict.name) \(keep)")
                #expect(keep != "A" || done.code == 0, "\(conflict.name): \(desk.err.text)")
            } else if move < 4, let decision {
                let words = move == 2 ? ["resolve", "--undo"] : ["reopen"]
                let done = run(desk, words + [decision.id.text, "--reason", "look again"])
                if done.code == 0, done.out.contains("open again") {
                    opened += 1
                    let asking = try OpenConflicts(in: replica).asking(about: [decision])
                    #expect(asking != nil, "\(words) \(decision.kind): \(done.out)")
                }
            } else if let merged = try replica.find(
                Query("participant", where: [.isSet("merged_into")])
            ).first {
                #expect(run(desk, ["participant", "unmerge", merged.id.text, "--reason", "two"]).code == 0)
            }
            // Nobody's wish is lost, and nothing that was taken back.
            let all = try OpenConflicts.decisions(in: replica)
            let open = try OpenConflicts(in: replica)
            let chains = DecisionChains(all)
            for one in all where chains.isOpen(one) {
                #expect(open.asking(about: [one]) != nil, "\(one.kind) \(one.register ?? "")")
            }
            #expect(Set(open.all.map(\.name)).count == open.all.count)
        }
        #expect(opened + decided > 0)
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
