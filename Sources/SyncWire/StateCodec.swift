public import SyncModel

/// Record states to bytes and back.
///
/// Encoding is canonical: equal states have equal bytes. So a state can be compared, hashed and passed on
/// without being understood.
public enum StateCodec {
    /// Encodes a state.
    public static func encode(_ state: RecordState) -> [UInt8] {
        var writer = WireWriter(capacity: 64 + 192 * state.live.count)
        writer.text(1, state.table)
        for change in state.live {
            writer.nested(2) { writer in
                writer.identifier(1, change.dot.incarnation)
                writer.text(2, change.author)
                writer.number(3, change.dot.n)
                writer.fixed(4, change.deviceMicroseconds)
                if let effective = change.effective {
                    writer.presentFixed(5, UInt64(bitPattern: effective.microseconds))
                    writer.number(6, effective.isEstimated ? 1 : 0)
                }
                writer.context(7, change.context)
                for write in change.writes {
                    writer.nested(8) { writer in
                        writer.presentText(1, write.register)
                        writer.values(2, write.values)
                    }
                }
            }
        }
        return writer.bytes
    }

    /// Decodes a state and checks it against the limits.
    ///
    /// A redacted register comes as a ``RegisterWrite`` without values.
    public static func decode(_ bytes: [UInt8]) throws(WireError) -> RecordState {
        guard bytes.count <= Limits.answerBytes else { throw .tooLarge("a record") }
        var reader = WireReader(bytes)
        var table = ""
        var live: [LiveChange] = []
        while !reader.isAtEnd {
            let (field, type) = try reader.tag()
            switch field {
            case 1: table = try reader.name(type, "a table's name")
            case 2:
                guard live.count < Limits.liveChanges else {
                    throw .tooLarge("the live changes of a record")
                }
                let change = try liveChange(&reader, type)
                if let last = live.last, last.dot >= change.dot {
                    throw .malformed("a record's changes are out of order")
                }
                live.append(change)
            default: try reader.skip(type)
            }
        }
        guard !table.isEmpty else { throw .malformed("a record has no table") }
        return RecordState(table: table, live: live)
    }

    private static func liveChange(
        _ reader: inout WireReader, _ type: WireType
    ) throws(WireError) -> LiveChange {
        let outer = try reader.enter(type)
        var incarnation: Incarnation?
        var author = ""
        var n: UInt64 = 0
        var deviceTime: Int64 = 0
        var effective: Int64?
        var estimated = false
        var context: [Context.Entry] = []
        var writes: [RegisterWrite] = []
        while !reader.isAtEnd {
            let (field, type) = try reader.tag()
            switch field {
            case 1: incarnation = try reader.identifier(type)
            case 2: author = try reader.name(type, "an author")
            case 3: n = try reader.count(type)
            case 4: deviceTime = Int64(bitPattern: try reader.fixed(type))
            case 5: effective = Int64(bitPattern: try reader.fixed(type))
            case 6: estimated = try reader.number(type) != 0
            case 7: try reader.contextEntry(type, into: &context)
            case 8: try write(&reader, type, into: &writes)
            default: try reader.skip(type)
            }
        }
        reader.leave(outer)
        guard let incarnation, n > 0, !author.isEmpty, !writes.isEmpty else {
            throw .malformed("a change of a record is incomplete")
        }
        return LiveChange(
            dot: Dot(incarnation, n), author: author, writes: writes,
            context: context.isEmpty ? Context() : Context(context),
            effective: effective.map { EffectiveTime(microseconds: $0, isEstimated: estimated) },
            deviceMicroseconds: deviceTime)
    }

    private static func write(
        _ reader: inout WireReader, _ type: WireType, into writes: inout [RegisterWrite]
    ) throws(WireError) {
        guard writes.count < Limits.registersPerChange else {
            throw .tooLarge("the registers of a change")
        }
        let outer = try reader.enter(type)
        var register = ""
        var values: [Value] = []
        values.reserveCapacity(4)
        while !reader.isAtEnd {
            let (field, type) = try reader.tag()
            switch field {
            case 1: register = try reader.name(type, "a register's name")
            case 2:
                guard values.count < Limits.valuesPerRegister else {
                    throw .tooLarge("the values of a register")
                }
                values.append(try reader.value(type))
            default: try reader.skip(type)
            }
        }
        reader.leave(outer)
        guard !register.isEmpty else { throw .malformed("a register has no name") }
        if let last = writes.last, last.register >= register {
            throw .malformed("the registers of a change are out of order")
        }
        writes.append(RegisterWrite(register, values))
    }
}
