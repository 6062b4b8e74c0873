import SyncModel
import SyncWire

/// Reading the history of one record.
extension Round {
    /// A page of a record's history, and whether whoever asks is open to every record, as administrators are.
    ///
    /// - Throws: `SyncError` with code `unknown_record` for a record that is not here and, in the same words, for one
    ///   outside the device's scope.
    func history(_ request: HistoryRequest) throws -> (page: HistoryPage, isAdministrators: Bool) {
        let working = WorkingSet(transaction, schema: domain.schema)
        let names = try subscriptions(working)
        let keys = Set(try names.compactMap { try transaction.knownKey($0) })
        guard let record = try working.find(request.record), record.exists,
            record.stored.keys.contains(where: keys.contains)
        else {
            throw SyncError(
                .unknownRecord, "this laptop receives no record of that name",
                means: "nothing was changed", advice: "sync, or check the code")
        }
        let limit = max(1, min(request.limit, Limits.changesPerHistoryPage))
        let rows = try transaction.history(
            of: record.stored.number, after: Int64(clamping: request.after), limit: limit + 1,
            staff: speaker.staff)
        let live = Set(record.state.live.map(\.dot))
        var page = HistoryPage(
            record: request.record, table: record.state.table, changes: [], next: nil)
        var (octets, last) = (0, Int64(0))
        for row in rows {
            if page.changes.count == limit || octets > Limits.pageBytes {
                page.next = UInt64(last)
                break
            }
            octets += row.octets
            last = row.position
            guard let change = try row.change() else { continue }
            page.changes.append(
                HistoryChange(
                    change: change, isLive: live.contains(change.dot),
                    origin: ConflictNotes.Origin(row.arrived), outcome: row.outcome))
        }
        return (page, names.contains("all"))
    }
}

extension HistoryRow {
    /// About how many octets it takes in an answer.
    fileprivate var octets: Int {
        switch content {
        case .frozen(let bytes, _): bytes.count
        case .state(let bytes): bytes.count
        }
    }

    fileprivate func change() throws -> LiveChange? {
        switch content {
        case .frozen(let bytes, let effective):
            LiveChange(try FrozenCodec.decode(bytes).change, effective: effective)
        case .state(let bytes): try StateCodec.decode(bytes).live.first
        }
    }
}
