import PeerSupport
import SyncModel
import SyncReplica
import SyncWire
import Synchronization
import Testing

@testable import porchlight

/// Where the values were written that have to be decided about is asked for after a sync, and nothing depends on the answer.
@Suite("What a sync asks beside the exchange") struct OriginsTests {
    private static let laptop = Identifier(high: 8, low: 8)

    /// People whose clock was off when they were added: of each that is asked.
    private static func people(_ count: Int) throws -> [PageRecord] {
        try (1...count).map { n in
            let change = LiveChange(
                dot: Dot(laptop, UInt64(n)), author: "PS07",
                writes: try Writes(
                    "participant",
                    [
                        "code": .text("P9\(1000 + n)"), "preferred_name": .text("Kay \(n * 7919)"),
                        "site": .text("S\(n)"),
                    ]
                ).registers, context: Context(),
                effective: EffectiveTime(microseconds: TestDesk.now * 1_000_000 - 9_000_000_000 + Int64(n)),
                deviceMicroseconds: 1)
            return PageRecord(
                id: Identifier(high: 1, low: UInt64(n)), keys: ["all"],
                body: .state(StateCodec.encode(RecordState(table: "participant", live: [change]))))
        }
    }

    /// A laptop, and of which records its server was asked, question by question.
    private final class Asked: Sendable {
        private let questions = Mutex<[[RecordID]]>([])
        var all: [[RecordID]] { questions.withLock { $0 } }
        func add(_ records: [RecordID]) { questions.withLock { $0.append(records) } }
    }

    private func desk(
        _ count: Int, _ asked: Asked, _ answer: @escaping @Sendable (RecordID) throws -> ConflictNotes
    ) throws -> TestDesk {
        let records = try Self.people(count)
        let server = PlayedServer(
            answer: { PlayedServer.takes($0, records: $0.hello.cursor.isEmpty ? records : []) },
            places: { ids in
                asked.add(ids)
                return try ids.map(answer)
            })
        let desk = try TestDesk(server: server)
        try desk.enrolled(role: "supervisor")
        return desk
    }

    @Test func `the answer is kept, and the same is not asked again`() throws {
        let asked = Asked()
        let desk = try desk(1, asked) { id in
            ConflictNotes(
                bases: [],
                origins: [
                    .init(
                        dot: Dot(Self.laptop, 1), device: "LT-9",
                        receivedMicroseconds: TestDesk.now * 1_000_000, arrival: .sent)
                ])
        }
        for _ in 0..<3 { #expect(desk.run("sync") == 0, "\(desk.err.text)") }
        #expect(asked.all == [[Identifier(high: 1, low: 1)]])
        let list = desk.hear(["conflicts"]).out
        #expect(list.contains("LT-9") && list.contains("at the server 09:30"), "\(list)")
    }

    @Test func `what the server does not know is not asked again either, and the rest comes in turn`() throws
    {
        let asked = Asked()
        let desk = try desk(Limits.recordsPerOrigins + 6, asked) { _ in ConflictNotes(bases: [], origins: [])
        }
        for _ in 0..<4 { #expect(desk.run("sync") == 0, "\(desk.err.text)") }
        #expect(asked.all.map(\.count) == [Limits.recordsPerOrigins, 6])
        #expect(Set(asked.all.flatMap { $0 }).count == Limits.recordsPerOrigins + 6)
        #expect(!desk.hear(["conflicts"]).out.contains("at the server"))
    }

    @Test func `where the server does not answer the sync is as good, and it is asked at the next`() throws {
        let asked = Asked()
        let desk = try desk(2, asked) { _ in throw PlayedServer.offline }
        for _ in 0..<2 { #expect(desk.run("sync") == 0 && desk.err.text.contains("offline") == false) }
        #expect(asked.all.map(\.count) == [2, 2])
    }
}
