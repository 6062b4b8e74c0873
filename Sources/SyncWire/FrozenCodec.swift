public import SyncModel

/// Changes to the bytes that are hashed, kept and sent for ever, and back.
///
/// Encoding is deterministic: the same change and seed give the same bytes on every machine.
public enum FrozenCodec {
    /// Octets of a change's seed.
    public static let seedBytes = 12

    /// Freezes a change.
    ///
    /// - Parameter seed: 12 random octets, fresh for each change.
    /// - Throws: ``WireError/tooLarge(_:)`` when the change passes a limit, so that no other side would take
    ///   it; ``WireError/malformed(_:)`` when it breaks a rule of the format.
    public static func encode(
        _ change: Change, seed: [UInt8]
    ) throws(WireError) -> (frozen: FrozenChange, bytes: [UInt8]) {
        let (frozen, bytes) = encode(unchecked: change, seed: seed)
        guard bytes.count <= Limits.changeBytes else { throw .tooLarge("a change") }
        // What this side lets through, every other side must take.
        _ = try decode(bytes, texts: Limits.textBytes)
        return (frozen, bytes)
    }

    /// Freezes a change whatever it says, as a program would that knows of no limits.
    package static func encode(
        unchecked change: Change, seed: [UInt8]
    ) -> (frozen: FrozenChange, bytes: [UInt8]) {
        let frozen = FrozenChange(
            head: encodeHead(change),
            contents: change.writes.map { write in
                var writer = WireWriter(capacity: 32 * write.values.count)
                writer.values(1, write.values)
                return .plain(writer.bytes)
            },
            salting: .seed(seed))
        return (frozen, encode(frozen))
    }

    /// The bytes of a change that was frozen before, redacted or not.
    public static func encode(_ frozen: FrozenChange) -> [UInt8] {
        var writer = WireWriter(capacity: frozen.head.count + 64 * frozen.contents.count + 32)
        writer.octets(1, frozen.head)
        switch frozen.salting {
        case .seed(let seed): writer.octets(2, seed)
        case .salts(let salts):
            writer.nested(3) { writer in
                for salt in salts { writer.octets(1, salt) }
            }
        }
        for content in frozen.contents {
            writer.nested(4) { writer in
                switch content {
                case .plain(let values): writer.octets(1, values)
                case .redacted(let seal): writer.octets(2, seal)
                }
            }
        }
        return writer.bytes
    }

    /// Reads frozen bytes: the change as it is hashed, and what it says.
    ///
    /// A change may be larger here than anybody may write one, and so may its texts, up to what one exchange may hold:
    /// the server refuses it, but has to know its bytes, or nothing that comes after it in its log could be taken.
    ///
    /// A register whose values were redacted comes as a ``RegisterWrite`` with no values at all; nothing
    /// that was written has none.
    public static func decode(
        _ bytes: [UInt8]
    ) throws(WireError) -> (frozen: FrozenChange, change: Change) {
        try decode(bytes, texts: Limits.exchangeBytes)
    }

    /// - Parameter texts: bytes that one text may have.
    private static func decode(
        _ bytes: [UInt8], texts: Int
    ) throws(WireError) -> (frozen: FrozenChange, change: Change) {
        let frozen = try decodeFrozen(bytes)
        return (frozen, try decodeHead(frozen, texts: texts))
    }

    private static func decodeFrozen(_ bytes: [UInt8]) throws(WireError) -> FrozenChange {
        guard bytes.count <= Limits.exchangeBytes else { throw .tooLarge("a change") }
        var reader = WireReader(bytes)
        var head: [UInt8] = []
        var contents: [FrozenChange.Content] = []
        var salting: FrozenChange.Salting?
        while !reader.isAtEnd {
            let (field, type) = try reader.tag()
            switch field {
            case 1: head = try reader.octets(type)
            case 2: salting = .seed(try reader.octets(type))
            case 3: salting = .salts(try salts(&reader, type))
            case 4:
                guard contents.count < Limits.registersPerChange else {
                    throw .tooLarge("the registers of a change")
                }
                contents.append(try content(&reader, type))
            default: try reader.skip(type)
            }
        }
        guard let salting else { throw .malformed("a change has no salts") }
        try check(salting, contents)
        return FrozenChange(head: head, contents: contents, salting: salting)
    }

    private static func content(
        _ reader: inout WireReader, _ type: WireType
    ) throws(WireError) -> FrozenChange.Content {
        let outer = try reader.enter(type)
        var content: FrozenChange.Content?
        while !reader.isAtEnd {
            let (field, type) = try reader.tag()
            switch field {
            case 1: content = .plain(try reader.octets(type))
            case 2: content = .redacted(try reader.octets(type))
            default: try reader.skip(type)
            }
        }
        reader.leave(outer)
        guard let content else { throw .malformed("a register of a change is empty") }
        return content
    }

    private static func salts(
        _ reader: inout WireReader, _ type: WireType
    ) throws(WireError) -> [[UInt8]] {
        let outer = try reader.enter(type)
        var salts: [[UInt8]] = []
        while !reader.isAtEnd {
            let (field, type) = try reader.tag()
            guard field == 1 else {
                try reader.skip(type)
                continue
            }
            guard salts.count < Limits.registersPerChange else {
                throw .tooLarge("the salts of a change")
            }
            salts.append(try reader.octets(type))
        }
        reader.leave(outer)
        return salts
    }

    private static func check(
        _ salting: FrozenChange.Salting, _ contents: [FrozenChange.Content]
    ) throws(WireError) {
        let salts: [[UInt8]]?
        switch salting {
        case .seed(let seed):
            guard seed.count == seedBytes else { throw .malformed("a seed is not 12 octets") }
            salts = nil
        case .salts(let found):
            guard found.count == contents.count else {
                throw .malformed("a change has not one salt for each register")
            }
            salts = found
        }
        for (index, content) in contents.enumerated() {
            switch content {
            case .plain:
                if let salts, salts[index].count != 16 {
                    throw .malformed("a salt is not 16 octets")
                }
            case .redacted(let seal):
                guard seal.count == 32 else { throw .malformed("a seal is not 32 octets") }
                guard let salts, salts[index].isEmpty else {
                    throw .malformed("a redacted register still has its salt")
                }
            }
        }
    }
}
