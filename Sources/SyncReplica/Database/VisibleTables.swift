import Crypto
import GRDB
import SyncModel

/// The tables that people may query: made from the schema, filled from the records, never read by a merge.
struct VisibleTables {
    let schema: Schema
    /// The statements that make them.
    let script: [String]
    /// A hash of the statements and the rule; the one in the file says whether its tables are of this schema, filled so.
    let print: [UInt8]

    /// By which rule the rows are made of the records; another one makes all of them anew.
    private static let rule = "a void that had not read a signature does not stand"

    init(_ schema: Schema) {
        self.schema = schema
        script = schema.tables.flatMap { table in Self.statements(table) }
        var hash = SHA256()
        for statement in script { hash.update(data: Array(statement.utf8)) }
        hash.update(data: Array(Self.rule.utf8))
        print = Array(hash.finalize())
    }

    static func statements(_ table: Table) -> [String] {
        let name = quoted(table.name)
        let fields = table.registers.flatMap(\.fields)
        let columns = fields.map { "\(quoted($0.name)) \($0.kind.columnType)" }
        let all = ["id TEXT PRIMARY KEY"] + columns + ["clash TEXT", "waiting INTEGER", "clock_off INTEGER"]
        let indexes = fields.filter(\.isIndexed).map { field in
            let index = quoted("\(table.name)_\(field.name)")
            // Mostly empty, and looked up by what it holds: an index of what it holds costs other rows nothing.
            let filled = field.isOptional ? " WHERE \(quoted(field.name)) IS NOT NULL" : ""
            return "CREATE INDEX \(index) ON \(name) (\(quoted(field.name)))\(filled)"
        }
        let clash = quoted("\(table.name)_clash")
        let clock = quoted("\(table.name)_clock_off")
        return ["CREATE TABLE \(name) (\(all.joined(separator: ", ")))"] + indexes
            + [
                "CREATE INDEX \(clash) ON \(name) (clash) WHERE clash IS NOT NULL",
                "CREATE INDEX \(clock) ON \(name) (clock_off) WHERE clock_off IS NOT NULL",
            ]
    }

    static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// Drops tables of an earlier schema and makes this one's, empty.
    func create(_ db: Database, replacing old: [String]) throws {
        for name in old { try db.execute(sql: "DROP TABLE IF EXISTS \(Self.quoted(name))") }
        for statement in script { try db.execute(sql: statement) }
        try SQL(db, "UPDATE sync_meta SET print = ?, tables = ? WHERE id = 1").run(
            .blob(print), .text(schema.tables.map(\.name).joined(separator: "\n")))
    }

    /// Makes all of them anew from the records.
    func rebuild(_ db: Database, replacing old: [String]) throws {
        try create(db, replacing: old)
        let rows = try VisibleRows(db, schema)
        let open = try Log.openRecords(db)
        try SQL(db, "SELECT id, state FROM sync_record").each([]) { row in
            let id = try row.id(0)
            guard !open.contains(id) else { return }
            try rows.put(id, try Shown.decode(row.blob(1)), isWaiting: false)
        }
        for id in open.sorted() { try rows.refresh(id) }
    }
}

extension FieldKind {
    /// The column's affinity.
    fileprivate var columnType: String {
        switch self {
        case .integer, .flag: "INTEGER"
        case .real: "REAL"
        case .text, .code, .date, .instant, .reference: "TEXT"
        }
    }
}

extension Replica {
    /// Makes the visible tables anew from the records. What they showed they show again.
    public func rebuild() throws {
        try write { db, meta in
            try VisibleTables(domain.schema).rebuild(db, replacing: meta.tables)
        }
    }
}

/// The schema's tables; GRDB has a type of the same name.
typealias Table = SyncModel.Table
