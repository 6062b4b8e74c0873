import SwiftProtobuf
import SyncModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ExchangeCodec {
    static func encodeLines(_ request: ExchangeRequest) throws(WireError) -> [UInt8] {
        var body: [UInt8] = []
        func line(_ frame: Porchlight_V1_RequestFrame.OneOf_Frame) throws(WireError) {
            var message = Porchlight_V1_RequestFrame()
            message.frame = frame
            body += try message.json()
            body.append(newline)
        }
        let remembered = request.remembered
        let said = runs(of: remembered.said)
        let held = heldMessage(remembered.held)
        try line(
            .hello(
                request.hello.message(
                    changes: request.changes.count,
                    others: said.count + remembered.kept.count + (held == nil ? 0 : 1))))
        for bytes in request.changes { try line(.change(Data(bytes))) }
        for run in said { try line(.said(run)) }
        for record in remembered.kept {
            var message = Porchlight_V1_KeptRecord()
            message.id = record.id.field
            message.state = try Porchlight_V1_RecordState(octets: record.state)
            try line(.kept(message))
        }
        if let held { try line(.held(held)) }
        if let withdraw = withdrawMessage(request.withdrawals) { try line(.withdraw(withdraw)) }
        return body
    }

    static func decodeLines(request body: [UInt8]) throws(WireError) -> ExchangeRequest {
        var assembly = RequestAssembly()
        try eachLine(of: body) { (frame: Porchlight_V1_RequestFrame) throws(WireError) in
            switch frame.frame {
            case .hello(let hello): try assembly.take(hello)
            case .change(let bytes): try assembly.take(change: bytes.octets)
            case .said(let run): try assembly.take(said: run)
            case .kept(let record):
                try assembly.take(kept: record.id.identifier(), try record.state.octets())
            case .held(let held): try assembly.take(held)
            case .withdraw(let withdraw): try assembly.take(withdraw)
            case nil: break
            }
        }
        return try assembly.finish()
    }

    static func encodeLines(_ reply: ExchangeReply) throws(WireError) -> [UInt8] {
        var body: [UInt8] = []
        func line(_ frame: Porchlight_V1_ReplyFrame.OneOf_Frame) throws(WireError) {
            var message = Porchlight_V1_ReplyFrame()
            message.frame = frame
            body += try message.json()
            body.append(newline)
        }
        var places: [ScopeKey: UInt32] = [:]
        for (place, key) in reply.welcome.keys.enumerated() { places[key] = UInt32(place) }
        try line(.welcome(reply.welcome.message))
        for run in runs(of: reply.dispositions) { try line(.dispositions(run)) }
        for record in reply.records {
            var message = Porchlight_V1_PageRecord()
            message.id = record.id.field
            for key in record.keys {
                guard let place = places[key] else {
                    throw .malformed("a record's key is none of the welcome's")
                }
                message.keys.append(place)
            }
            switch record.body {
            case .state(let bytes): message.state = try Porchlight_V1_RecordState(octets: bytes)
            case .own: message.own = Porchlight_V1_Empty()
            }
            if let notes = record.notes { message.notes = notes.message }
            try line(.record(message))
        }
        if let leave = leaveMessage(reply.leaves) { try line(.leave(leave)) }
        if let marks = marksMessage(reply.marks) { try line(.marks(marks)) }
        try line(.end(reply.end.message))
        return body
    }

    static func decodeLines(reply body: [UInt8]) throws(WireError) -> ExchangeReply {
        var assembly = ReplyAssembly()
        try eachLine(of: body) { (frame: Porchlight_V1_ReplyFrame) throws(WireError) in
            try assembly.expectMore()
            switch frame.frame {
            case .welcome(let welcome): try assembly.take(welcome)
            case .dispositions(let run): try assembly.take(run)
            case .record(let record): try take(record, into: &assembly)
            case .leave(let leave): try assembly.take(leave)
            case .end(let end): try assembly.take(end)
            case .marks(let marks): try assembly.take(marks)
            case nil: break
            }
        }
        return try assembly.finish()
    }

    private static func take(
        _ record: Porchlight_V1_PageRecord, into assembly: inout ReplyAssembly
    ) throws(WireError) {
        let body: PageRecord.Body
        switch record.body {
        case .state(let state): body = .state(try state.octets())
        case .own: body = .own
        case nil: throw .malformed("a record has no content")
        }
        try assembly.take(
            id: record.id.identifier(), places: record.keys.map { Int($0) }, body: body,
            notes: record.hasNotes ? try ConflictNotes(record.notes) : nil)
    }

    /// Decodes each line that holds more than white space.
    ///
    /// - Throws: ``WireError/cutShort`` when the last line is no message and has no line end.
    private static func eachLine<Frame: Message>(
        of body: [UInt8], _ take: (Frame) throws(WireError) -> Void
    ) throws(WireError) {
        var start = 0
        while start < body.count {
            let end = body[start...].firstIndex(of: newline) ?? body.count
            let line = Array(body[start..<end])
            if !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) {
                let frame: Frame
                do throws(WireError) {
                    frame = try Frame(json: line)
                } catch {
                    throw end == body.count ? .cutShort : error
                }
                try take(frame)
            }
            start = end + 1
        }
    }
}

private let newline = UInt8(ascii: "\n")
