import SyncModel
import SyncReplica

/// What whoever wrote a refused entry can do about it from this laptop.
struct RefusedEntry {
    /// What stands against entering one anew, whatever is corrected.
    enum Hindrance {
        /// What it was written on is not on this laptop any more.
        case left
        /// This record, which it was written on, was deleted meanwhile.
        case deleted(RecordID)
        /// Whoever wrote it may not, in the role that they have now.
        case role
        /// It had been taken before the server was restored, and will be again.
        case taken
    }

    private let number: Int64
    private let hindrance: Hindrance?

    init(_ entry: OutboxEntry, in replica: Replica) {
        self.init(entry, entry.wasTaken ? .taken : replica.hindrance(toEnterAnew: entry.number))
    }

    private init(_ entry: OutboxEntry, _ hindrance: Hindrance?) {
        number = entry.number
        self.hindrance = hindrance
    }

    /// All of them in their order. What was entered together stands and falls together, so it is looked up once.
    static func all(_ entries: [OutboxEntry], in replica: Replica) -> [RefusedEntry] {
        all(entries) { replica.hindrance(toEnterAnew: $0) }
    }

    /// The same by whoever looks it up, for an entry's number.
    static func all(_ entries: [OutboxEntry], _ look: (Int64) -> Hindrance?) -> [RefusedEntry] {
        var known: [TransactionID: Hindrance?] = [:]
        return entries.map { entry in
            if entry.wasTaken { return RefusedEntry(entry, .taken) }
            guard let transaction = entry.transaction else { return RefusedEntry(entry, look(entry.number)) }
            let found = known[transaction] ?? look(entry.number)
            known[transaction] = .some(found)
            return RefusedEntry(entry, found)
        }
    }

    /// Whether it can be entered anew here.
    var isCorrectable: Bool { hindrance == nil }

    /// Whether it can be taken back. What had been taken before a restore stands with whoever has it.
    var isDroppable: Bool { if case .taken = hindrance { false } else { true } }

    /// Why not, and who can do something.
    var obstacle: String? {
        switch hindrance {
        case .left:
            "What it was written on has left this laptop, so it cannot be entered anew here. An administrator can still "
                + "release it out of quarantine."
        case .deleted(let record):
            "What it was written on was deleted, so it cannot be entered anew: `porchlight history \(record.short)` says "
                + "by whom and why, and what can be done about it."
        case .role:
            "Your role may not enter it anew. An administrator can still release it out of quarantine."
        case .taken:
            "It had been taken before the server was restored, and is taken again by itself once an administrator's laptop has "
                + "synced: nothing is to be done. What is wrong with it is put right then."
        case nil: nil
        }
    }

    /// All of it in a line.
    var advice: String {
        let drop = "Drop it: porchlight outbox discard \(number)."
        guard let obstacle else { return "Correct it: porchlight outbox edit \(number). \(drop)" }
        return isDroppable ? "\(obstacle) \(drop)" : obstacle
    }
}

extension Replica {
    /// What stands against entering a refused entry anew. What it says is for its author to correct; and what cannot be looked
    /// up is found out when they try.
    fileprivate func hindrance(toEnterAnew number: Int64) -> RefusedEntry.Hindrance? {
        switch (try? hindrance(to: number))??.code {
        case .notPermitted: .role
        case .unknownRecord: hasLeft(number) ? .left : deleted(number).map { .deleted($0) }
        default: nil
        }
    }

    /// Whether of a refused entry, and of what is entered anew together with it, something was written on a record that is
    /// not on this laptop any more.
    func hasLeft(_ number: Int64) -> Bool {
        records(writtenWith: number).contains { ((try? view($0)) ?? nil) == nil }
    }

    private func deleted(_ number: Int64) -> RecordID? {
        records(writtenWith: number).first { ((try? view($0)) ?? nil)?.deletion == .deleted }
    }

    private func records(writtenWith number: Int64) -> [RecordID] {
        ((try? withdrawable(number, correcting: true)) ?? []).map(\.record)
    }
}
