import SyncModel
import SyncWire

/// Takes back what a restored server has lost of laptops that may never call again.
///
/// A replica that holds everything brings the records in which it holds changes beyond the server's marks. They
/// come as they were confirmed, with their contexts and effective times, and join by the law like everything
/// else; should their author call after all, the same change joins once more and nothing is different. What is
/// brought is no part of its author's log: it is kept apart, with the name of who brought it.
struct Bringing {
    let working: WorkingSet
    let domain: any Domain
    let speaker: Speaker
    let now: Int64

    /// Joins the records.
    ///
    /// - Returns: how many changes were new.
    /// - Throws: `SyncError` with code `malformed` when a state cannot be read; then nothing of the exchange is taken.
    func bring(_ kept: [KeptRecord], heads: inout Heads) throws -> Int {
        var count = 0
        for one in kept {
            let before = count
            let state: RecordState
            do {
                state = try StateCodec.decode(one.state)
            } catch {
                throw SyncError(
                    .malformed, "a record that was brought back could not be read",
                    means: "nothing of this exchange was taken; everything is still on the laptop",
                    advice: "run `porchlight doctor` on the laptop")
            }
            for live in state.live where try isMissing(live, of: state) {
                var live = live
                if let time = live.effective, time.microseconds > now { live.effective?.microseconds = now }
                guard let record = try join(live, of: state.table, into: one.id) else { continue }
                count += 1
                let bytes = StateCodec.encode(RecordState(table: state.table, live: [live]))
                heads.append(bytes, at: now)
                try working.transaction.keep(
                    Brought(
                        position: heads.log, record: record.stored.number, dot: live.dot,
                        device: speaker.number, at: now, state: bytes))
            }
            if count > before { try park(coveredBy: one.id) }
        }
        return count
    }

    /// What was in quarantine in the backup, and was released or taken since: what is brought has read it. So it waits for
    /// nothing but itself, and is judged anew.
    private func park(coveredBy id: RecordID) throws {
        guard let record = try working.find(id) else { return }
        for refused in try working.transaction.unparked(of: record.stored.number)
        where record.state.context.contains(refused.dot) {
            let group = try QuarantineRoom(working.transaction, domain).group(of: refused.position)
            guard let first = group.first?.position, let last = group.last?.position else { continue }
            try working.transaction.park(Parked(first: first, last: last, awaited: .itself))
        }
    }

    private func isMissing(_ live: LiveChange, of state: RecordState) throws -> Bool {
        guard live.effective != nil,
            (try? domain.schema.validate(table: state.table, writes: live.writes)) != nil
        else { return false }
        guard let row = try working.transaction.incarnation(live.dot.incarnation) else { return true }
        return try live.dot.n > row.mark || working.transaction.isParked(live.dot.n, of: row.number)
    }

    private func join(
        _ live: LiveChange, of table: String, into id: RecordID
    ) throws -> WorkingRecord? {
        let record = try working.reach(id)
        if record.exists {
            guard record.state.table == table, record.state.live.count < Limits.liveChanges,
                !record.state.live.contains(where: { $0.dot == live.dot })
            else { return nil }
        } else {
            record.state = RecordState(table: table)
        }
        record.state.merge(live)
        record.isChanged = true
        record.writers.insert(live.dot.incarnation)
        if record.stored.origin == 0 {
            record.stored.origin =
                try working.transaction.incarnation(live.dot.incarnation)?.device ?? speaker.number
        }
        working.move(record)
        return record
    }
}
