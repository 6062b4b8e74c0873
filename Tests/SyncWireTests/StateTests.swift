import SyncModel
import SyncWire
import Testing

@Suite struct StateTests {
    @Test(arguments: UInt64(0)..<64)
    func `a state comes back as it went, and equal states have equal bytes`(seed: UInt64) throws {
        var random = Seeded(seed)
        let state = random.state()
        let bytes = StateCodec.encode(state)
        let decoded = try StateCodec.decode(bytes)
        #expect(decoded == state)
        #expect(StateCodec.encode(decoded) == bytes)
        let reversed = RecordState(table: state.table, live: state.live.reversed())
        #expect(StateCodec.encode(reversed) == bytes)
    }

    /// JSON lines go through the library in both directions, so they show whether it agrees.
    @Test(arguments: UInt64(0)..<64)
    func `the library reads and writes the same bytes`(seed: UInt64) throws {
        var random = Seeded(seed)
        let state = StateCodec.encode(random.state())
        var reply = random.reply()
        reply.records = [PageRecord(id: random.identifier(), keys: [], body: .state(state))]
        let lines = try ExchangeCodec.encode(reply, as: .jsonLines)
        let decoded = try ExchangeCodec.decode(reply: lines, as: .jsonLines)
        #expect(decoded.records.first?.body == .state(state))
    }

    @Test func `a redacted register is empty and still there`() throws {
        var random = Seeded(4)
        var live = random.state().live[0]
        live.writes[0].values = []
        let state = RecordState(table: "check_in", live: [live])
        #expect(try StateCodec.decode(StateCodec.encode(state)) == state)
    }

    @Test func `a state that breaks a rule is refused`() throws {
        var random = Seeded(4)
        var live = random.state().live[0]
        let good = live
        func refused(_ state: RecordState) {
            #expect(throws: WireError.self) { try StateCodec.decode(StateCodec.encode(state)) }
        }
        refused(RecordState(table: ""))
        refused(RecordState(table: String(repeating: "x", count: 65), live: [good]))
        live.writes = []
        refused(RecordState(table: "t", live: [live]))
        live.writes = [RegisterWrite("b", [.none]), RegisterWrite("a", [.none])]
        refused(RecordState(table: "t", live: [live]))
        live.writes = [RegisterWrite("b", [.real(.nan)])]
        refused(RecordState(table: "t", live: [live]))
        live = good
        live.author = "a\u{0}"
        refused(RecordState(table: "t", live: [live]))
        live = good
        live.dot = Dot(live.dot.incarnation, .max)
        refused(RecordState(table: "t", live: [live]))
        let one = StateCodec.encode(RecordState(table: "t", live: [good]))
        let twice = one + one.dropFirst(3)
        #expect(throws: WireError.malformed("a record's changes are out of order")) {
            try StateCodec.decode(twice)
        }
    }

    @Test func `too many live changes are refused before they are merged`() throws {
        let one = StateCodec.encode(
            RecordState(
                table: "t",
                live: [
                    LiveChange(
                        dot: Dot(Identifier(high: 1, low: 1), 1), author: "a",
                        writes: [RegisterWrite("r", [.none])], context: Context(), effective: nil,
                        deviceMicroseconds: 0)
                ]))
        // The incarnation ends at octet 19 of a live change with its tag and length.
        var bytes = Array(one[..<3])
        for index in 0...Limits.liveChanges {
            var next = Array(one[3...])
            next[18] = UInt8(index >> 8)
            next[19] = UInt8(index & 255)
            bytes += next
        }
        #expect(throws: WireError.tooLarge("the live changes of a record")) {
            try StateCodec.decode(bytes)
        }
    }
}
