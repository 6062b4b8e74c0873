/// Why a change does not fit the schema. The text names table, register and field, never a value.
public enum SchemaError: Error, Hashable, Sendable {
    /// The table is not in this version of the schema.
    case unknownTable(String)
    /// The register is not in this version of the schema.
    case unknownRegister(table: String, register: String)
    /// The register has another number of fields.
    case fieldCount(table: String, register: String, expected: Int, found: Int)
    /// A field must not be empty.
    case missing(table: String, field: String)
    /// A field holds something its kind does not allow.
    case unfit(table: String, field: String, why: String)
    /// A register stands twice in one change, or none stands in it.
    case malformed(table: String)
}

extension SchemaError: CustomStringConvertible {
    /// One sentence.
    public var description: String {
        switch self {
        case .unknownTable(let table): "there is no table \(table)"
        case .unknownRegister(let table, let register): "\(table) has no register \(register)"
        case .fieldCount(let table, let register, let expected, let found):
            "\(table).\(register) has \(expected) fields, not \(found)"
        case .missing(_, let field): "\(field) must not be empty"
        case .unfit(_, let field, let why): "\(field) \(why)"
        case .malformed(let table): "the change of \(table) writes nothing, or a register twice"
        }
    }
}

extension Schema {
    /// Checks that every register of a change is known and every value fits its field.
    ///
    /// - Throws: ``SchemaError``, naming the first thing that does not fit.
    public func validate(table name: String, writes: [RegisterWrite]) throws(SchemaError) {
        guard let table = table(name) else { throw .unknownTable(name) }
        guard !writes.isEmpty else { throw .malformed(table: name) }
        var previous: String?
        for write in writes {
            if let previous, previous >= write.register { throw .malformed(table: name) }
            previous = write.register
            if write.register == deletedRegister {
                guard write.values == [.integer(0)] || write.values == [.integer(1)] else {
                    throw .unfit(table: name, field: deletedRegister, why: "must be 0 or 1")
                }
                continue
            }
            guard let register = table.register(write.register) else {
                throw .unknownRegister(table: name, register: write.register)
            }
            guard register.fields.count == write.values.count else {
                throw .fieldCount(
                    table: name, register: write.register, expected: register.fields.count,
                    found: write.values.count)
            }
            for (field, value) in zip(register.fields, write.values) {
                try field.validate(value, in: name)
            }
        }
    }
}

extension Field {
    /// Checks one value.
    ///
    /// - Throws: ``SchemaError/missing(table:field:)`` or ``SchemaError/unfit(table:field:why:)``.
    public func validate(_ value: Value, in table: String) throws(SchemaError) {
        if value.isNone {
            guard isOptional else { throw .missing(table: table, field: name) }
            return
        }
        if let why = kind.objection(to: value) {
            throw .unfit(table: table, field: name, why: why)
        }
    }
}

extension FieldKind {
    /// What is wrong with a value, as the end of a sentence; `nil` when nothing is.
    func objection(to value: Value) -> String? {
        switch (self, value) {
        case (.text(let limit), .text(let text)):
            if text.utf8.count > limit { return "is longer than \(limit) bytes" }
            return text.utf8.contains(0) ? "contains a NUL character" : nil
        case (.code(let words), .text(let word)):
            return words.contains { $0.utf8.elementsEqual(word.utf8) }
                ? nil : "must be one of \(words.joined(separator: ", "))"
        case (.integer(let bounds), .integer(let number)):
            return bounds.contains(number)
                ? nil : "must lie between \(bounds.lowerBound) and \(bounds.upperBound)"
        case (.real(let bounds), .real(let number)):
            return bounds.contains(number)
                ? nil : "must lie between \(bounds.lowerBound) and \(bounds.upperBound)"
        case (.flag, .integer(let number)):
            return number == 0 || number == 1 ? nil : "must be yes or no"
        case (.date, .integer(let days)):
            return Limits.dates.contains(days) ? nil : "is not a date between 1900 and 2200"
        case (.instant, .integer(let seconds)):
            return Limits.instants.contains(seconds)
                ? nil : "is not a time between 1900 and 2200"
        case (.reference, .reference): return nil
        default: return "holds the wrong kind of value"
        }
    }
}
