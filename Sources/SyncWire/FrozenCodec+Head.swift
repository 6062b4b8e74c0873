import SyncModel

extension FrozenCodec {
    static func encodeHead(_ change: Change) -> [UInt8] {
        var writer = WireWriter(capacity: 192)
        writer.number(1, change.dot.n)
        writer.fixed(2, change.clock.wallMicroseconds &- change.clock.bootMicroseconds)
        writer.identifier(3, change.dot.incarnation)
        writer.identifier(4, change.clock.boot)
        writer.number(5, change.epoch)
        writer.text(6, change.author)
        writer.text(7, change.table)
        for write in change.writes { writer.presentText(8, write.register) }
        writer.fixed(9, change.clock.wallMicroseconds)
        writer.identifier(10, change.record)
        writer.context(11, change.context)
        if let transaction = change.transaction { writer.identifier(12, transaction) }
        return writer.bytes
    }

    /// What a head says, as it is read; what must be there is asked for at the end.
    private struct Head {
        var incarnation: Incarnation?
        var boot: Identifier?
        var epoch: UInt64 = 0
        var author = ""
        var table = ""
        var registers: [String] = []
        var n: UInt64 = 0
        var bootWall: Int64 = 0
        var wall: Int64 = 0
        var record: RecordID?
        var context: [Context.Entry] = []
        var transaction: TransactionID?
    }

    static func decodeHead(_ frozen: FrozenChange, texts: Int) throws(WireError) -> Change {
        let head = try read(frozen.head)
        guard let incarnation = head.incarnation, let boot = head.boot, let record = head.record,
            head.n > 0, !head.author.isEmpty, !head.table.isEmpty
        else { throw .malformed("a change's head is incomplete") }
        guard head.registers.count == frozen.contents.count, !head.registers.isEmpty else {
            throw .malformed("a change has not one content for each register")
        }
        var writes: [RegisterWrite] = []
        writes.reserveCapacity(head.registers.count)
        for (register, content) in zip(head.registers, frozen.contents) {
            if let last = writes.last, last.register >= register {
                throw .malformed("the registers of a change are out of order")
            }
            writes.append(RegisterWrite(register, try values(content, texts)))
        }
        return Change(
            dot: Dot(incarnation, head.n), epoch: head.epoch, author: head.author,
            table: head.table, record: record, writes: writes, context: Context(head.context),
            clock: ClockReading(
                wallMicroseconds: head.wall, boot: boot,
                bootMicroseconds: head.wall &- head.bootWall),
            transaction: head.transaction)
    }

    private static func read(_ bytes: [UInt8]) throws(WireError) -> Head {
        var reader = WireReader(bytes)
        var head = Head()
        while !reader.isAtEnd {
            let (field, type) = try reader.tag()
            switch field {
            case 1: head.n = try reader.count(type)
            case 2: head.bootWall = Int64(bitPattern: try reader.fixed(type))
            case 3: head.incarnation = try reader.identifier(type)
            case 4: head.boot = try reader.identifier(type)
            case 5: head.epoch = try reader.count(type)
            case 6: head.author = try reader.name(type, "an author")
            case 7: head.table = try reader.name(type, "a table's name")
            case 8:
                guard head.registers.count < Limits.registersPerChange else {
                    throw .tooLarge("the registers of a change")
                }
                head.registers.append(try reader.name(type, "a register's name"))
            case 9: head.wall = Int64(bitPattern: try reader.fixed(type))
            case 10: head.record = try reader.identifier(type)
            case 11: try reader.contextEntry(type, into: &head.context)
            case 12: head.transaction = try reader.identifier(type)
            default: try reader.skip(type)
            }
        }
        return head
    }

    private static func values(
        _ content: FrozenChange.Content, _ texts: Int
    ) throws(WireError) -> [Value] {
        guard case .plain(let bytes) = content else { return [] }
        var reader = WireReader(bytes)
        var values: [Value] = []
        values.reserveCapacity(4)
        while !reader.isAtEnd {
            let (field, type) = try reader.tag()
            guard field == 1 else {
                try reader.skip(type)
                continue
            }
            guard values.count < Limits.valuesPerRegister else {
                throw .tooLarge("the values of a register")
            }
            values.append(try reader.value(type, texts: texts))
        }
        guard !values.isEmpty else { throw .malformed("a register of a change has no values") }
        return values
    }
}
