import SyncModel

/// Reads fields of Protocol Buffers messages from a byte array, for what ``WireWriter`` writes.
///
/// Every read is checked against the end of the message it is in. Fields it does not know are skipped.
struct WireReader {
    private let bytes: [UInt8]
    private(set) var position: Int
    private var end: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = 0
        end = bytes.count
    }

    var isAtEnd: Bool { position >= end }

    /// How many octets of the current message are left.
    var remaining: Int { end - position }

    mutating func varint() throws(WireError) -> UInt64 {
        guard position < end else { throw .cutShort }
        let first = bytes[position]
        if first < 0x80 {
            position += 1
            return UInt64(first)
        }
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < end {
            let octet = bytes[position]
            position += 1
            guard shift < 63 || octet <= 1 else { throw .malformed("a number passes 64 bits") }
            value |= UInt64(octet & 0x7f) << shift
            if octet < 0x80 { return value }
            shift += 7
        }
        throw .cutShort
    }

    /// The next field's number and type.
    mutating func tag() throws(WireError) -> (field: UInt64, type: WireType) {
        let tag = try varint()
        guard let type = WireType(rawValue: UInt8(tag & 7)), tag >> 3 > 0, tag >> 3 < 1 << 29 else {
            throw .malformed("a field has no known type")
        }
        return (tag >> 3, type)
    }

    mutating func skip(_ type: WireType) throws(WireError) {
        switch type {
        case .varint: _ = try varint()
        case .fixed64: try advance(8)
        case .fixed32: try advance(4)
        case .length: _ = try length()
        }
    }

    mutating func fixed(_ type: WireType) throws(WireError) -> UInt64 {
        try expect(.fixed64, type)
        let start = position
        try advance(8)
        return word(at: start).littleEndian
    }

    mutating func number(_ type: WireType) throws(WireError) -> UInt64 {
        try expect(.varint, type)
        return try varint()
    }

    /// A number that counts something, and so fits a signed word.
    mutating func count(_ type: WireType) throws(WireError) -> UInt64 {
        let value = try number(type)
        guard value <= UInt64(Int64.max) else { throw .malformed("a count passes 63 bits") }
        return value
    }

    mutating func identifier(_ type: WireType) throws(WireError) -> Identifier {
        try expect(.length, type)
        let place = try length()
        guard place.count == 16 else { throw .malformed("an identifier is not 16 octets") }
        return Identifier(
            high: word(at: place.lowerBound).bigEndian, low: word(at: place.lowerBound + 8).bigEndian)
    }

    mutating func octets(_ type: WireType) throws(WireError) -> [UInt8] {
        try expect(.length, type)
        return Array(bytes[try length()])
    }

    mutating func text(_ type: WireType, limit: Int, _ what: StaticString) throws(WireError) -> String {
        try expect(.length, type)
        let place = try length()
        guard place.count <= limit else { throw .tooLarge("\(what)") }
        // Almost every text is ASCII, and for that the library's checks of UTF-8 cost more than the rest.
        let seen = bytes.withUnsafeBufferPointer { buffer in
            buffer[place].reduce(into: (highest: UInt8(0), hasNUL: false)) { all, octet in
                all.highest |= octet
                if octet == 0 { all.hasNUL = true }
            }
        }
        if seen.hasNUL { throw .malformed("\(what) contains a NUL character") }
        if seen.highest < 0x80 {
            return bytes.withUnsafeBufferPointer {
                String(decoding: UnsafeBufferPointer(rebasing: $0[place]), as: UTF8.self)
            }
        }
        guard let text = String(validating: bytes[place], as: UTF8.self) else {
            throw .malformed("\(what) is not UTF-8")
        }
        return text
    }

    mutating func name(_ type: WireType, _ what: StaticString) throws(WireError) -> String {
        let name = try text(type, limit: Limits.nameBytes, what)
        guard !name.isEmpty else { throw .malformed("\(what) is empty") }
        return name
    }

    /// Enters a message within the message; the result goes to ``leave(_:)``.
    mutating func enter(_ type: WireType) throws(WireError) -> Int {
        try expect(.length, type)
        let outer = end
        let place = try length()
        position = place.lowerBound
        end = place.upperBound
        return outer
    }

    /// Leaves the message entered last. It must have been read to its end.
    mutating func leave(_ outer: Int) {
        position = end
        end = outer
    }

    func expect(_ wanted: WireType, _ found: WireType) throws(WireError) {
        guard wanted == found else { throw .malformed("a field has the wrong type") }
    }

    /// Reads a length and steps over as many octets; gives their place.
    private mutating func length() throws(WireError) -> Range<Int> {
        let length = try varint()
        guard length <= UInt64(end - position) else { throw .cutShort }
        let start = position
        position += Int(length)
        return start..<position
    }

    private mutating func advance(_ count: Int) throws(WireError) {
        guard count <= end - position else { throw .cutShort }
        position += count
    }

    /// Eight octets. Callers have checked that they are there; `loadUnaligned` checks again.
    private func word(at start: Int) -> UInt64 {
        bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start, as: UInt64.self) }
    }
}
