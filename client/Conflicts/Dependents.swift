import PeerSupport
import SyncModel
import SyncReplica

/// What was recorded about a participant and counts: whoever has any of it is not deleted. On whose caseload they are
/// is not among it; see ``OpenCaseload``.
struct Dependents {
    let views: [RecordView]
    /// Records that were merged into theirs: without it nobody would find these people.
    let merged: [RecordView]

    init(of person: RecordID, in replica: Replica) throws {
        let about = PeerSupportSchema.schema.tables.filter {
            $0.name != "assignment" && $0.place(of: "participant") != nil
        }
        views = try about.flatMap { table in
            try replica.find(Query(table.name, where: [.equals("participant", .reference(person))]))
        }
        .filter { $0.table.place(of: "voided_at") == nil || $0["voided_at"].isNone }
        merged = try replica.find(Query("participant", where: [.equals("merged_into", .reference(person))]))
            .filter { $0.deletion != .deleted }
    }

    /// The change that recorded each of them, or merged it.
    func changes(about person: RecordID, in replica: Replica) throws -> [LiveChange] {
        try views.compactMap { try replica.state($0.id)?.live.first }
            + merged.compactMap { view in
                try replica.siblings(view.id, of: "redirect")
                    .first { $0.values.first == .reference(person) }?.change
            }
    }

    /// `1 record was merged into it`; `nil` where none was.
    var merges: String? {
        merged.isEmpty
            ? nil : Wording.count(merged.count, "record was merged", "records were merged") + " into it"
    }

    /// `2 check-ins, 1 referral`
    var words: String {
        Dictionary(grouping: views, by: \.table.name).sorted { $0.key < $1.key }
            .map { Wording.count($1.count, Wording.table($0)) }.joined(separator: ", ")
    }

    /// What it is refused with to delete somebody about whom there is something.
    func refusal(_ means: String) -> SyncError? {
        if views.isEmpty, let merges {
            let verbs = merged.map { "porchlight participant unmerge \($0.id.short) --reason \"…\"" }
            return SyncError(
                .badValue, merges, means: means,
                advice: "take that back first: \(verbs.joined(separator: ", "))")
        }
        guard !views.isEmpty else { return nil }
        return SyncError(
            .badValue, "something was recorded about this participant: \(words)", means: means,
            advice:
                "if they have another record: porchlight participant merge; what is wrong about them can be "
                + "voided or deleted first")
    }
}
