import SyncModel
import SyncWire

/// The device that speaks, as the rules need it.
struct Speaker: Hashable {
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
    let attempt: Attempt
    let opening: ClockReading
    let now: Int64
    /// The effective times that changes had been given before the server was restored, by their numbers.
    var given: [UInt64: EffectiveTime] = [:]
    /// What their author has taken back before this server has them, by their numbers, and why.
    var withdrawn: [UInt64: String] = [:]

    private var transaction: any StoreTransaction { attempt.working.transaction }

    typealias Counts = ExchangeOutcome.Counts

    /// Takes the changes beyond the incarnation's mark, in order.
    func take(
        _ offered: [OfferedChange], into incarnation: inout IncarnationRow, heads: inout Heads
    ) throws -> Counts {
        var counts = Counts()
        // They come in the order of their numbers, so what was taken before is at the beginning.
        let fresh = offered.drop { $0.change.dot.n <= incarnation.mark }
        counts.repeated += offered.count - fresh.count
        var start = fresh.startIndex
        while start < fresh.endIndex {
            var end = start + 1
            if let together = fresh[start].change.transaction {
                while end < fresh.endIndex, fresh[end].change.transaction == together { end += 1 }
            }
            try take(group: Array(fresh[start..<end]), into: &incarnation, heads: &heads, counts: &counts)
            start = end
        }
        return counts
    }

    private func take(
        group: [OfferedChange], into incarnation: inout IncarnationRow, heads: inout Heads,
        counts: inout Counts
    ) throws {
        let reason = group.lazy.compactMap { withdrawn[$0.change.dot.n] }.first
        // Looked at first: nothing that is done with a change afterwards is made for more.
        let oversized = Set(group.filter { $0.bytes.count > Limits.changeBytes }.map(\.change.dot))
        let result = try attempt.run(group.map(\.change), after: incarnation.lastEffective) {
            index, last, covered in
            let change = group[index].change
            if let given = given[change.dot.n] {
                return Judgement.kept(given, serverNow: now, covered: covered)
            }
            let floor = [last, covered].compactMap { $0 }.max()
            return Judgement.effectiveTime(
                serverNow: now, opening: opening, written: change.clock, floor: floor)
        } objection: { change, record, time in
            // It is not judged: whatever stands against it or not, it becomes part of no record.
            if reason != nil { return .withdrawn }
            guard oversized.isEmpty else { return oversized.contains(change.dot) ? .size : nil }
            return try attempt.judge.objection(to: change, for: record, effective: time)
        }
        incarnation.lastEffective = result.floor
        let first = heads.log + 1
        for (index, one) in group.enumerated() {
            let outcome =
                reason == nil
                ? attempt.outcome(of: one.change, in: result.records[index], result) : .withdrawn
            counts.taken += 1
            if case .quarantined = outcome { counts.quarantined += 1 }
            if outcome == .conflict { counts.conflicts += 1 }
            attempt.note(one.change, one.hash, outcome)
            heads.append(one.hash.bytes, at: now)
            incarnation.mark = one.change.dot.n
            incarnation.hash = one.hash
            try transaction.append(
                StoredChange(
                    position: heads.log, incarnation: incarnation.number, n: one.change.dot.n,
                    hash: one.hash, bytes: one.bytes, record: result.records[index].stored.number,
                    outcome: outcome, effective: result.times[index], receivedAt: now))
        }
        if let reason { counts.withdrawn.append(Withdrawn(first: first, count: group.count, reason: reason)) }
        if let awaited = result.objection?.awaited {
            try transaction.park(Parked(first: first, last: heads.log, awaited: awaited))
        }
    }
}
