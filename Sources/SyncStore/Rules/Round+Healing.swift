import SyncModel

/// What a round does with what a replica remembers and this server may have forgotten.
extension Round {
    /// The effective times that changes had been given before a restore. Nobody is asked for them in the first
    /// epoch: there was nothing to forget.
    func given(_ request: ExchangeRequest, _ heads: Heads) -> [UInt64: EffectiveTime] {
        guard heads.epoch > 1 else { return [:] }
        var given: [UInt64: EffectiveTime] = [:]
        for said in request.remembered.said where said.dot.incarnation == request.hello.incarnation {
            given[said.dot.n] = said.effective
        }
        return given
    }

    /// What was taken back before this server has it: it was restored, and has lost both the change and what its author
    /// had said of it since. A retired laptop decides nothing any more: what it had taken back is refused again.
    func takenBack(_ request: ExchangeRequest) -> [UInt64: String] {
        guard !speaker.isRetired else { return [:] }
        let own = request.withdrawals.filter { $0.dot.incarnation == request.hello.incarnation }
        return Dictionary(own.map { ($0.dot.n, $0.reason) }, uniquingKeysWith: { first, _ in first })
    }

    /// Takes back records from those who hold everything; from others they are not believed.
    ///
    /// - Returns: how many changes were new.
    func bring(_ kept: [KeptRecord], _ working: WorkingSet, _ heads: inout Heads) throws -> Int {
        guard !kept.isEmpty, heads.epoch > 1, !speaker.isRetired,
            try subscriptions(working).contains("all")
        else { return 0 }
        guard mayWrite else { throw NeedsWriting() }
        return try Bringing(working: working, domain: domain, speaker: speaker, now: now)
            .bring(kept, heads: &heads)
    }

    /// Which of these records the device holds no more: they are here, and outside its scope. Of records that
    /// are not here nothing is said; the device may hold the last copy.
    ///
    /// But for those of which everything that came was discarded or withdrawn since: whoever wrote it has taken it back or
    /// was told, and whoever receives `all` has brought back before what they hold of it beside that.
    func gone(
        _ held: [RecordID], _ names: [ScopeKey], _ told: [RecordID], _ working: WorkingSet
    ) throws -> [RecordID] {
        guard !held.isEmpty else { return [] }
        let subscribed = Set(try names.map(number))
        let told = Set(told)
        return try held.filter { id in
            guard !told.contains(id), let record = try working.find(id) else { return false }
            guard record.exists else {
                let authors = try working.transaction.authorsOfClosed(record.stored.number)
                return authors.contains(speaker.staff) || !authors.isEmpty && names.contains("all")
            }
            return !record.stored.keys.contains(where: subscribed.contains)
        }
    }
}
