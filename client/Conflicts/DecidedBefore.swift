import PeerSupport
import SyncModel
import SyncReplica

extension Deciding {
    /// Who was told of what had been decided about a register before and is decided once more by this, though nobody had asked
    /// for it: whoever was told of a decision whose word stands among what there is to choose from; and of any whose value
    /// comes back, whoever had written that.
    ///
    /// - Parameters:
    ///   - decisions: those that stood.
    ///   - values: what is let stand.
    ///   - sides: what there was to choose from.
    func told(by decisions: [Decision], of values: [Value], beside sides: [ConflictSide]) throws -> [String] {
        let replica = try desk.replica()
        let atStake = decisions.filter { one in
            sides.contains { $0.values == one.valuesAfter.first?.values }
        }
        let chain = try OpenConflicts.chains(in: replica, about: [text.subject]).lineage(of: decisions)
        let restored = chain.flatMap(\.valuesBefore).filter { $0.values == values }.map(\.author)
        return try Contest.concerned(by: atStake, in: replica) + restored
    }
}

extension Merging {
    /// Whom a decision concerns on whose record one is that was merged into several: whoever has it, or one of those, on
    /// their caseload, each with which; and who was told of one of these merges.
    ///
    /// - Parameters:
    ///   - records: those into whom it was merged, the one whose it is first.
    ///   - given: the assignments that end by it.
    func concerned(
        byFork subject: RecordID, into records: [RecordID], given: [RecordID]
    ) throws -> (theirs: [String: RecordID], told: [String]) {
        let replica = try desk.replica()
        let merges = try OpenConflicts.decisions(in: replica, about: [subject]).filter { one in
            one.kind == .merge && one.other.map(records.contains) ?? false
        }
        return (try concerned([subject] + records, given: given), try Contest.told(of: merges, in: replica))
    }

    /// Whether somebody is back on a caseload by a decision: it was written in one go with it.
    ///
    /// - Parameters:
    ///   - person: who is back.
    ///   - peer: on whose caseload, by staff code.
    static func givesBack(
        _ decision: Decision, _ person: RecordID, to peer: String, in replica: Replica
    ) throws -> Bool {
        guard let made = try replica.siblings(decision.id, of: "what").first.map({ Act($0.change) }) else {
            return false
        }
        let open = try replica.find(Query.openAssignments(of: person)).filter { $0["peer"].text == peer }
        return try open.contains { row in
            try replica.siblings(row.id, of: "period").contains { Act($0.change) == made }
        }
    }
}
