import GRDB
import SyncModel
import Synchronization

/// What was tried at the door by somebody whom nobody knows, counted until the audit log hears of it.
///
/// Counted in memory, so that whoever tries a million times writes no million lines: one entry tells of all, at the
/// next exchange that has an entry, at the next enrolment, or at the latest when the store is closed. What was counted
/// is lost only with a process that is killed, or with a transaction that fails; it is a hint that somebody tries, and
/// they will go on trying.
struct Attempts: Hashable {
    /// Tokens that nobody has.
    var unknownTokens: Int64 = 0
    /// Enrolment codes that were wrong, used or expired.
    var wrongCodes: Int64 = 0

    /// As an entry has them: of each kind how many, if there were any.
    var counts: [String: Int64] {
        ["unknown_tokens": unknownTokens, "wrong_codes": wrongCodes].filter { $0.value > 0 }
    }
}

extension Store {
    /// Adds the entry of what was tried since the last one, if anything was.
    func noteAttempts(_ db: Database, now: Int64) throws {
        let counts = attempts.withLock { attempts in
            defer { attempts = Attempts() }
            return attempts.counts
        }
        guard !counts.isEmpty else { return }
        try AuditLog(db).append(.refusal, counts: counts, now: now)
    }

    /// The same, for a store that is about to be closed.
    ///
    /// - Parameter now: the time that the entry gets; without one, that of the entry before it.
    func noteLastAttempts(now: Int64?) throws {
        guard attempts.withLock({ !$0.counts.isEmpty }) else { return }
        try database.write { db in
            let newest = try Int64.fetchOne(db, sql: "SELECT at FROM audit ORDER BY number DESC LIMIT 1")
            try noteAttempts(db, now: now ?? newest ?? 0)
        }
    }
}
