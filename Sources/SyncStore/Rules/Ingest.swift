import SyncModel
import SyncWire

/// The device that speaks, as the rules need it.
struct Speaker {
    let number: DeviceNumber
    let code: String
    let staff: String
    let isRetired: Bool
}

/// Takes the changes of one exchange into the records they belong to.
///
/// Every number gets a disposition, and the mark moves past all of them: one bad change never blocks the
/// queue. Changes of one transaction are taken or quarantined together.
struct Ingest {
    let working: WorkingSet
    let domain: any Domain
    let speaker: Speaker
    let opening: ClockReading
    let now: Int64
    let reach: Reach

    private var transaction: any StoreTransaction { working.transaction }

    typealias Counts = ExchangeOutcome.Counts

    /// Takes the changes beyond the incarnation's mark, in order.
    func take(
        _ offered: [OfferedChange], into incarnation: inout IncarnationRow, heads: inout Heads
    ) throws -> Counts {
        var counts = Counts()
        var fresh: [OfferedChange] = []
        for one in offered {
            if one.change.dot.n <= incarnation.mark { counts.repeated += 1 } else { fresh.append(one) }
        }
        var start = 0
        while start < fresh.count {
            var end = start + 1
            if let together = fresh[start].change.transaction {
                while end < fresh.count, fresh[end].change.transaction == together { end += 1 }
            }
            try take(group: fresh[start..<end], into: &incarnation, heads: &heads, counts: &counts)
            start = end
        }
        return counts
    }

    private func take(
        group: ArraySlice<OfferedChange>, into incarnation: inout IncarnationRow, heads: inout Heads,
        counts: inout Counts
    ) throws {
        var records: [WorkingRecord] = []
        var saved: [RecordState] = []
        var times: [EffectiveTime] = []
        var floor = incarnation.lastEffective
        var refusal: Refusal?
        var culprit: UInt64 = 0
        for one in group {
            let record = try working.reach(one.change.record)
            let time = Judgement.effectiveTime(
                serverNow: now, opening: opening, written: one.change.clock,
                floor: latest(floor, record.state, one.change.context))
            let judge = Judge(
                working: working, domain: domain, speaker: speaker, reach: reach, mark: one.change.dot.n - 1)
            if refusal == nil, let found = try judge.refusal(of: one.change, for: record, effective: time) {
                refusal = found
                culprit = one.change.dot.n
            }
            records.append(record)
            saved.append(record.state)
            times.append(time)
            guard refusal == nil else { continue }
            floor = time.microseconds
            if !record.exists { record.state = RecordState(table: one.change.table) }
            record.state.merge(LiveChange(one.change, effective: time))
        }
        if refusal != nil {
            // Newest first, so that a record written twice ends as it was before the group.
            for (record, state) in zip(records, saved).reversed() { record.state = state }
        } else {
            incarnation.lastEffective = floor
        }
        for (index, one) in group.enumerated() {
            let outcome = outcome(of: one.change, in: records[index], refusal: refusal, culprit: culprit)
            counts.taken += 1
            if case .quarantined = outcome { counts.quarantined += 1 }
            if outcome == .conflict { counts.conflicts += 1 }
            if refusal == nil { settle(records[index]) }
            heads.log += 1
            heads.logHash = heads.logHash.appending(one.hash.bytes)
            incarnation.mark = one.change.dot.n
            incarnation.hash = one.hash
            try transaction.append(
                StoredChange(
                    position: heads.log, incarnation: incarnation.number, n: one.change.dot.n,
                    hash: one.hash, bytes: one.bytes, record: records[index].stored.number,
                    outcome: outcome, effective: refusal == nil ? times[index] : nil, receivedAt: now))
        }
    }

    private func settle(_ record: WorkingRecord) {
        record.isChanged = true
        if record.stored.origin == 0 { record.stored.origin = speaker.number }
        working.move(record)
    }

    private func outcome(
        of change: Change, in record: WorkingRecord, refusal: Refusal?, culprit: UInt64
    ) -> Disposition.Outcome {
        if let refusal {
            guard change.dot.n != culprit else { return .quarantined(refusal) }
            return .quarantined(
                Refusal(
                    code: "together",
                    reason: "It was entered together with another entry, which was not accepted."))
        }
        let contested = change.writes.contains { record.state.isInConflict($0.register) }
        return contested || record.state.deletion == .contested ? .conflict : .applied
    }

    /// The latest time a change must come after: its incarnation's last, and those of all that it covers.
    private func latest(_ last: Int64?, _ state: RecordState, _ context: Context) -> Int64? {
        var latest = last
        for change in state.live where context.contains(change.dot) {
            if let time = change.effective?.microseconds { latest = max(latest ?? time, time) }
        }
        return latest
    }
}
