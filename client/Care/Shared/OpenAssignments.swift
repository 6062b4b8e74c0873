import SyncModel
import SyncReplica

extension Query {
    /// The assignments that have not ended, of which more holds.
    static func openAssignments(_ more: [Condition], order: [Order] = []) -> Query {
        Query("assignment", where: more + [.isNone("to_date")], order: order)
    }

    /// The assignments of a record that have not ended, not those of the person's other records.
    static func openAssignments(of record: RecordID) -> Query {
        openAssignments([.equals("participant", .reference(record))])
    }
}
