import GRDB
import SyncModel

/// Questions to the visible tables.
enum Answers {
    static func views(_ db: Database, _ query: Query, _ schema: Schema) throws -> [RecordView] {
        try ids(db, query, schema).compactMap { try Shown.view(db, $0, schema) }
    }

    static func ids(_ db: Database, _ query: Query, _ schema: Schema) throws -> [RecordID] {
        let (sql, values) = try statement(query, schema, columns: "id")
        var ids: [RecordID] = []
        try SQL(db, sql).each(values) { row in
            if let id = Identifier(text: row.text(0)) { ids.append(id) }
        }
        return ids
    }

    static func count(_ db: Database, _ query: Query, _ schema: Schema) throws -> Int {
        let (inner, values) = try statement(query, schema, columns: "1")
        var count = 0
        try SQL(db, "SELECT count(*) FROM (\(inner))").each(values) { count = Int($0.integer(0)) }
        return count
    }

    static func repeated(
        _ db: Database, _ field: String, _ name: String, _ schema: Schema
    ) throws -> [String] {
        guard let table = schema.table(name) else { throw unknown(name) }
        _ = try kind(field, table)
        let column = VisibleTables.quoted(field)
        var found: [String] = []
        try SQL(
            db,
            """
            SELECT \(column) FROM \(VisibleTables.quoted(name)) WHERE \(column) IS NOT NULL
            GROUP BY \(column) HAVING count(*) > 1 ORDER BY \(column)
            """
        ).each([]) { found.append($0.text(0)) }
        return found
    }

    /// The statement that answers a question, and what is bound to it.
    static func statement(
        _ query: Query, _ schema: Schema, columns: String
    ) throws -> (String, [SQL.Bound]) {
        guard let table = schema.table(query.table) else { throw unknown(query.table) }
        var terms: [String] = []
        var values: [SQL.Bound] = []
        for condition in query.conditions {
            let (term, bound) = try self.term(condition, table)
            terms.append(term)
            values += bound
        }
        var order = try query.order.map { order in
            if order.field != "id" { _ = try kind(order.field, table) }
            return VisibleTables.quoted(order.field) + (order.descending ? " DESC" : "")
        }
        // The few rows of an index of these alone are sorted; the planner would rather walk all rows in the order of their
        // ids.
        order.append(query.conditions.contains { isOfFew($0, table) } ? "+id" : "id")
        var sql = "SELECT \(columns) FROM \(VisibleTables.quoted(table.name))"
        if !terms.isEmpty { sql += " WHERE " + terms.joined(separator: " AND ") }
        sql += " ORDER BY " + order.joined(separator: ", ")
        if let limit = query.limit {
            sql += " LIMIT ?"
            values.append(.integer(Int64(limit)))
        }
        return (sql, values)
    }

    /// Whether an index holds just the rows that meet a condition.
    private static func isOfFew(_ condition: Query.Condition, _ table: Table) -> Bool {
        switch condition {
        case .isSet(let name):
            guard let (register, index) = table.place(of: name) else { return false }
            return register.fields[index].isIndexed && register.fields[index].isOptional
        case .inConflict, .clockOff: return true
        case .equals, .oneOf, .noneOf, .idEnds, .atLeast, .below, .isNone, .prefix, .waiting: return false
        }
    }

    private static func term(_ condition: Query.Condition, _ table: Table) throws -> (String, [SQL.Bound]) {
        func column(_ field: String) throws -> String {
            _ = try kind(field, table)
            return VisibleTables.quoted(field)
        }
        switch condition {
        case .equals(let field, let value):
            return ("\(try column(field)) IS ?", [bound(value, try kind(field, table))])
        case .oneOf(let field, let values):
            let marks = Array(repeating: "?", count: values.count).joined(separator: ", ")
            let kind = try kind(field, table)
            return ("\(try column(field)) IN (\(marks))", values.map { bound($0, kind) })
        case .noneOf(let field, let values):
            let marks = Array(repeating: "?", count: values.count).joined(separator: ", ")
            let kind = try kind(field, table)
            return ("\(try column(field)) NOT IN (\(marks))", values.map { bound($0, kind) })
        case .idEnds(let end):
            // The index on the ids is searched from end to end, without a row or a record being read.
            return ("substr(id, ?) = ?", [.integer(Int64(-end.utf8.count)), .text(end)])
        case .atLeast(let field, let value):
            return ("\(try column(field)) >= ?", [bound(value, try kind(field, table))])
        case .below(let field, let value):
            return ("\(try column(field)) < ?", [bound(value, try kind(field, table))])
        case .isNone(let field): return ("\(try column(field)) IS NULL", [])
        case .isSet(let field): return ("\(try column(field)) IS NOT NULL", [])
        case .prefix(let field, let start):
            // Every text that starts so sorts below the same text followed by the last scalar.
            let name = try column(field)
            return ("\(name) >= ? AND \(name) < ?", [.text(start), .text(start + "\u{10FFFF}")])
        case .inConflict: return ("clash IS NOT NULL", [])
        case .waiting: return ("waiting = 1", [])
        case .clockOff: return ("clock_off IS NOT NULL", [])
        }
    }

    /// A value as the visible column holds it.
    private static func bound(_ value: Value, _ kind: FieldKind) -> SQL.Bound {
        switch value {
        case .none: .null
        case .text(let text): .text(text)
        case .real(let number): .real(number)
        case .reference(let id): .text(id.text)
        case .integer(let number):
            switch kind {
            case .date: .text(CivilText.text { CivilText.date(number, into: $0) })
            case .instant: .text(CivilText.text { CivilText.instant(number, into: $0) })
            default: .integer(number)
            }
        }
    }

    private static func kind(_ field: String, _ table: Table) throws -> FieldKind {
        guard let place = table.place(of: field) else { throw unknown("\(table.name).\(field)") }
        return place.register.fields[place.index].kind
    }

    private static func unknown(_ name: String) -> SyncError {
        SyncError(.internalFault, "there is no \(name) in this program's schema")
    }
}
