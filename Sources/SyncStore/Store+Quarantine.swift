import GRDB
public import SyncModel
import SyncWire

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

extension Store {
    /// The changes in quarantine, in the order in which they came.
    public func quarantine() throws -> [QuarantinedChange] {
        try StoreFailure.translated {
            try database.read { try QuarantineRoom(SQLiteTransaction($0), self.domain).list() }
        }
    }

    /// One change in quarantine with what it says. That it was read is noted in the audit log.
    ///
    /// - Throws: `SyncError` with code `nothing` if no change of that number is in quarantine.
    public func quarantined(_ id: Int64, now: Int64) throws -> QuarantinedContent {
        try content(of: id, readBy: "", now: now) { _ in }
    }

    /// Records as they are shown; without those that are not here.
    public func views(of ids: [RecordID]) throws -> [RecordID: RecordView] {
        try StoreFailure.translated {
            try database.read { db in
                let working = WorkingSet(SQLiteTransaction(db), schema: self.domain.schema)
                var found: [RecordID: RecordView] = [:]
                for id in ids { found[id] = try working.view(id) }
                return found
            }
        }
    }

    /// Issues changes anew with their author and context, each with all that were entered together with it. All
    /// of them are released, or none is.
    ///
    /// - Throws: `SyncError`: `nothing` for a number that is not in quarantine, `not_permitted` if whoever
    ///   decides is no administrator, `bad_value` for a change that cannot be released, or not without one that it
    ///   builds upon, or for a reason that is none.
    public func release(
        _ ids: [Int64], _ decision: QuarantineDecision, now: Int64,
        using generator: inout some RandomNumberGenerator
    ) throws -> [DecidedChange] {
        try releasing(ids, decision, now: now, using: &generator) { _ in }.changes
    }

    /// Takes changes out of quarantine for good, each with all that were entered together with it. What they say
    /// stays in the history and becomes no part of any record.
    ///
    /// - Parameter alone: Also where that leaves others, in quarantine or taken, without what they build upon.
    /// - Throws: as ``release(_:_:now:using:)``; `bad_value` also where others build upon one of them, unless `alone`.
    public func discard(
        _ ids: [Int64], _ decision: QuarantineDecision, alone: Bool, now: Int64
    ) throws -> [DecidedChange] {
        try discarding(ids, decision, alone: alone, now: now) { _ in }.changes
    }

    // MARK: Below, with who may: `admit` throws in the same transaction if the asking laptop may not

    func content(
        of id: Int64, readBy staff: String, now: Int64, admit: (Database) throws -> Void
    ) throws -> QuarantinedContent {
        try StoreFailure.translated {
            try database.write { db in
                try admit(db)
                let content = try QuarantineRoom(SQLiteTransaction(db), self.domain).content(of: id)
                try AuditLog(db).append(
                    .show, device: content.change.device, staff: staff, counts: ["change": id], now: now)
                return content
            }
        }
    }

    func releasing(
        _ ids: [Int64], _ decision: QuarantineDecision, now: Int64,
        using generator: inout some RandomNumberGenerator, admit: (Database) throws -> Void
    ) throws -> QuarantineRoom.Decided {
        let incarnation = Identifier.version4(using: &generator)
        let (decided, roles) = try StoreFailure.translated {
            try database.write { db in
                try admit(db)
                let transaction = SQLiteTransaction(db)
                let room = QuarantineRoom(transaction, self.domain)
                let decided = try room.release(ids, decision, under: incarnation, now: now) {
                    (0..<FrozenCodec.seedBytes).map { _ in
                        UInt8(truncatingIfNeeded: generator.next() as UInt64)
                    }
                } noting: {
                    try AuditLog(db).note(.release, $0, decision, now)
                }
                try AuditLog(db).note(decided.decisions, now)
                try AuditLog(db).note(decided.admissions, now)
                try place.reached(.decisionWritten)
                return (decided, transaction.notedRoles)
            }
        }
        try place.reached(.decisionCommitted)
        // Lost if the machine breaks off right here, and then noted when the store is next opened.
        try StoreFailure.translated { try SecurityJournal(place).append(roles.map { $0.entry(now) }) }
        return decided
    }

    func discarding(
        _ ids: [Int64], _ decision: QuarantineDecision, alone: Bool, now: Int64,
        admit: (Database) throws -> Void
    ) throws -> QuarantineRoom.Decided {
        let decided = try StoreFailure.translated {
            try database.write { db in
                try admit(db)
                let room = QuarantineRoom(SQLiteTransaction(db), self.domain)
                let decided = try room.discard(ids, decision, alone: alone, now: now) {
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
