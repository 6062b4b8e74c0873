import PeerSupport
import SyncModel
import SyncReplica

/// Somebody's wish for another look at a decision. Several may have wished it apart, each for a reason of their own.
struct Contest {
    let by: String
    /// Seconds since 1970.
    let at: Int64?
    let reason: String

    /// Who is told when some decisions are decided anew: whoever made them, and everybody who asked for another look. Staff
    /// codes, each as often as it occurs.
    static func concerned(by decisions: [Decision], in replica: Replica) throws -> [String] {
        try decisions.flatMap { [$0.by] + (try all(of: $0, in: replica).map(\.by)) }
    }

    /// All that stand against a decision, the shown one first; empty where nobody asks.
    static func all(of decision: Decision, in replica: Replica) throws -> [Contest] {
        guard decision.isContested else { return [] }
        return try replica.siblings(decision.id, of: "contest").compactMap { sibling in
            guard sibling.values.count == 3, let by = sibling.values[0].text else { return nil }
            return Contest(by: by, at: sibling.values[1].integer, reason: sibling.values[2].text ?? "")
        }
    }
}
