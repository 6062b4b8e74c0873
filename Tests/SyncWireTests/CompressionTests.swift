import SyncModel
import SyncWire
import Testing

@Suite struct CompressionTests {
    @Test(arguments: [0, 1, 1_000, 131_071, 131_072, 131_073, 262_144])
    func `a body comes back as it went`(size: Int) throws {
        var random = Seeded(UInt64(size))
        for bytes in [random.octets(size), [UInt8](repeating: 7, count: size)] {
            let compressed = try Compression.compress(bytes)
            #expect(try Compression.decompress(compressed, limit: size) == bytes)
        }
    }

    @Test func `a bomb is refused at the limit`() throws {
        let bomb = try Compression.compress([UInt8](repeating: 0, count: 64 << 20))
        #expect(bomb.count < 8 << 10)
        #expect(throws: WireError.tooLarge("the body after decompression")) {
            try Compression.decompress(bomb, limit: Limits.requestBytes)
        }
        #expect(throws: WireError.tooLarge("the body after decompression")) {
            try Compression.decompress(try Compression.compress([1, 2, 3]), limit: 2)
        }
    }

    @Test func `a window of gigabytes is refused`() {
        // A frame header that asks for a window of 1 GiB (exponent 20), and one block.
        let frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 20 << 3, 0x0b, 0x00, 0x00, 0x00]
        #expect(throws: WireError.malformed("the body is not zstd, or is damaged")) {
            try Compression.decompress(frame, limit: 1 << 20)
        }
    }

    @Test func `a frame cut anywhere is refused`() throws {
        var random = Seeded(1)
        let text = (0..<400).map { _ in random.word() }.joined(separator: " ")
        let compressed = try Compression.compress(Array(text.utf8))
        for length in 0..<compressed.count {
            #expect(throws: WireError.cutShort) {
                try Compression.decompress(Array(compressed[..<length]), limit: 1 << 20)
            }
        }
    }

    @Test func `several frames are one body`() throws {
        let both = try Compression.compress([1, 2]) + Compression.compress([3])
        #expect(try Compression.decompress(both, limit: 3) == [1, 2, 3])
    }

    @Test func `what is not zstd is refused`() {
        #expect(throws: WireError.malformed("the body is not zstd, or is damaged")) {
            try Compression.decompress(Array("<html>".utf8), limit: 100)
        }
    }
}
