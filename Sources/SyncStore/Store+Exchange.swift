import GRDB
public import SyncModel

extension Store {
    /// Does one round with a device, in one transaction.
    ///
    /// A round that has nothing to write runs in a read transaction and waits for nobody.
    ///
    /// - Parameters:
    ///   - request: what the device says.
    ///   - device: who it is, as ``device(token:)`` found.
    ///   - now: the server's clock, microseconds since 1970.
    /// - Throws: `SyncError`: `malformed` or `too_large` for what cannot be taken, or as the disk does. Then
    ///   nothing was taken.
    public func exchange(
        _ request: ExchangeRequest, from device: DeviceIdentity, now: Int64
    ) throws -> ExchangeOutcome {
        guard request.changes.count <= Limits.changesPerExchange else {
            throw SyncError(
                .tooLarge, "more than \(Limits.changesPerExchange) changes in one exchange",
                means: "nothing of this exchange was taken; everything is still on the laptop",
                advice: "update the program on the laptop")
        }
        return try StoreFailure.translated {
            try place.reached(.received)
            var device = device
            if request.hello.isSealed, !device.isRetired {
                // This server was restored, and its journal is lost: what is sent too late is not to count for that.
                try retire(device: device.device, now: now)
                device.isRetired = true
            }
            let outcome = try exchanged(request, device, now)
            try place.reached(.answered)
            return outcome
        }
    }

    private func exchanged(
        _ request: ExchangeRequest, _ device: DeviceIdentity, _ now: Int64
    ) throws -> ExchangeOutcome {
        if request.changes.isEmpty, !isDue(device, now) {
            do {
                return try database.read { db in
                    try self.round(SQLiteTransaction(db), device, now, mayWrite: false).run(request)
                }
            } catch is Round.NeedsWriting {
                // Fall through to a transaction that may.
            }
        }
        let (outcome, roles) = try database.write { db in
            let transaction = SQLiteTransaction(db)
            let outcome = try self.round(transaction, device, now, mayWrite: true).run(request)
            try RawStatement(db, "UPDATE device SET last_seen_at = ?, skew = ? WHERE number = ?")
                .bind(1, now).bind(2, Judgement.skew(serverNow: now, opening: request.hello.clock))
                .bind(3, device.number).run()
            let counts = outcome.counts
            try self.note(counts, of: device, db, now)
            try AuditLog(db).note(counts.admissions, now)
            try place.reached(.exchangeWritten)
            return (outcome, transaction.notedRoles)
        }
        try place.reached(.exchangeCommitted)
        // Lost if the machine breaks off right here, and then noted when the store is next opened.
        try SecurityJournal(place).append(roles.map { $0.entry(now) })
        return outcome
    }

    /// One line for an exchange that took something or got it back, and none for the many that do not.
    private func note(
        _ counts: ExchangeOutcome.Counts, of device: DeviceIdentity, _ db: Database, _ now: Int64
    ) throws {
        let hasBrought = counts.taken > 0 || counts.brought > 0
        guard hasBrought || !counts.withdrawn.isEmpty || !counts.decisions.isEmpty else { return }
        let audit = AuditLog(db)
        try noteAttempts(db, now: now)
        for group in counts.withdrawn {
            try audit.append(
                .withdrawal, device: device.device, staff: device.staff,
                counts: ["change": group.first, "changes": Int64(group.count)], note: group.reason, now: now)
        }
        try audit.note(counts.decisions, now)
        guard hasBrought else { return }
        var told = [
            "taken": Int64(counts.taken), "conflicts": Int64(counts.conflicts),
            "quarantined": Int64(counts.quarantined),
        ]
        // Not of those taken: what others wrote, and this laptop had.
        if counts.brought > 0 { told["brought"] = Int64(counts.brought) }
        try audit.append(
            .exchange, device: device.device, staff: device.staff, counts: told, now: now)
    }

    /// When a device was last seen is worth a write every few minutes, not at every idle exchange.
    private func isDue(_ device: DeviceIdentity, _ now: Int64) -> Bool {
        guard let seen = device.lastSeenAt else { return true }
        return now - seen > Limits.lastSeenMicroseconds || now < seen
    }

    func round(
        _ transaction: SQLiteTransaction, _ device: DeviceIdentity, _ now: Int64, mayWrite: Bool
    ) -> Round {
        let epochs = Epochs(transaction.db, place, now: now)
        return Round(
            transaction: transaction, domain: domain,
            speaker: Speaker(
                number: device.number, code: device.device, staff: device.staff,
                isRetired: device.isRetired),
            secret: secret, now: now, mayWrite: mayWrite,
            reached: place.reached,
            newEpoch: { try epochs.begin(above: $0, why: "a laptop had been given what this database lacks") }
        )
    }
}
