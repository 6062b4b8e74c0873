import SwiftProtobuf
import SyncModel

/// Bodies that are one message: laid out as each message of an exchange is, and nothing may follow.
extension Message {
    /// The message of a body.
    ///
    /// - Throws: ``WireError/cutShort`` when the body ends before the message does.
    init(body: [UInt8], as format: ExchangeFormat) throws(WireError) {
        switch format {
        case .jsonLines: try self.init(json: body)
        case .binary:
            var reader = WireReader(body)
            let octets = try reader.octets(.length)
            guard reader.isAtEnd else { throw .malformed("something follows the message") }
            try self.init(octets: octets)
        }
    }

    /// A body of this message.
    func body(as format: ExchangeFormat) throws(WireError) -> [UInt8] {
        switch format {
        case .jsonLines: return try json() + [UInt8(ascii: "\n")]
        case .binary:
            let octets = try octets()
            var writer = WireWriter(capacity: octets.count + 5)
            writer.varint(UInt64(octets.count))
            writer.append(octets)
            return writer.bytes
        }
    }
}

extension Value {
    var message: Porchlight_V1_Value {
        var message = Porchlight_V1_Value()
        switch self {
        case .none: break
        case .text(let text): message.text = text
        case .integer(let number): message.integer = number
        case .real(let number): message.real = number
        case .reference(let record): message.reference = record.field
        }
        return message
    }

    init(_ message: Porchlight_V1_Value) throws(WireError) {
        switch message.kind {
        case nil: self = .none
        case .text(let text):
            // What was refused may be longer than what anybody may write.
            self = .text(try checked(text, "a text", limit: Limits.exchangeBytes, empty: true))
        case .integer(let number): self = .integer(number)
        case .real(let number):
            guard !number.isNaN else { throw .malformed("a number is NaN") }
            self = .real(number)
        case .reference(let record): self = .reference(try record.identifier())
        }
    }
}

extension [Value] {
    init(_ messages: [Porchlight_V1_Value]) throws(WireError) {
        guard messages.count <= Limits.valuesPerRegister else { throw .tooLarge("the values of a register") }
        var values: [Value] = []
        for message in messages { values.append(try Value(message)) }
        self = values
    }
}

/// A number of a change in quarantine, which is one of the server's log.
func logNumber(_ number: UInt64) throws(WireError) -> Int64 { Int64(try counted(number)) }
