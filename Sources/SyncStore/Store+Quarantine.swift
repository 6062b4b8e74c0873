import Foundation
import GRDB
public import SyncModel
import SyncWire

/// A change that was refused and kept, without what it says.
public struct QuarantinedChange: Hashable, Sendable {
    /// Its number: its place in the server's log.
    public let id: Int64
    /// The number of the first of those entered together with it, or its own.
    public let together: Int64
    /// The laptop it came from.
    public let device: String
    /// Under whose name it was written: a staff code.
    public let staff: String
    /// The table of its record.
    public let table: String
    /// Why it was refused.
    public let refusal: Refusal
    /// When it came, microseconds since 1970.
    public let receivedAt: Int64
    /// When it counts as written, microseconds; `nil` if nothing is known of it.
    public let effective: EffectiveTime?
}

/// A change that was refused and kept, with what it says, and what stands there now.
public struct QuarantinedContent: Hashable, Sendable {
    /// Which change.
    public let change: QuarantinedChange
    /// Its record.
    public let record: RecordID
    /// Whether there is such a record now.
    public let recordExists: Bool
    /// The registers it writes.
    public let registers: [Register]
    /// The numbers of all that were entered together with it, its own among them.
    public let group: [Int64]
    /// Its record and those it names, as they are shown now; without those that are not here.
    public let known: [RecordID: RecordView]

    /// One register it writes.
    public struct Register: Hashable, Sendable {
        /// What it writes.
        public let write: RegisterWrite
        /// The values that stand there, the one that is shown first.
        public let standing: [Standing]
    }

    /// A value that stands in a register.
    public struct Standing: Hashable, Sendable {
        /// Who wrote it.
        public let author: String
        /// The value.
        public let values: [Value]
        /// Whether the change's writer had read it; then a release replaces it, and otherwise stands beside it.
        public let wasRead: Bool
    }
}

/// Who decided, and why.
public struct QuarantineDecision: Hashable, Sendable {
    /// An administrator's staff code.
    public let staff: String
    /// Why, in their words. It stands in the audit log for ever.
    public let reason: String

    /// Puts a decision into words.
    public init(staff: String, reason: String) {
        self.staff = staff
        self.reason = reason
    }
}

/// What was decided about one change.
public struct DecidedChange: Hashable, Sendable {
    /// The change's number.
    public let id: Int64
    /// The laptop it came from.
    public let device: String
    /// Whether it stands beside another value now, and somebody has to choose.
    public let isConflict: Bool
}

extension Store {
    /// The changes in quarantine, in the order in which they came.
    public func quarantine() throws -> [QuarantinedChange] {
        try StoreFailure.translated {
            try database.read { try QuarantineRoom(SQLiteTransaction($0), self.domain).list() }
        }
    }

    /// One change in quarantine with what it says.
    ///
    /// - Throws: `SyncError` with code `nothing` if no change of that number is in quarantine.
    public func quarantined(_ id: Int64) throws -> QuarantinedContent {
        try StoreFailure.translated {
            try database.read { try QuarantineRoom(SQLiteTransaction($0), self.domain).content(of: id) }
        }
    }

    /// Issues changes anew with their author and context, each with all that were entered together with it. All
    /// of them are released, or none is.
    ///
    /// - Throws: `SyncError`: `nothing` for a number that is not in quarantine, `not_permitted` if whoever
    ///   decides is no administrator, `bad_value` for a change that cannot be released or for a reason that is
    ///   none.
    public func release(
        _ ids: [Int64], _ decision: QuarantineDecision, now: Int64,
        using generator: inout some RandomNumberGenerator
    ) throws -> [DecidedChange] {
        let incarnation = Identifier.version4(using: &generator)
        let (decided, roles) = try StoreFailure.translated {
            try database.write { db in
                let transaction = SQLiteTransaction(db)
                let room = QuarantineRoom(transaction, self.domain)
                let decided = try room.release(ids, decision, under: incarnation, now: now) {
                    (0..<FrozenCodec.seedBytes).map { _ in
                        UInt8(truncatingIfNeeded: generator.next() as UInt64)
                    }
                } noting: {
                    try AuditLog(db).note(.release, $0, decision, now)
                }
                try place.reached(.decisionWritten)
                return (decided, transaction.notedRoles)
            }
        }
        try place.reached(.decisionCommitted)
        // Lost if the machine breaks off right here, and then noted when the store is next opened.
        try StoreFailure.translated { try SecurityJournal(place).append(roles.map { $0.entry(now) }) }
        return decided
    }

    /// Takes changes out of quarantine for good, each with all that were entered together with it. What they say
    /// stays in the history and becomes no part of any record.
    ///
    /// - Throws: as ``release(_:_:now:using:)``.
    public func discard(_ ids: [Int64], _ decision: QuarantineDecision, now: Int64) throws -> [DecidedChange]
    {
        let decided = try StoreFailure.translated {
            try database.write { db in
                let room = QuarantineRoom(SQLiteTransaction(db), self.domain)
                let decided = try room.discard(ids, decision, now: now) {
                    try AuditLog(db).note(.discard, $0, decision, now)
                }
                try place.reached(.decisionWritten)
                return decided
            }
        }
        try place.reached(.decisionCommitted)
        return decided
    }
}

extension AuditLog {
    /// One line for what was entered together.
    fileprivate func note(
        _ kind: AuditEntry.Kind, _ group: [DecidedChange], _ decision: QuarantineDecision, _ now: Int64
    ) throws {
        guard let first = group.first else { return }
        try append(
            kind, device: first.device, staff: decision.staff,
            counts: ["change": first.id, "changes": Int64(group.count)], note: decision.reason, now: now)
    }
}
