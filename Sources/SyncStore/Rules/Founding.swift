import SyncModel
import SyncWire

/// Writes the records with which an agency begins.
struct Founding {
    let transaction: any StoreTransaction
    let domain: any Domain
    let founder: String
    let incarnation: Incarnation
    let now: Int64

    /// Writes them under the server's own incarnation. Nobody could permit them: there is nobody yet.
    func write(_ records: [FoundingRecord]) throws {
        var heads = try transaction.heads()
        var row = try transaction.addIncarnation(incarnation, device: 1)
        let working = WorkingSet(transaction, schema: domain.schema)
        for founding in records {
            try domain.schema.validate(
                table: founding.table, writes: founding.writes.sorted { $0.register < $1.register })
            row.mark += 1
            let change = Change(
                dot: Dot(incarnation, row.mark), epoch: heads.epoch, author: founder,
                table: founding.table, record: founding.id, writes: founding.writes, context: Context(),
                clock: ClockReading(wallMicroseconds: now, boot: incarnation, bootMicroseconds: 0))
            // These few values are no secrets, and no randomness is left to draw on: the seed is zero.
            let (frozen, bytes) = try FrozenCodec.encode(change, seed: [UInt8](repeating: 0, count: 12))
            row.hash = frozen.hash(after: row.hash)
            let time = EffectiveTime(microseconds: now)
            let record = try working.reach(founding.id)
            record.state = RecordState(table: founding.table, live: [LiveChange(change, effective: time)])
            record.isChanged = true
            record.stored.origin = 1
            working.move(record)
            heads.append(row.hash.bytes, at: now)
            try transaction.append(
                StoredChange(
                    position: heads.log, incarnation: row.number, n: row.mark, hash: row.hash,
                    bytes: bytes, record: record.stored.number, outcome: .applied,
                    effective: time, receivedAt: now))
        }
        row.lastEffective = now
        try transaction.save(row)
        let all = try transaction.key("all")
        try Scoping(working: working, domain: domain, allKey: all).settle()
        _ = try Publication(working: working, domain: domain).publish(heads: &heads)
        try transaction.noteLogHash(heads.logHash, at: heads.log)
        try transaction.save(heads)
    }
}
