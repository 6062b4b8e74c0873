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

    private mutating func add(_ bytes: [UInt8]) {
        let count = UInt32(truncatingIfNeeded: bytes.count)
        hash.update(data: (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * UInt32($0))) })
        hash.update(data: bytes)
    }
}
