import PeerSupport
import SyncModel

/// What waits in quarantine at the office. Whoever can decide about it hears of it with each sync: it is part of no record,
/// so an urgent entry among it is seen nowhere else.
struct HeldBack {
    private let changes: [QuarantinedChange]
    /// Whether there is more than one answer holds.
    private let isMore: Bool

    /// Asks, where this laptop's owner can decide about it; `nil` for others, and where the server does not say: the sync
    /// that went before went through all the same.
    init?(at desk: Desk) {
        guard (try? desk.isRole(.administrator)) == true,
            case .list(let changes, let more)? = try? desk.quarantine(.list(device: nil, after: 0))
        else { return nil }
        self.changes = changes
        isMore = more
    }

    /// How many changes; of very many those that one answer holds.
    var count: Int { changes.count }

    /// What to say of it, if anything.
    func note(_ time: LocalTime) -> String? {
        guard let oldest = changes.map(\.receivedAt).min() else { return nil }
        let escalations = changes.count { $0.table == "escalation" }
        let counts = count == 1 && !isMore ? "counts" : "count"
        let all =
            isMore ? "more than \(count) changes wait" : Wording.count(count, "change waits", "changes wait")
        let urgent =
            escalations == 0 ? "" : ", \(Wording.count(escalations, "of an escalation", "of escalations"))"
        return "\(all) in quarantine and \(counts) for nobody\(urgent), the oldest since "
            + "\(time.text(of: floorSeconds(oldest))): `porchlight quarantine list` shows what to decide"
    }
}
