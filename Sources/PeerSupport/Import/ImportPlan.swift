public import SyncModel

/// A row as a record.
public struct ImportedRow: Hashable, Sendable {
    /// The line on which it stands.
    public let line: Int
    /// Its table.
    public let table: String
    /// Its id: made from its key, or that of the record which has the key already.
    public let record: RecordID
    /// What to write, sorted by register. Registers of which the row says nothing are left out.
    public let writes: [RegisterWrite]
}

/// Which record a key of a file means, where that is known already.
public enum ImportNaming: Hashable, Sendable {
    /// This one, whose id was not made from the key.
    case record(RecordID)
    /// Several have it, so it names none.
    case several
}

/// A mapping, laid over one file's headers.
public struct ImportPlan: Sendable {
    /// The mapping.
    public let mapping: ImportTable
    private let table: Table
    private let headerCount: Int
    private let keyPlace: Int
    private let places: [(column: ImportColumn, place: Int)]
    private let clock: LocalTime
    private let naming: @Sendable (_ table: String, _ key: String) -> ImportNaming?

    /// Lays a mapping over headers, which may stand in any order. Times without an offset are read by `clock`.
    ///
    /// - Parameter naming: the record that has a key already; `nil` where none is known, and the id is made from
    ///   the key.
    /// - Throws: ``CSVProblem`` for a header that is missing, unknown or there twice: a misspelt header would
    ///   otherwise lose a whole column in silence.
    public init(
        _ mapping: ImportTable, headers: CSVRow, at clock: LocalTime,
        naming: @escaping @Sendable (_ table: String, _ key: String) -> ImportNaming? = { _, _ in nil }
    ) throws(CSVProblem) {
        guard let table = PeerSupportSchema.schema.table(mapping.table) else {
            throw CSVProblem(line: headers.line, reason: "there is no table \(mapping.table)")
        }
        var seen: [String: Int] = [:]
        for (place, header) in headers.fields.enumerated() {
            let name = Self.trimmed(header)
            guard mapping.columns.contains(where: { $0.header == name }) else {
                throw CSVProblem(
                    line: headers.line,
                    reason: "\(mapping.file) has a header that is not known: \"\(name.prefix(60))\", number "
                        + "\(place + 1); known are \(mapping.columns.map(\.header).joined(separator: ", "))")
            }
            guard seen.updateValue(place, forKey: name) == nil else {
                throw CSVProblem(line: headers.line, reason: "the header \(name) stands there twice")
            }
        }
        for column in mapping.columns where column.isRequired && seen[column.header] == nil {
            throw CSVProblem(line: headers.line, reason: "the header \(column.header) is missing")
        }
        guard let keyPlace = seen[mapping.key] else {
            throw CSVProblem(line: headers.line, reason: "the header \(mapping.key) is missing")
        }
        self.mapping = mapping
        self.table = table
        self.keyPlace = keyPlace
        self.clock = clock
        self.naming = naming
        headerCount = headers.fields.count
        places = mapping.columns.compactMap { column in seen[column.header].map { (column, $0) } }
    }

    /// Reads one row.
    ///
    /// - Throws: ``CSVProblem``, naming the column, never what stands in it.
    public func read(_ row: CSVRow) throws(CSVProblem) -> ImportedRow {
        guard row.fields.count == headerCount else {
            throw CSVProblem(
                line: row.line,
                reason: "the row has \(row.fields.count) fields, the headers are \(headerCount)")
        }
        var values: [String: Value] = [:]
        for (column, place) in places {
            let text = Self.trimmed(row.fields[place])
            guard !text.isEmpty else {
                guard column.isRequired else { continue }
                throw CSVProblem(line: row.line, reason: "\(column.header) is empty")
            }
            guard column.conversion != .naming else { continue }
            do {
                values[column.field] = try convert(text, column)
            } catch {
                throw CSVProblem(line: row.line, reason: "\(column.header) \(error.why)")
            }
        }
        fillMinutes(&values)
        let writes = writes(values)
        do {
            try PeerSupportSchema.schema.validate(table: table.name, writes: writes)
        } catch {
            throw CSVProblem(line: row.line, reason: error.description)
        }
        let void = ["voided_at", "voided_by", "void_reason"]
        if void.contains(where: { values[$0] != nil }), let missing = void.first(where: { values[$0] == nil })
        {
            throw CSVProblem(line: row.line, reason: "\(missing) must not be empty")
        }
        for (first, last) in [("start_at", "end_at"), ("from_date", "to_date")] {
            if let start = values[first]?.integer, let end = values[last]?.integer, end < start {
                throw CSVProblem(line: row.line, reason: "\(last) lies before \(first)")
            }
        }
        do {
            let record = try named(table.name, Self.trimmed(row.fields[keyPlace]))
            return ImportedRow(line: row.line, table: table.name, record: record, writes: writes)
        } catch {
            throw CSVProblem(line: row.line, reason: "\(mapping.key) \(error.why)")
        }
    }

    /// The record of a key.
    private func named(_ table: String, _ key: String) throws(Unfit) -> RecordID {
        switch naming(table, key) {
        case nil: return NaturalKey.id(table: table, key: key)
        case .record(let record): return record
        case .several:
            throw Unfit(why: "is shared by several records that are here, so it does not say which")
        }
    }

    /// The registers of which the row says anything, each whole.
    private func writes(_ values: [String: Value]) -> [RegisterWrite] {
        table.registers.compactMap { register in
            guard register.fields.contains(where: { values[$0.name] != nil }) else { return nil }
            return RegisterWrite(register.name, register.fields.map { values[$0.name] ?? .none })
        }
        .sorted { $0.register < $1.register }
    }

    /// A duration that follows from start and end need not be typed.
    private func fillMinutes(_ values: inout [String: Value]) {
        guard table.place(of: "minutes")?.register.name == "time", values["minutes"] == nil,
            let start = values["start_at"]?.integer, let end = values["end_at"]?.integer,
            end >= start
        else { return }
        values["minutes"] = .integer((end - start) / 60)
    }

    private func convert(_ text: String, _ column: ImportColumn) throws(Unfit) -> Value {
        if case .key(let table) = column.conversion {
            return .reference(try named(table, text))
        }
        guard let (register, index) = table.place(of: column.field) else {
            throw Unfit(why: "fits no field")
        }
        switch register.fields[index].kind {
        case .text, .code: return .text(text)
        case .integer:
            guard let number = Int64(text) else { throw Unfit(why: "is not a whole number") }
            return .integer(number)
        case .real:
            guard let number = Double(text), number.isFinite else { throw Unfit(why: "is not a number") }
            return .real(number)
        case .flag:
            guard let flag = Self.flags[text.lowercased()] else { throw Unfit(why: "must be yes or no") }
            return .integer(flag)
        case .date:
            guard let date = CivilDate(text: text) else { throw Unfit(why: "is not a date like 2026-03-02") }
            return .integer(date.days)
        case .instant:
            // A file says on which day: what is read long after is never today's.
            guard Self.beginsWithDate(text) else {
                throw Unfit(why: "is not a time like 2026-03-02 14:30")
            }
            do {
                return .integer(try clock.parseInstant(text).instant)
            } catch {
                throw Unfit(why: error.why)
            }
        case .reference: throw Unfit(why: "needs the key of another file")
        }
    }

    private static func beginsWithDate(_ text: String) -> Bool {
        let shape = text.utf8.prefix(10).map { (48...57).contains($0) ? UInt8(ascii: "0") : $0 }
        return shape == Array("0000-00-00".utf8)
    }

    private struct Unfit: Error {
        let why: String
    }

    private static let flags: [String: Int64] = [
        "yes": 1, "y": 1, "1": 1, "true": 1, "no": 0, "n": 0, "0": 0, "false": 0,
    ]

    /// Without the spaces around it.
    private static func trimmed(_ text: String) -> String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let first = text.firstIndex(where: { !isSpace($0) }),
            let last = text.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(text[first...last])
    }
}

extension CalendarError {
    /// The end of a sentence about a column.
    fileprivate var why: String {
        switch self {
        case .noSuchDate: "is a date that does not exist"
        case .noSuchTime: "is a time that does not exist"
        case .skipped: "is a time the clocks were put forward over"
        case .twice: "is a time that came twice; add the offset from UTC"
        case .timeMissing: "needs a time as well"
        case .ambiguous, .halfOfDay, .unreadable: "is not a time like 2026-03-02 14:30"
        }
    }
}
