import GRDB
public import SyncModel

extension Store {
    /// Compares what a device holds with what it should hold. It writes nothing, but for a line in the audit log
    /// when records differ.
    ///
    /// - Throws: `SyncError`: `retired` when the device may hold nothing, which goes into the audit log.
    public func compare(
        _ request: VerifyRequest, from device: DeviceIdentity, now: Int64
    ) throws -> VerifyReply {
        do {
            let reply = try StoreFailure.translated {
                try database.read { db in
                    let speaker = try self.admit(device, db)
                    let working = WorkingSet(SQLiteTransaction(db), schema: self.domain.schema)
                    return try Comparison(
                        working: working, domain: self.domain, speaker: speaker, secret: self.secret
                    )
                    .answer(request)
                }
            }
            if case .found(let findings) = reply, findings.count > 0 {
                try note(findings, of: device, now: now)
            }
            return reply
        } catch let error as SyncError where error.code == .retired {
            try noteRefusal(of: device, "verify", now: now)
            throw error
        }
    }

    private func note(_ findings: VerifyFindings, of device: DeviceIdentity, now: Int64) throws {
        try StoreFailure.translated {
            try database.write {
                try AuditLog($0).append(
                    .difference, device: device.device, staff: device.staff,
                    counts: [
                        "altered": Int64(findings.altered.count), "missing": Int64(findings.missing.count),
                        "surplus": Int64(findings.surplus.count), "unnamed": Int64(findings.unnamed),
                    ], now: now)
            }
        }
    }
}
