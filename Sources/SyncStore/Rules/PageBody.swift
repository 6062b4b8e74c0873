import SyncModel

/// Writes a record for a page: whole, or as the device can put it together itself.
struct PageBody {
    let transaction: any StoreTransaction
    /// The subscribed keys by their numbers.
    let names: [KeyNumber: ScopeKey]
    /// How far the device had followed each key when it asked.
    let from: [KeyNumber: Int64]
    /// Whose changes this exchange took.
    let incarnation: Incarnation
    /// Whether the answer disposes of every change the device could need, and its cursor is of this epoch.
    let mayAbbreviate: Bool

    /// The record with the keys the device receives, sorted.
    func pageRecord(_ record: WorkingRecord) throws -> PageRecord {
        let keys = record.stored.keys.compactMap { names[$0] }.sorted()
        return PageRecord(
            id: record.stored.id, keys: keys,
            body: isOwn(record) ? .own : .state(record.stored.state))
    }

    /// Whether the device can put the state together from what it holds and what it has just sent: it held
    /// the record as it was before this exchange, or nobody did.
    private func isOwn(_ record: WorkingRecord) -> Bool {
        guard mayAbbreviate, record.isMoved else { return false }
        if record.positionBefore != 0 {
            return record.keysBefore.contains { key in
                names[key] != nil && from[key].map { $0 >= record.positionBefore } == true
            }
        }
        return record.state.live.allSatisfy { change in
            change.dot.incarnation == incarnation
                && change.context.entries.allSatisfy { $0.incarnation == incarnation }
        }
    }
}
