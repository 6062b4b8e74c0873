import SyncModel
import SyncWire

/// Issues changes in quarantine anew, because an administrator takes the decision upon themselves.
///
/// The new change stands under an incarnation of the server's own, which nobody else can have used, and keeps
/// author, context and effective time: to the law of the merge it is as if it had been taken when it came, so
/// whatever was written since stands beside it. It has also read what it was issued for: should a restored server be
/// offered that again, it is seen to have been released. What a release overrides is *who* may write, and from where; what
/// nobody may write stays where it is.
struct Releasing {
    let working: WorkingSet
    let domain: any Domain
    let allKey: KeyNumber
    /// Who releases.
    let administrator: Actor
    let now: Int64

    private var transaction: any StoreTransaction { working.transaction }

    /// What became of a group.
    enum Result {
        /// Issued, and whether each change stands beside another value.
        case issued([Disposition.Outcome])
        /// What stands against it, and against which of its changes.
        case refused(Refusal, position: Int64)
    }

    /// Issues what was entered together. After a refusal the whole transaction is to be rolled back.
    func release(
        _ group: [StoredChange], under row: inout IncarnationRow, heads: inout Heads, seed: () -> [UInt8]
    ) throws -> Result {
        guard let first = group.first, let speaker = try transaction.speaker(of: first.incarnation)
        else { return .issued([]) }
        let refused = try group.map { try FrozenCodec.decode($0.bytes).change }
        let reach = try Reach(
            working: working, domain: domain, speaker: speaker, epoch: heads.epoch, allKey: allKey)
        let judge = Judge(working: working, domain: domain, speaker: speaker, reach: reach)
        let mark = row.mark
        let judged = try reissued(refused, after: mark, under: row.incarnation, heads.epoch)
        let issued = zip(judged, refused).map { change, original in
            var change = change
            change.context.include(original.dot)
            return change
        }
        let attempt = Attempt(working: working, domain: domain, speaker: speaker, reach: reach)
        let result = try attempt.run(issued, after: nil) { index, _, covered in
            let time = group[index].effective ?? EffectiveTime(microseconds: group[index].receivedAt)
            return Judgement.kept(time, serverNow: now, covered: covered)
        } objection: { change, record, time in
            let index = Int(change.dot.n - mark) - 1
            let original = refused[index]
            // Nobody's program could take it.
            if group[index].bytes.count > Limits.changeBytes { return .size }
            return try objection(to: judged[index], for: original, record, time, judge)
        }
        if let objection = result.objection {
            let culprit = issued.firstIndex { $0.dot == result.culprit } ?? 0
            return .refused(objection.refusal, position: group[culprit].position)
        }
        var outcomes: [Disposition.Outcome] = []
        for (index, change) in issued.enumerated() {
            let (frozen, bytes) = try FrozenCodec.encode(change, seed: seed())
            let outcome = attempt.outcome(of: change, in: result.records[index], result)
            row.mark = change.dot.n
            row.hash = frozen.hash(after: row.hash)
            heads.append(row.hash.bytes, at: now)
            attempt.note(change, row.hash, outcome)
            try transaction.append(
                StoredChange(
                    position: heads.log, incarnation: row.number, n: row.mark, hash: row.hash, bytes: bytes,
                    record: result.records[index].stored.number, outcome: outcome,
                    effective: result.times[index], receivedAt: now))
            try transaction.noteReissue(of: group[index].position, as: heads.log)
            outcomes.append(outcome)
        }
        try close(group, as: .released, heads: &heads)
        return .issued(outcomes)
    }

    /// Says of a group what was decided, so that its device hears it. It waits for nothing any more.
    func close(_ group: [StoredChange], as outcome: Disposition.Outcome, heads: inout Heads) throws {
        try transaction.close(group, as: outcome, heads: &heads)
    }

    /// The same content under new numbers. Whoever had read a change that was refused, their own, had read what
    /// was issued for it.
    private func reissued(
        _ refused: [Change], after mark: UInt64, under incarnation: Incarnation, _ epoch: UInt64
    ) throws -> [Change] {
        var issued: [Change] = []
        for (index, original) in refused.enumerated() {
            var change = original
            let known = try working.find(original.record).map {
                try transaction.reissues(of: $0.stored.number)
            }
            for pair in known ?? [] where original.context.contains(pair.refused) {
                change.context.include(pair.issued)
            }
            for (earlier, successor) in zip(refused, issued)
            where earlier.record == original.record && original.context.contains(earlier.dot) {
                change.context.include(successor.dot)
            }
            change.dot = Dot(incarnation, mark + UInt64(index) + 1)
            change.epoch = epoch
            issued.append(change)
        }
        return issued
    }

    /// What stands against a change even so.
    private func objection(
        to change: Change, for original: Change, _ record: WorkingRecord, _ time: EffectiveTime,
        _ judge: Judge
    ) throws -> Objection? {
        if !original.author.utf8.elementsEqual(judge.speaker.staff.utf8) {
            return Objection("author", "nobody knows whether the person under whose name it stands wrote it")
        }
        if try judge.claims(original, of: record) != nil {
            return Objection("context", "it says it follows entries that were never made")
        }
        do {
            try domain.schema.validate(table: change.table, writes: change.writes)
        } catch {
            return Objection("schema", "it does not fit the agency's forms, so nobody could read it")
        }
        if record.exists, record.state.table != change.table {
            return Objection("schema", "the record is of another kind")
        }
        if record.state.live.count >= Limits.liveChanges {
            return Objection("limit", "the record holds too many values that nobody has settled yet")
        }
        if !record.exists, !original.context.isEmpty {
            return Objection("scope", "the entry that made its record has not been accepted")
        }
        for id in try judge.outward(LiveChange(change, effective: time), of: change, record)
        where try working.find(id)?.exists != true {
            return Objection("scope", "it belongs to a record that has not been accepted")
        }
        return try refusal(of: change, record, time, judge).map(Objection.init)
    }

    /// Refusals that are about who writes, and not about what is written.
    private static let overridden: Set<String> = ["permission", "owner", "side"]

    /// What the domain says: it is enough if the author might have written it or the administrator may, or if
    /// nothing is wrong but who wrote it.
    private func refusal(
        of change: Change, _ record: WorkingRecord, _ time: EffectiveTime, _ judge: Judge
    ) throws -> Refusal? {
        let before = try judge.before(change, record)
        let role = try transaction.role(of: change.author, at: time.microseconds) ?? ""
        let author = Actor(staff: change.author, role: role, device: judge.speaker.code)
        var last: Refusal?
        for actor in [author, administrator] {
            let judged = JudgedChange(change: change, actor: actor, before: before)
            last = try domain.refusal(of: judged) { try working.view($0) }
            guard let last, !Self.overridden.contains(last.code) else { return nil }
        }
        return last
    }
}
