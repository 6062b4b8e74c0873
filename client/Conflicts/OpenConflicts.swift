import PeerSupport
import SyncModel
import SyncReplica

/// Everything on this laptop that a person has to decide, the gravest first and of the same gravity the oldest.
struct OpenConflicts {
    let all: [Conflict]
    /// Every decision on this laptop.
    let chains: DecisionChains

    /// Looks through the replica.
    init(in replica: Replica) throws {
        let chains = try Self.chains(in: replica)
        var found: [Conflict] = []
        var seen: Set<RecordID> = []
        func look(at view: RecordView) throws {
            guard seen.insert(view.id).inserted, let state = try replica.state(view.id) else { return }
            found += ConflictFinder.conflicts(in: view, state, chains)
        }
        for table in PeerSupportSchema.schema.tables where table.asksForDecisions {
            for view in try replica.find(Query(table.name, where: [.inConflict])) { try look(at: view) }
            for view in try replica.find(Query(table.name, where: [.clockOff])) { try look(at: view) }
        }
        for decision in chains.all where chains.isOpen(decision) {
            if let view = try replica.view(decision.subject) { try look(at: view) }
        }
        let people = try Merged(in: replica)
        let forks = found.filter { $0.kind == .fork }
        let pairs = try Self.duplicates(in: replica, chains, people, besides: forks)
        // What people decided apart about two records is one question, whatever of it somebody asks to look at again.
        let asked = Set(pairs.filter { $0.decision != nil }.map(\.pair))
        found.removeAll { $0.kind == .contested && $0.register == nil && asked.contains($0.pair) }
        let settled = try forks.filter { try Self.isAsked($0, asked) || Self.leadsToOne($0, in: replica) }
        found.removeAll { settled.contains($0) }
        found += pairs
        found += try Self.rings(in: replica, people)
        let alike = Set(settled.filter { $0.sides.allSatisfy(\.leads) }.map(\.view.id))
        found += try Self.late(in: replica, people, chains, leadingToOne: alike)
        let deletions = try Self.recordedApart(in: replica, chains)
        // That a decision about it was taken back asks nothing else.
        found.removeAll { one in
            one.kind == .contested && one.register == deletedRegister && one.decision?.isContested == false
                && deletions.contains { $0.view.id == one.view.id }
        }
        found += deletions
        let corrected = try Self.corrected(in: replica, chains)
        found.removeAll { marks in
            corrected.contains {
                Amendments.asks($0, about: marks, chains.about(marks.view.id))
                    || VoidedCorrections.asks($0, about: marks)
            }
        }
        found += corrected
        all = found.sorted(by: Conflict.comesFirst)
        self.chains = chains
    }

    /// Whether what a record says of itself in two ways, that it leads to another and that it leads nowhere, is asked of the
    /// two already, with what people decided about them.
    private static func isAsked(_ fork: Conflict, _ pairs: Set<Set<RecordID>>) -> Bool {
        let into = Set(fork.sides.compactMap { $0.values.first?.reference })
        guard into.count == 1, let other = into.first else { return false }
        return pairs.contains([fork.view.id, other])
    }

    /// Whether all those into whom a record was merged are one person by other merges.
    private static func leadsToOne(_ fork: Conflict, in replica: Replica) throws -> Bool {
        guard fork.sides.allSatisfy(\.leads) else { return false }
        let people = try Merged(in: replica, without: [fork.view.id])
        return Set(fork.sides.compactMap { $0.values.first?.reference }.map { people.root(of: $0) }).count
            == 1
    }

    /// What asks once more what some decisions had decided; `nil` where nothing does. What asks about the very same comes
    /// before a ring, which asks about all that are in it.
    func asking(about decisions: [Decision]) -> Conflict? {
        let asking = all.filter { conflict in decisions.contains { conflict.asks($0) } }
        return asking.first { $0.kind != .ring } ?? asking.first
    }

    /// The decisions on this laptop, the oldest first: every one, those about some records, those in which a
    /// record is the other one, or what answers one.
    static func decisions(
        in replica: Replica, about records: [RecordID]? = nil, naming other: RecordID? = nil,
        answering answered: RecordID? = nil
    ) throws -> [Decision] {
        var conditions: [Query.Condition] = []
        if let records { conditions.append(.oneOf("subject", records.map { .reference($0) })) }
        if let other { conditions.append(.equals("other", .reference(other))) }
        if let answered { conditions.append(.equals("answers", .reference(answered))) }
        return try replica.find(Query("decision", where: conditions, order: [Query.Order("decided_at")]))
            .compactMap { Decision($0) }
    }

    /// The same, with what each has to do with the others.
    static func chains(in replica: Replica, about records: [RecordID]? = nil) throws -> DecisionChains {
        DecisionChains(try decisions(in: replica, about: records))
    }

    /// Two records each: one that was merged into several, and each of those, which is asked already; and one and those whose
    /// it is not, as somebody decided.
    private static func placed(_ chains: DecisionChains, _ forks: [Conflict]) -> [Set<RecordID>] {
        let asked = forks.flatMap { fork in
            fork.sides.compactMap { $0.values.first?.reference }.map { Set([fork.view.id, $0]) }
        }
        let decided = chains.all.filter {
            $0.kind == .resolve && $0.register == "redirect" && !chains.isClosed($0)
        }
        return asked
            + decided.flatMap { one in
                let kept = one.valuesAfter.first?.values.first?.reference
                return one.valuesBefore.compactMap { $0.values.first?.reference }.filter { $0 != kept }
                    .map { Set([one.subject, $0]) }
            }
    }

    /// Pairs of participants that may be one, less those that somebody has told apart, or merged.
    private static func duplicates(
        in replica: Replica, _ chains: DecisionChains, _ people: Merged, besides forks: [Conflict]
    ) throws -> [Conflict] {
        let told = chains.all.filter { $0.kind == .distinct }
        // Whoever takes a merge back says that they are two people; and of whichever else one was merged into apart.
        let parted = chains.all.filter { $0.kind == .unmerge && $0.saysOne == false }
        let apart = Set(
            (told + parted + parted.flatMap(chains.merges(endedBy:)))
                .compactMap { one in one.other.map { Set([one.subject, $0]) } }
                + placed(chains, forks))
        var views: [RecordID: RecordView] = [:]
        let candidates = try replica.find(Query("participant")).compactMap { view -> Duplicates.Candidate? in
            views[view.id] = view
            return Duplicates.Candidate(view)
        }
        // Told apart by one and merged by another who did not know of it: nobody's word is lost. And told apart, and
        // then doubted; and decided in two ways by people who did not know of each other.
        let doubted = told.filter { one in
            let isOne = one.other.map { people.areOne(one.subject, $0) } ?? false
            return isOne ? !chains.isClosed(one) : chains.isOpen(one)
        }
        // And two merges of a ring, each taken back by somebody for whom the other one stood: that the two are two people
        // nobody has decided.
        let lost = chains.all.filter { one in
            one.kind == .unmerge && one.saysOne == true && !chains.isClosed(one) && !chains.isOpen(one)
                && one.other.map { !people.areOne(one.subject, $0) } ?? false
        }
        var pairs: Set<Set<RecordID>> = []
        let asked = (doubted + chains.quarrels.compactMap(\.first) + lost).compactMap { one -> Conflict? in
            let pair = [one.subject, one.other].compactMap { $0 }.sorted()
            guard pair.count == 2, let view = views[pair[0]], let other = views[pair[1]],
                pairs.insert(Set(pair)).inserted
            else { return nil }
            return Conflict(.duplicate, view, other: other, decision: one)
        }
        let likely = try Duplicates.pairs(candidates) { id in
            try replica.siblings(id, of: "identity").first?.change.dot.incarnation
        }
        return asked
            + likely.compactMap { first, second in
                guard !apart.contains([first, second]), !pairs.contains([first, second]),
                    !people.areOne(first, second),
                    let view = views[first], let other = views[second]
                else { return nil }
                return Conflict(.duplicate, view, other: other)
            }
    }

    private static func rings(in replica: Replica, _ people: Merged) throws -> [Conflict] {
        try people.redirects.rings.compactMap { root in
            let sides = try people.redirects.chain(from: root).compactMap { try replica.view($0) }.map {
                old in
                Conflict.Side(
                    change: try replica.siblings(old.id, of: "redirect").first?.change,
                    values: old.values(of: "redirect") ?? [], record: old)
            }
            return try replica.view(root).map { Conflict(.ring, $0, sides: sides) }
        }
    }

    /// What was written on records that lead to another by laptops that did not know of it.
    private static func late(
        in replica: Replica, _ people: Merged, _ chains: DecisionChains, leadingToOne alike: Set<RecordID>
    ) throws -> [Conflict] {
        let beside = Dictionary(grouping: chains.all.filter { $0.other != nil }) { $0.other }
        return try replica.find(Query("participant", where: [.isSet("merged_into")])).flatMap { old in
            guard let root = try replica.view(people.root(of: old.id)), root.deletion != .deleted,
                let oldState = try replica.state(old.id), let rootState = try replica.state(root.id)
            else { return [Conflict]() }
            return LateWrites.conflicts(
                on: old, oldState, under: root, rootState, beside[old.id] ?? [],
                leadsToOne: alike.contains(old.id))
        }
    }

    /// Participants who were deleted, while somebody who did not know of it recorded something about them, or put them on a
    /// caseload.
    private static func recordedApart(in replica: Replica, _ chains: DecisionChains) throws -> [Conflict] {
        let deleted = Set(chains.all.filter { $0.register == deletedRegister }.map(\.subject)).sorted()
        return try deleted.compactMap { id in
            guard let view = try replica.view(id), view.table.name == "participant",
                view.deletion == .deleted,
                let state = try replica.state(id),
                case let deletions = state.siblings(of: deletedRegister).map(\.change),
                let closing = deletions.first
            else { return nil }
            let about = try Dependents(of: id, in: replica).changes(about: id, in: replica)
            let given = try OpenCaseload(of: id, in: replica).unread(by: deletions, in: replica)
            let newest = (about + given.map(\.made)).max {
                ($0.effective?.microseconds ?? .max) < ($1.effective?.microseconds ?? .max)
            }
            guard let newest else { return nil }
            return Conflict(
                .deletion, view, register: deletedRegister,
                sides: [
                    Conflict.Side(change: closing, values: [.integer(1)]),
                    Conflict.Side(change: newest, values: [.integer(0)]),
                ])
        }
    }
}
