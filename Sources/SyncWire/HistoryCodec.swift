import SwiftProtobuf
public import SyncModel

/// A page of a record's history to a body and back, in either format, before compression.
public enum HistoryCodec {
    /// Encodes a page.
    public static func encode(
        _ page: HistoryPage, as format: ExchangeFormat = .binary
    ) throws(WireError) -> [UInt8] {
        let message = try page.message()
        switch format {
        case .binary:
            let octets = try message.octets()
            var writer = WireWriter(capacity: octets.count + 8)
            writer.varint(UInt64(octets.count))
            return writer.bytes + octets
        case .jsonLines: return try message.json() + [UInt8(ascii: "\n")]
        }
    }

    /// Decodes a page.
    ///
    /// - Throws: ``WireError/cutShort`` when the body is not one whole message.
    public static func decode(
        _ body: [UInt8], as format: ExchangeFormat = .binary
    ) throws(WireError) -> HistoryPage {
        guard body.count <= Limits.answerBytes else { throw .tooLarge("the answer") }
        switch format {
        case .binary:
            var reader = WireReader(body)
            guard !reader.isAtEnd else { throw .cutShort }
            let octets = try reader.octets(.length)
            guard reader.isAtEnd else { throw .malformed("more follows a page of history") }
            return try HistoryPage(Porchlight_V1_HistoryPage(octets: octets))
        case .jsonLines:
            return try HistoryPage(Porchlight_V1_HistoryPage(json: body))
        }
    }
}

extension HistoryPage {
    fileprivate func message() throws(WireError) -> Porchlight_V1_HistoryPage {
        var message = Porchlight_V1_HistoryPage()
        message.record = record.field
        message.table = table
        for change in changes { message.changes.append(try change.message(in: table)) }
        message.next = next ?? 0
        return message
    }

    fileprivate init(_ message: Porchlight_V1_HistoryPage) throws(WireError) {
        guard message.changes.count <= Limits.changesPerHistoryPage else {
            throw .tooLarge("the changes of a page")
        }
        let table = try checked(message.table, "a table's name")
        var changes: [HistoryChange] = []
        for change in message.changes { changes.append(try HistoryChange(change, in: table)) }
        self.init(
            record: try message.record.identifier(), table: table, changes: changes,
            next: message.next == 0 ? nil : try counted(message.next))
    }
}

extension HistoryChange {
    /// A change has the form that it has in a record's state, and passes through the same checks.
    fileprivate func message(in table: String) throws(WireError) -> Porchlight_V1_HistoryChange {
        let state = StateCodec.encode(RecordState(table: table, live: [change]))
        guard let live = try Porchlight_V1_RecordState(octets: state).live.first else {
            throw .malformed("a change of a history cannot be encoded")
        }
        var message = Porchlight_V1_HistoryChange()
        message.change = live
        message.live = isLive
        message.origin = origin.message
        message.outcome = outcome.message
        if case .quarantined(let refusal) = outcome {
            message.refusal.code = refusal.code
            message.refusal.reason = refusal.reason
        }
        return message
    }

    fileprivate init(_ message: Porchlight_V1_HistoryChange, in table: String) throws(WireError) {
        var state = Porchlight_V1_RecordState()
        state.table = table
        state.live = [message.change]
        guard let live = try StateCodec.decode(state.octets()).live.first else {
            throw .malformed("a change of a history is incomplete")
        }
        self.init(
            change: live, isLive: message.live, origin: try ConflictNotes.Origin(message.origin),
            outcome: try Disposition.Outcome(message.outcome, message.refusal))
    }
}
