import SyncReplica

/// What somebody should do something about on this laptop, looked up once for people and for programs.
struct Attention {
    let open: StillOpen
    /// Decisions that whoever uses this laptop was not told of yet.
    let notices: Int
    /// Each of it in a few words.
    let words: [String]

    private let doubles: DoubleCodes?

    init(_ status: ReplicaStatus, in replica: Replica) throws {
        open = try StillOpen(status, in: replica)
        let found = Status.attention(status, toDecide: open.toDecide)
        // A retired laptop shows no records any more.
        guard !status.isSealed else {
            (notices, doubles, words) = (0, nil, found)
            return
        }
        notices = try NoticeList.unreadDecisions(in: replica, for: status.enrolment.staff)
        let doubles = try DoubleCodes(in: replica)
        self.doubles = doubles
        let unread = notices == 0 ? [] : ["\(Wording.count(notices, "notice")) (porchlight notices)"]
        words = found + unread + (try doubles.notes(in: replica))
    }

    /// Codes that several participants have, for programs.
    var doubleCodes: JSON { doubles?.json ?? .list([]) }
}
