import SyncModel

/// What its author took back at once.
struct Withdrawn: Hashable {
    /// The position of the first of the changes.
    let first: Int64
    let count: Int
    let reason: String
}

/// Takes back changes in quarantine because the laptop that wrote them says so.
///
/// Only what is in quarantine, and only the speaker's own. What somebody has decided already stays decided, and of what
/// was taken into its record after all its laptop hears that instead; so a withdrawal can be said again and again.
struct Withdrawing {
    let working: WorkingSet
    let domain: any Domain
    let speaker: Speaker
    let mayWrite: Bool

    private var transaction: any StoreTransaction { working.transaction }

    /// Takes back what is named, each with all that was entered together with it.
    func run(_ withdrawals: [Withdrawal], heads: inout Heads) throws -> [Withdrawn] {
        // A laptop that was retired decides nothing any more: it may be in other hands.
        guard !speaker.isRetired else { return [] }
        var done: [Withdrawn] = []
        for withdrawal in withdrawals {
            guard let group = try quarantined(withdrawal.dot), let first = group.first else { continue }
            guard mayWrite else { throw Round.NeedsWriting() }
            try transaction.close(group, as: .withdrawn, heads: &heads)
            done.append(
                Withdrawn(first: first.position, count: group.count, reason: withdrawal.reason))
        }
        return done
    }

    /// What was entered together with one of the speaker's changes in quarantine; `nil` if it is none.
    private func quarantined(_ dot: Dot) throws -> [StoredChange]? {
        guard let row = try transaction.incarnation(dot.incarnation), row.device == speaker.number,
            let position = try transaction.position(of: row.number, at: dot.n),
            case .quarantined = try transaction.changes(from: position, to: position).first?.outcome
        else { return nil }
        return try QuarantineRoom(transaction, domain).group(of: position)
    }
}

extension StoreTransaction {
    /// Says of changes in quarantine what was decided, so that their device hears it. They wait for nothing any more.
    func close(_ group: [StoredChange], as outcome: Disposition.Outcome, heads: inout Heads) throws {
        for change in group {
            heads.log += 1
            try decide(position: change.position, outcome, said: heads.log)
            // Each: what says that it was entered together may have come in two exchanges, and waits twice then.
            try unpark(at: change.position)
        }
    }
}

extension Objection {
    /// That its author has taken it back before it came.
    static let withdrawn = Objection("withdrawn", "Its author took it back.")
}
