import GRDB
public import SyncModel

extension Store {
    /// Every change that is or was part of a record, a page at a time, for a device in whose scope the record is now.
    ///
    /// What of others was refused is not in it; what was refused of the device's own staff member is. An
    /// administrator's look goes into the audit log before anything is answered.
    ///
    /// - Throws: `SyncError`: `unknown_record` for a record that is not here and likewise for one outside the device's
    ///   scope, `retired` for a device that was retired.
    public func history(
        _ request: HistoryRequest, for device: DeviceIdentity, now: Int64
    ) throws -> HistoryPage {
        try refuseRetired(device)
        return try StoreFailure.translated {
            let (page, isAdministrators) = try database.read { db in
                try self.round(SQLiteTransaction(db), device, now, mayWrite: false).history(request)
            }
            if isAdministrators {
                try database.write { db in
                    try AuditLog(db).append(
                        .history, device: device.device, staff: device.staff,
                        counts: ["changes": Int64(page.changes.count)], note: request.record.text, now: now)
                }
            }
            return page
        }
    }

    /// Where what stands in some records was written, and when it reached the server: for a device that has them, and nothing
    /// of what they say.
    ///
    /// - Parameter records: of the first ``Limits/recordsPerOrigins`` of them.
    /// - Returns: one for each, in that order, without bases; empty for a record that is not here, and likewise for one outside
    ///   the device's scope.
    /// - Throws: `SyncError`: `retired` for a device that was retired.
    public func origins(
        of records: [RecordID], for device: DeviceIdentity, now: Int64
    ) throws -> [ConflictNotes] {
        try refuseRetired(device)
        return try StoreFailure.translated {
            try database.read { db in
                try self.round(SQLiteTransaction(db), device, now, mayWrite: false)
                    .origins(of: Array(records.prefix(Limits.recordsPerOrigins)))
            }
        }
    }

    private func refuseRetired(_ device: DeviceIdentity) throws {
        guard device.isRetired else { return }
        throw SyncError(
            .retired, "this laptop was retired", means: "nothing was sent or received",
            advice: "speak to your administrator")
    }
}
