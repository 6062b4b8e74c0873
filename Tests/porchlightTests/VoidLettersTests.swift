import PeerSupport
import SyncModel
import SyncReplica
import SyncWire
import Testing

@testable import porchlight

/// Whether something is void is asked under the same letters each time, whoever decided what of it.
@Suite("The letters of a void mark") struct VoidLettersTests {
    private static let visit = Identifier(high: 0x0199_aaaa_bbbb_7ccc, low: 0x8000_0000_dead_beef)

    /// A check-in of PS07, which AD02 voided and PS07 went on with; and what people decided about it apart, of whom the
    /// last is shown.
    private func desk(_ decided: [(by: String, isVoid: Bool)]) async throws -> (TestDesk, Replica) {
        let mark: KeyValuePairs<String, Value?> = [
            "voided_at": .integer(TestDesk.now - 1_800), "voided_by": .text("AD02"),
            "void_reason": .text("it was the dentist"),
        ]
        let made: KeyValuePairs<String, Value?> = [
            "participant": .reference(Harbor.participant("P0142")), "peer": .text("PS07"),
            "activity": .text("check_in"), "start_at": .integer(TestDesk.now - 86_400),
            "did": .text("walked"),
        ]
        var live = [
            try change(9, 1, by: "PS07", try Writes("check_in", made).registers, read: [], minutes: 90),
            try change(8, 1, by: "AD02", try Writes("check_in", mark).registers, read: [9], minutes: 40),
            try change(
                7, 1, by: "PS07", try Writes("check_in", ["did": .text("walked far")]).registers, read: [9],
                minutes: 30),
        ]
        for (place, one) in decided.enumerated() {
            let void =
                one.isVoid
                ? try Writes("check_in", mark).registers
                : [RegisterWrite("void", [.none, .none, .none])]
            live.append(
                try change(UInt64(20 + place), 1, by: one.by, void, read: [7, 8, 9], minutes: 20 - place))
        }
        let record = PageRecord(
            id: Self.visit, keys: ["all"],
            body: .state(StateCodec.encode(RecordState(table: "check_in", live: live))))
        let desk = try TestDesk(
            server: PlayedServer { request in
                PlayedServer.takes(request, records: request.hello.cursor.isEmpty ? [record] : [])
            })
        let replica = try desk.enrolled(role: "administrator")
        _ = try await replica.sync(with: desk.server)
        return (desk, replica)
    }

    private func change(
        _ laptop: UInt64, _ n: UInt64, by author: String, _ writes: [RegisterWrite], read: [UInt64],
        minutes: Int
    ) throws -> LiveChange {
        let at = (TestDesk.now - 60 * Int64(minutes)) * 1_000_000
        return LiveChange(
            dot: Dot(Identifier(high: laptop, low: laptop), n), author: author, writes: writes,
            context: Context(read.map { .init(Identifier(high: $0, low: $0), 1) }),
            effective: EffectiveTime(microseconds: at), deviceMicroseconds: at)
    }

    @Test func `A is that it is void and B that it counts, before and after people decided it apart`()
        async throws
    {
        for decided in [
            [], [("AD02", true), ("SV02", false)], [("SV02", false), ("AD02", true)],
            [("SV02", false), ("SV03", false), ("AD02", true)],
        ] as [[(by: String, isVoid: Bool)]] {
            for (keep, isVoid) in [("A", true), ("B", false)] {
                let (desk, replica) = try await desk(decided)
                let open = try #require(try OpenConflicts(in: replica).all.first)
                #expect(open.kind == .void && open.name == "\(Self.visit.short).void")
                let here = Desk(
                    try commonOptions(["--replica", desk.path]), world: desk.world, screen: desk.screen)
                let sides = try ConflictText(open, at: here).sides()
                #expect(sides.map(\.letter) == ["A", "B"], "\(decided)")
                #expect(sides.map { $0.values.allSatisfy(\.isNone) } == [false, true], "\(decided)")
                #expect(
                    sides.map(\.isShown) == [decided.last?.isVoid ?? true, !(decided.last?.isVoid ?? true)])
                for (by, isVoid) in decided {
                    let isBeside = isVoid != decided.last?.isVoid
                    let told = try NoticeList(in: replica, for: by).undecided
                    #expect(told.isEmpty != isBeside, "\(by): \(decided)")
                }
                let list = try desk.said("conflicts")
                #expect(list.contains("--keep A (void) or B (it counts)"), "\(list)")
                let page = try desk.said(
                    "resolve", "--all", "--kind", "void", "--keep", keep, "--reason", "asked him", "--yes")
                #expect(try replica.view(Self.visit)?["voided_at"].isNone == !isVoid, "\(decided)")
                #expect(try desk.said("conflicts") == "nothing has to be decided\n")
                // Everybody who had said otherwise is told, also who said it apart.
                let others = Set(decided.filter { $0.isVoid != isVoid }.map(\.by)).sorted()
                if !others.isEmpty {
                    #expect(page.contains("\(others.joined(separator: ", ")) will be told"), "\(page)")
                }
            }
        }
    }
}
