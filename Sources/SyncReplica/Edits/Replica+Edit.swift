import GRDB
public import SyncModel

extension Replica {
    /// Does one edit: everything the closure writes, in one transaction, durable when this returns.
    ///
    /// - Parameters:
    ///   - token: the version the person was shown; without it the edit reads what is shown now.
    ///   - resolving: that a conflict is to be settled. It must have read every value that it replaces.
    ///   - linked: that several changes of the edit stand or fall together.
    ///   - body: the writing. It must not call this replica.
    /// - Returns: what was recorded; nothing when the closure wrote nothing.
    /// - Throws: ``SyncError``; then nothing at all was recorded.
    @discardableResult
    public func edit(
        token: ReadToken? = nil, resolving: Bool = false, linked: Bool = true,
        _ body: (Edit) throws -> Void
    ) throws -> EditReceipt {
        var isFresh = false
        let receipt = try write { db, meta in
            if meta.isSealed { throw Failures.sealed }
            isFresh = try suspect(db, meta)
            return try record(db, meta, token: token, resolving: resolving, linked: linked, body)
        }
        // It is recorded, whatever becomes of this.
        if isFresh { try? settleBeside() }
        return receipt
    }

    /// Does one edit in a transaction that is open.
    func record(
        _ db: Database, _ meta: Meta, token: ReadToken? = nil, resolving: Bool = false, linked: Bool = true,
        _ body: (Edit) throws -> Void
    ) throws -> EditReceipt {
        var head = try Log.current(db)
        let edit = try Edit(db, meta, self, head: head, token: token, resolving: resolving)
        try body(edit)
        guard !edit.drafts.isEmpty else {
            return EditReceipt(changes: [], records: [], transaction: nil)
        }
        var transaction: TransactionID?
        if linked, edit.drafts.count > 1 {
            var dice = surroundings.dice
            transaction = .version4(using: &dice)
        }
        try store(edit.drafts, transaction, db, &head)
        try surroundings.reached(.editStored)
        let rows = try VisibleRows(db, domain.schema)
        for record in Set(edit.drafts.map(\.change.record)).sorted() { try rows.refresh(record) }
        try surroundings.reached(.editWritten)
        return EditReceipt(
            changes: edit.drafts.map(\.change.dot), records: edit.drafts.map(\.change.record),
            transaction: transaction)
    }

    /// Freezes the changes and appends them to the log.
    func store(
        _ drafts: [Edit.Draft], _ transaction: TransactionID?, _ db: Database, _ head: inout LogHead
    ) throws {
        if transaction != nil, drafts.count > Limits.changesPerTransaction { throw tooMuch }
        var octets = 0
        for draft in drafts {
            var change = draft.change
            change.transaction = transaction
            octets += try Log.append(
                db, change, creates: draft.creates, to: &head, seed: surroundings.octets(12))
            if transaction != nil, octets > Limits.exchangeBytes { throw tooMuch }
        }
        try Log.save(db, head)
    }

    private var tooMuch: SyncError {
        SyncError(
            .limit, "this is too much to be recorded at once", means: "nothing was recorded",
            advice: "record it in several steps")
    }

    /// Takes back the newest edit, if no server was ever offered it; or every edit from the newest back to one that
    /// wrote a certain change, or none of them.
    ///
    /// What is about to leave is marked as offered before it does. So what lies beyond that mark is provably
    /// known to nobody, and can be taken out of the log as if it had never been written.
    ///
    /// - Throws: ``SyncError`` `alreadySent`, `nothing`.
    @discardableResult
    public func undo(backTo oldest: Dot? = nil) throws -> EditReceipt {
        try write { db, meta in
            if meta.isSealed { throw Failures.sealed }
            var head = try Log.current(db)
            if let oldest, oldest.incarnation != head.id { throw alreadySent }
            var changes: [Change] = []
            repeat {
                changes += try takeBack(db, &head).reversed()
            } while head.newest >= oldest?.n ?? .max
            changes.reverse()
            try Log.save(db, head)
            let rows = try VisibleRows(db, domain.schema)
            for change in changes { try rows.refresh(change.record, of: change.table) }
            return EditReceipt(
                changes: changes.map(\.dot), records: changes.map(\.record),
                transaction: oldest == nil ? changes.first?.transaction : nil)
        }
    }

    /// Takes the newest edit out of the log; gives its changes, oldest first.
    private func takeBack(_ db: Database, _ head: inout LogHead) throws -> [Change] {
        guard head.newest > 0 else { throw nothingToUndo }
        guard head.newest > head.offered, head.newest > head.acknowledged else { throw alreadySent }
        let undone = try newestEdit(db, head)
        guard let first = undone.first, first.n > max(head.offered, head.acknowledged) else {
            throw alreadySent
        }
        let corrected = try undone.flatMap { try Withdrawals.corrected(db, by: $0.place) }
        if corrected.contains(where: { $0.isTold }) { throw alreadySent }
        for entry in undone { try Log.remove(db, place: entry.place) }
        // What was taken back for it is refused as before.
        try Withdrawals.restore(db, corrected.map(\.place), VisibleRows(db, domain.schema))
        head.newest = first.n - 1
        head.hash = try restored(db, head)
        return try undone.map { try $0.change() }
    }

    /// The hash at the newest change that is left.
    private func restored(_ db: Database, _ head: LogHead) throws -> ChainHash {
        guard head.newest > 0 else { return .zero }
        guard let entry = try Log.entry(db, head.place, head.newest) else { throw Failures.damaged }
        return entry.hash
    }

    /// The newest change and those it is linked with, oldest first.
    func newestEdit(_ db: Database, _ head: LogHead) throws -> [LogEntry] {
        guard let newest = try Log.entry(db, head.place, head.newest) else { throw Failures.damaged }
        guard let transaction = try newest.change().transaction else { return [newest] }
        var found = [newest]
        while let first = found.first, first.n > 1,
            let before = try Log.entry(db, head.place, first.n - 1),
            try before.change().transaction == transaction
        {
            found.insert(before, at: 0)
        }
        return found
    }

    private var nothingToUndo: SyncError {
        SyncError(.nothing, "there is nothing to take back", means: "nothing was changed")
    }

    private var alreadySent: SyncError {
        SyncError(
            .alreadySent, "the newest entry was sent already, or was on its way",
            means: "it can no longer be taken back as if it had never been",
            advice: "correct it with a new entry, or void it with a reason")
    }
}
