import GRDB
import SyncModel

/// Whether a file is a store of ours and whole. Quick enough for every backup; ``StoreVerification`` goes on.
enum StoreCheck {
    /// - Throws: `SyncError` with code `damaged` or `too_new`.
    static func whole(_ db: Database) throws {
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard try version > 0 && db.tableExists("agency") && db.tableExists("change") else {
            throw damaged("it is no database of a Porchlight server")
        }
        guard version <= StoreSchema.versions.count else {
            throw SyncError(
                .tooNew, "the file was written by a newer porchlightd", means: "nothing was changed",
                advice: "use that version of the program, or a newer one")
        }
        let said = try String.fetchOne(db, sql: "PRAGMA integrity_check(1)") ?? ""
        guard said == "ok" else {
            throw damaged("SQLite finds it broken: \(said.split(separator: "\n").last ?? "")")
        }
    }

    /// The counters, which must agree with the log's hash.
    static func heads(_ db: Database) throws -> Heads {
        let transaction = SQLiteTransaction(db)
        let heads = try transaction.heads()
        guard try transaction.logHash(at: heads.log) == heads.logHash else {
            throw damaged("the log's hash at position \(heads.log) is not the one the server had reached")
        }
        let newest = try Int64.fetchOne(db, sql: "SELECT max(position) FROM change") ?? 0
        guard newest <= heads.log else {
            throw damaged("the log goes on after position \(heads.log), where the server stood")
        }
        return heads
    }

    /// Whether what the counters say was reached is there: of the log, of every laptop's, and of the audit log. Pages
    /// of two files under one name can be whole to SQLite, and have the one's counters and the other's rows.
    static func isOfOnePiece(_ db: Database) throws -> Bool {
        do {
            _ = try heads(db)
        } catch let error as SyncError where error.code == .damaged {
            return false
        }
        let cut = try Int64.fetchOne(
            db,
            sql: """
                SELECT number FROM incarnation WHERE mark <> ifnull(
                    (SELECT max(n) FROM change WHERE incarnation = number), 0)
                OR mark > 0 AND hash <> (SELECT change.hash FROM change WHERE incarnation = number AND n = mark)
                LIMIT 1
                """)
        guard try cut == nil && db.tableExists("audit") else { return cut == nil }
        let newest = try Row.fetchOne(db, sql: "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
        let head = try AuditLog(db).head()
        let hash = try newest?.withUnsafeData(named: "hash") { $0.flatMap { ChainHash(Array($0)) } }
        return newest?["number"] ?? 0 == head.number && hash ?? .zero == head.hash
    }

    /// The failure that names what was altered.
    static func damaged(
        _ what: String, means: String = "it was left as it is; the laptops keep their own records"
    ) -> SyncError {
        SyncError(
            .damaged, "the database was altered or is damaged: \(what)", means: means,
            advice: "keep this file for whoever looks into it, and restore the newest verified backup")
    }
}
