import PeerSupport
import SyncModel
import SyncReplica

/// Asks the server on which laptop the values were written that a person has to decide about, and when they reached it.
///
/// With a record whose registers are in conflict the server sends that by itself. What else is to be decided it cannot tell: that
/// two records look like one person's, that somebody asks for another look, that a check-in was corrected twice. So it is asked
/// about these after a sync, while there is a connection; whoever decides may have none.
enum Origins {
    /// Asks, and keeps the answer beside the records. Of the gravest first; of the rest at the next sync.
    ///
    /// Nothing depends on it: where the server does not answer, or is older than the question, it stays unknown here.
    static func fetch(_ replica: Replica, _ link: any ServerLink) async {
        do {
            let wanted = try unknown(OpenConflicts(in: replica).all, in: replica)
            guard !wanted.isEmpty else { return }
            let found = try await link.origins(of: wanted)
            try replica.keep(
                origins: Dictionary(
                    zip(wanted, found.map(\.origins)).map { ($0, try answered($0, $1, replica)) }
                ) {
                    first, _ in first
                })
        } catch {}
    }

    /// What the server said of a record, and of each live change of which it knows nothing that it does not: nobody is asked the
    /// same again until the record comes anew.
    private static func answered(
        _ record: RecordID, _ said: [ConflictNotes.Origin], _ replica: Replica
    ) throws -> [ConflictNotes.Origin] {
        let known = Set(said.map(\.dot))
        let others = try replica.state(record)?.live.filter { $0.effective != nil && !known.contains($0.dot) }
        return said
            + (others ?? []).map {
                .init(dot: $0.dot, device: nil, receivedMicroseconds: nil, arrival: .sent)
            }
    }

    /// The records in some conflicts of which is not known where all that stands in them was written, each once.
    static func unknown(_ open: [Conflict], in replica: Replica) throws -> [RecordID] {
        var wanted: [RecordID] = []
        var seen: Set<RecordID> = []
        for conflict in open {
            for id in try records(of: conflict, in: replica) where seen.insert(id).inserted {
                guard wanted.count < Limits.recordsPerOrigins else { return wanted }
                guard let state = try replica.state(id) else { continue }
                let notes = try replica.conflictNotes(of: id)
                // What no server has judged has reached none.
                let isKnown = state.live.allSatisfy {
                    $0.effective == nil || notes?.origin(of: $0.dot) != nil
                }
                if !isKnown { wanted.append(id) }
            }
        }
        return wanted
    }

    /// The records in which what there is to choose from was written.
    private static func records(of conflict: Conflict, in replica: Replica) throws -> [RecordID] {
        let named = [conflict.view.id, conflict.other?.id ?? conflict.decision?.other].compactMap { $0 }
        let about = try written(about: conflict, in: replica)
        return named + conflict.sides.compactMap { $0.record?.id } + [about].compactMap { $0 }
    }

    /// Of somebody who was deleted, the record about them that somebody made who did not know of that; `nil` of anything else.
    static func written(about conflict: Conflict, in replica: Replica) throws -> RecordID? {
        guard conflict.kind == .deletion, conflict.view.table.name == "participant",
            let dot = conflict.sides.last?.change?.dot,
            try !(replica.state(conflict.view.id)?.live.contains { $0.dot == dot } ?? false)
        else { return nil }
        let dependents = try Dependents(of: conflict.view.id, in: replica)
        return try (dependents.views + dependents.merged).first { view in
            try replica.state(view.id)?.live.contains { $0.dot == dot } ?? false
        }?.id
    }
}
