import GRDB

/// Compares the tables, indexes and triggers with those that the program makes. Nothing else would show that an index,
/// a condition or a trigger was altered or dropped: SQLite's own check goes by what the file says of itself.
struct SchemaVerification {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// A table, an index or a trigger.
    private struct Name: Hashable, Comparable {
        let kind: String
        let name: String

        static func < (a: Self, b: Self) -> Bool { (a.kind, a.name) < (b.kind, b.name) }
    }

    func run() throws {
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let fresh = try DatabaseQueue()
        defer { try? fresh.close() }
        let expected = try fresh.writeWithoutTransaction { other in
            for sql in StoreSchema.versions.prefix(version) { try other.execute(sql: sql) }
            return try Self.objects(other)
        }
        let found = try Self.objects(db)
        for name in Set(expected.keys).union(found.keys).sorted() where expected[name] != found[name] {
            let what = "the \(name.kind) \(name.name)"
            throw StoreCheck.damaged(
                found[name] == nil
                    ? "\(what) is missing"
                    : expected[name] == nil
                        ? "\(what) is not one that the program makes"
                        : "\(what) is not as the program makes it")
        }
    }

    /// What each is made by. Blanks are left out: a column that was added later leaves others than one that was there
    /// from the beginning. SQLite's statistics come and go.
    private static func objects(_ db: Database) throws -> [Name: String] {
        let rows = try Row.fetchAll(
            db,
            sql:
                "SELECT type, name, tbl_name, ifnull(sql, '') AS sql FROM sqlite_schema WHERE name NOT GLOB 'sqlite_stat*'"
        )
        return Dictionary(
            rows.map { row in
                let (kind, name, table, sql): (String, String, String, String) = (
                    row["type"], row["name"], row["tbl_name"], row["sql"]
                )
                return (Name(kind: kind, name: name), "\(table) \(sql.filter { !$0.isWhitespace })")
            }, uniquingKeysWith: { first, second in first + second })
    }
}
