/// One field's value. What it means is the schema's affair; equality is exact.
public enum Value: Hashable, Sendable {
    /// Nothing known.
    case none
    /// UTF-8 text without U+0000 (SQLite tools and C strings would cut it there; the schema refuses it).
    case text(String)
    /// A whole number; also days since 1970-01-01 for dates, seconds since 1970 for instants, 0 or 1 for flags.
    case integer(Int64)
    /// A binary64 number; never NaN.
    case real(Double)
    /// Another record.
    case reference(RecordID)

    /// The text, if it is one.
    public var text: String? { if case .text(let value) = self { value } else { nil } }
    /// The whole number, if it is one.
    public var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
    /// The record it points at, if it does.
    public var reference: RecordID? { if case .reference(let value) = self { value } else { nil } }
    /// Whether nothing is known.
    public var isNone: Bool { self == .none }
}

/// What one change says of one register: all its fields together, in the schema's order.
///
/// A published register never gains or loses a field, so position is enough and names are not sent.
public struct RegisterWrite: Hashable, Sendable {
    /// The register's name.
    public let register: String
    /// One value per field, in the schema's order.
    public var values: [Value]

    /// Makes a write.
    public init(_ register: String, _ values: [Value]) {
        self.register = register
        self.values = values
    }
}
