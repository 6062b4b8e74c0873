import SyncModel
import SyncReplica

/// What whoever wrote a refused entry can do about it from this laptop.
struct RefusedEntry {
    private let number: Int64
    /// What stands against entering it anew, whatever is corrected: its record has left, or the role is another.
    private let hindrance: SyncError.Code?

    init(_ entry: OutboxEntry, in replica: Replica) {
        number = entry.number
        // What it says is for the author to correct; and what cannot be looked up is found out when they try.
        let found = (try? replica.hindrance(to: entry.number)) ?? nil
        hindrance = [.unknownRecord, .notPermitted].first { $0 == found?.code }
    }

    /// Whether it can be entered anew here.
    var isCorrectable: Bool { hindrance == nil }

    /// Why not, and who can do something.
    var obstacle: String? {
        switch hindrance {
        case .unknownRecord:
            "What it was written on has left this laptop, so it cannot be entered anew here. An administrator can still "
                + "release it out of quarantine."
        case .notPermitted:
            "Your role may not enter it anew. An administrator can still release it out of quarantine."
        default: nil
        }
    }

    /// All of it in a line.
    var advice: String {
        let drop = "Drop it: porchlight outbox discard \(number)."
        guard let obstacle else { return "Correct it: porchlight outbox edit \(number). \(drop)" }
        return "\(obstacle) \(drop)"
    }
}
