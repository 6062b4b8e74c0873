import GRDB
public import SyncModel

/// What became of an administrator's question about quarantine.
public struct QuarantineOutcome: Hashable, Sendable {
    /// What the laptop is answered.
    public let reply: QuarantineReply
    /// The scope keys under which something moved, for those who wait to hear of it.
    public let touched: Set<ScopeKey>
}

/// What administrators do from their laptops: the rules are those of `porchlightd quarantine`, and who asks is
/// whoever the laptop belongs to.
extension Store {
    /// Answers a question about quarantine.
    ///
    /// - Throws: `SyncError`: `retired` and `not_permitted` when the device may not ask, which goes into the audit
    ///   log; otherwise as ``release(_:_:now:using:)`` and ``quarantined(_:now:)``.
    public func quarantine(
        _ request: QuarantineRequest, from device: DeviceIdentity, now: Int64,
        using generator: inout some RandomNumberGenerator
    ) throws -> QuarantineOutcome {
        do {
            return try answer(request, from: device, now: now, using: &generator)
        } catch let error as SyncError where error.code == .notPermitted || error.code == .retired {
            try noteRefusal(of: device, "quarantine", now: now)
            throw error
        }
    }

    private func answer(
        _ request: QuarantineRequest, from device: DeviceIdentity, now: Int64,
        using generator: inout some RandomNumberGenerator
    ) throws -> QuarantineOutcome {
        func admit(_ db: Database) throws { try self.admitAdministrator(device, db) }
        switch request {
        case .list(let of, let after):
            let all = try StoreFailure.translated {
                try database.read { db in
                    try admit(db)
                    return try QuarantineRoom(SQLiteTransaction(db), self.domain).list()
                }
            }
            let due = all.filter { $0.id > after && (of == nil || $0.device == of) }
            let page = Array(due.prefix(Limits.quarantinePerAnswer))
            return QuarantineOutcome(reply: .list(page, more: page.count < due.count), touched: [])
        case .show(let id):
            let content = try content(of: id, readBy: device.staff, now: now, admit: admit)
            return QuarantineOutcome(reply: .content(content), touched: [])
        case .release(let ids, let reason):
            let decision = QuarantineDecision(staff: device.staff, reason: reason)
            let decided = try releasing(ids, decision, now: now, using: &generator, admit: admit)
            return QuarantineOutcome(reply: .decided(decided.changes), touched: decided.touched)
        case .discard(let ids, let reason, let alone):
            let decision = QuarantineDecision(staff: device.staff, reason: reason)
            let decided = try discarding(ids, decision, alone: alone, now: now, admit: admit)
            return QuarantineOutcome(reply: .decided(decided.changes), touched: decided.touched)
        case .closed(let after, let since):
            let (page, more) = try StoreFailure.translated {
                try database.read { db in
                    try admit(db)
                    return try ClosedChanges(db).page(after: after, since: since)
                }
            }
            return QuarantineOutcome(reply: .closed(page, more: more), touched: [])
        }
    }

    /// Lets in the laptop of somebody to whom every record is open, if it was not retired. It looks in the
    /// transaction of what is done, since the device may have been retired a moment ago.
    private func admitAdministrator(_ device: DeviceIdentity, _ db: Database) throws {
        let speaker = try admit(device, db)
        let working = WorkingSet(SQLiteTransaction(db), schema: domain.schema)
        guard try working.subscriptions(of: speaker, domain).contains("all") else {
            throw SyncError(
                .notPermitted, "only an administrator sees and decides what is in quarantine",
                means: "nothing was shown or changed", advice: "ask an administrator")
        }
    }

    /// Lets in a laptop that was not retired.
    func admit(_ device: DeviceIdentity, _ db: Database) throws -> Speaker {
        let isRetired = try RawStatement(db, "SELECT retired_at FROM device WHERE number = ?")
            .bind(1, device.number).first { $0.optionalInteger(0) != nil }
        guard isRetired == false else {
            throw SyncError(
                .retired, "this laptop was retired", means: "nothing was shown or changed",
                advice: "speak to your administrator")
        }
        return Speaker(number: device.number, code: device.device, staff: device.staff, isRetired: false)
    }

    /// Notes that a known laptop asked for what is not its owner's.
    func noteRefusal(of device: DeviceIdentity, _ what: String, now: Int64) throws {
        try StoreFailure.translated {
            try database.write {
                try AuditLog($0).append(
                    .refusal, device: device.device, staff: device.staff, counts: [what: 1], now: now)
            }
        }
    }
}
