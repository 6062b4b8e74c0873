import Crypto

/// Record ids made from what already names a thing: a staff code, a row of an old system.
///
/// The same key gives the same id on every machine, so importing a file twice, or on two laptops,
/// adds nothing.
public enum NaturalKey {
    /// A version 8 identifier (RFC 9562, section 5.8): the first 122 bits of
    /// SHA-256("porchlight" ‖ 0 ‖ table ‖ 0 ‖ key), with version and variant set.
    public static func id(table: String, key: String) -> RecordID {
        var hash = SHA256()
        hash.update(data: Array("porchlight\u{0}\(table)\u{0}\(key)".utf8))
        let octets = Array(hash.finalize().prefix(16))
        guard let raw = Identifier(bytes: octets) else {
            preconditionFailure("SHA-256 gives 32 octets")
        }
        return Identifier(
            high: raw.high & ~0xf000 | 0x8000, low: raw.low & ~(3 << 62) | 1 << 63)
    }

    /// Whether an id is of the kind that is made from a key (version 8), so that whoever knows or guesses the key
    /// knows the id before the record is there.
    public static func isNatural(_ id: RecordID) -> Bool {
        id.high & 0xf000 == 0x8000 && id.low >> 62 == 2
    }
}
