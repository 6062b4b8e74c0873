import SyncModel
import SyncWire

/// What stands against a change.
struct Objection {
    let refusal: Refusal
    /// What could still come and make the change fit. `nil` if nothing could but a person's decision.
    let awaited: Awaited?

    init(_ code: String, _ reason: String, awaits awaited: Awaited? = nil) {
        refusal = Refusal(code: code, reason: reason)
        self.awaited = awaited
    }

    init(_ refusal: Refusal) {
        self.init(refusal, awaits: nil)
    }

    init(_ refusal: Refusal, awaits awaited: Awaited?) {
        self.refusal = refusal
        self.awaited = awaited
    }
}

extension Objection {
    /// That a change has more bytes than one may have. Its chain goes on over it; nobody is ever sent it.
    static let size = Objection("size", "It is larger than any entry may be.")
}

/// What a change in quarantine waits for.
enum Awaited: Hashable {
    /// The record: that it comes, or that its scope does.
    case record(RecordID)
    /// A change that was read, and is not here.
    case entry(Dot)
    /// That somebody shows that the change itself had been taken before the server was restored, or released.
    case itself
}

/// Says whether a change may become part of its record. What it refuses goes to quarantine, whole.
struct Judge {
    let working: WorkingSet
    let domain: any Domain
    let speaker: Speaker
    let reach: Reach

    /// What stands against the change; `nil` if nothing does.
    ///
    /// Of what was written before the server was restored somebody may show later that it had been taken, or released:
    /// it waits for that where it waits for nothing else.
    func objection(
        to change: Change, for record: WorkingRecord, effective: EffectiveTime
    ) throws -> Objection? {
        guard let found = try judged(change, record, effective) else { return nil }
        guard found.awaited == nil, reach.precedesRestore(change) else { return found }
        return Objection(found.refusal, awaits: .itself)
    }

    private func judged(
        _ change: Change, _ record: WorkingRecord, _ effective: EffectiveTime
    ) throws -> Objection? {
        let isHere = isHere(change, in: record, effective)
        if speaker.isRetired, !isHere {
            return Objection("retired", "It was sent from a laptop that had been retired.")
        }
        if !change.author.utf8.elementsEqual(speaker.staff.utf8) {
            return Objection("author", "It was written by somebody other than the laptop's owner.")
        }
        if let objection = try claims(change, of: record) { return objection }
        do {
            try domain.schema.validate(table: change.table, writes: change.writes)
        } catch {
            return Objection("schema", "It does not fit the agency's forms: \(domain.words(of: error)).")
        }
        if record.exists, record.state.table != change.table {
            return Objection("schema", "The record is of another kind.")
        }
        if isHere { return nil }
        if record.state.live.count >= Limits.liveChanges {
            return Objection("limit", "The record holds too many values that nobody has settled yet.")
        }
        if let objection = try strays(change, for: record, effective) { return objection }
        let role = try working.transaction.role(of: change.author, at: effective.microseconds)
        let actor = Actor(staff: change.author, role: role ?? "", device: speaker.code)
        let judged = JudgedChange(change: change, actor: actor, before: try before(change, record))
        return try domain.refusal(of: judged) { try working.view($0) }.map(Objection.init)
    }

    /// Whether a restored server can see that what is offered again had been taken, or released: others have brought it
    /// back, or what had read and replaced it. Then it adds nothing to its record, and is history, whatever stands
    /// against its laptop or its author's role today.
    private func isHere(_ change: Change, in record: WorkingRecord, _ effective: EffectiveTime) -> Bool {
        reach.precedesRestore(change) && record.state.contains(LiveChange(change, effective: effective))
    }

    /// A context may only claim what was given out. One that claims more is broken or forged: believed, it
    /// could close what its writer never saw, or kill a value that was never read.
    ///
    /// After a restore the server does not know what it had given out. What was written before it is believed:
    /// whoever wrote what it read may never come back, and the work must not wait for them. What was written
    /// since waits until what it had read has come.
    func claims(_ change: Change, of record: WorkingRecord) throws -> Objection? {
        let reason = "It says it follows entries that were never made."
        // A restored server has forgotten what it had; that nobody ever made it would be said of whoever told the truth.
        let lost = "It follows entries that the server has not got back yet since it was restored."
        for entry in change.context.entries {
            if entry.incarnation == change.dot.incarnation {
                if entry.n >= change.dot.n { return Objection("context", reason) }
            } else if try entry.n > reach.mark(of: entry.incarnation), !reach.precedesRestore(change),
                entry.n > record.state.context[entry.incarnation]
            {
                let awaited = Awaited.entry(Dot(entry.incarnation, entry.n))
                return reach.epoch > 1
                    ? Objection("context", lost, awaits: awaited) : Objection("context", reason)
            }
        }
        return nil
    }

    /// A device writes only to what it holds or held, refers only to such records, and gives access only to
    /// such records.
    ///
    /// What would give access to a record that is not here waits for the record. Taken at once, it would open
    /// to its writer whatever is recorded under that id by somebody else.
    private func strays(
        _ change: Change, for record: WorkingRecord, _ effective: EffectiveTime
    ) throws -> Objection? {
        if record.exists {
            if try !reach.isHeld(record, by: change) { return unheld(change.record, change) }
        } else if !change.context.isEmpty {
            // It follows something of this record that was refused, or that a restored server has lost.
            return Objection(
                "scope", "It changes a record that has not been accepted.", awaits: .record(change.record))
        }
        for case .reference(let id) in change.writes.lazy.flatMap(\.values) where id != change.record {
            if let other = try working.find(id), other.exists, try !reach.isHeld(other, by: change) {
                return unheld(id, change)
            }
        }
        for id in try outward(LiveChange(change, effective: effective), of: change, record) {
            guard let other = try working.find(id), other.exists else {
                return Objection(
                    "scope", "It belongs to a record that has not been accepted.", awaits: .record(id))
            }
            if try !reach.isHeld(other, by: change) { return unheld(id, change) }
        }
        return nil
    }

    private func unheld(_ id: RecordID, _ change: Change) -> Objection {
        if reach.precedesRestore(change) {
            return Objection(
                "scope",
                "The server does not know that this laptop held the record; it was restored, and may not have got back yet "
                    + "what tells it so. It is taken by itself once it has.", awaits: .record(id))
        }
        // A server that was restored ever has forgotten what it had handed to whom.
        return Objection(
            "scope",
            reach.epoch > 1
                ? "The server does not know that this laptop ever held the record."
                : "The record is not one that this laptop ever held.")
    }

    /// The other records to whose scope the change adds.
    func outward(
        _ live: LiveChange, of change: Change, _ record: WorkingRecord
    ) throws -> [RecordID] {
        guard let table = domain.schema.table(change.table) else { return [] }
        var state = record.exists ? record.state : RecordState(table: change.table)
        state.merge(live)
        let after = RecordView(id: change.record, state: state, table: table)
        let before = record.exists ? working.view(record).map(domain.contributions) ?? [] : []
        return domain.contributions(of: after)
            .filter { $0.target != change.record && !before.contains($0) }.map(\.target)
    }

    /// The record as the writer had read it. Mostly that is how it stands; where somebody else has written
    /// since, it is put together from the history.
    func before(_ change: Change, _ record: WorkingRecord) throws -> RecordView? {
        guard let table = domain.schema.table(change.table) else { return nil }
        let live = record.state.live
        if live.allSatisfy({ change.context.contains($0.dot) }) { return working.view(record) }
        let read = try working.transaction.history(of: record.stored.number, in: change.context).compactMap {
            bytes, effective in
            (try? FrozenCodec.decode(bytes).change).map { LiveChange($0, effective: effective) }
        }
        // What this transaction took itself is in the state and not yet in the history.
        let own = live.filter { change.context.contains($0.dot) }
        let state = RecordState(table: change.table, live: read + own)
        return state.live.isEmpty ? nil : RecordView(id: change.record, state: state, table: table)
    }
}
