import Foundation
import GRDB
import SyncModel

/// What a verification went through, and found as it was written.
public struct VerificationReport: Hashable, Sendable {
    /// Entries of the audit log.
    public internal(set) var auditEntries = 0
    /// Changes in the history.
    public internal(set) var changes = 0
    /// Incarnations whose logs they make up.
    public internal(set) var incarnations = 0
    /// Positions at which the log's hash was noted.
    public internal(set) var positions = 0
    /// Records whose state is the merge of their history.
    public internal(set) var records = 0
    /// The epoch.
    public internal(set) var epoch: UInt64 = 0
    /// The position the log has reached.
    public internal(set) var log: Int64 = 0
}

extension Store {
    /// Reads a whole database, at one moment and while others may go on writing, and recomputes every hash and
    /// every record's state; and looks whether tables, indexes and triggers are those that the program makes.
    ///
    /// What it cannot see: somebody who alters an entry *and* recomputes every hash after it, down to those the
    /// agency's row holds. Laptops would: their own logs, and the log's hash in their cursors, no longer fit. Nor what
    /// is told by no hash: the register of laptops (names, owners, when one was retired, which log is whose), the roles
    /// that staff have had, whether a change was taken as a conflict, how one fared that has no part in any value any
    /// more, why one was refused, which change was issued for a released one, which feed a record lies in.
    ///
    /// - Throws: `SyncError` with code `damaged`, which names the first thing that is not as it was written;
    ///   `nothing`, `too_new`, or as the disk does.
    public static func verify(at path: String) throws -> VerificationReport {
        try DiskWork(means: "nothing was found out; nothing was changed").run {
            guard FileManager.default.fileExists(atPath: path) else {
                throw SyncError(.nothing, "there is no server database here", advice: "check the path")
            }
            let place = StorePlace(path)
            let lock = try StoreLock(place.lock, .shared)
            defer { lock.release() }
            return try verified(path)
        }
    }

    /// Reads a backup's file in the same way, without a server or anything beside it; the file is not written, and
    /// nothing is locked.
    ///
    /// - Throws: as ``verify(at:)``.
    public static func verify(backup file: String) throws -> VerificationReport {
        try DiskWork(means: "nothing was found out; nothing was changed").run {
            guard FileManager.default.fileExists(atPath: file) else {
                throw SyncError(.nothing, "there is no file \(file)", advice: "check the path")
            }
            return try verified(file)
        }
    }

    private static func verified(_ path: String) throws -> VerificationReport {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { db in
            try StoreCheck.whole(db)
            var report = VerificationReport()
            if try db.tableExists("audit") { try AuditVerification(db).run(&report) }
            try LogVerification(db).run(&report)
            if try db.tableExists("audit") { try AuditVerification(db).changes() }
            try ClosingVerification(db).run()
            try RecordVerification(db).run(&report)
            let heads = try StoreCheck.heads(db)
            try DerivedVerification(db).run()
            try SchemaVerification(db).run()
            (report.epoch, report.log) = (heads.epoch, heads.log)
            return report
        }
    }
}
