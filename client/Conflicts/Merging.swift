import PeerSupport
import SyncModel
import SyncReplica

/// Says that two records are one person's, and takes that back.
///
/// The old record leads to the other from then on; nothing that was recorded about it is rewritten, so both
/// histories stay, and a late entry from a laptop that knows only the old one is found under the right person.
struct Merging {
    let desk: Desk

    /// What was written.
    struct Made {
        let decision: RecordID
        /// Who will have a notice of it, by staff code, sorted.
        let told: [String]
    }

    /// Merges one participant into another.
    ///
    /// Whoever has the old one on their caseload has the other from then on too: they could not follow otherwise.
    ///
    /// - Returns: the decision, and who is told.
    func merge(_ old: RecordView, into kept: RecordView, reason: String) throws -> Made {
        let replica = try desk.replica()
        let people = try Merged(in: replica)
        guard people.root(of: old.id) != people.root(of: kept.id) else {
            throw SyncError(
                .nothing, "they are one person already", means: "nothing was changed",
                advice: "porchlight participant show \(kept.id.short)")
        }
        let me = try desk.enrolment().staff
        let today = desk.time.today.days
        let now = desk.time.now
        let held = Set(try assignments(of: kept.id, replica).map(\.peer))
        let open = try assignments(of: old.id, replica).filter { !held.contains($0.peer) }
        let told = Set(open.map(\.peer)).subtracting([me]).sorted()
        var made: RecordID?
        try replica.edit { edit in
            try edit.write(
                old.id, [RegisterWrite("redirect", [.reference(kept.id), .text(me), .integer(now)])])
            for row in open {
                let writes = try Writes(
                    "assignment",
                    [
                        "participant": .reference(kept.id), "peer": .text(row.peer),
                        "basis": .text(row.basis),
                        "from_date": .integer(today),
                    ])
                _ = try edit.create("assignment", writes.registers)
            }
            let record = DecisionRecord(
                kind: .merge, subject: old.id, register: nil, other: kept.id, answers: nil, by: me, at: now,
                reason: reason, before: nil, after: nil)
            made = try record.write(to: edit, telling: told)
        }
        return try Self.made(made, told)
    }

    /// Says of two that were merged by one and told apart by another that they are one person.
    ///
    /// - Returns: the decision, which answers the other one, and who is told.
    func confirm(
        _ old: RecordView, into kept: RecordView, over decision: Decision, reason: String
    ) throws -> Made {
        let me = try desk.enrolment().staff
        let told = [decision.by].filter { $0 != me }
        var made: RecordID?
        try desk.replica().edit { edit in
            let record = DecisionRecord(
                kind: .merge, subject: old.id, register: nil, other: kept.id, answers: decision.id,
                by: me, at: desk.time.now, reason: reason, before: nil, after: nil)
            made = try record.write(to: edit, telling: told)
        }
        return try Self.made(made, told)
    }

    /// Takes a merge back: one write, and both records stand for themselves again.
    ///
    /// - Returns: the decision, and who is told.
    func unmerge(_ old: RecordView, reason: String) throws -> Made {
        guard let into = old["merged_into"].reference else {
            throw SyncError(
                .nothing, "this record was not merged into another", means: "nothing was changed",
                advice: "porchlight participant show \(old.id.short)")
        }
        let me = try desk.enrolment().staff
        // Whoever merged them, and whoever works with the person.
        let peers = try [old.id, into].flatMap { try assignments(of: $0, desk.replica()).map(\.peer) }
        let told = Set(peers + [old["merged_by"].text ?? ""]).subtracting([me, ""]).sorted()
        var made: RecordID?
        try desk.replica().edit { edit in
            try edit.write(old.id, [RegisterWrite("redirect", [.none, .none, .none])])
            let record = DecisionRecord(
                kind: .unmerge, subject: old.id, register: nil, other: into, answers: nil, by: me,
                at: desk.time.now, reason: reason, before: nil, after: nil)
            made = try record.write(to: edit, telling: told)
        }
        return try Self.made(made, told)
    }

    private static func made(_ decision: RecordID?, _ told: [String]) throws -> Made {
        guard let decision else { throw SyncError(.internalFault, "the decision got no id") }
        return Made(decision: decision, told: told)
    }

    private func assignments(of person: RecordID, _ replica: Replica) throws -> [Assignment] {
        try replica.find(
            Query("assignment", where: [.equals("participant", .reference(person)), .isNone("to_date")])
        )
        .compactMap { Assignment($0) }
    }
}
