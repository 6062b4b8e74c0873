import SyncModel
import SyncWire

/// Judges changes in quarantine anew when what they wait for has come.
///
/// A restored server is offered everything again in whatever order the laptops happen to call, so a change may
/// come before the one that gave its writer the record. Refusing it for good would make the order matter;
/// believing it would let anybody write anywhere by claiming to be old. So it waits, in quarantine, and is
/// judged by the same rules once the record or the entry it lacks is there.
struct Waking {
    let working: WorkingSet
    let domain: any Domain
    let epoch: UInt64
    let allKey: KeyNumber

    private var transaction: any StoreTransaction { working.transaction }

    /// Most groups that are judged anew in one exchange and refused again, and most that are looked at. Bounds what
    /// hostile changes can cost. What is taken does not count: however much an exchange brings, what waited for it comes
    /// with it. What is beyond the bounds is looked at when its record moves again.
    private static let bound = 2_000
    private static let looks = 20_000

    /// Judges what waited for the records that have moved or for entries that were brought back into them, for the
    /// incarnation's entries, and, where a device's subscriptions have grown, what waits of its own; again, until
    /// nothing more comes of it.
    ///
    /// - Returns: how many changes were taken.
    @discardableResult
    func wake(
        incarnation: Incarnation?, device: DeviceNumber?, heads: inout Heads, settle: () throws -> Void
    ) throws -> Int {
        guard try transaction.hasParked() else { return 0 }
        var taken = 0
        var refused = 0
        var looks = 0
        var seen = 0
        var isFirst = true
        while refused < Self.bound, looks < Self.looks {
            var due: [Parked] = []
            if isFirst {
                if let incarnation { due += try transaction.parked(awaitingEntriesOf: incarnation) }
                if let device { due += try transaction.parked(of: device) }
            }
            isFirst = false
            // What has moved since the last look. A record's keys may change twice; then it is looked at again.
            for record in working.moved[seen...] where record.exists {
                due += try transaction.parked(awaiting: record.stored.id)
                due += try transaction.parked(awaitingEntriesIn: record.stored.number)
            }
            seen = working.moved.count
            var woken = 0
            for group in Set(due).sorted() where refused < Self.bound && looks < Self.looks {
                let count = try judge(group, heads: &heads)
                woken += count ?? 0
                if count == 0 { refused += 1 }
                if count ?? 0 == 0 { looks += 1 }
            }
            guard woken > 0 else { break }
            taken += woken
            try settle()
            seen = 0
        }
        return taken
    }

    /// Judges one group anew.
    ///
    /// - Returns: how many changes were taken; `nil` where what they wait for is not here, and nothing was judged.
    private func judge(_ parked: Parked, heads: inout Heads) throws -> Int? {
        let stored = try transaction.changes(from: parked.first, to: parked.last)
        guard let incarnation = stored.first?.incarnation,
            let speaker = try transaction.speaker(of: incarnation)
        else { return nil }
        guard try mayFit(stored, parked.awaited) else { return nil }
        let changes = try stored.map { try FrozenCodec.decode($0.bytes).change }
        let attempt = Attempt(
            working: working, domain: domain, speaker: speaker,
            reach: try Reach(working: working, domain: domain, speaker: speaker, epoch: epoch, allKey: allKey)
        )
        let result = try attempt.run(changes, after: nil) { index, _, covered in
            let time = stored[index].effective ?? EffectiveTime(microseconds: stored[index].receivedAt)
            return Judgement.kept(time, serverNow: time.microseconds, covered: covered)
        }
        if let objection = result.objection {
            // What stands against it now may be something else, and nothing may be left to wait for.
            try transaction.unpark(at: parked.first)
            if let awaited = objection.awaited {
                try transaction.park(Parked(first: parked.first, last: parked.last, awaited: awaited))
            }
            return 0
        }
        try transaction.unpark(at: parked.first)
        for (index, change) in changes.enumerated() {
            // A number of the count, under which its device hears of it; the hash is over what was taken.
            heads.log += 1
            let outcome = attempt.outcome(of: change, in: result.records[index], result)
            attempt.note(change, stored[index].hash, outcome)
            try transaction.rejudge(
                position: stored[index].position, outcome, effective: result.times[index], said: heads.log)
        }
        working.note(
            NotedAdmission(
                device: speaker.code, staff: changes[0].author, first: parked.first,
                count: Int64(changes.count)))
        return changes.count
    }

    /// Whether it is worth judging anew: what was waited for seems to be here.
    private func mayFit(_ stored: [StoredChange], _ awaited: Awaited) throws -> Bool {
        switch awaited {
        case .record: return true
        case .entry(let dot): return try hasCome(dot) || wasBrought(dot, into: Set(stored.map(\.record)))
        case .itself:
            return try stored.contains { one in
                let dot = try FrozenCodec.decode(one.bytes).change.dot
                return try working.find(number: one.record)?.state.context.contains(dot) == true
            }
        }
    }

    /// Whether an entry that a change says it had read is here, and could have been read: whoever claims what was
    /// only written after the restore had better wait for it like everybody else.
    private func hasCome(_ dot: Dot) throws -> Bool {
        guard let row = try transaction.incarnation(dot.incarnation), row.mark >= dot.n,
            let bytes = try transaction.bytes(of: row.number, at: dot.n)
        else { return false }
        return try FrozenCodec.decode(bytes).change.epoch < epoch
    }

    /// Whether somebody who held everything brought the entry back, or one that had read it. Who wrote it may
    /// never call again. What is brought comes from before the restore, so it could have been read.
    private func wasBrought(_ dot: Dot, into records: Set<RecordNumber>) throws -> Bool {
        for record in records {
            for state in try transaction.brought(into: record)
            where try StateCodec.decode(state).context.contains(dot) {
                return true
            }
        }
        return false
    }
}
