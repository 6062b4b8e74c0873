import SwiftProtobuf
import SyncModel

extension ExchangeCodec {
    static func encodeBinary(_ request: ExchangeRequest) throws(WireError) -> [UInt8] {
        let said = runs(of: request.remembered.said)
        let held = heldMessage(request.remembered.held)
        let hello = try request.hello.message(
            changes: request.changes.count,
            others: said.count + request.remembered.kept.count + (held == nil ? 0 : 1)
        ).octets()
        let size = request.changes.reduce(hello.count + 16) { $0 + $1.count + 8 }
        var writer = WireWriter(capacity: size)
        writer.prefixed { $0.octets(1, hello) }
        for change in request.changes { writer.prefixed { $0.octets(2, change) } }
        for run in said {
            let run = try run.octets()
            writer.prefixed { $0.octets(3, run) }
        }
        for record in request.remembered.kept {
            writer.prefixed { writer in
                writer.nested(4) {
                    $0.identifier(1, record.id)
                    $0.octets(2, record.state)
                }
            }
        }
        if let held = try held?.octets() { writer.prefixed { $0.octets(5, held) } }
        if let withdraw = try withdrawMessage(request.withdrawals)?.octets() {
            writer.prefixed { $0.octets(6, withdraw) }
        }
        return writer.bytes
    }

    static func decodeBinary(request body: [UInt8]) throws(WireError) -> ExchangeRequest {
        var reader = WireReader(body)
        var assembly = RequestAssembly()
        while !reader.isAtEnd {
            let outer = try reader.enter(.length)
            while !reader.isAtEnd {
                let (field, type) = try reader.tag()
                switch field {
                case 1: try assembly.take(try Porchlight_V1_Hello(octets: reader.octets(type)))
                case 2: try assembly.take(change: reader.octets(type))
                case 3: try assembly.take(said: try Porchlight_V1_Dispositions(octets: reader.octets(type)))
                case 4:
                    let (id, state) = try reader.kept(type)
                    try assembly.take(kept: id, state)
                case 5: try assembly.take(try Porchlight_V1_Held(octets: reader.octets(type)))
                case 6: try assembly.take(try Porchlight_V1_Withdraw(octets: reader.octets(type)))
                default: try reader.skip(type)
                }
            }
            reader.leave(outer)
        }
        return try assembly.finish()
    }

    static func encodeBinary(_ reply: ExchangeReply) throws(WireError) -> [UInt8] {
        var places: [ScopeKey: UInt64] = [:]
        for (place, key) in reply.welcome.keys.enumerated() { places[key] = UInt64(place) }
        let size = reply.records.reduce(4_096) { $0 + $1.encodedSize + 48 }
        var writer = WireWriter(capacity: size)
        let welcome = try reply.welcome.message.octets()
        writer.prefixed { $0.octets(1, welcome) }
        for run in runs(of: reply.dispositions) {
            let run = try run.octets()
            writer.prefixed { $0.octets(2, run) }
        }
        for record in reply.records {
            var keys: [UInt64] = []
            keys.reserveCapacity(record.keys.count)
            for key in record.keys {
                guard let place = places[key] else {
                    throw .malformed("a record's key is none of the welcome's")
                }
                keys.append(place)
            }
            let notes = try record.notes.map { notes throws(WireError) in try NotesCodec.encode(notes) }
            writer.prefixed { $0.record(record, keys: keys, notes: notes) }
        }
        if let leave = try leaveMessage(reply.leaves)?.octets() {
            writer.prefixed { $0.octets(4, leave) }
        }
        if let marks = try marksMessage(reply.marks)?.octets() {
            writer.prefixed { $0.octets(6, marks) }
        }
        let end = try reply.end.message.octets()
        writer.prefixed { $0.octets(5, end) }
        return writer.bytes
    }

    static func decodeBinary(reply body: [UInt8]) throws(WireError) -> ExchangeReply {
        var reader = WireReader(body)
        var assembly = ReplyAssembly()
        while !reader.isAtEnd {
            try assembly.expectMore()
            let outer = try reader.enter(.length)
            while !reader.isAtEnd {
                let (field, type) = try reader.tag()
                switch field {
                case 1: try assembly.take(try Porchlight_V1_Welcome(octets: reader.octets(type)))
                case 2: try assembly.take(try Porchlight_V1_Dispositions(octets: reader.octets(type)))
                case 3: try reader.record(type, into: &assembly)
                case 4: try assembly.take(try Porchlight_V1_Leave(octets: reader.octets(type)))
                case 5: try assembly.take(try Porchlight_V1_End(octets: reader.octets(type)))
                case 6: try assembly.take(try Porchlight_V1_Marks(octets: reader.octets(type)))
                default: try reader.skip(type)
                }
            }
            reader.leave(outer)
        }
        return try assembly.finish()
    }
}

extension PageRecord {
    fileprivate var encodedSize: Int {
        if case .state(let bytes) = body { bytes.count } else { 0 }
    }
}

extension WireWriter {
    fileprivate mutating func record(_ record: PageRecord, keys: [UInt64], notes: [UInt8]?) {
        nested(3) { writer in
            writer.identifier(1, record.id)
            if !keys.isEmpty {
                writer.nested(2) { writer in
                    for key in keys { writer.varint(key) }
                }
            }
            switch record.body {
            case .state(let bytes): writer.octets(3, bytes)
            case .own: writer.octets(4, [])
            }
            if let notes { writer.octets(5, notes) }
        }
    }
}

extension WireReader {
    /// A record of a page. Its state is not parsed: a reader keeps the bytes it was sent.
    fileprivate mutating func record(
        _ type: WireType, into assembly: inout ReplyAssembly
    ) throws(WireError) {
        let outer = try enter(type)
        var id: RecordID?
        var places: [Int] = []
        var body: PageRecord.Body?
        var notes: ConflictNotes?
        while !isAtEnd {
            let (field, type) = try tag()
            switch field {
            case 1: id = try identifier(type)
            case 2 where type == .length:
                let outer = try enter(type)
                while !isAtEnd { places.append(try place()) }
                leave(outer)
            case 2:
                try expect(.varint, type)
                places.append(try place())
            case 3: body = .state(try octets(type))
            case 4:
                _ = try octets(type)
                body = .own
            case 5: notes = try NotesCodec.decode(try octets(type))
            default: try skip(type)
            }
            guard places.count <= Limits.keysPerDevice else { throw .tooLarge("a record's keys") }
        }
        leave(outer)
        guard let id, let body else { throw .malformed("a record has no id or no content") }
        try assembly.take(id: id, places: places, body: body, notes: notes)
    }

    /// A record that a replica brings back. Its state is not parsed here.
    fileprivate mutating func kept(_ type: WireType) throws(WireError) -> (RecordID, [UInt8]) {
        let outer = try enter(type)
        var id: RecordID?
        var state: [UInt8] = []
        while !isAtEnd {
            let (field, type) = try tag()
            switch field {
            case 1: id = try identifier(type)
            case 2: state = try octets(type)
            default: try skip(type)
            }
        }
        leave(outer)
        guard let id else { throw .malformed("a kept record has no id") }
        return (id, state)
    }

    private mutating func place() throws(WireError) -> Int {
        Int(clamping: try varint())
    }
}
