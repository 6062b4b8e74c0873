import SyncModel
import SyncWire

/// Says whether a change may become part of its record. What it refuses goes to quarantine, whole.
struct Judge {
    let working: WorkingSet
    let domain: any Domain
    let speaker: Speaker
    let reach: Reach
    /// Up to which number the writer's own incarnation stands before this change.
    let mark: UInt64

    /// Why the change may not be applied; `nil` if it may.
    func refusal(of change: Change, for record: WorkingRecord, effective: EffectiveTime) throws -> Refusal? {
        if speaker.isRetired {
            return Refusal(code: "retired", reason: "It was sent from a laptop that had been retired.")
        }
        if !change.author.utf8.elementsEqual(speaker.staff.utf8) {
            return Refusal(
                code: "author", reason: "It was written by somebody other than the laptop's owner.")
        }
        if let refusal = try claims(change, of: record) { return refusal }
        do {
            try domain.schema.validate(table: change.table, writes: change.writes)
        } catch {
            return Refusal(code: "schema", reason: "It does not fit the agency's forms: \(error).")
        }
        if record.exists, record.state.table != change.table {
            return Refusal(code: "schema", reason: "The record is of another kind.")
        }
        if record.state.live.count >= Limits.liveChanges {
            return Refusal(
                code: "limit", reason: "The record holds too many values that nobody has settled yet.")
        }
        if let refusal = try strays(change, for: record) { return refusal }
        let role = try working.transaction.role(of: change.author, at: effective.microseconds)
        let actor = Actor(staff: change.author, role: role ?? "", device: speaker.code)
        let judged = JudgedChange(change: change, actor: actor, before: try before(change, record))
        return try domain.refusal(of: judged) { try working.view($0) }
    }

    /// A context may only claim what was given out. One that claims more is broken or forged: believed, it
    /// could close what its writer never saw, or kill a value that was never read.
    ///
    /// What the record's own entries had read was given out with them, even where a restored server has not
    /// got it back yet.
    private func claims(_ change: Change, of record: WorkingRecord) throws -> Refusal? {
        let forged = Refusal(
            code: "context", reason: "It says it follows entries that were never made.")
        for entry in change.context.entries {
            if entry.incarnation == change.dot.incarnation {
                if entry.n > mark { return forged }
            } else if try entry.n > reach.mark(of: entry.incarnation), change.epoch >= reach.epoch,
                entry.n > record.state.context[entry.incarnation]
            {
                return forged
            }
        }
        return nil
    }

    /// A device writes only to what it holds or held, and refers only to such records.
    ///
    /// What was written before the server was restored cannot be judged by what the server has back already:
    /// the change that gave the record its scope may come later than this one.
    private func strays(_ change: Change, for record: WorkingRecord) throws -> Refusal? {
        guard change.epoch == 0 || change.epoch >= reach.epoch else { return nil }
        let refusal = Refusal(
            code: "scope", reason: "The record is not one that this laptop ever held.")
        if record.exists {
            return try reach.isHeld(record) ? nil : refusal
        }
        guard let table = domain.schema.table(change.table) else { return nil }
        let fresh = RecordState(table: change.table, live: [LiveChange(change, effective: nil)])
        let view = RecordView(id: change.record, state: fresh, table: table)
        for contribution in domain.contributions(of: view) {
            var named = [contribution.target]
            if case .inherit(_, let parent) = contribution { named.append(parent) }
            for id in named where id != change.record {
                if let other = try working.find(id), other.exists, try !reach.isHeld(other) {
                    return refusal
                }
            }
        }
        return nil
    }

    /// The record as the writer had read it. Mostly that is how it stands; where somebody else has written
    /// since, it is put together from the history.
    private func before(_ change: Change, _ record: WorkingRecord) throws -> RecordView? {
        guard let table = domain.schema.table(change.table) else { return nil }
        let live = record.state.live
        if live.allSatisfy({ change.context.contains($0.dot) }) { return working.view(record) }
        let read = try working.transaction.history(of: record.stored.number).compactMap {
            bytes, effective -> LiveChange? in
            guard let past = try? FrozenCodec.decode(bytes).change, change.context.contains(past.dot)
            else { return nil }
            return LiveChange(past, effective: effective)
        }
        // What this transaction took itself is in the state and not yet in the history.
        let own = live.filter { change.context.contains($0.dot) }
        let state = RecordState(table: change.table, live: read + own)
        return state.live.isEmpty ? nil : RecordView(id: change.record, state: state, table: table)
    }
}
