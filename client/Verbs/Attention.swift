import SyncReplica

/// What somebody should do something about on this laptop, looked up once for people and for programs.
struct Attention {
    let open: StillOpen
    /// How many things `notices` lists that whoever uses this laptop has not marked as seen.
    let notices: Int
    /// Each of it in a few words.
    let words: [String]

    private let doubles: DoubleCodes?

    init(_ status: ReplicaStatus, in replica: Replica) throws {
        let everything = status.isSealed ? nil : try OpenConflicts(in: replica)
        open = StillOpen(records: status.conflicts, toDecide: everything?.all.count ?? 0)
        let found = Status.attention(status, toDecide: open.toDecide)
        // A retired laptop shows no records any more.
        guard let everything else {
            (notices, doubles, words) = (0, nil, found)
            return
        }
        notices = try NoticeList.unread(in: replica, for: status.enrolment.staff, everything).count
        let doubles = try DoubleCodes(in: replica)
        self.doubles = doubles
        let unread = notices == 0 ? [] : ["\(Wording.count(notices, "notice")) (porchlight notices)"]
        words = found + unread + (try doubles.notes(in: replica))
    }

    /// Codes that several participants have, for programs.
    var doubleCodes: JSON { doubles?.json ?? .list([]) }
}
