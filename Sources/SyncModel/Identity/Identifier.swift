/// A 128-bit identifier, stored as two words so that copying and comparing it costs nothing.
///
/// The textual form is the one of RFC 9562: 8-4-4-4-12 lower-case hexadecimal digits. The byte form
/// is the same 16 octets in network order, so bytes, text and `<` all sort alike.
public struct Identifier: Hashable, Sendable, Comparable {
    /// The first eight octets, big-endian.
    public let high: UInt64
    /// The last eight octets, big-endian.
    public let low: UInt64

    /// Makes an identifier of its two words.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads 16 octets in network order; `nil` for any other count.
    ///
    /// Every row that is read has one or two, so it is compiled where it is used: unspecialised it took a fourteenth of
    /// what the server does for a change.
    @inlinable
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for byte in bytes.prefix(8) { high = high << 8 | UInt64(byte) }
        for byte in bytes.dropFirst(8) { low = low << 8 | UInt64(byte) }
        self.init(high: high, low: low)
    }

    /// Reads the hyphenated form, in either case; `nil` for anything else.
    public init?(text: some StringProtocol) {
        var digits = 0
        var words: (UInt64, UInt64) = (0, 0)
        for (index, scalar) in text.utf8.enumerated() {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard scalar == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let nibble = Self.nibble(scalar), digits < 32 else { return nil }
            if digits < 16 {
                words.0 = words.0 << 4 | nibble
            } else {
                words.1 = words.1 << 4 | nibble
            }
            digits += 1
        }
        guard digits == 32, text.utf8.count == 36 else { return nil }
        (high, low) = words
    }

    /// The 16 octets in network order.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            for index in 0..<8 {
                buffer[index] = UInt8(truncatingIfNeeded: high >> (56 - 8 * UInt64(index)))
                buffer[index + 8] = UInt8(truncatingIfNeeded: low >> (56 - 8 * UInt64(index)))
            }
            count = 16
        }
    }

    /// The hyphenated lower-case form.
    public var text: String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            for nibble in 0..<32 {
                if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                    buffer[position] = UInt8(ascii: "-")
                    position += 1
                }
                let word = nibble < 16 ? high : low
                let value = UInt8(truncatingIfNeeded: word >> (60 - 4 * UInt64(nibble % 16))) & 15
                buffer[position] = value < 10 ? 48 + value : 87 + value
                position += 1
            }
            return 36
        }
    }

    /// Orders as the octets do.
    public static func < (a: Self, b: Self) -> Bool {
        (a.high, a.low) < (b.high, b.low)
    }

    /// A version 7 identifier (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then random bits.
    ///
    /// The clock is only there so that new records lie side by side in an index. Nothing reads it back.
    public static func version7(
        unixMilliseconds: Int64, using generator: inout some RandomNumberGenerator
    ) -> Self {
        let time = UInt64(truncatingIfNeeded: unixMilliseconds) & 0xffff_ffff_ffff
        let first: UInt64 = generator.next()
        let second: UInt64 = generator.next()
        return Self(
            high: time << 16 | 0x7000 | first & 0xfff,
            low: 0x8000_0000_0000_0000 | second >> 2)
    }

    /// A version 4 identifier (RFC 9562, section 5.4): 122 random bits.
    public static func version4(using generator: inout some RandomNumberGenerator) -> Self {
        let first: UInt64 = generator.next()
        let second: UInt64 = generator.next()
        return Self(
            high: first & ~0xf000 | 0x4000, low: 0x8000_0000_0000_0000 | second >> 2)
    }

    private static func nibble(_ scalar: UInt8) -> UInt64? {
        switch scalar {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(scalar - 48)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(scalar - 87)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(scalar - 55)
        default: nil
        }
    }
}

extension Identifier: CustomStringConvertible {
    /// The hyphenated form.
    public var description: String { text }
}

/// Which record a change writes. Version 7 for records made here, version 8 for those made from a
/// natural key (see ``NaturalKey``).
public typealias RecordID = Identifier

/// The name under which one replica numbers its changes. A fresh one is taken whenever the log it
/// numbers can no longer be continued safely: after a copy, a restore, or a fork.
public typealias Incarnation = Identifier

/// Groups the changes that are taken or quarantined together.
public typealias TransactionID = Identifier

/// One change's place in the world: the `n`-th change of an incarnation, counted 1, 2, 3 without a gap.
public struct Dot: Hashable, Sendable, Comparable {
    /// Who numbered it.
    public let incarnation: Incarnation
    /// Its number, from 1.
    public let n: UInt64

    /// Names the `n`-th change of an incarnation.
    public init(_ incarnation: Incarnation, _ n: UInt64) {
        self.incarnation = incarnation
        self.n = n
    }

    /// Orders by incarnation, then by number.
    public static func < (a: Self, b: Self) -> Bool {
        (a.incarnation, a.n) < (b.incarnation, b.n)
    }
}

extension Dot: CustomStringConvertible {
    /// The first eight digits of the incarnation and the number, for traces.
    public var description: String { "\(incarnation.text.prefix(8)):\(n)" }
}
