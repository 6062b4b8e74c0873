import PeerSupport
import SyncModel
import SyncReplica

/// Two who were merged by one and told apart by another, and of whom is decided that they are one person.
extension Merging {
    /// Says so. Which leads to which stays as it is, or is turned round where the record that is to stay leads to the other.
    ///
    /// - Returns: the decision, which answers the other one, and who is told.
    /// - Throws: ``SyncError`` `badValue` where the other one leads on to a third, so that it cannot be turned round.
    func confirm(
        _ old: RecordView, into kept: RecordView, over decision: Decision, reason: String
    ) throws -> Made {
        let me = try desk.enrolment().staff
        let turns = kept["merged_into"].reference == old.id
        if turns, let third = old["merged_into"].reference { throw try leadsOn(old, third) }
        let closed = try standing([old.id, kept.id])
        let given = turns ? try given(by: old.id, kept.id) : []
        let theirs = turns ? try concerned([old.id, kept.id], given: given) : [:]
        func peers(_ person: RecordID) throws -> Set<String> {
            let open = try assignments(of: person, desk.replica())
            return Set(open.filter { !given.contains($0.id) }.map(\.peer))
        }
        let missing = try peers(old.id).subtracting(peers(kept.id))
        let told = Set(try Contest.concerned(by: closed + [decision], in: desk.replica()) + theirs.keys)
            .subtracting([me, ""]).sorted()
        var made: RecordID?
        // Merged by one and parted by another, the record says so of itself too.
        let stays = !turns && old.conflicts.contains("redirect") && old["merged_into"] == .reference(kept.id)
        try desk.replica().edit(resolving: turns || stays) { edit in
            var more: [RecordID] = []
            if stays { try edit.write(old.id, [RegisterWrite("redirect", old.values(of: "redirect") ?? [])]) }
            if turns {
                try edit.write(kept.id, [RegisterWrite("redirect", [.none, .none, .none])])
                let redirect: [Value] = [.reference(kept.id), .text(me), .integer(desk.time.now)]
                try edit.write(old.id, [RegisterWrite("redirect", redirect)])
                try end(given, edit)
                more = try give(kept.id, to: missing, edit)
            }
            let record = DecisionRecord(
                kind: .merge, subject: old.id, register: nil, other: kept.id, answers: decision.id,
                by: me, at: desk.time.now, reason: reason, before: Decision.naming(closed),
                after: Self.named(more, by: me))
            made = try record.write(to: edit, telling: told, about: theirs)
        }
        return try Self.made(made, told)
    }

    func leadsOn(_ old: RecordView, _ third: RecordID) throws -> SyncError {
        let name =
            try desk.replica().view(third).map { Wording.label(of: $0) } ?? "a record that is not here"
        return SyncError(
            .badValue, "\(Wording.label(of: old)) was merged into \(name), and cannot lead elsewhere",
            means: "nothing was decided",
            advice:
                "keep \(Wording.label(of: old)), or take that back first: porchlight participant unmerge "
                + "\(old.id.short) --reason \"…\"")
    }
}
