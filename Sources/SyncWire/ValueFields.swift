import SyncModel

// The parts that frozen changes and record states share: values, contexts.

extension WireWriter {
    /// Field `field` once per value, each a `Value` message.
    mutating func values(_ field: UInt8, _ values: [Value]) {
        for value in values {
            nested(field) { writer in
                switch value {
                case .none: break
                case .text(let text): writer.presentText(1, text)
                case .integer(let number): writer.presentNumber(2, zigzag(number))
                case .real(let number): writer.presentFixed(3, number.bitPattern)
                case .reference(let record): writer.identifier(4, record)
                }
            }
        }
    }

    /// Field `field` once per entry, each a `ContextEntry` message.
    mutating func context(_ field: UInt8, _ context: Context) {
        for entry in context.entries {
            nested(field) { writer in
                writer.identifier(1, entry.incarnation)
                writer.number(2, entry.n)
            }
        }
    }
}

extension WireReader {
    /// A value.
    ///
    /// - Parameter texts: bytes that a text may have.
    mutating func value(_ type: WireType, texts: Int = Limits.textBytes) throws(WireError) -> Value {
        let outer = try enter(type)
        var value = Value.none
        while !isAtEnd {
            let (field, type) = try tag()
            switch field {
            case 1: value = .text(try text(type, limit: texts, "a text"))
            case 2: value = .integer(unzigzag(try number(type)))
            case 3:
                let number = Double(bitPattern: try fixed(type))
                guard !number.isNaN else { throw .malformed("a number is NaN") }
                value = .real(number)
            case 4: value = .reference(try identifier(type))
            default: try skip(type)
            }
        }
        leave(outer)
        return value
    }

    /// One entry more of a context, which must come after those before it.
    mutating func contextEntry(
        _ type: WireType, into entries: inout [Context.Entry]
    ) throws(WireError) {
        guard entries.count < Limits.contextEntries else { throw .tooLarge("a context") }
        let outer = try enter(type)
        var incarnation: Incarnation?
        var n: UInt64 = 0
        while !isAtEnd {
            let (field, type) = try tag()
            switch field {
            case 1: incarnation = try identifier(type)
            case 2: n = try count(type)
            default: try skip(type)
            }
        }
        leave(outer)
        guard let incarnation, n > 0 else { throw .malformed("an entry of a context is incomplete") }
        if let last = entries.last, last.incarnation >= incarnation {
            throw .malformed("a context is out of order")
        }
        entries.append(Context.Entry(incarnation, n))
    }
}

/// A signed number as an unsigned one, small where it is near zero.
func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value << 1 ^ value >> 63) }

/// The signed number again.
func unzigzag(_ value: UInt64) -> Int64 {
    Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
}
