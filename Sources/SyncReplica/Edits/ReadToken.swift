import GRDB
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
    /// The number of the last event on the laptop that gave it out, 0 for none: the laptop's log may be cut back with a
    /// later one, and the numbers behind the cut may be another copy's.
    let event: Int64

    /// Makes a token.
    init(record: RecordID, context: Context, event: Int64) {
        self.record = record
        self.context = context
        self.event = event
    }

    /// The same, without what has been taken back from this laptop's logs since it was given out: what was shown under those
    /// numbers was issued anew, or never written, and whoever has the numbers now was not read.
    func clipped(_ db: Database, current head: LogHead) throws -> ReadToken {
        var context = context
        for log in try Log.heads(db) where log.id == head.id || log.cut > event {
            context = context.clipped(log.id, to: log.newest)
        }
        return ReadToken(record: record, context: context, event: event)
    }

    /// Reads the printable form; `nil` for anything else.
    public init?(text: String) {
        guard let octets = Base64URL.decode(text), octets.count > 17, octets[0] == 2,
            let record = Identifier(bytes: octets[1..<17])
        else { return nil }
        var rest = octets[17...]
        guard let event = Self.number(&rest).flatMap({ Int64(exactly: $0) }) else { return nil }
        var entries: [Context.Entry] = []
        while !rest.isEmpty {
            guard rest.count > 16, let incarnation = Identifier(bytes: rest.prefix(16)) else { return nil }
            rest = rest.dropFirst(16)
            guard let n = Self.number(&rest) else { return nil }
            entries.append(Context.Entry(incarnation, n))
        }
        self.init(record: record, context: Context(entries), event: event)
    }

    /// Takes a number, seven bits an octet, the lowest first; `nil` where it does not end.
    private static func number(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var n: UInt64 = 0
        var shift: UInt64 = 0
        while let octet = rest.popFirst() {
            guard shift < 64 else { return nil }
            n |= UInt64(octet & 127) << shift
            shift += 7
            if octet < 128 { return n }
        }
        return nil
    }

    private static func octets(_ number: UInt64) -> [UInt8] {
        var (octets, n): ([UInt8], UInt64) = ([], number)
        while n > 127 {
            octets.append(UInt8(truncatingIfNeeded: n & 127) | 128)
            n >>= 7
        }
        return octets + [UInt8(truncatingIfNeeded: n)]
    }

    /// The printable form: letters, digits, `-` and `_`.
    public var text: String {
        var octets: [UInt8] = [2] + record.bytes + Self.octets(UInt64(event))
        for entry in context.entries { octets += entry.incarnation.bytes + Self.octets(entry.n) }
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
