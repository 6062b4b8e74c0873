import GRDB

extension Store {
    /// Goes through the audit log, oldest first, from a time on (microseconds since 1970).
    public func audit(since: Int64 = 0, _ body: (AuditEntry) throws -> Void) throws {
        try StoreFailure.translated {
            try database.read { try AuditLog($0).each(since: since, body) }
        }
    }
}
