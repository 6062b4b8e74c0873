import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// `porchlight history RECORD --server`.
@Suite struct ServerHistoryTests {
    private static let incarnation = Identifier(high: 9, low: 9)

    private static func change(
        _ n: UInt64, _ phone: [Value], read: UInt64, live: Bool = false,
        _ arrival: ConflictNotes.Arrival = .sent, _ outcome: Disposition.Outcome = .applied
    ) -> HistoryChange {
        let dot = Dot(incarnation, n)
        return HistoryChange(
            change: LiveChange(
                dot: dot, author: "PS07", writes: [RegisterWrite("contact", phone)],
                context: Context([Context.Entry(incarnation, read)]),
                effective: EffectiveTime(microseconds: (TestDesk.now - 600 + Int64(n)) * 1_000_000),
                deviceMicroseconds: 1),
            isLive: live,
            origin: ConflictNotes.Origin(
                dot: dot, device: n == 3 ? nil : "LT-4", receivedMicroseconds: TestDesk.now * 1_000_000,
                arrival: arrival),
            outcome: outcome)
    }

    private static let changes = [
        change(1, [.text("555 0100"), .none], read: 0), change(2, [], read: 1),
        change(3, [.text("555 0102"), .none], read: 2, .brought(at: 5, by: "LT-1")),
        change(4, [.text("555 0103"), .none], read: 3, live: true, .released(at: 5)),
        change(
            5, [.text("555 0104"), .none], read: 4, .sent, .quarantined(Refusal(code: "x", reason: "No."))),
    ]

    @Test func `every change is shown, page after page, with the laptop and what stands`() throws {
        let server = PlayedServer(histories: { request in
            let rest = Self.changes.filter { $0.change.dot.n > request.after }.prefix(2)
            let last = rest.last?.change.dot.n ?? 0
            return HistoryPage(
                record: request.record, table: "participant", changes: Array(rest),
                next: last < 5 ? last : nil)
        })
        let desk = try TestDesk(server: server)
        let id = try desk.enrolled().addParticipant("P0142", "Maria")
        #expect(desk.run("history", "P0142", "--server") == 0)
        #expect(server.asked == 3)
        let lines = desk.out.text.split(separator: "\n").map(String.init)
        #expect(lines.count == 7)
        #expect(
            lines[2].contains("PS07  LT-4") && lines[2].contains("replaced")
                && lines[2].hasSuffix("phone 555 0100"))
        #expect(lines[3].hasSuffix("contact was redacted"))
        #expect(lines[4].contains("(not known)") && lines[4].contains("brought back after a restore"))
        #expect(lines[5].contains("stands, released by an administrator"))
        #expect(lines[5].hasSuffix("phone 555 0102 → 555 0103"))
        #expect(lines[6].contains("not taken: No."))
        #expect(desk.run("history", id.text, "--server", "--json") == 0)
        #expect(desk.out.text.contains(#""server":true,"entries":[{"author":"PS07""#))
        #expect(desk.out.text.contains(#""device":null,"received":"2026"#))
        #expect(desk.out.text.contains(#""arrival":"released""#))
    }

    @Test func `without a network it says so, and the laptop's own history is still there`() throws {
        let desk = try TestDesk()
        try desk.enrolled().addParticipant("P0142", "Maria")
        #expect(desk.run("history", "P0142", "--server") == 75)
        #expect(desk.out.text.isEmpty)
        #expect(desk.run("history", "P0142") == 0)
        #expect(desk.run("history", "P9999", "--server") == 65)
    }
}
