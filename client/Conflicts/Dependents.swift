import PeerSupport
import SyncModel
import SyncReplica

/// What was recorded about a participant and counts: whoever has any of it is not deleted. On whose caseload they are
/// is not among it; see ``OpenCaseload``.
struct Dependents {
    let views: [RecordView]

    init(of person: RecordID, in replica: Replica) throws {
        let about = PeerSupportSchema.schema.tables.filter {
            $0.name != "assignment" && $0.place(of: "participant") != nil
        }
        views = try about.flatMap { table in
            try replica.find(Query(table.name, where: [.equals("participant", .reference(person))]))
        }
        .filter { $0.table.place(of: "voided_at") == nil || $0["voided_at"].isNone }
    }

    /// `2 check-ins, 1 referral`
    var words: String {
        Dictionary(grouping: views, by: \.table.name).sorted { $0.key < $1.key }
            .map { Wording.count($1.count, Wording.table($0)) }.joined(separator: ", ")
    }

    /// What it is refused with to delete somebody about whom there is something.
    func refusal(_ means: String) -> SyncError? {
        guard !views.isEmpty else { return nil }
        return SyncError(
            .badValue, "something was recorded about this participant: \(words)", means: means,
            advice:
                "if they have another record: porchlight participant merge; what is wrong about them can be "
                + "voided or deleted first")
    }
}
