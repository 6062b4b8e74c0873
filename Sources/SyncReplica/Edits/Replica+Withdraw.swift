import GRDB
public import SyncModel

extension Replica {
    /// Takes back a change that the server has refused, and with it all that was entered together with it.
    ///
    /// From now on nothing of it is shown. It is remembered, and said with every exchange until the server has confirmed
    /// it; what an administrator has released in the meantime stays released.
    ///
    /// - Parameters:
    ///   - number: the change's number in the outbox.
    ///   - reason: why; it goes into the server's audit log, and may be empty.
    /// - Returns: what was taken back, oldest first.
    /// - Throws: ``SyncError`` `nothing` for a number that is no refused change's, and where something of it had been taken
    ///   before the server was restored; `badValue` for a reason that is none.
    @discardableResult
    public func withdraw(_ number: Int64, reason: String = "") throws -> [OutboxEntry] {
        try write { db, meta in
            if meta.isSealed { throw Failures.sealed }
            let group = try Self.mayDrop(together(db, with: refused(db, number)))
            try Withdrawals.mark(db, group, withdrawal(reason), VisibleRows(db, domain.schema))
            return try entries(db, group)
        }
    }

    /// What would be taken back together with a refused change: all that was entered together with it and, if it made
    /// a record, what was refused of that record since.
    ///
    /// - Parameter correcting: whether it is to be entered anew, corrected.
    public func withdrawable(_ number: Int64, correcting: Bool = false) throws -> [OutboxEntry] {
        try readRecords { db, _ in
            let entry = try refused(db, number)
            return try entries(db, correcting ? affected(db, by: entry) : together(db, with: entry))
        }
    }

    /// Records a refused change anew with other values, and takes the refused one back, or does neither.
    ///
    /// It is an ordinary edit: it has read what is shown now, and every rule is asked. What was entered together with
    /// the change is entered anew together with it, and so is, for a change that made a record, what was refused of
    /// that record since: they would follow what is no more.
    ///
    /// - Parameters:
    ///   - number: the change's number in the outbox.
    ///   - reason: as for ``withdraw(_:reason:)``.
    ///   - writes: what to write in the place of the change, which it is given with the record as it is shown without it.
    /// - Throws: ``SyncError`` as ``withdraw(_:reason:)`` and ``edit(token:resolving:linked:_:)``; `nothing` also while
    ///   something of the record has not been judged yet. Then nothing at all is different.
    public func correct(
        _ number: Int64, reason: String = "",
        _ writes: (OutboxEntry, RecordView?) throws -> [RegisterWrite]
    ) throws -> Correction {
        var isFresh = false
        let correction = try write { db, meta in
            if meta.isSealed { throw Failures.sealed }
            isFresh = try suspect(db, meta)
            let entry = try refused(db, number)
            return try enterAnew(entry, db, meta, reason: reason) { one, shown in
                one.number == number ? try writes(one, shown) : one.writes
            }
        }
        if isFresh { try? settleBeside() }
        return correction
    }

    /// What stands against entering a refused change anew on this laptop as it was: that what it was written on has left
    /// or was deleted (`unknownRecord`), that its owner may not write it (`notPermitted`), that something of it had been
    /// taken before the server was restored or has not been judged yet (`nothing`), or what is wrong with what it says;
    /// `nil` if nothing does. It is the same for all that was entered together.
    ///
    /// It is withdrawn and entered anew as ``correct(_:reason:_:)`` does, and all of it is taken back: as long as the
    /// refused change is shown, a record that it made would be taken for one that somebody alters. Meanwhile nobody else
    /// writes here.
    ///
    /// - Throws: ``SyncError`` as ``withdrawable(_:correcting:)``, and of a retired laptop as ``rehearse(_:)``. Nothing is
    ///   recorded in either case.
    public func hindrance(to number: Int64) throws -> SyncError? {
        var found: SyncError?
        try tryOut { db, meta in
            let entry = try refused(db, number)
            do { _ = try enterAnew(entry, db, meta) { one, _ in one.writes } } catch let error as SyncError {
                found = error
            }
        }
        return found
    }

    /// Takes a refused change back with what goes with it, and records all of it anew.
    private func enterAnew(
        _ entry: LogEntry, _ db: Database, _ meta: Meta, reason: String = "",
        _ writes: (OutboxEntry, RecordView?) throws -> [RegisterWrite]
    ) throws -> Correction {
        let group = try Self.mayDrop(affected(db, by: entry))
        let withdrawn = try entries(db, group)
        try Withdrawals.mark(db, group, withdrawal(reason), VisibleRows(db, domain.schema))
        let receipt = try record(db, meta) { edit in
            for one in withdrawn { try Self.enterAnew(one, edit) { try writes(one, $0) } }
        }
        if let first = receipt.changes.first { try Withdrawals.note(db, first, of: group) }
        return Correction(withdrawn: withdrawn, receipt: receipt)
    }

    /// Writes a refused change once more; its record is made if it made it.
    private static func enterAnew(
        _ entry: OutboxEntry, _ edit: Edit, _ writes: (RecordView?) throws -> [RegisterWrite]
    ) throws {
        let shown = try edit.view(entry.record)
        let writes = try writes(shown)
        if entry.creates, shown == nil {
            try edit.create(entry.table, id: entry.record, writes)
        } else {
            try edit.write(entry.record, writes)
        }
    }

    // MARK: Which

    /// A refused change by its number in the outbox.
    private func refused(_ db: Database, _ number: Int64) throws -> LogEntry {
        guard let entry = try Log.entry(db, at: number) else { throw Self.unlisted(number) }
        switch entry.state {
        case .quarantined: return entry
        case .waiting:
            throw SyncError(
                .nothing, "entry \(number) was not refused: no server has judged it yet",
                means: "nothing was changed",
                advice: "`porchlight undo` takes back the newest entry while it has not been sent")
        case .withdrawing:
            throw SyncError(
                .nothing, "entry \(number) was withdrawn before", means: "nothing was changed",
                advice: "the server is told with the next `porchlight sync`")
        case .applied, .conflict, .taken, .released, .withdrawn: throw Self.unlisted(number)
        }
    }

    /// Refuses what had been taken: taken back it would go on standing with everybody who had received it.
    private static func mayDrop(_ group: [LogEntry]) throws -> [LogEntry] {
        guard let taken = group.first(where: \.wasTaken) else { return group }
        throw SyncError(
            .nothing, "entry \(taken.place) had been taken before the server was restored",
            means:
                "nothing was changed; it is taken again by itself once an administrator's laptop has synced",
            advice: "wait for that, and correct or void it then")
    }

    private static func unlisted(_ number: Int64) -> SyncError {
        SyncError(
            .nothing, "there is no entry \(number) in the outbox", means: "nothing was changed",
            advice: "`porchlight outbox` lists what waits and what was refused")
    }

    /// All that was entered together with a refused change, oldest first.
    private func together(_ db: Database, with entry: LogEntry) throws -> [LogEntry] {
        guard let transaction = try entry.change().transaction else { return [entry] }
        return try Log.entries(db, of: transaction, in: entry.incarnation).filter { $0.state == .quarantined }
    }

    /// All that a correction enters anew, oldest first.
    private func affected(_ db: Database, by entry: LogEntry) throws -> [LogEntry] {
        var found: [Int64: LogEntry] = [:]
        var waiting = try together(db, with: entry)
        while let next = waiting.popLast() {
            guard found.updateValue(next, forKey: next.place) == nil, next.creates else { continue }
            for later in try Log.entries(db, of: next.record) where later.place > next.place {
                if later.state == .waiting { throw Self.unjudged }
                guard later.state == .quarantined, found[later.place] == nil else { continue }
                waiting += try together(db, with: later)
            }
        }
        return found.values.sorted { $0.place < $1.place }
    }

    private static let unjudged = SyncError(
        .nothing, "something was written into the same record since, which no server has judged yet",
        means: "nothing was changed",
        advice: "sync first, and then correct it; or take back the newest entry with `porchlight undo`")

    private func entries(_ db: Database, _ group: [LogEntry]) throws -> [OutboxEntry] {
        let heads = Dictionary(uniqueKeysWithValues: try Log.heads(db).map { ($0.place, $0) })
        return try group.map { entry in
            guard let head = heads[entry.incarnation] else { throw Failures.damaged }
            return try OutboxEntry(entry, of: head)
        }
    }

    private func withdrawal(_ reason: String) throws -> OwnWithdrawal {
        guard reason.utf8.count <= Limits.reasonBytes,
            !reason.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw SyncError(
                .badValue, "a reason is one line of at most \(Limits.reasonBytes) octets",
                means: "nothing was withdrawn", advice: "--reason \"why, without anybody's name\"")
        }
        return OwnWithdrawal(microseconds: surroundings.clock().wallMicroseconds, reason: reason)
    }
}
