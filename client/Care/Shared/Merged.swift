import PeerSupport
import SyncModel
import SyncReplica

/// Which participants of this laptop are one person.
struct Merged {
    let redirects: Redirects

    /// - Parameter parted: records that count as leading nowhere.
    init(in replica: Replica, without parted: [RecordID] = []) throws {
        let pairs = try replica.find(Query("participant", where: [.isSet("merged_into")])).compactMap {
            view in
            parted.contains(view.id) ? nil : view["merged_into"].reference.map { (from: view.id, into: $0) }
        }
        redirects = Redirects(pairs)
    }

    /// The record under which a person is shown.
    func root(of record: RecordID) -> RecordID { redirects.root(of: record) }

    /// Whether two records are one person's.
    func areOne(_ one: RecordID, _ other: RecordID) -> Bool { root(of: one) == root(of: other) }

    /// Every record of the person, for a question about what was done with them.
    func all(of record: RecordID) -> [RecordID] { redirects.all(of: record) }

    /// Of some records those under which the persons are shown, each once and in their order. One that leads to a record
    /// which is not on this laptop stays itself.
    func shown(_ views: [RecordView], _ replica: Replica) throws -> [RecordView] {
        var seen: Set<RecordID> = []
        return try views.compactMap { view in
            let root = root(of: view.id)
            guard seen.insert(root).inserted else { return nil }
            return try replica.view(root) ?? view
        }
    }

    /// What holds of everything that was recorded about a person, under whichever of their records.
    func isAbout(_ person: RecordID) -> Query.Condition {
        .oneOf("participant", all(of: person).map { .reference($0) })
    }
}

extension Replica {
    /// What holds of everything that was recorded about a person, under whichever of their records.
    func isAbout(_ person: RecordID) throws -> Query.Condition { try Merged(in: self).isAbout(person) }
}
