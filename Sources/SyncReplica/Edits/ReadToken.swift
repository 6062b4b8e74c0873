public import SyncModel

/// Which version of a record a person was shown.
///
/// `show` gives it out, and an edit made from it takes it back: what arrived in between was not read, and
/// becomes a conflict instead of being overwritten.
public struct ReadToken: Hashable, Sendable {
    /// The record.
    public let record: RecordID
    /// What was known of it.
    public let context: Context

    /// Makes a token.
    public init(record: RecordID, context: Context) {
        self.record = record
        self.context = context
    }

    /// Reads the printable form; `nil` for anything else.
    public init?(text: String) {
        guard let octets = Base64URL.decode(text), octets.count >= 17, octets[0] == 1,
            let record = Identifier(bytes: octets[1..<17])
        else { return nil }
        var rest = octets[17...]
        var entries: [Context.Entry] = []
        while !rest.isEmpty {
            guard rest.count > 16, let incarnation = Identifier(bytes: rest.prefix(16)) else { return nil }
            rest = rest.dropFirst(16)
            var n: UInt64 = 0
            var shift: UInt64 = 0
            var ended = false
            while !ended, let octet = rest.popFirst() {
                guard shift < 64 else { return nil }
                n |= UInt64(octet & 127) << shift
                shift += 7
                ended = octet < 128
            }
            guard ended else { return nil }
            entries.append(Context.Entry(incarnation, n))
        }
        self.init(record: record, context: Context(entries))
    }

    /// The printable form: letters, digits, `-` and `_`.
    public var text: String {
        var octets: [UInt8] = [1] + record.bytes
        for entry in context.entries {
            octets += entry.incarnation.bytes
            var n = entry.n
            while n > 127 {
                octets.append(UInt8(truncatingIfNeeded: n & 127) | 128)
                n >>= 7
            }
            octets.append(UInt8(truncatingIfNeeded: n))
        }
        return Base64URL.encode(octets)
    }
}

/// RFC 4648, section 5, without padding.
enum Base64URL {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func encode(_ octets: [UInt8]) -> String {
        var text: [UInt8] = []
        var bits: UInt32 = 0
        var held = 0
        for octet in octets {
            bits = bits << 8 | UInt32(octet)
            held += 8
            while held >= 6 {
                held -= 6
                text.append(digits[Int(bits >> UInt32(held) & 63)])
            }
            bits &= (1 << UInt32(held)) - 1
        }
        if held > 0 { text.append(digits[Int(bits << UInt32(6 - held) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    static func decode(_ text: String) -> [UInt8]? {
        var octets: [UInt8] = []
        var bits: UInt32 = 0
        var held = 0
        for digit in text.utf8 {
            guard let value = digits.firstIndex(of: digit) else { return nil }
            bits = bits << 6 | UInt32(value)
            held += 6
            if held >= 8 {
                held -= 8
                octets.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
            }
            bits &= (1 << UInt32(held)) - 1
        }
        return bits == 0 ? octets : nil
    }
}
