import SyncModel
import SyncWire

/// The changes that were refused: what they are, and what an administrator decides about them.
struct QuarantineRoom {
    private let transaction: any StoreTransaction
    private let domain: any Domain
    private let working: WorkingSet

    init(_ transaction: any StoreTransaction, _ domain: any Domain) {
        self.transaction = transaction
        self.domain = domain
        working = WorkingSet(transaction, schema: domain.schema)
    }

    // MARK: Looking

    func list() throws -> [QuarantinedChange] { try survey().changes }

    /// What is in quarantine, and what of it builds upon what.
    private func survey() throws -> (changes: [QuarantinedChange], dependence: Dependence) {
        var found: [QuarantinedChange] = []
        var dependence = Dependence()
        var speakers: [IncarnationNumber: Speaker] = [:]
        var last: (incarnation: IncarnationNumber, transaction: TransactionID?, first: Int64)?
        try transaction.eachQuarantined { stored in
            let change = try FrozenCodec.decode(stored.bytes).change
            if speakers[stored.incarnation] == nil {
                speakers[stored.incarnation] = try transaction.speaker(of: stored.incarnation)
            }
            let isNext =
                change.transaction != nil && last?.transaction == change.transaction
                && last?.incarnation == stored.incarnation
            let first = isNext ? last?.first ?? stored.position : stored.position
            last = (stored.incarnation, change.transaction, first)
            try dependence.note(change, at: stored.position, first: first, in: working, domain)
            found.append(
                entry(stored, change, together: first, speakers[stored.incarnation]?.code ?? ""))
        }
        for index in found.indices {
            let needs = dependence.needs(of: found[index].id).firsts
            found[index].needs = Array(needs.prefix(Limits.changesPerTransaction))
        }
        return (found, dependence)
    }

    func content(of id: Int64) throws -> QuarantinedContent {
        let group = try group(of: id)
        guard let stored = group.first(where: { $0.position == id }) else { throw Self.missing(id) }
        let change = try FrozenCodec.decode(stored.bytes).change
        let record = try working.find(change.record)
        let device = try transaction.speaker(of: stored.incarnation)?.code ?? ""
        var read = change.context
        for pair in try record.map({ try transaction.reissues(of: $0.stored.number) }) ?? []
        where read.contains(pair.refused) { read.include(pair.issued) }
        let table = domain.schema.table(change.table)
        let registers = change.writes.map { write in
            let rule = table?.register(write.register)?.rank ?? .none
            let siblings = record?.state.siblings(of: write.register, rank: rule) ?? []
            return QuarantinedContent.Register(
                write: write,
                standing: siblings.map {
                    QuarantinedContent.Standing(
                        author: $0.change.author, values: $0.values, wasRead: read.contains($0.change.dot))
                })
        }
        let dependence = try survey().dependence
        let needs = dependence.needs(of: id)
        var described = entry(stored, change, together: group[0].position, device)
        described.needs = Array(needs.firsts.prefix(Limits.changesPerTransaction))
        var dependents = try dependents(of: dependence.firsts(of: [id]), dependence)
        dependents.waiting = Array(dependents.waiting.prefix(Limits.quarantinePerAnswer))
        return QuarantinedContent(
            change: described, record: change.record, recordExists: record?.exists == true,
            registers: registers, group: group.map(\.position), dependents: dependents,
            isAdrift: needs.isAdrift)
    }

    /// What builds upon what these would make: in quarantine too, or taken already and shown to nobody.
    private func dependents(
        of firsts: Set<Int64>, _ dependence: Dependence
    ) throws -> QuarantinedContent.Dependents {
        var taken: Set<RecordNumber> = []
        for id in dependence.made(by: firsts) {
            guard let record = try working.find(id) else { continue }
            for number in try transaction.heirs(of: record.stored.number) {
                guard let heir = try working.find(number: number), heir.exists,
                    heir.state.deletion != .deleted
                else { continue }
                taken.insert(number)
            }
        }
        return QuarantinedContent.Dependents(
            waiting: dependence.dependents(of: firsts), taken: taken.count)
    }

    private func entry(
        _ stored: StoredChange, _ change: Change, together: Int64, _ device: String
    ) -> QuarantinedChange {
        var refusal = Refusal(code: "", reason: "")
        if case .quarantined(let why) = stored.outcome { refusal = why }
        return QuarantinedChange(
            id: stored.position, together: together, device: device, staff: change.author,
            table: change.table, refusal: refusal, receivedAt: stored.receivedAt, effective: stored.effective)
    }

    /// All that was entered together with a change, in order.
    func group(of id: Int64) throws -> [StoredChange] {
        let stored = try transaction.changes(from: id, to: id)
        guard let one = stored.first else { throw Self.missing(id) }
        switch one.outcome {
        case .quarantined: break
        case .released: throw Self.missing(id, "it was released before")
        case .withdrawn: throw Self.missing(id, "it was withdrawn or discarded before")
        case .applied, .conflict, .taken: throw Self.missing(id, "it was taken into its record")
        }
        guard let together = try FrozenCodec.decode(one.bytes).change.transaction else { return [one] }
        // What was entered together came together: it stands in the log without a gap.
        func neighbour(_ position: Int64) throws -> StoredChange? {
            guard let other = try transaction.changes(from: position, to: position).first,
                other.incarnation == one.incarnation, case .quarantined = other.outcome,
                try FrozenCodec.decode(other.bytes).change.transaction == together
            else { return nil }
            return other
        }
        var before: [StoredChange] = []
        while let other = try neighbour(id - Int64(before.count) - 1) { before.append(other) }
        var after: [StoredChange] = []
        while let other = try neighbour(id + Int64(after.count) + 1) { after.append(other) }
        return before.reversed() + [one] + after
    }

    // MARK: Deciding

    func release(
        _ ids: [Int64], _ decision: QuarantineDecision, under id: Incarnation, now: Int64,
        seed: () -> [UInt8], noting: ([DecidedChange]) throws -> Void
    ) throws -> Decided {
        let administrator = try administrator(decision, "released")
        let groups = try whole(groups(of: ids))
        var heads = try transaction.heads()
        var row = try transaction.addIncarnation(id, device: 1)
        let all = try transaction.key("all")
        let releasing = Releasing(
            working: working, domain: domain, allKey: all, administrator: administrator, now: now)
        let scoping = Scoping(working: working, domain: domain, allKey: all)
        var decided: [DecidedChange] = []
        for group in groups {
            switch try releasing.release(group, under: &row, heads: &heads, seed: seed) {
            case .refused(let refusal, let position):
                throw Self.unfit(position, refusal, isTogether: group.count > 1)
            case .issued(let outcomes):
                let part = try self.decided(group, outcomes)
                try noting(part)
                decided += part
            }
            // The next may belong to what this one has made.
            try scoping.settle()
        }
        try transaction.save(row)
        try Waking(working: working, domain: domain, epoch: heads.epoch, allKey: all)
            .wake(incarnation: nil, device: nil, heads: &heads, settle: scoping.settle)
        return try finish(decided, &heads)
    }

    func discard(
        _ ids: [Int64], _ decision: QuarantineDecision, alone: Bool, now: Int64,
        noting: ([DecidedChange]) throws -> Void
    ) throws -> Decided {
        let administrator = try administrator(decision, "discarded")
        let groups = try groups(of: ids)
        if !alone {
            let firsts = Set(groups.map { $0[0].position })
            let dependents = try dependents(of: firsts, survey().dependence)
            guard dependents.isEmpty else { throw Self.leftBehind(firsts, dependents) }
        }
        var heads = try transaction.heads()
        let releasing = Releasing(
            working: working, domain: domain, allKey: try transaction.key("all"),
            administrator: administrator, now: now)
        var decided: [DecidedChange] = []
        for group in groups {
            try releasing.close(group, as: .withdrawn, heads: &heads)
            let part = try self.decided(group, [])
            try noting(part)
            decided += part
        }
        return try finish(decided, &heads)
    }

    /// What was decided, and under which keys something moved by it.
    struct Decided {
        let changes: [DecidedChange]
        let touched: Set<ScopeKey>
        /// The decisions among what was issued, and among what had waited for it.
        let decisions: [NotedDecision]
        /// What had waited for it and was taken.
        let admissions: [NotedAdmission]
    }

    private func finish(_ decided: [DecidedChange], _ heads: inout Heads) throws -> Decided {
        let touched = try Publication(working: working, domain: domain).publish(heads: &heads)
        try transaction.noteLogHash(heads.logHash, at: heads.log)
        try transaction.save(heads)
        return Decided(
            changes: decided, touched: Set(try touched.map { try transaction.name(of: $0) }),
            decisions: working.decisions, admissions: working.admissions)
    }

    private func decided(
        _ group: [StoredChange], _ outcomes: [Disposition.Outcome]
    ) throws -> [DecidedChange] {
        let device = try group.first.flatMap { try transaction.speaker(of: $0.incarnation)?.code } ?? ""
        return group.enumerated().map { index, stored in
            let outcome = index < outcomes.count ? outcomes[index] : .applied
            return DecidedChange(id: stored.position, device: device, isConflict: outcome == .conflict)
        }
    }

    /// What is to be decided, each group once, in the order in which it came: later ones build upon earlier ones.
    private func groups(of ids: [Int64]) throws -> [[StoredChange]] {
        var found: [Int64: [StoredChange]] = [:]
        for id in Set(ids) {
            let group = try group(of: id)
            found[group[0].position] = group
        }
        return found.sorted { $0.key < $1.key }.map(\.value)
    }

    /// What is to be released, what others build upon first. Nothing is released without what it builds upon: it would
    /// stand in the records, and nobody would be shown it.
    private func whole(_ groups: [[StoredChange]]) throws -> [[StoredChange]] {
        let dependence = try survey().dependence
        let byFirst = Dictionary(uniqueKeysWithValues: groups.map { ($0[0].position, $0) })
        let chosen = Set(byFirst.keys)
        var adrift: [Int64] = []
        var lacking: Set<Int64> = []
        for first in chosen.sorted() {
            let needs = dependence.needs(of: first, besides: chosen)
            if needs.isAdrift { adrift.append(first) }
            lacking.formUnion(needs.firsts)
        }
        if !adrift.isEmpty { throw Self.adrift(adrift, of: chosen) }
        guard lacking.isEmpty else { throw Self.inPart(lacking, of: chosen) }
        return dependence.ordered(chosen).compactMap { byFirst[$0] }
    }

    /// Only somebody to whom every record is open decides.
    private func administrator(_ decision: QuarantineDecision, _ done: String) throws -> Actor {
        let reason = decision.reason
        guard !reason.allSatisfy(\.isWhitespace), reason.utf8.count <= Limits.reasonBytes,
            !reason.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw SyncError(
                .badValue, "a reason is one line of at most \(Limits.reasonBytes) octets, and not empty",
                means: "nothing was \(done)", advice: "--reason \"why, without anybody's name\"")
        }
        let role = try transaction.role(of: decision.staff, at: .max) ?? ""
        let actor = Actor(staff: decision.staff, role: role, device: "")
        let staff = try working.view(NaturalKey.id(table: domain.roleField.table, key: decision.staff))
        guard !role.isEmpty, domain.subscriptions(of: actor, staff: staff).contains("all") else {
            throw SyncError(
                .notPermitted, "\(decision.staff) is no administrator here",
                means: "nothing was \(done); only an administrator decides about quarantine",
                advice: "give an administrator's staff code with --by")
        }
        return actor
    }
}
