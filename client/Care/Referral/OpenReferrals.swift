import PeerSupport
import SyncModel
import SyncReplica

extension Referral {
    /// Whether people took it steps apart that exclude each other. Then it is not over, whichever is shown.
    var isApart: Bool { conflicts.contains("status") }

    /// What `conflicts` calls that.
    var conflictName: String { "\(id.short).status" }
}

extension Replica {
    /// The referrals that are not over, the one whose status is newest first; also those of which that is not decided.
    ///
    /// - Parameter conditions: which of them.
    func openReferrals(_ conditions: [Query.Condition] = []) throws -> [RecordView] {
        let open = ReferralState.allCases.filter { !$0.isFinal }.map { Value.text($0.rawValue) }
        let found = try find(Query("referral", where: conditions + [.oneOf("status", open)]))
        let known = Set(found.map(\.id))
        let apart = try find(Query("referral", where: conditions + [.inConflict])).filter { view in
            Referral(view)?.isApart == true && !known.contains(view.id)
        }
        return (found + apart).sorted { a, b in
            let times = (a["status_at"].integer ?? .min, b["status_at"].integer ?? .min)
            return times.0 == times.1 ? a.id < b.id : times.0 > times.1
        }
    }
}
