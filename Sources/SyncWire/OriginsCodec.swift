import SwiftProtobuf
public import SyncModel

/// Where the live changes of some records were written, to a body and back, in either format, before compression: one
/// message of notes for each record that was asked about, in that order.
public enum OriginsCodec {
    /// Encodes what is known of each record; of one of which nothing is known there is a message without anything in it.
    public static func encode(
        _ notes: [ConflictNotes], as format: ExchangeFormat = .binary
    ) throws(WireError) -> [UInt8] {
        var body: [UInt8] = []
        for one in notes { body += try one.message.body(as: format) }
        return body
    }

    /// Decodes it, and checks it against the limits.
    ///
    /// - Parameter count: of how many records was asked.
    /// - Throws: ``WireError/cutShort`` when it ends before the last of them.
    public static func decode(
        _ body: [UInt8], of count: Int, as format: ExchangeFormat = .binary
    ) throws(WireError) -> [ConflictNotes] {
        guard body.count <= Limits.answerBytes else { throw .tooLarge("the answer") }
        var notes: [ConflictNotes] = []
        switch format {
        case .binary:
            var reader = WireReader(body)
            while notes.count < count {
                guard !reader.isAtEnd else { throw .cutShort }
                notes.append(try ConflictNotes(Porchlight_V1_ConflictNotes(octets: reader.octets(.length))))
            }
            guard reader.isAtEnd else { throw .malformed("more follows than was asked about") }
        case .jsonLines:
            for line in body.split(separator: UInt8(ascii: "\n")) {
                notes.append(try ConflictNotes(Porchlight_V1_ConflictNotes(json: Array(line))))
            }
            guard notes.count >= count else { throw .cutShort }
            guard notes.count == count else { throw .malformed("more follows than was asked about") }
        }
        return notes
    }
}
