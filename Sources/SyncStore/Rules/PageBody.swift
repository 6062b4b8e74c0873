import SyncModel

/// Writes records for a page: whole, or as the device can put them together itself.
///
/// A class, because it remembers the few sets of keys it has named.
final class PageBody {
    private var keysets: [[KeyNumber]: [ScopeKey]] = [:]
    /// The subscribed keys by their numbers.
    let names: [KeyNumber: ScopeKey]
    /// How far the device had followed each key when it asked.
    let from: [KeyNumber: Int64]
    /// Whose changes this exchange took.
    let incarnation: Incarnation
    /// Whether the answer disposes of every change the device could need, and its cursor is of this epoch.
    let mayAbbreviate: Bool

    init(
        names: [KeyNumber: ScopeKey], from: [KeyNumber: Int64], incarnation: Incarnation, mayAbbreviate: Bool
    ) {
        self.names = names
        self.from = from
        self.incarnation = incarnation
        self.mayAbbreviate = mayAbbreviate
    }

    /// The record with the keys the device receives, sorted.
    func pageRecord(_ item: Pager.Item) throws -> PageRecord {
        let isOwn = item.working.map(isOwn) ?? false
        return PageRecord(
            id: item.row.id, keys: keys(item.row.keys), body: isOwn ? .own : .state(item.row.state),
            notes: item.notes)
    }

    private func keys(_ numbers: [KeyNumber]) -> [ScopeKey] {
        if let known = keysets[numbers] { return known }
        let keys = numbers.compactMap { names[$0] }.sorted()
        keysets[numbers] = keys
        return keys
    }

    /// Whether the device can put the state together from what it holds and what it has just sent: it held
    /// the record as it was before this exchange, or nobody did.
    private func isOwn(_ record: WorkingRecord) -> Bool {
        guard mayAbbreviate, record.isMoved, record.writers.isSubset(of: [incarnation]) else { return false }
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
