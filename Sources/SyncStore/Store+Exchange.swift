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
            if request.changes.isEmpty, !isDue(device, now) {
                do {
                    return try database.read { db in
                        try self.round(db, device, now, mayWrite: false).run(request)
                    }
                } catch is Round.NeedsWriting {
                    // Fall through to a transaction that may.
                }
            }
            return try database.write { db in
                let outcome = try self.round(db, device, now, mayWrite: true).run(request)
                try RawStatement(db, "UPDATE device SET last_seen_at = ?, skew = ? WHERE number = ?")
                    .bind(1, now).bind(2, Judgement.skew(serverNow: now, opening: request.hello.clock))
                    .bind(3, device.number).run()
                return outcome
            }
        }
    }

    /// When a device was last seen is worth a write every few minutes, not at every idle exchange.
    private func isDue(_ device: DeviceIdentity, _ now: Int64) -> Bool {
        guard let seen = device.lastSeenAt else { return true }
        return now - seen > Limits.lastSeenMicroseconds || now < seen
    }

    private func round(_ db: Database, _ device: DeviceIdentity, _ now: Int64, mayWrite: Bool) -> Round {
        Round(
            transaction: SQLiteTransaction(db), domain: domain,
            speaker: Speaker(
                number: device.number, code: device.device, staff: device.staff,
                isRetired: device.isRetired),
            secret: secret, now: now, mayWrite: mayWrite)
    }
}
