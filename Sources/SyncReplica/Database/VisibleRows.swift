import GRDB
import GRDBSQLite
import SyncModel

/// Writes the visible rows within one transaction, each table's statement prepared once.
final class VisibleRows {
    private let db: Database
    private let schema: Schema
    private var writers: [String: VisibleRow] = [:]
    private var last: VisibleRow?

    init(_ db: Database, _ schema: Schema) throws {
        self.db = db
        self.schema = schema
    }

    /// Writes the row of a state, or removes it when the record is deleted. A table that this schema does
    /// not know has no rows.
    func put(_ record: RecordID, _ state: RecordState, isWaiting: Bool) throws {
        guard let writer = try writer(state.table) else { return }
        try writer.put(record, state, isWaiting: isWaiting)
    }

    /// Writes the row as the database now says it is.
    func refresh(_ record: RecordID, of table: String? = nil) throws {
        if let shown = try Shown.load(db, record) {
            try put(record, shown.state, isWaiting: shown.isWaiting)
        } else if let table {
            try writer(table)?.remove(record)
        }
    }

    /// Removes the row.
    func remove(_ record: RecordID, of table: String) throws { try writer(table)?.remove(record) }

    private func writer(_ name: String) throws -> VisibleRow? {
        if let last, last.table.name == name { return last }
        if let known = writers[name] {
            last = known
            return known
        }
        guard let table = schema.table(name) else { return nil }
        let made = try VisibleRow(db, table)
        writers[name] = made
        last = made
        return made
    }
}

/// The row of one table, bound column by column straight from a state.
final class VisibleRow {
    let table: Table
    private let insert: SQL
    private let delete: SQL
    private let scratch: UnsafeMutablePointer<UInt8>
    /// Where each register's columns begin, in the order of the registers' names.
    private let byName: [(name: String, column: Int32, fields: [Field])]
    private let clashColumn: Int32

    /// Room for the longest text that is written here: an identifier.
    private static let slot = 40

    init(_ db: Database, _ table: Table) throws {
        self.table = table
        var column: Int32 = 2
        var places: [(name: String, column: Int32, fields: [Field])] = []
        for register in table.registers {
            places.append((register.name, column, register.fields))
            column += Int32(register.fields.count)
        }
        byName = places.sorted { $0.name < $1.name }
        clashColumn = column
        let marks = Array(repeating: "?", count: Int(column) + 2).joined(separator: ", ")
        let name = VisibleTables.quoted(table.name)
        insert = try SQL(db, "INSERT OR REPLACE INTO \(name) VALUES (\(marks))")
        delete = try SQL(db, "DELETE FROM \(name) WHERE id = ?")
        scratch = .allocate(capacity: Self.slot * (Int(column) + 2))
    }

    deinit { scratch.deallocate() }

    func put(_ record: RecordID, _ state: RecordState, isWaiting: Bool) throws {
        if state.deletion == .deleted { return try remove(record) }
        defer { insert.reset() }
        bind(record, at: 1, insert.handle)
        if state.live.count == 1 {
            bindSingle(state.live[0])
        } else {
            for register in table.registers {
                guard let values = state.shown(of: register, in: table) else { continue }
                guard let place = byName.first(where: { $0.name == register.name }) else { continue }
                bind(values, place.column, place.fields)
            }
            let conflicts = state.open(in: table)
            if !conflicts.isEmpty { insert.bind(clashColumn, .text(conflicts.joined(separator: ","))) }
        }
        sqlite3_bind_int64(insert.handle, clashColumn + 1, isWaiting ? 1 : 0)
        if state.live.contains(where: \.isCorrected) {
            sqlite3_bind_int64(insert.handle, clashColumn + 2, 1)
        }
        _ = try insert.step()
    }

    func remove(_ record: RecordID) throws {
        defer { delete.reset() }
        bind(record, at: 1, delete.handle)
        _ = try delete.step()
    }

    /// One live change is what most records are. Both lists are sorted by name: one walk pairs them.
    private func bindSingle(_ change: LiveChange) {
        var place = 0
        for write in change.writes {
            while place < byName.count, byName[place].name < write.register { place += 1 }
            guard place < byName.count else { return }
            guard byName[place].name == write.register else { continue }
            bind(write.values, byName[place].column, byName[place].fields)
        }
    }

    private func bind(_ values: [Value], _ first: Int32, _ fields: [Field]) {
        for (index, value) in values.enumerated() where index < fields.count {
            let column = first + Int32(index)
            switch value {
            case .none: break
            case .reference(let id): bind(id, at: column, insert.handle)
            case .real(let number): sqlite3_bind_double(insert.handle, column, number)
            case .text: bind(value, column)
            case .integer(let number):
                switch fields[index].kind {
                case .date: bindScratch(column) { CivilText.date(number, into: $0) }
                case .instant: bindScratch(column) { CivilText.instant(number, into: $0) }
                default: sqlite3_bind_int64(insert.handle, column, number)
                }
            }
        }
    }

    private func bind(_ value: Value, _ column: Int32) {
        guard case .text(let text) = value else { return }
        insert.bind(column, .text(text))
    }

    private func bind(_ id: Identifier, at column: Int32, _ handle: OpaquePointer) {
        bindScratch(column, handle) { CivilText.identifier(id.high, id.low, into: $0) }
    }

    private func bindScratch(
        _ column: Int32, _ handle: OpaquePointer? = nil, _ write: (UnsafeMutablePointer<UInt8>) -> Int
    ) {
        let start = scratch + Self.slot * Int(column)
        let count = write(start)
        start.withMemoryRebound(to: CChar.self, capacity: count) {
            // The scratch outlives the step, so SQLite needs no copy.
            _ = sqlite3_bind_text(handle ?? insert.handle, column, $0, Int32(count), nil)
        }
    }
}
