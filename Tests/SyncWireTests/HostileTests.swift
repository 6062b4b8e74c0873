import SyncModel
import SyncWire
import Testing

@Suite struct HostileTests {
    /// Whatever the bytes, a decoder returns or throws. A trap would end the whole run.
    private static func decodeEverything(_ bytes: [UInt8]) -> Int {
        var taken = 0
        func attempt(_ decode: () throws(WireError) -> Void) {
            do throws(WireError) {
                try decode()
                taken += 1
            } catch {}
        }
        attempt { () throws(WireError) in _ = try FrozenCodec.decode(bytes) }
        attempt { () throws(WireError) in _ = try StateCodec.decode(bytes) }
        for format in ExchangeFormat.allCases {
            attempt { () throws(WireError) in
                _ = try ExchangeCodec.decode(request: bytes, as: format)
            }
            attempt { () throws(WireError) in
                _ = try ExchangeCodec.decode(reply: bytes, as: format)
            }
        }
        attempt { () throws(WireError) in _ = try EnrolCodec.decode(request: bytes) }
        attempt { () throws(WireError) in _ = try EnrolCodec.decode(reply: bytes) }
        attempt { () throws(WireError) in _ = try ErrorBodyCodec.decode(bytes) }
        attempt { () throws(WireError) in
            _ = try Compression.decompress(bytes, limit: 1 << 16)
        }
        return taken
    }

    private static func sample(_ kind: Int, _ random: inout Seeded) throws -> [UInt8] {
        switch kind {
        case 0: try FrozenCodec.encode(random.change(), seed: random.octets(12)).bytes
        case 1: StateCodec.encode(random.state())
        case 2: try ExchangeCodec.encode(random.request())
        case 3: try ExchangeCodec.encode(random.reply())
        case 4: try ExchangeCodec.encode(random.request(), as: .jsonLines)
        case 5: try ExchangeCodec.encode(random.reply(), as: .jsonLines)
        default: try Compression.compress(ExchangeCodec.encode(random.reply()))
        }
    }

    @Test(arguments: UInt64(0)..<35)
    func `mutated messages end in an answer or an error`(seed: UInt64) throws {
        var random = Seeded(seed)
        let original = try Self.sample(Int(seed % 7), &random)
        #expect(Self.decodeEverything(original) >= 1)
        for _ in 0..<40 {
            var bytes = original
            for _ in 0...random.below(4) where !bytes.isEmpty {
                let place = random.below(bytes.count)
                switch random.below(4) {
                case 0: bytes[place] = UInt8(random.below(256))
                case 1: bytes[place] ^= 1 << UInt8(random.below(8))
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(9)))
                default: bytes.insert(contentsOf: random.octets(1 + random.below(9)), at: place)
                }
            }
            #expect(Self.decodeEverything(bytes) <= 10)
        }
    }

    @Test func `random bytes end in an answer or an error`() {
        var random = Seeded(99)
        for _ in 0..<500 {
            #expect(Self.decodeEverything(random.octets(random.below(200))) <= 10)
        }
    }

    @Test(arguments: 0..<2)
    func `a message cut anywhere is refused, or still obeys the rules`(kind: Int) throws {
        var random = Seeded(UInt64(kind) + 40)
        let bytes = try Self.sample(kind, &random)
        for length in 0..<bytes.count {
            let cut = Array(bytes[..<length])
            if kind == 0 {
                #expect(throws: WireError.self) { try FrozenCodec.decode(cut) }
            } else if let state = try? StateCodec.decode(cut) {
                // A cut between two changes leaves a shorter state; bodies carry their own lengths.
                #expect(StateCodec.encode(state) == cut)
            }
        }
    }

    @Test func `a length beyond the end allocates nothing`() {
        let huge: [UInt8] = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]
        #expect(throws: WireError.cutShort) { try FrozenCodec.decode([0x0a] + huge) }
        #expect(throws: WireError.cutShort) { try StateCodec.decode([0x12] + huge) }
        #expect(throws: WireError.cutShort) { try ExchangeCodec.decode(request: huge) }
        let tooLong = [UInt8](repeating: 0xff, count: 9) + [0x02]
        #expect(throws: WireError.malformed("a number passes 64 bits")) {
            try ExchangeCodec.decode(reply: tooLong)
        }
    }

    @Test func `four billion dispositions are refused before they are made`() throws {
        let incarnation = [UInt8](repeating: 7, count: 16)
        let count: [UInt8] = [0x18, 0xff, 0xff, 0xff, 0xff, 0x0f]
        let run = [0x0a, 16] + incarnation + [0x10, 1] + count + [0x20, 1]
        let welcome: [UInt8] = [4, 0x0a, 2, 0x0a, 0]
        let body = welcome + [UInt8(run.count + 2), 0x12, UInt8(run.count)] + run
        #expect(throws: WireError.tooLarge("the dispositions of an answer")) {
            try ExchangeCodec.decode(reply: body)
        }
    }

    @Test func `a body past its limit is not even read`() {
        let request = [UInt8](repeating: 0, count: Limits.requestBytes + 1)
        #expect(throws: WireError.tooLarge("the request")) {
            try ExchangeCodec.decode(request: request)
        }
        let answer = [UInt8](repeating: 0, count: Limits.answerBytes + 1)
        #expect(throws: WireError.tooLarge("the answer")) {
            try ExchangeCodec.decode(reply: answer)
        }
        let change = [UInt8](repeating: 0, count: Limits.exchangeBytes + 1)
        #expect(throws: WireError.tooLarge("a change")) { try FrozenCodec.decode(change) }
    }
}
