/// What the engine must know of a domain's tables: names, registers, fields, ranks. A plain value.
///
/// What the tables mean is the domain's affair (see ``Domain``).
public struct Schema: Hashable, Sendable {
    /// Counts published versions, from 1. A replica and a server of different versions understand each
    /// other; the older passes on what it does not know.
    public let version: UInt32
    /// The tables, in the order in which they are listed and created.
    public let tables: [Table]
    private let places: [String: Int]

    /// Makes a schema. Table names must differ.
    public init(version: UInt32, tables: [Table]) {
        self.version = version
        self.tables = tables
        places = Dictionary(uniqueKeysWithValues: tables.enumerated().map { ($1.name, $0) })
    }

    /// A table by its name; `nil` for one this version does not know.
    public func table(_ name: String) -> Table? { places[name].map { tables[$0] } }
}

/// One kind of record.
public struct Table: Hashable, Sendable {
    /// Its name, also of its visible table: singular, lower case, words joined by underscores.
    public let name: String
    /// Its registers, in the order of their columns.
    public let registers: [Register]
    /// Whether a person has to decide what was written apart in it. Where nobody has to, the newest is shown, the
    /// others are kept, and it is counted and listed nowhere.
    public let asksForDecisions: Bool

    /// Makes a table. Register names must differ, and so must field names across its registers.
    public init(_ name: String, _ registers: [Register], asksForDecisions: Bool = true) {
        self.name = name
        self.registers = registers
        self.asksForDecisions = asksForDecisions
    }

    /// A register by its name.
    public func register(_ name: String) -> Register? { registers.first { $0.name == name } }

    /// The register and the place in it where a field is kept.
    public func place(of field: String) -> (register: Register, index: Int)? {
        for register in registers {
            if let index = register.fields.firstIndex(where: { $0.name == field }) {
                return (register, index)
            }
        }
        return nil
    }
}

/// The unit of last-writer-wins: one field, or several that only mean something together.
///
/// A published register never gains or loses a field: an older client would erase it. Add a register.
public struct Register: Hashable, Sendable {
    /// Its name, unique in the table.
    public let name: String
    /// Its fields, in the order in which their values are written.
    public let fields: [Field]
    /// Which of its values outrank others whatever their time.
    public let rank: RankRule
    /// How grave a conflict in it is.
    public let severity: Severity
    /// Whether it is written once, with the record, and never again.
    public let isFixed: Bool
    /// Whether it speaks of the whole record, as a void does: written by one and, apart from that, anything else of
    /// the record by another, it is contested until somebody who has read both decides. Against a value that outranks others,
    /// as a signature does, it does not stand until then: see ``RecordState/shown(of:in:)``.
    public let isClosing: Bool

    /// Makes a register.
    public init(
        _ name: String, _ fields: [Field], rank: RankRule = .none,
        severity: Severity = .ask, isFixed: Bool = false, isClosing: Bool = false
    ) {
        self.name = name
        self.fields = fields
        self.rank = rank
        self.severity = severity
        self.isFixed = isFixed
        self.isClosing = isClosing
    }

    /// What it says where nobody has written it: no value in any of its fields.
    public var nothing: [Value] { Array(repeating: .none, count: fields.count) }
}

/// One column.
public struct Field: Hashable, Sendable {
    /// Its name, unique in the table.
    public let name: String
    /// What it holds.
    public let kind: FieldKind
    /// Whether it may be empty.
    public let isOptional: Bool
    /// Whether the visible table carries an index on it.
    public let isIndexed: Bool

    /// Makes a field.
    public init(_ name: String, _ kind: FieldKind, optional: Bool = false, indexed: Bool = false) {
        self.name = name
        self.kind = kind
        isOptional = optional
        isIndexed = indexed
    }
}

/// What a field holds.
public enum FieldKind: Hashable, Sendable {
    /// Text of at most so many UTF-8 bytes.
    case text(limit: Int)
    /// One word of a closed list.
    case code([String])
    /// A whole number within bounds.
    case integer(ClosedRange<Int64>)
    /// A number within bounds.
    case real(ClosedRange<Double>)
    /// 0 or 1.
    case flag
    /// A civil date, as days since 1970-01-01. Shown as `YYYY-MM-DD`.
    case date
    /// A moment, as seconds since 1970-01-01T00:00Z. Shown as `YYYY-MM-DDThh:mm:ssZ`.
    case instant
    /// A record of the named table, or of any where it names ``anyTable``.
    case reference(table: String)
}

/// What a reference names that may lead to a record of any table.
public let anyTable = "any"

/// How grave a conflict is: who must decide it.
public enum Severity: Int, Hashable, Sendable, Comparable, CaseIterable {
    /// The newest is fine; the other is kept and listed.
    case newestWins
    /// A person must decide.
    case ask
    /// A person must decide soon: consent, risk, who is responsible.
    case grave

    /// Orders by gravity.
    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// Values that outrank others of the same register, whatever their time.
public enum RankRule: Hashable, Sendable {
    /// None does.
    case none
    /// A value whose field at that place is neither empty nor 0 has rank 1: a signed note outranks an
    /// unsigned edit of it.
    case whenSet(index: Int)

    /// The rank of some values.
    public func rank(_ values: [Value]) -> Int {
        switch self {
        case .none: 0
        case .whenSet(let index):
            index < values.count && !values[index].isNone && values[index] != .integer(0)
                && values[index] != .text("") ? 1 : 0
        }
    }
}
