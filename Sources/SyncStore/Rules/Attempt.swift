import SyncModel

/// Tries the changes of one transaction on their records: all of them fit, or none is taken.
struct Attempt {
    let working: WorkingSet
    let domain: any Domain
    let speaker: Speaker
    let reach: Reach

    /// What came of it. The records have changed only if nothing stood against any change.
    struct Result {
        var records: [WorkingRecord] = []
        var times: [EffectiveTime] = []
        var objection: Objection?
        /// Which change it stands against.
        var culprit: Dot?
        /// The latest effective time given.
        var floor: Int64?
    }

    /// Who says whether a change fits.
    var judge: Judge { Judge(working: working, domain: domain, speaker: speaker, reach: reach) }

    /// Tries.
    ///
    /// - Parameters:
    ///   - changes: in the order of their numbers.
    ///   - floor: the time they must come after, if any.
    ///   - time: the effective time of the change at an index, given the times it must come after: that of the
    ///     change before it, and the latest of those it covers.
    ///   - objection: what stands against a change; ``Judge`` says so unless somebody else decides.
    func run(
        _ changes: [Change], after floor: Int64?,
        time: (_ index: Int, _ last: Int64?, _ covered: Int64?) -> EffectiveTime,
        objection: ((Change, WorkingRecord, EffectiveTime) throws -> Objection?)? = nil
    ) throws -> Result {
        let objection = objection ?? judge.objection
        var result = Result(floor: floor)
        var saved: [RecordState] = []
        for (index, change) in changes.enumerated() {
            let record = try working.reach(change.record)
            // The time is given once: where somebody has brought the change back before, it has its own.
            let kept = record.state.live.first { $0.dot == change.dot }?.effective
            let time = kept ?? time(index, result.floor, latest(record.state, change.context))
            if result.objection == nil,
                let found = try objection(change, record, time)
            {
                result.objection = found
                result.culprit = change.dot
            }
            result.records.append(record)
            result.times.append(time)
            saved.append(record.state)
            guard result.objection == nil else { continue }
            result.floor = max(result.floor ?? time.microseconds, time.microseconds)
            // Brought back, or followed, by somebody else before: it was its author who made the record.
            if change.context.isEmpty, record.state.context.contains(change.dot) {
                record.stored.origin = speaker.number
            }
            if !record.exists { record.state = RecordState(table: change.table) }
            record.state.merge(LiveChange(change, effective: time))
        }
        if result.objection != nil {
            // Newest first, so that a record written twice ends as it was before.
            for (record, state) in zip(result.records, saved).reversed() { record.state = state }
            result.floor = floor
        } else {
            for (record, change) in zip(result.records, changes) { try settle(record, change) }
        }
        return result
    }

    /// What became of one of the changes.
    func outcome(of change: Change, in record: WorkingRecord, _ result: Result) -> Disposition.Outcome {
        if let objection = result.objection {
            guard change.dot != result.culprit else { return .quarantined(objection.refusal) }
            return .quarantined(
                Refusal(
                    code: "together",
                    reason: "It was entered together with another entry, which was not accepted."))
        }
        let contested = change.writes.contains { record.state.isInConflict($0.register) }
        return contested || record.state.deletion == .contested ? .conflict : .applied
    }

    /// Notes for the audit log that a decision became part of its record, at once or after it had waited.
    ///
    /// - Parameter hash: the chain's hash at the change that is the decision.
    func note(_ change: Change, _ hash: ChainHash, _ outcome: Disposition.Outcome) {
        guard outcome == .applied || outcome == .conflict, let note = domain.auditNote(of: change) else {
            return
        }
        working.decisions.append(
            NotedDecision(device: speaker.code, staff: change.author, note: note, hash: hash))
    }

    private func settle(_ record: WorkingRecord, _ change: Change) throws {
        record.isChanged = true
        record.writers.insert(change.dot.incarnation)
        if record.stored.origin == 0 { record.stored.origin = speaker.number }
        working.move(record)
        if reach.precedesRestore(change) { try noteScope(of: change) }
    }

    /// A restored server does not see records leave the scopes they had before: it is offered all their changes
    /// at once, in any order. Each change of that time tells under which keys it had put what it names.
    private func noteScope(of change: Change) throws {
        guard let table = domain.schema.table(change.table) else { return }
        let state = RecordState(table: change.table, live: [LiveChange(change, effective: nil)])
        for contribution in domain.contributions(
            of: RecordView(id: change.record, state: state, table: table))
        {
            guard case .key(let target, let key) = contribution else { continue }
            try working.transaction.noteHeld(
                working.reach(target).stored.number, key: working.transaction.key(key))
        }
    }

    /// The latest time of all that a change covers.
    private func latest(_ state: RecordState, _ context: Context) -> Int64? {
        var latest: Int64?
        for change in state.live where context.contains(change.dot) {
            if let time = change.effective?.microseconds { latest = max(latest ?? time, time) }
        }
        return latest
    }
}
