import SyncModel
import SyncWire
import Testing

@Suite struct HistoryTests {
    private func page(_ seed: UInt64) -> HistoryPage {
        var random = Seeded(seed)
        let outcomes: [Disposition.Outcome] = [
            .applied, .conflict, .released, .withdrawn,
            .quarantined(Refusal(code: "permission", reason: "a peer sets no goal")),
        ]
        let changes = random.state().live.map { change in
            HistoryChange(
                change: change, isLive: random.below(2) == 0, origin: random.origin(),
                outcome: outcomes[random.below(5)])
        }
        return HistoryPage(
            record: random.identifier(), table: "check_in", changes: changes,
            next: random.below(2) == 0 ? nil : random.count())
    }

    @Test(arguments: UInt64(0)..<32, ExchangeFormat.allCases)
    func `a page comes back as it went, and cut anywhere it is none`(
        seed: UInt64, format: ExchangeFormat
    ) throws {
        let page = page(seed)
        let body = try HistoryCodec.encode(page, as: format)
        #expect(try HistoryCodec.decode(body, as: format) == page)
        for length in stride(from: 0, to: body.count - 1, by: 7) {
            #expect(throws: WireError.self) { try HistoryCodec.decode(Array(body[..<length]), as: format) }
        }
        #expect(throws: WireError.self) { try HistoryCodec.decode(body + body, as: format) }
    }

    @Test func `a redacted register is in it without values`() throws {
        var page = page(4)
        page.changes[0].change.writes[0].values = []
        for format in ExchangeFormat.allCases {
            #expect(try HistoryCodec.decode(HistoryCodec.encode(page, as: format), as: format) == page)
        }
    }

    @Test func `no page is longer than it may be`() throws {
        var page = page(5)
        page.changes = Array(repeating: page.changes[0], count: Limits.changesPerHistoryPage + 1)
        let body = try HistoryCodec.encode(page)
        #expect(throws: WireError.tooLarge("the changes of a page")) { try HistoryCodec.decode(body) }
    }
}
