import GRDB
import SyncModel

extension Replica {
    /// This database is a copy, or was restored from one. What the server does not know is issued anew
    /// under a fresh incarnation; what both agree on counts as acknowledged.
    func reidentify(_ db: Database, agreed: UInt64) throws -> SyncStep {
        let head = try Log.current(db)
        guard agreed <= head.newest else {
            throw SyncError(
                .malformed, "the server agrees to more than was ever written",
                means: "nothing is lost; unsent work is kept", advice: "run `porchlight doctor`")
        }
        var fresh = try openIncarnation(db)
        try reissue(db, head, after: agreed, under: &fresh)
        try EventLog.note(
            db, .copied(agreed: agreed, reissued: Int(clamping: fresh.newest)),
            at: surroundings.clock().wallMicroseconds)
        try surroundings.reached(.reissued)
        return SyncStep(movedOn: true, toSend: Int(clamping: fresh.newest))
    }

    /// The server was restored, and a new epoch began. Before any of its pages is taken, all that it had
    /// acknowledged is offered again under its old dots; what it had not is issued anew.
    ///
    /// What the server still has, by the same chain, was taken, though its answer never came: issued anew it would
    /// stand beside what had read and replaced it.
    func beginHealing(
        _ db: Database, _ meta: Meta, epoch: UInt64, marks: [Mark]
    ) throws -> SyncStep {
        var head = try Log.current(db)
        // A rewind may have set the mark back; what was once judged was taken all the same.
        let judged = try SQL(db, "SELECT max(n) FROM sync_change WHERE incarnation = ? AND state <> 0")
            .first(.integer(head.place)) { $0.word(0) }
        head.acknowledged = max(head.acknowledged, judged ?? 0)
        if let mark = marks.first(where: { $0.dot.incarnation == head.id }), mark.dot.n > head.acknowledged,
            mark.dot.n <= head.newest, try Log.hash(db, head, at: mark.dot.n) == mark.hash
        {
            head.acknowledged = mark.dot.n
        }
        var fresh = try openIncarnation(db)
        try reissue(db, head, after: head.acknowledged, under: &fresh)
        var offered: UInt64 = 0
        for var old in try Log.heads(db) where old.place != fresh.place && old.acknowledged > 0 {
            old.healing = 1
            try Log.save(db, old)
            offered += old.acknowledged
        }
        try EventLog.note(
            db,
            .serverRestored(
                from: meta.epoch, to: epoch, offered: Int(clamping: offered),
                reissued: Int(clamping: fresh.newest), brought: 0),
            at: surroundings.clock().wallMicroseconds)
        try SQL(db, "UPDATE sync_meta SET epoch = ?, cursor = x'', heard = 0 WHERE id = 1").run(.word(epoch))
        try surroundings.reached(.healingBegun)
        return SyncStep(movedOn: true, hasBegun: true, toSend: Int(clamping: fresh.newest))
    }

    /// The answer to an offer of acknowledged changes: how far this incarnation is healed.
    func healed(_ db: Database, _ reply: ExchangeReply, _ round: SyncRound) throws -> SyncStep {
        guard var head = try Log.heads(db).first(where: { $0.place == round.head.place }),
            head.healing == round.request.hello.firstUnsent
        else { throw Failures.syncing }
        let before = head.healing
        try noteLog(db, reply)
        switch reply.welcome.verdict {
        case .reidentify(let agreed):
            head.healing = nil
            try Log.save(db, head)
            if agreed < head.acknowledged {
                // A copy of this laptop was there first. Its dots keep their meaning; ours are issued anew.
                var current = try Log.current(db)
                let before = current.newest
                try reissue(db, head, after: agreed, under: &current)
                try EventLog.note(
                    db, .copied(agreed: agreed, reissued: Int(clamping: current.newest - before)),
                    at: surroundings.clock().wallMicroseconds)
            }
        case .rewind(let expected):
            head.healing = expected > head.acknowledged ? nil : max(1, expected)
            try Log.save(db, head)
        default:
            let next = min(reply.welcome.taken, round.last) + 1
            head.healing = next > head.acknowledged ? nil : next
            try Log.save(db, head)
        }
        try surroundings.reached(.healingMoved)
        return SyncStep(movedOn: head.healing != before, toSend: 1)
    }

    /// Issues the changes after `agreed` anew, in order, with the same content, author and clock reading.
    ///
    /// A context keeps what this database really knew: of the old incarnation no more than is agreed, and of
    /// the new one the successors of those own changes of the record that it had read.
    private func reissue(
        _ db: Database, _ old: LogHead, after agreed: UInt64, under new: inout LogHead
    ) throws {
        var rest: [LogEntry] = []
        try Log.each(db, old, from: agreed + 1) { entry, _ in
            rest.append(entry)
            return true
        }
        var cut = old
        cut.hash = try Log.hash(db, old, at: agreed)
        cut.newest = agreed
        cut.offered = min(old.offered, agreed)
        cut.acknowledged = agreed
        // Whoever has it reissued notes the event.
        cut.cut = try EventLog.newest(db) + 1
        try Log.save(db, cut)
        var successors: [RecordID: [(old: UInt64, new: UInt64)]] = [:]
        var records: [RecordID: String] = [:]
        for entry in rest {
            var change = try entry.change()
            records[change.record] = change.table
            change.writes.removeAll { $0.values.isEmpty }
            // What an administrator decided, a server that lacks the change knows nothing of; it is judged once more.
            guard entry.withdrawal == nil, !change.writes.isEmpty else {
                try Log.remove(db, place: entry.place)
                continue
            }
            let read = change.context[old.id]
            change.context = change.context.clipped(old.id, to: agreed)
            for pair in successors[change.record] ?? [] where pair.old <= read {
                change.context.include(Dot(new.id, pair.new))
            }
            change.dot = Dot(new.id, new.newest + 1)
            successors[change.record, default: []].append((entry.n, change.dot.n))
            try Log.append(
                db, change, creates: entry.creates, to: &new, seed: surroundings.octets(12),
                at: entry.place)
            // What may have left under the old number has left, whatever its number is now.
            if entry.n <= old.offered { new.offered = change.dot.n }
        }
        try Log.save(db, new)
        let rows = try VisibleRows(db, domain.schema)
        for (record, table) in records { try rows.refresh(record, of: table) }
    }
}
