import Foundation
import GRDB
import SyncModel

/// Opens the store's file and keeps its schema current.
enum StoreDatabase {
    /// Milliseconds to wait for another process's write: an ingest of a full exchange takes a second.
    private static let busySeconds = 15.0
    /// Kibibytes of page cache. The default of 2 MB makes a large ingest write pages twice.
    private static let cacheKibibytes = 32 << 10

    static func open(at path: String) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.busyMode = .timeout(busySeconds)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA cache_size = -\(cacheKibibytes)")
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        // Only now: a pool that begins sets NORMAL for its writer, whatever was prepared before, and with that a
        // power cut would take back what laptops were told is safe.
        try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
        return pool
    }

    /// Runs the versions the file has not seen.
    ///
    /// - Throws: `SyncError` with code `too_new` for a file that a newer program wrote.
    static func upgrade(_ db: Database) throws {
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard version > 0 else { throw DatabaseError(resultCode: .SQLITE_NOTADB) }
        guard version <= StoreSchema.versions.count else {
            throw SyncError(
                .tooNew, "the server's database was written by a newer porchlightd",
                means: "nothing was changed", advice: "run the newer program again, or restore a backup")
        }
        for index in version..<StoreSchema.versions.count {
            try db.execute(sql: StoreSchema.versions[index])
        }
        if version < StoreSchema.versions.count {
            try db.execute(sql: "PRAGMA user_version = \(StoreSchema.versions.count)")
        }
    }
}

/// Turns SQLite's result codes into words.
enum StoreFailure {
    /// Whoever asked may be a laptop or somebody at the server.
    private static let notDone =
        "what was asked for was not done, and nothing of an exchange was taken; the laptops keep what they have and "
        + "send it again"

    static func translated<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw explained(error)
        } catch let fault as FileFault {
            throw explained(fault)
        }
    }

    /// A journal beside the database, or the folder's lock, could not be written or read.
    private static func explained(_ fault: FileFault) -> SyncError {
        switch fault.number {
        case ENOSPC, EDQUOT: explained(DatabaseError(resultCode: .SQLITE_FULL))
        case EACCES, EPERM, EROFS: explained(DatabaseError(resultCode: .SQLITE_READONLY))
        case EIO: diskError(Int(fault.number), "error")
        default:
            SyncError(
                .internalFault, "a file beside the server's database refused (error \(fault.number))",
                means: notDone,
                advice: "try again; if it stays, look at the server's disk and its log")
        }
    }

    /// See <https://www.sqlite.org/rescode.html>.
    static func explained(_ error: DatabaseError) -> SyncError {
        // Where not even the page that readers and writers share can be made, SQLite speaks of the disk itself.
        if error.extendedResultCode == .SQLITE_IOERR_SHMSIZE {
            return explained(DatabaseError(resultCode: .SQLITE_FULL))
        }
        return explainedByCode(error)
    }

    private static func explainedByCode(_ error: DatabaseError) -> SyncError {
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            SyncError(
                .damaged, "the server's database is damaged, or is no database of ours",
                means: "nothing more is taken in; the laptops keep their records",
                advice: "restore the newest verified backup")
        case .SQLITE_FULL:
            SyncError(
                .diskFull, "the server's disk is full",
                means: notDone,
                advice: "free some space; nothing else is needed")
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            SyncError(
                .readOnly, "the server's database may not be written",
                means: notDone,
                advice: "check who owns the data folder")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            SyncError(
                .busy, "another process is holding the server's database",
                means: notDone,
                advice: "try again in a minute")
        case .SQLITE_IOERR: diskError(Int(error.extendedResultCode.rawValue), "SQLite code")
        default:
            SyncError(
                .internalFault,
                "the server's database refused (SQLite code \(error.extendedResultCode.rawValue))",
                means: notDone,
                advice: "try again; if it stays, look at the server's disk and its log")
        }
    }

    /// Whether what was being written is there after such an error only the next start shows, so nothing is said
    /// of it: the laptop asks again, and hears.
    private static func diskError(_ number: Int, _ what: String) -> SyncError {
        SyncError(
            .internalFault, "the server's disk reported an error (\(what) \(number))",
            means: "nothing counts as taken that was not acknowledged; the laptops keep it and send it again",
            advice: "check the server's disk and the machine's log, then start the server again")
    }
}
