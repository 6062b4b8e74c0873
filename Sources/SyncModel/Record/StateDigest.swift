import Crypto

/// One hash over many records' states: two databases that print the same one hold the same, byte for byte.
///
/// SHA-256 over, for each record in the order of its id: id ‖ length of table, 4 octets big-endian ‖ table ‖
/// length of state, 4 octets ‖ state.
public struct StateDigest: Sendable {
    private var hash = SHA256()

    /// Starts with no records.
    public init() {}

    /// Adds a record. Records must come in the order of their ids.
    public mutating func add(id: RecordID, table: String, state: [UInt8]) {
        hash.update(data: id.bytes)
        add(Array(table.utf8))
        add(state)
    }

    /// The digest of what was added so far, 64 hexadecimal digits.
    public var text: String { hexadecimal(Array(hash.finalize())) }

    /// The first 16 octets of the digest, for where many are sent.
    public var print: RecordPrint {
        let octets = Array(hash.finalize())
        func word(_ start: Int) -> UInt64 { octets[start..<(start + 8)].reduce(0) { $0 << 8 | UInt64($1) } }
        return Identifier(high: word(0), low: word(8))
    }

    /// The first 16 octets of the digest of one record alone.
    public static func recordPrint(id: RecordID, table: String, state: [UInt8]) -> RecordPrint {
        var digest = StateDigest()
        digest.add(id: id, table: table, state: state)
        return digest.print
    }

    private mutating func add(_ bytes: [UInt8]) {
        let count = UInt32(truncatingIfNeeded: bytes.count)
        hash.update(data: (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * UInt32($0))) })
        hash.update(data: bytes)
    }
}
