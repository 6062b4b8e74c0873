import SyncModel
import SyncWire

/// Writes what a transaction has changed, and moves it to the head of the feed.
struct Publication {
    let working: WorkingSet
    let domain: any Domain

    /// Gives every moved record one new position under all of its keys, and marks the keys it has left.
    ///
    /// - Returns: the keys under which something moved.
    func publish(heads: inout Heads) throws -> Set<KeyNumber> {
        let transaction = working.transaction
        var touched: Set<KeyNumber> = []
        for record in working.moved where record.exists {
            heads.feed += 1
            let number = record.stored.number
            let keys = Set(record.stored.keys)
            for key in record.keysBefore {
                try transaction.vacate(key: key, position: record.positionBefore)
                if !keys.contains(key) { try transaction.depart(number, key: key, position: heads.feed) }
            }
            let before = Set(record.keysBefore)
            for key in record.stored.keys {
                try transaction.enter(number, key: key, position: heads.feed)
                if !before.contains(key), record.positionBefore != 0 {
                    try transaction.undepart(number, key: key)
                }
            }
            touched.formUnion(keys.union(before))
            record.stored.position = heads.feed
            if record.isChanged {
                record.stored.table = record.state.table
                record.stored.state = StateCodec.encode(record.state)
                record.stored.isDisputed = !record.state.conflicts.isEmpty
                try noteRole(record)
            }
            if !record.isNew { try transaction.update(record.stored) }
        }
        for record in working.named { try transaction.insert(record.stored) }
        return touched
    }

    /// Keeps since when somebody holds a role, so that late changes are judged by the one held when written.
    private func noteRole(_ record: WorkingRecord) throws {
        let place = domain.roleField
        guard record.state.table == place.table, let view = working.view(record),
            let role = view[place.field].text, let code = view[domain.staffCodeField].text,
            record.stored.id == NaturalKey.id(table: place.table, key: code)
        else { return }
        let now = try working.transaction.role(of: code, at: .max)
        guard now != role else { return }
        let register = view.table.place(of: place.field)?.register.name ?? ""
        let since = record.state.siblings(of: register).first?.change.effective?.microseconds ?? 0
        try working.transaction.noteRole(role, of: code, since: since)
    }
}
