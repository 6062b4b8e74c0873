import PeerSupport
import SyncModel
import SyncReplica

/// On whose caseload somebody is who is deleted, or is to be.
struct OpenCaseload {
    /// The stretches that are open.
    let open: [RecordView]

    init(of person: RecordID, in replica: Replica) throws {
        open = try replica.find(Query.openAssignments(of: person))
    }

    /// The staff codes of those who work with them, sorted.
    var peers: [String] { Set(open.compactMap { $0["peer"].text }).subtracting([""]).sorted() }

    /// Writes on each that whoever deletes the person has read it. It comes after the deletion itself.
    func read(by edit: Edit) throws {
        for one in open { try edit.write(one.id, [ReadByDeletion.mark]) }
    }

    /// Those that no deletion of the person has read, each with the change that made it.
    func unread(by deletions: [LiveChange], in replica: Replica) throws -> [(peer: String, made: LiveChange)]
    {
        try open.compactMap { one in
            guard let state = try replica.state(one.id), !ReadByDeletion.covers(state, deletions),
                let made = state.siblings(of: "what").first?.change
            else { return nil }
            return (one["peer"].text ?? "", made)
        }
    }
}
