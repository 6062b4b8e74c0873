import SyncModel
import Testing

@Suite struct `An identifier` {
    @Test func `comes back from its text and its bytes`() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<500 {
            let id = Identifier(high: random.next(), low: random.next())
            #expect(Identifier(text: id.text) == id)
            #expect(Identifier(text: id.text.uppercased()) == id)
            #expect(Identifier(bytes: id.bytes) == id)
            #expect(id.text.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
        }
        let id = try #require(Identifier(text: "00112233-4455-6677-8899-aabbccddeeff"))
        #expect(
            id.bytes == [
                0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff,
            ])
        #expect("\(id)" == "00112233-4455-6677-8899-aabbccddeeff")
    }

    @Test(arguments: [
        "", "00112233-4455-6677-8899-aabbccddeef", "00112233-4455-6677-8899-aabbccddeeff0",
        "0011223344556677-8899-aabbccddeeff----", "00112233445566778899aabbccddeeff",
        "00112233-4455-6677-8899-aabbccddeefg", "00112233-4455-6677-8899_aabbccddeeff",
        "0011223-34455-6677-8899-aabbccddeeff", "{0112233-4455-6677-8899-aabbccddeef}",
        "\u{ff10}0112233-4455-6677-8899-aabbccdde",
    ])
    func `is not read from anything else`(text: String) { #expect(Identifier(text: text) == nil) }

    @Test(arguments: [0, 1, 15, 17, 32])
    func `has sixteen octets`(count: Int) {
        #expect(Identifier(bytes: [UInt8](repeating: 7, count: count)) == nil)
    }

    @Test func `sorts as its bytes and its text do`() {
        var random = SeededGenerator(seed: 2)
        let extremes: [UInt64] = [0, 1, .max, 1 << 63, (1 << 63) - 1]
        var ids = extremes.flatMap { high in extremes.map { Identifier(high: high, low: $0) } }
        ids += (0..<40).map { _ in Identifier(high: random.next() >> 60, low: random.next()) }
        for a in ids {
            for b in ids {
                #expect((a < b) == a.bytes.lexicographicallyPrecedes(b.bytes))
                #expect((a < b) == (a.text < b.text))
            }
        }
    }

    @Test(arguments: [UInt64.min, 1, 42, .max])
    func `carries its version and variant`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let seven = Identifier.version7(unixMilliseconds: 0x0123_4567_89ab, using: &random)
            #expect(seven.text.hasPrefix("01234567-89ab-7"))
            #expect(seven.low >> 62 == 2)
            let four = Identifier.version4(using: &random)
            #expect(four.high >> 12 & 15 == 4)
            #expect(four.low >> 62 == 2)
        }
    }

    @Test func `of version 7 uses every random bit it has, whatever the clock says`() {
        for clock in [Int64.min, -1, 0, .max] {
            var random = SeededGenerator(seed: 3)
            var (ones, zeros): (Identifier, Identifier) = (
                Identifier(high: 0, low: 0), Identifier(high: .max, low: .max)
            )
            for _ in 0..<200 {
                let id = Identifier.version7(unixMilliseconds: clock, using: &random)
                ones = Identifier(high: ones.high | id.high, low: ones.low | id.low)
                zeros = Identifier(high: zeros.high & id.high, low: zeros.low & id.low)
            }
            #expect(ones.high & 0xffff == 0x7fff && zeros.high & 0xffff == 0x7000)
            #expect(ones.low == 0xbfff_ffff_ffff_ffff && zeros.low == 0x8000_0000_0000_0000)
        }
    }

    @Test func `in a dot sorts by incarnation and then by number`() {
        #expect(Fixture.dot(2, 9) < Fixture.dot(1, 1))
        #expect(Fixture.dot(1, 1) < Fixture.dot(1, 2))
        #expect(!(Fixture.dot(1, 2) < Fixture.dot(1, 2)))
    }
}

@Suite struct `A natural key` {
    /// Computed with Python's hashlib and uuid.
    @Test(arguments: [
        ["staff", "PS07", "13da4114-bbf6-8a5f-9500-3671a890050e"],
        ["site", "S1", "18fb49cb-70b1-8da6-abb1-34f5fe433824"],
        ["participant", "Zoë|1961-02-03", "8c9b4b65-8459-8589-b372-a554640354be"],
        ["", "", "eb4a9b0e-aa8b-82d3-b67c-184f6a1477a1"],
    ])
    func `gives the id that another program computes`(vector: [String]) {
        #expect(NaturalKey.id(table: vector[0], key: vector[1]).text == vector[2])
    }

    @Test func `keeps table and key apart`() {
        #expect(NaturalKey.id(table: "ab", key: "c") != NaturalKey.id(table: "a", key: "bc"))
    }

    @Test func `is told from ids that are drawn`() {
        var generator = SystemRandomNumberGenerator()
        for number in 0..<200 {
            #expect(NaturalKey.isNatural(NaturalKey.id(table: "participant", key: "P\(number)")))
            let milliseconds = Int64(1_772_461_800_000 + number)
            #expect(
                !NaturalKey.isNatural(
                    .version7(unixMilliseconds: milliseconds, using: &generator)))
            #expect(!NaturalKey.isNatural(.version4(using: &generator)))
        }
        // Version 8 of another variant is no identifier of ours.
        #expect(!NaturalKey.isNatural(Identifier(high: 0x8000, low: 1 << 62)))
    }
}
