/// One field's value. What it means is the schema's affair.
///
/// Equality is exact: texts are equal when their bytes are. Swift's own `==` of strings calls texts equal
/// that look alike and differ in bytes, and two such values would be a conflict that nobody is shown.
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

extension Value {
    /// Whether two values are the same, texts byte for byte, numbers as they compare.
    public static func == (a: Value, b: Value) -> Bool {
        switch (a, b) {
        case (.none, .none): true
        case (.text(let a), .text(let b)): a.utf8.elementsEqual(b.utf8)
        case (.integer(let a), .integer(let b)): a == b
        case (.real(let a), .real(let b)): a == b
        case (.reference(let a), .reference(let b)): a == b
        default: false
        }
    }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .none: hasher.combine(0)
        case .text(let text): for byte in text.utf8 { hasher.combine(byte) }
        case .integer(let number): hasher.combine(number)
        case .real(let number): hasher.combine(number)
        case .reference(let id): hasher.combine(id)
        }
    }
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
