import PeerSupport
import SyncModel
import SyncReplica
import Synchronization

extension NoticeList {
    /// Everything that `notices` lists for somebody and that they have not marked as seen, each under a name of its own: what
    /// one decision says of several entries of theirs is one. What is undecided or was not taken cannot be marked: it is among
    /// them until it is settled.
    ///
    /// - Parameter open: everything that has to be decided here.
    static func unread(in replica: Replica, for staff: String, _ open: OpenConflicts) throws -> Set<String> {
        let notices = try replica.find(
            Query(
                "notice", where: [.equals("to_staff", .text(staff))],
                order: [Query.Order("at", descending: true)])
        )
        .compactMap { Notice($0) }
        var found: Set<String> = []
        let decided = notices.filter { StayedThere.Topic($0.register) == nil && DiscardedEntry($0) == nil }
        for one in decided where one.seenAt == nil { found.insert("decision \(one.decision.text)") }
        for one in try DiscardedEntry.standing(among: notices, in: replica) where one.notice.seenAt == nil {
            found.insert("discarded \(one.notice.subject.text)")
        }
        for one in try stayed(of: staff, notices, decided, open, in: replica) where one.notice?.seenAt == nil
        {
            found.insert("decision \(one.decision.text)")
        }
        for one in try undecided(open, for: staff, in: replica) { found.insert("undecided \(one.name)") }
        for one in try SinceParted.all(by: staff, in: replica, open.chains) {
            found.insert("parted \(one.kept.id.text)")
        }
        for one in try refused(in: replica) { found.insert("refused \(one.number)") }
        return found
    }

    /// What somebody wrote while two counted as one person's. Only of what parted two is anything looked up for it.
    private static func stayed(
        of staff: String, _ notices: [Notice], _ decided: [Notice], _ open: OpenConflicts,
        in replica: Replica
    ) throws -> [StayedThere] {
        let people = try Merged(in: replica)
        let parting = decided.filter { open.chains[$0.decision]?.saysOne == false }
        let partings = try parting.map { try Self.told($0, staff, people, open, [:], in: replica) }
        return try StayedThere.all(of: staff, notices, partings, open, in: replica)
    }

    /// The same for whoever uses a laptop; nothing on one that was retired, which shows no records any more.
    static func unread(in replica: Replica) throws -> Set<String> {
        let status = try replica.status()
        guard !status.isSealed else { return [] }
        return try unread(in: replica, for: status.enrolment.staff, OpenConflicts(in: replica))
    }
}

/// How many notices syncs bring, one after the other. Beside the point: what cannot be counted is no reason not to sync.
final class NewNotices: Sendable {
    private let known: Mutex<Set<String>?>

    /// Remembers what there is before the first sync.
    init(before replica: Replica) { known = Mutex(try? NoticeList.unread(in: replica)) }

    /// How many there are after a sync that there were not when it was asked last; `nil` where that cannot be told.
    ///
    /// - Parameter open: everything that has to be decided then; `nil` on a laptop that was retired.
    func count(in replica: Replica, _ open: OpenConflicts?) -> Int? {
        let now = open.flatMap { open in
            try? NoticeList.unread(in: replica, for: replica.enrolment.staff, open)
        }
        return known.withLock { known in
            let new = known.flatMap { old in now.map { $0.subtracting(old).count } }
            known = now ?? known
            return new
        }
    }
}
