import PeerSupport
import SyncModel
import SyncReplica

/// Somebody's wish for another look at a decision. Several may have wished it apart, each for a reason of their own.
struct Contest {
    let by: String
    /// Seconds since 1970.
    let at: Int64?
    let reason: String

    /// Who is told when some decisions are decided anew or taken back: whoever made them or what they go back to, everybody
    /// who asked for another look at one of these, and whoever was told of one. Staff codes, each as often as it occurs.
    static func concerned(by decisions: [Decision], in replica: Replica) throws -> [String] {
        guard !decisions.isEmpty else { return [] }
        let about = decisions.flatMap { [$0.subject, $0.other] }.compactMap { $0 }
        let chain = try OpenConflicts.chains(in: replica, about: about).lineage(of: decisions)
        return try chain.flatMap { [$0.by] + $0.losers + (try all(of: $0, in: replica).map(\.by)) }
            + told(of: chain, in: replica)
    }

    /// Who has a notice of one of some decisions, as far as this laptop holds it: an administrator's has all of them, and for
    /// the others the decisions themselves say whose value they did not keep.
    static func told(of decisions: [Decision], in replica: Replica) throws -> [String] {
        guard !decisions.isEmpty else { return [] }
        let ids = Set(decisions.map(\.id)).sorted().map { Value.reference($0) }
        return try replica.find(Query("notice", where: [.oneOf("decision", ids)])).compactMap {
            Notice($0)?.to
        }
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
