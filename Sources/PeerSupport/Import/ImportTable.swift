import SyncModel

/// How one CSV file becomes records of one table: its columns, and which of them names the record.
///
/// Record ids are made from the key column, so the same file gives the same records on every machine, and
/// importing it twice adds nothing. Where a record has the key already under another id, as a participant who was
/// added in the field has their code, the row means that record.
public struct ImportTable: Hashable, Sendable {
    /// The table, and without its ending the file: `check_in` is read from `check_in.csv`.
    public let table: String
    /// The header of the column that names a row for good: a code, or the number the old system gave it.
    public let key: String
    /// The columns, the key among them.
    public let columns: [ImportColumn]

    /// The name of its file.
    public var file: String { "\(table).csv" }

    /// The mappings of all tables, in the order in which they are best imported: what is referred to first.
    public static let all: [ImportTable] =
        [site, team, staff, participant, assignment, enrollment, checkIn, session, attendance]
        + [referral, consult, escalation, supervision]

    /// The mapping of a table.
    public static func of(_ table: String) -> ImportTable? { all.first { $0.table == table } }
}

/// One column of a CSV file.
public struct ImportColumn: Hashable, Sendable {
    /// What to make of the text.
    public enum Conversion: Hashable, Sendable {
        /// As the field's kind says: text, a word of its list, a number, yes or no, a date, a time.
        case field
        /// The key of a row of that table's file.
        case key(of: String)
        /// Nothing: it only names the record.
        case naming
    }

    /// The header.
    public let header: String
    /// The field it fills; empty for one that only names the record.
    public let field: String
    /// What to make of the text.
    public let conversion: Conversion
    /// Whether a row without it is bad.
    public let isRequired: Bool
    /// What stands in it, for people.
    public let about: String
    /// The table of the directory whose codes stand in it: `site`, `team` or `staff`. What is written under a code that
    /// nobody has reaches nobody.
    public var directory: String?
    /// Whether several of them stand in it.
    public var isList = false

    /// A column named as its field.
    static func field(_ name: String, _ about: String, required: Bool = false) -> ImportColumn {
        ImportColumn(header: name, field: name, conversion: .field, isRequired: required, about: about)
    }

    /// A column that has a code of the directory.
    static func code(
        _ name: String, of table: String, _ about: String, required: Bool = false
    ) -> ImportColumn {
        var column = field(name, about, required: required)
        column.directory = table
        return column
    }

    /// A column that has several codes of the directory.
    static func codes(_ name: String, of table: String, _ about: String) -> ImportColumn {
        var column = code(name, of: table, about)
        column.isList = true
        return column
    }

    /// A column that names a row of another file.
    static func key(
        _ header: String, of table: String, _ field: String, _ about: String, required: Bool = true
    ) -> ImportColumn {
        ImportColumn(
            header: header, field: field, conversion: .key(of: table), isRequired: required, about: about)
    }

    /// The column that names a row which has no code.
    static func naming(_ about: String) -> ImportColumn {
        ImportColumn(header: "key", field: "", conversion: .naming, isRequired: true, about: about)
    }

    /// The columns that every file of facts ends with.
    static let provenance: [ImportColumn] = [
        .field("recorded_by", "staff code of who recorded the row at the time"),
        .field("recorded_at", "when they recorded it"),
    ]

    /// The participant a fact is about.
    static let participant: ImportColumn = .key(
        "participant_code", of: "participant", "participant", "code in participant.csv")
}
