import SyncModel

/// Appends fields of Protocol Buffers messages to a byte array.
///
/// For what is encoded by the hundred thousand: changes, record states, page records. It goes from values to
/// bytes without a message object in between, and the tests hold it and the library to the same bytes. The
/// caller writes fields in ascending order and leaves out what has its default, as the library does.
struct WireWriter {
    private(set) var bytes: [UInt8]

    init(capacity: Int) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    mutating func append(_ octets: [UInt8]) { bytes.append(contentsOf: octets) }

    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// A tag. The fields written by hand have numbers below 16, so a tag is one octet.
    private mutating func tag(_ field: UInt8, _ type: WireType) {
        bytes.append(field << 3 | type.rawValue)
    }

    mutating func number(_ field: UInt8, _ value: UInt64) {
        guard value != 0 else { return }
        presentNumber(field, value)
    }

    mutating func presentNumber(_ field: UInt8, _ value: UInt64) {
        tag(field, .varint)
        varint(value)
    }

    mutating func fixed(_ field: UInt8, _ value: Int64) {
        guard value != 0 else { return }
        presentFixed(field, UInt64(bitPattern: value))
    }

    mutating func presentFixed(_ field: UInt8, _ value: UInt64) {
        tag(field, .fixed64)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func identifier(_ field: UInt8, _ value: Identifier) {
        tag(field, .length)
        bytes.append(16)
        withUnsafeBytes(of: value.high.bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: value.low.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func text(_ field: UInt8, _ value: String) {
        guard !value.isEmpty else { return }
        presentText(field, value)
    }

    mutating func presentText(_ field: UInt8, _ value: String) {
        tag(field, .length)
        varint(UInt64(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    mutating func octets(_ field: UInt8, _ value: [UInt8]) {
        tag(field, .length)
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    /// A message within the message.
    mutating func nested(_ field: UInt8, _ body: (inout WireWriter) -> Void) {
        tag(field, .length)
        prefixed(body)
    }

    /// A length, and that many octets. One octet is kept free for the length; only a longer body moves.
    mutating func prefixed(_ body: (inout WireWriter) -> Void) {
        let place = bytes.count
        bytes.append(0)
        body(&self)
        var length = UInt64(bytes.count - place - 1)
        if length < 0x80 {
            bytes[place] = UInt8(length)
            return
        }
        var prefix: [UInt8] = []
        while length >= 0x80 {
            prefix.append(UInt8(truncatingIfNeeded: length) | 0x80)
            length >>= 7
        }
        prefix.append(UInt8(length))
        bytes.replaceSubrange(place...place, with: prefix)
    }
}

/// How a field's octets are laid out.
enum WireType: UInt8 {
    case varint = 0
    case fixed64 = 1
    case length = 2
    case fixed32 = 5
}
