public import SyncModel

extension DecisionChains {
    /// Of some records of which one was to stay those that one person kept and another gave up for one that the first had
    /// given up. In the order in which they come.
    ///
    /// Of three who each kept another one, two voided each, and only one mark of both is shown.
    ///
    /// - Parameters:
    ///   - ids: the records to choose from.
    ///   - marks: everything that stands in the void mark of one of them.
    public func keptApart(_ ids: [RecordID], marks: (RecordID) -> [[Value]]) -> [RecordID] {
        let all = Set(ids)
        var kept: Set<RecordID> = []
        let givenUp = ids.filter { id in
            let standing = marks(id)
            let others = about(id).compactMap { decision -> RecordID? in
                // Whoever corrected an entry has not chosen between several.
                guard decision.kind == .resolve, decision.register == "void", !decision.isPlainCorrection,
                    let mark = decision.valuesAfter.first?.values, standing.contains(mark)
                else { return nil }
                return decision.other
            }
            kept.formUnion(others.filter(all.contains))
            return others.contains(where: all.contains)
        }
        return givenUp.filter(kept.contains)
    }
}
