import GRDB
import GRDBSQLite

/// A prepared statement of one connection, bound and stepped without GRDB's value boxes.
///
/// GRDB owns the connection, the transaction and the statement's life; this only spares the hot path the
/// conversions, which cost more than SQLite itself does.
struct RawStatement {
    private let statement: Statement
    private let handle: OpaquePointer

    init(_ db: Database, _ sql: String) throws {
        statement = try db.cachedStatement(sql: sql)
        handle = statement.sqliteStatement
    }

    /// SQLITE_TRANSIENT: SQLite makes its own copy of what is bound. The macro is a cast, which Swift does not import.
    private static var transient: sqlite3_destructor_type {
        unsafeBitCast(OpaquePointer(bitPattern: -1), to: sqlite3_destructor_type.self)
    }

    @discardableResult
    func bind(_ index: Int32, _ value: Int64?) -> RawStatement {
        if let value {
            sqlite3_bind_int64(handle, index, value)
        } else {
            sqlite3_bind_null(handle, index)
        }
        return self
    }

    @discardableResult
    func bind(_ index: Int32, _ value: String?) -> RawStatement {
        guard var value else {
            sqlite3_bind_null(handle, index)
            return self
        }
        _ = value.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { characters in
                if let base = characters.baseAddress {
                    sqlite3_bind_text(handle, index, base, Int32(characters.count), Self.transient)
                } else {
                    sqlite3_bind_text(handle, index, "", 0, Self.transient)
                }
            }
        }
        return self
    }

    @discardableResult
    func bind(_ index: Int32, _ value: [UInt8]) -> RawStatement {
        _ = value.withUnsafeBufferPointer { octets in
            if let base = octets.baseAddress, !octets.isEmpty {
                sqlite3_bind_blob(handle, index, base, Int32(octets.count), Self.transient)
            } else {
                sqlite3_bind_zeroblob(handle, index, 0)
            }
        }
        return self
    }

    @discardableResult
    func bind(_ index: Int32, optional value: [UInt8]?) -> RawStatement {
        if let value { return bind(index, value) }
        sqlite3_bind_null(handle, index)
        return self
    }

    /// Runs to the end, expecting no rows.
    func run() throws {
        defer { sqlite3_reset(handle) }
        let result = sqlite3_step(handle)
        guard result == SQLITE_DONE || result == SQLITE_ROW else { throw failure() }
    }

    /// Reads the first row, if there is one.
    func first<Row>(_ read: (RawStatement) throws -> Row) throws -> Row? {
        defer { sqlite3_reset(handle) }
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return try read(self)
        case SQLITE_DONE: return nil
        default: throw failure()
        }
    }

    /// Reads every row.
    func all<Row>(_ read: (RawStatement) throws -> Row) throws -> [Row] {
        defer { sqlite3_reset(handle) }
        var rows: [Row] = []
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: rows.append(try read(self))
            case SQLITE_DONE: return rows
            default: throw failure()
            }
        }
    }

    /// Goes through every row without keeping any.
    func each(_ body: (RawStatement) throws -> Void) throws {
        defer { sqlite3_reset(handle) }
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: try body(self)
            case SQLITE_DONE: return
            default: throw failure()
            }
        }
    }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func optionalInteger(_ column: Int32) -> Int64? {
        sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : sqlite3_column_int64(handle, column)
    }

    func blob(_ column: Int32) -> [UInt8] {
        let count = Int(sqlite3_column_bytes(handle, column))
        guard count > 0, let base = sqlite3_column_blob(handle, column) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: base, count: count))
    }

    func text(_ column: Int32) -> String {
        let count = Int(sqlite3_column_bytes(handle, column))
        guard count > 0, let base = sqlite3_column_text(handle, column) else { return "" }
        return String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self)
    }

    func optionalText(_ column: Int32) -> String? {
        sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : text(column)
    }

    private func failure() -> DatabaseError {
        let connection = sqlite3_db_handle(handle)
        return DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: String(cString: sqlite3_errmsg(connection)))
    }
}
