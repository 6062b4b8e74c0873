import Crypto

/// SHA-256, 32 octets: of a change and, through it, of everything its incarnation ever logged.
public struct ChainHash: Hashable, Sendable {
    /// The 32 octets; all zero before the first change.
    public let bytes: [UInt8]

    /// What precedes change 1 of every incarnation: 32 zero octets.
    public static let zero = ChainHash(unchecked: [UInt8](repeating: 0, count: 32))

    /// Takes exactly 32 octets; `nil` for any other count.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    /// The next hash of any append-only log: SHA-256(self ‖ entry).
    public func appending(_ entry: [UInt8]) -> ChainHash {
        var hash = SHA256()
        hash.update(data: bytes)
        hash.update(data: entry)
        return ChainHash(unchecked: Array(hash.finalize()))
    }

    /// The first twelve digits in hexadecimal, for people.
    public var short: String { hexadecimal(bytes.prefix(6)) }
}

/// Lower-case hexadecimal digits, two an octet.
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    for byte in bytes {
        text.append(String(byte >> 4, radix: 16))
        text.append(String(byte & 15, radix: 16))
    }
    return text
}

/// A change in the bytes in which it was committed, which are never altered.
///
/// `head` is everything but the values: who, where, when, which registers, what was read. Each register's
/// values are a byte string of their own, so that one can be taken out later without breaking the chain:
///
///     hash(n) = SHA-256( hash(n-1) ‖ length of head, 4 octets big-endian ‖ head ‖ seal(0) ‖ seal(1) ‖ … )
///     seal(i) = SHA-256( salt(i) ‖ values(i) )
///     salt(i) = octets 16·(i mod 2) ..< 16·(i mod 2)+16 of SHA-256( seed ‖ i div 2, one octet )
///
/// Redacting value i puts seal(i) in its place and replaces the seed by the other values' salts: nobody
/// can then try out what the value was, and every hash still comes out the same.
public struct FrozenChange: Hashable, Sendable {
    /// One register's values: as written, or redacted.
    public enum Content: Hashable, Sendable {
        /// The encoded values.
        case plain([UInt8])
        /// The 32 octets of its seal; the values are gone.
        case redacted([UInt8])
    }

    /// What salts the seals.
    public enum Salting: Hashable, Sendable {
        /// 12 random octets from which every salt follows. Nothing was redacted.
        case seed([UInt8])
        /// A salt of 16 octets for each value that still stands, empty for each redacted one.
        case salts([[UInt8]])
    }

    /// The encoded head.
    public let head: [UInt8]
    /// The contents, one a register, in the head's order.
    public let contents: [Content]
    /// The salting.
    public let salting: Salting

    /// Puts the parts together.
    public init(head: [UInt8], contents: [Content], salting: Salting) {
        self.head = head
        self.contents = contents
        self.salting = salting
    }

    /// The chain's hash at this change.
    public func hash(after previous: ChainHash) -> ChainHash {
        var hash = SHA256()
        hash.update(data: previous.bytes)
        let count = UInt32(head.count)
        hash.update(data: [
            UInt8(truncatingIfNeeded: count >> 24), UInt8(truncatingIfNeeded: count >> 16),
            UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count),
        ])
        hash.update(data: head)
        for (index, salt) in salts().enumerated() {
            switch contents[index] {
            case .redacted(let seal): hash.update(data: seal)
            case .plain(let values): hash.update(data: Self.seal(values, salt: salt))
            }
        }
        return ChainHash(unchecked: Array(hash.finalize()))
    }

    /// The same change without the values at one place. Redacting twice changes nothing.
    public func redacting(_ index: Int) -> FrozenChange {
        var salts = salts()
        guard index < contents.count, case .plain(let values) = contents[index] else { return self }
        var contents = contents
        contents[index] = .redacted(Self.seal(values, salt: salts[index]))
        salts[index] = []
        return FrozenChange(head: head, contents: contents, salting: .salts(salts))
    }

    /// One salt per content; 12 octets of seed make as many as needed.
    func salts() -> [[UInt8]] {
        switch salting {
        case .salts(let salts):
            return contents.indices.map { $0 < salts.count ? salts[$0] : [] }
        case .seed(let seed):
            var block: [UInt8] = []
            return contents.indices.map { index in
                if index % 2 == 0 {
                    var hash = SHA256()
                    hash.update(data: seed)
                    hash.update(data: [UInt8(truncatingIfNeeded: index / 2)])
                    block = Array(hash.finalize())
                }
                return Array(block[(index % 2 * 16)..<(index % 2 * 16 + 16)])
            }
        }
    }

    private static func seal(_ values: [UInt8], salt: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: salt)
        hash.update(data: values)
        return Array(hash.finalize())
    }
}
