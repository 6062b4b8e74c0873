import SyncModel
import SyncWire
import Testing

@Suite struct OriginsTests {
    private func notes(_ seed: UInt64) -> [ConflictNotes] {
        var random = Seeded(seed)
        return (0...random.below(4)).map { _ in
            ConflictNotes(bases: [], origins: (0..<random.below(4)).map { _ in random.origin() })
        }
    }

    @Test(arguments: UInt64(0)..<32, ExchangeFormat.allCases)
    func `they come back as they went, and fewer or more than were asked for are none`(
        seed: UInt64, format: ExchangeFormat
    ) throws {
        let notes = notes(seed)
        let body = try OriginsCodec.encode(notes, as: format)
        #expect(try OriginsCodec.decode(body, of: notes.count, as: format) == notes)
        #expect(throws: WireError.self) { try OriginsCodec.decode(body, of: notes.count + 1, as: format) }
        #expect(throws: WireError.self) { try OriginsCodec.decode(body, of: notes.count - 1, as: format) }
        #expect(throws: WireError.self) { try OriginsCodec.decode([], of: notes.count, as: format) }
    }
}
