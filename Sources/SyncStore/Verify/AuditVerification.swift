import GRDB
import SyncModel

/// Follows the audit log's chain from its first entry to where the database says that it ends.
struct AuditVerification {
    private let db: Database

    init(_ db: Database) { self.db = db }

    func run(_ report: inout VerificationReport) throws {
        let audit = AuditLog(db)
        var last = AuditLog.Head(number: 0, hash: .zero)
        try audit.each(since: .min) { entry in
            guard entry.number == last.number + 1 else {
                throw StoreCheck.damaged("entry \(last.number + 1) of the audit log is missing")
            }
            guard entry.follows(last.hash) else {
                throw StoreCheck.damaged("entry \(entry.number) of the audit log was altered")
            }
            last = AuditLog.Head(number: entry.number, hash: entry.hash)
            report.auditEntries += 1
        }
        let head = try audit.head()
        guard head.number <= last.number else {
            throw StoreCheck.damaged(
                "the audit log ends at entry \(last.number), and had \(head.number) entries")
        }
        guard head == last else {
            throw StoreCheck.damaged("the audit log does not end where it was known to")
        }
    }

    /// Whether every change that an entry names by its hash is in the log. To be asked once the log's hashes are known
    /// to be those of its bytes: then the values of a decision are the ones that were decided.
    func changes() throws {
        guard try db.columns(in: "audit").contains(where: { $0.name == "change_hash" }) else { return }
        let strange = try Int64.fetchOne(
            db,
            sql: """
                SELECT number FROM audit
                WHERE change_hash IS NOT NULL AND change_hash NOT IN (SELECT hash FROM change)
                ORDER BY number LIMIT 1
                """)
        if let strange {
            throw StoreCheck.damaged(
                "entry \(strange) of the audit log tells of a change that is not in the log of changes")
        }
    }
}
