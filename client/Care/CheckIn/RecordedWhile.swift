import PeerSupport
import SyncModel
import SyncReplica

/// That a check-in was recorded while another record counted as the same person's, and that somebody has parted the two since: it
/// stays where it is, and may be about the other one.
struct RecordedWhile {
    /// The other record.
    let other: RecordID
    /// What parted them.
    let decision: Decision

    /// `nil` of a check-in that is void, or of which nothing of the kind is known here.
    init?(_ view: RecordView, in replica: Replica) throws {
        guard let row = CheckIn(view), row.counts,
            let made = try replica.siblings(view.id, of: "what").first?.change
        else { return nil }
        let at = floorSeconds(made.effective?.microseconds ?? made.deviceMicroseconds)
        let person = row.participant
        let named =
            try OpenConflicts.decisions(in: replica, about: [person])
            + OpenConflicts.decisions(in: replica, naming: person)
        let pairs = Set(named.flatMap { [$0.subject] + [$0.other].compactMap { $0 } }).sorted()
        let chains = try OpenConflicts.chains(in: replica, about: pairs)
        let found = chains.all.last { end in
            end.saysOne == false && [end.subject, end.other].contains(person) && !chains.isClosed(end)
                && !chains.isOpen(end) && at <= end.at
                && chains.merges(endedBy: end).contains { merge in
                    DecisionChains.topic(of: merge) == DecisionChains.topic(of: end) && merge.at <= at
                }
        }
        guard let found,
            let other = [found.subject, found.other].compactMap({ $0 }).first(where: { $0 != person })
        else { return nil }
        self.other = other
        decision = found
    }

    /// Of some check-ins those that were recorded so. Only of people of whom somebody ever said that they are two anything is
    /// looked up.
    static func all(of views: [RecordView], in replica: Replica) throws -> [RecordID: RecordedWhile] {
        let kinds = [DecisionKind.unmerge, .distinct].map { Value.text($0.rawValue) }
        let ends = try replica.find(Query("decision", where: [.oneOf("kind", kinds)]))
            .compactMap { Decision($0) }
        let parted = Set(ends.flatMap { [$0.subject] + [$0.other].compactMap { $0 } })
        var found: [RecordID: RecordedWhile] = [:]
        for view in views where view["participant"].reference.map(parted.contains) ?? false {
            found[view.id] = try RecordedWhile(view, in: replica)
        }
        return found
    }

    /// What is beside one of several check-ins of which it is said below.
    static let mark = " *"

    /// What that mark means, with the command that tells more of each.
    static func note(_ marked: [RecordID]) -> String? {
        guard !marked.isEmpty else { return nil }
        let ids = marked.map { "porchlight checkin show \($0.short)" }.joined(separator: ", ")
        return "* recorded while two people's records counted as one, and may be about the other: \(ids)"
    }

    /// `Recorded while P0190 Cleo Park counted as the same person, until SV01 parted them today 09:35: it may be about them.`
    func sentence(_ teller: inout ChangeTeller, _ time: LocalTime) throws -> String {
        "Recorded while \(try teller.known(other)) counted as the same person, until \(decision.by) parted them "
            + "\(time.ago(decision.at)): it may be about them."
    }

    /// For programs.
    var json: JSON {
        [
            "record": .text(other.text), "by": .text(decision.by), "at": .moment(decision.at * 1_000_000),
        ]
    }
}
