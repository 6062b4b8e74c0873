import GRDB
import SyncModel
import SyncWire

/// What this replica remembers that a restored server may have forgotten, beside its own changes.
///
/// Three things. Of its own changes, the effective times they had been given. If it holds everything: what others
/// wrote, because a laptop that wrote something may never call again. And which records it holds from before,
/// because a restored server cannot know of whom it had already taken them.
extension Replica {
    /// What goes with an exchange.
    func remembered(
        _ db: Database, _ meta: Meta, _ purpose: SyncRound.Purpose, _ head: LogHead, _ entries: [LogEntry],
        limit: Int
    ) throws -> Remembered {
        switch purpose {
        case .healing:
            let said = entries.compactMap { entry -> Disposition? in
                guard let effective = entry.effective else { return nil }
                return Disposition(dot: Dot(head.id, entry.n), outcome: .applied, effective: effective)
            }
            return Remembered(said: said)
        case .recall:
            guard meta.recall == .bringing else { return Remembered() }
            return Remembered(kept: try kept(db, limit: limit))
        case .news:
            return Remembered(held: try held(db, after: meta.held, limit: limit))
        }
    }

    /// The answer to an exchange that brought something back, or asked what is to be brought.
    func recalled(
        _ db: Database, _ meta: Meta, _ reply: ExchangeReply, _ round: SyncRound
    ) throws -> SyncStep {
        if meta.recall == .asking {
            if reply.welcome.keys.contains("all") { try choose(db, beyond: reply.marks) }
        } else {
            for record in round.request.remembered.kept {
                try SQL(db, "DELETE FROM sync_kept WHERE id = ?").run(.id(record.id))
            }
            try EventLog.noteBrought(db, round.request.remembered.kept.count)
        }
        let rest = try SQL(db, "SELECT count(*) FROM sync_kept").first { Int($0.integer(0)) } ?? 0
        let next: Meta.Recall = rest > 0 ? .bringing : .done
        try SQL(db, "UPDATE sync_meta SET recall = ? WHERE id = 1").run(.integer(next.rawValue))
        try noteLog(db, reply)
        try surroundings.reached(.recalled)
        return SyncStep(movedOn: true, toSend: rest)
    }

    /// Keeps the cursor of an answer without a page. It stands for no record, and for the place in the server's log at
    /// which this was brought back: a server that loses it once more, and is not told, learns of it by the next request.
    func noteLog(_ db: Database, _ reply: ExchangeReply) throws {
        try SQL(db, "UPDATE sync_meta SET cursor = ? WHERE id = 1").run(.blob(reply.end.cursor))
    }

    /// Marks what is confirmed as not yet seen in the new epoch, and begins to bring back what others wrote.
    func beginRecall(_ db: Database, _ meta: Meta) throws {
        try SQL(db, "UPDATE sync_record SET keyset = -ifnull(keyset, 0) WHERE ifnull(keyset, 0) >= 0").run()
        try SQL(db, "DELETE FROM sync_kept").run()
        let recall: Meta.Recall = meta.keys.contains("all") ? .asking : .done
        try SQL(db, "UPDATE sync_meta SET recall = ?, held = x'' WHERE id = 1")
            .run(.integer(recall.rawValue))
    }

    /// Notes which records hold something that the server lacks.
    private func choose(_ db: Database, beyond marks: [Mark]) throws {
        let known = Dictionary(marks.map { ($0.dot.incarnation, $0.dot.n) }, uniquingKeysWith: max)
        var chosen: [RecordID] = []
        try SQL(db, "SELECT id, state FROM sync_record ORDER BY id").each([]) { row in
            let state = try Shown.decode(row.blob(1))
            if state.live.contains(where: { $0.dot.n > known[$0.dot.incarnation] ?? 0 }) {
                chosen.append(try row.id(0))
            }
        }
        for id in chosen { try SQL(db, "INSERT INTO sync_kept (id) VALUES (?)").run(.id(id)) }
    }

    private func kept(_ db: Database, limit: Int) throws -> [KeptRecord] {
        var kept: [KeptRecord] = []
        var octets = 0
        try SQL(
            db,
            """
            SELECT id, state FROM sync_kept JOIN sync_record USING (id) ORDER BY id LIMIT ?
            """
        ).each([.integer(Int64(min(limit, Limits.rememberedPerExchange)))]) { row in
            guard octets < Limits.exchangeBytes else { return }
            let record = KeptRecord(id: try row.id(0), state: row.blob(1))
            octets += record.state.count
            kept.append(record)
        }
        return kept
    }

    /// The next records that are held from before the restore, round and round: after the last come the first. So where
    /// there are no more of them than go with an exchange, every exchange asks of all.
    private func held(_ db: Database, after last: [UInt8], limit: Int) throws -> [RecordID] {
        let limit = min(limit, Limits.rememberedPerExchange)
        var held: [RecordID] = []
        for side in [">", "<="] where held.count < limit {
            try SQL(
                db, "SELECT id FROM sync_record WHERE keyset <= 0 AND id \(side) ? ORDER BY id LIMIT ?"
            ).each([.blob(last), .integer(Int64(limit - held.count))]) { held.append(try $0.id(0)) }
        }
        return held
    }

    /// Notes of which records the server has been asked.
    func noteHeld(_ db: Database, _ request: ExchangeRequest) throws {
        let last = request.remembered.held.last?.bytes ?? []
        try SQL(db, "UPDATE sync_meta SET held = ? WHERE id = 1 AND held IS NOT ?")
            .run(.blob(last), .blob(last))
    }
}
