import SyncModel

/// What in quarantine builds upon what.
///
/// An entry about a participant who is in quarantine too would be taken into the records, if it were released alone, and
/// shown to nobody: whoever holds the participant holds it, and nobody does. So it is released with what it builds upon.
struct Dependence {
    /// Of each change the number of the first that was entered together with it: these are decided together.
    private var firsts: [Int64: Int64] = [:]
    /// Of what was entered together, by its first: the records that it builds upon and that are not there.
    private var lacking: [Int64: Set<RecordID>] = [:]
    /// The records that are not there, and the firsts of what would make them, the earliest first.
    private var makers: [RecordID: [Int64]] = [:]

    /// Notes a change in quarantine; they are noted in the order of their numbers.
    mutating func note(
        _ change: Change, at position: Int64, first: Int64, in working: WorkingSet, _ domain: any Domain
    ) throws {
        firsts[position] = first
        lacking[first, default: []].formUnion(try Self.lacking(change, working, domain))
        guard change.context.isEmpty, try working.find(change.record)?.exists != true,
            makers[change.record]?.last != first
        else { return }
        makers[change.record, default: []].append(first)
    }

    /// The records that a change builds upon and that are not there: its own, where it follows something of it; those
    /// whose scope it shares; and those to whose scope it adds.
    private static func lacking(
        _ change: Change, _ working: WorkingSet, _ domain: any Domain
    ) throws -> Set<RecordID> {
        let record = try working.find(change.record)
        let exists = record?.exists == true
        var found: Set<RecordID> = exists || change.context.isEmpty ? [] : [change.record]
        if let table = domain.schema.table(change.table) {
            var state = RecordState(table: change.table)
            var before: [ScopeContribution] = []
            if let record, exists, record.state.table == change.table {
                state = record.state
                before = working.view(record).map(domain.contributions) ?? []
            }
            state.merge(LiveChange(change, effective: nil))
            let after = domain.contributions(of: RecordView(id: change.record, state: state, table: table))
            for contribution in after where !before.contains(contribution) {
                found.insert(contribution.target)
                if case .inherit(let target, let parent) = contribution, target == change.record {
                    found.insert(parent)
                }
            }
            if exists || change.context.isEmpty { found.remove(change.record) }
        }
        return try found.filter { try working.find($0)?.exists != true }
    }

    // MARK: What a change needs

    /// What would have to be released with a change.
    struct Needs {
        /// The firsts of what was entered together, sorted.
        var firsts: [Int64] = []
        /// Whether it builds upon a record that is neither here nor in quarantine.
        var isAdrift = false
    }

    /// What would have to be released with a change, beside what was entered together with it and what is released
    /// with it already.
    func needs(of id: Int64, besides chosen: Set<Int64> = []) -> Needs {
        guard let own = firsts[id] else { return Needs() }
        var needs = Needs()
        var seen: Set<Int64> = [own]
        var waiting = [own]
        while let first = waiting.popLast() {
            for record in lacking[first] ?? [] {
                guard let makers = makers[record], let earliest = makers.first else {
                    needs.isAdrift = true
                    continue
                }
                let maker = makers.first { $0 == first || chosen.contains($0) } ?? earliest
                if seen.insert(maker).inserted { waiting.append(maker) }
            }
        }
        needs.firsts = seen.subtracting(chosen).subtracting([own]).sorted()
        return needs
    }

    /// The numbers of the firsts of what was entered together with any of these.
    func firsts(of ids: some Sequence<Int64>) -> Set<Int64> { Set(ids.compactMap { firsts[$0] }) }

    /// What was entered together, by their firsts: what others build upon before those.
    func ordered(_ chosen: Set<Int64>) -> [Int64] {
        var order: [Int64] = []
        var placed: Set<Int64> = []
        func place(_ first: Int64) {
            guard chosen.contains(first), placed.insert(first).inserted else { return }
            for record in (lacking[first] ?? []).sorted() {
                for maker in makers[record] ?? [] { place(maker) }
            }
            order.append(first)
        }
        for first in chosen.sorted() { place(first) }
        return order
    }

    // MARK: What needs a change

    /// The firsts of what builds upon something that only these would make, sorted.
    func dependents(of chosen: Set<Int64>) -> [Int64] {
        var stranded = chosen
        var found: Set<Int64> = []
        // What builds upon something that builds upon it is left behind with it.
        while true {
            let next = lacking.filter { first, records in
                !stranded.contains(first)
                    && records.contains { makers[$0]?.allSatisfy(stranded.contains) == true }
            }
            guard !next.isEmpty else { return found.sorted() }
            found.formUnion(next.keys)
            stranded.formUnion(next.keys)
        }
    }

    /// The records that would be made by these and nothing else in quarantine.
    func made(by chosen: Set<Int64>) -> [RecordID] {
        makers.filter { $0.value.allSatisfy(chosen.contains) }.map(\.key).sorted()
    }
}
