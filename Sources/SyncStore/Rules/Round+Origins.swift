import SyncModel

/// Where what stands in some records was written.
extension Round {
    /// For each record, in the order in which they are asked about, where its live changes were written and when they reached
    /// the server. Nothing of a record that is not here, and likewise of one outside the device's scope.
    func origins(of records: [RecordID]) throws -> [ConflictNotes] {
        let working = WorkingSet(transaction, schema: domain.schema)
        let keys = Set(try subscriptions(working).compactMap { try transaction.knownKey($0) })
        let annotating = Annotating(working: working)
        return try records.map { id in
            guard let record = try working.find(id), record.exists,
                record.stored.keys.contains(where: keys.contains)
            else { return ConflictNotes(bases: [], origins: []) }
            return ConflictNotes(
                bases: [], origins: try annotating.origins(of: record.state, record.stored.number))
        }
    }
}
