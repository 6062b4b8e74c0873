import GRDB
import GRDBSQLite
import SyncModel

/// A prepared statement, used through SQLite's own functions.
///
/// GRDB owns the connection, the transaction and the statement; binding by hand costs a fraction of its
/// arguments, and keeps text whole that holds U+0000.
struct SQL {
    /// One value to bind.
    enum Bound {
        case null
        case integer(Int64)
        case real(Double)
        case text(String)
        case blob([UInt8])

        static func optional(_ value: Int64?) -> Bound { value.map { .integer($0) } ?? .null }
        static func optional(_ value: String?) -> Bound { value.map { .text($0) } ?? .null }
        static func id(_ value: Identifier) -> Bound { .blob(value.bytes) }
        static func flag(_ value: Bool) -> Bound { .integer(value ? 1 : 0) }
        static func word(_ value: UInt64) -> Bound { .integer(Int64(bitPattern: value)) }
    }

    let handle: OpaquePointer
    private let statement: Statement

    init(_ db: Database, _ sql: String) throws {
        statement = try db.cachedStatement(sql: sql)
        handle = statement.sqliteStatement
    }

    /// Lets SQLite take a copy of what is bound.
    static var copied: sqlite3_destructor_type {
        unsafeBitCast(OpaquePointer(bitPattern: -1), to: sqlite3_destructor_type.self)
    }

    func bind(_ index: Int32, _ value: Bound) {
        switch value {
        case .null: sqlite3_bind_null(handle, index)
        case .integer(let number): sqlite3_bind_int64(handle, index, number)
        case .real(let number): sqlite3_bind_double(handle, index, number)
        case .text(var text):
            guard !text.isEmpty else {
                sqlite3_bind_text(handle, index, "", 0, Self.copied)
                return
            }
            _ = text.withUTF8 { octets in
                octets.withMemoryRebound(to: CChar.self) {
                    sqlite3_bind_text(handle, index, $0.baseAddress, Int32($0.count), Self.copied)
                }
            }
        case .blob(let octets):
            _ = octets.withUnsafeBytes {
                $0.isEmpty
                    ? sqlite3_bind_zeroblob(handle, index, 0)
                    : sqlite3_bind_blob(handle, index, $0.baseAddress, Int32($0.count), Self.copied)
            }
        }
    }

    /// Steps once; true when there is a row.
    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let connection = sqlite3_db_handle(handle)
            let code = ResultCode(rawValue: sqlite3_extended_errcode(connection))
            let error = DatabaseError(resultCode: code, message: String(cString: sqlite3_errmsg(connection)))
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Makes the statement ready for the next use.
    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    /// Runs it to its end.
    func run(_ values: Bound...) throws {
        try each(values) { _ in }
    }

    /// Calls `body` for every row.
    func each(_ values: [Bound], _ body: (SQL) throws -> Void) throws {
        for (index, value) in values.enumerated() { bind(Int32(index + 1), value) }
        defer { reset() }
        while try step() { try body(self) }
    }

    /// The first row, read by `body`.
    func first<Result>(_ values: Bound..., read body: (SQL) throws -> Result) throws -> Result? {
        for (index, value) in values.enumerated() { bind(Int32(index + 1), value) }
        defer { reset() }
        return try step() ? body(self) : nil
    }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func word(_ column: Int32) -> UInt64 { UInt64(bitPattern: integer(column)) }

    func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

    func blob(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, column))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    func id(_ column: Int32) throws -> Identifier {
        guard let id = Identifier(bytes: blob(column)) else { throw Failures.damaged }
        return id
    }
}
