import SyncModel
import SyncWire

/// One round of the exchange, in the order of the protocol: epoch, fork, ingest, page.
///
/// It runs inside one transaction and knows no database. Authentication and the limits on bytes come
/// before it, at the door.
struct Round {
    let transaction: any StoreTransaction
    let domain: any Domain
    let speaker: Speaker
    let secret: [UInt8]
    let now: Int64
    /// Whether this transaction may write. A round that turns out to need it throws ``NeedsWriting``.
    let mayWrite: Bool
    /// Called between any two steps; whoever throws there breaks off.
    let reached: (StoreStep) throws -> Void
    /// Begins an epoch above a known one, and gives its number, which was never used before.
    let newEpoch: (UInt64) throws -> UInt64

    /// Thrown in a read-only transaction by a round that has something to write.
    struct NeedsWriting: Error {}

    /// Most dispositions in one answer.
    private static let dispositionLimit = 2 * Limits.changesPerExchange

    /// Does the round.
    func run(_ request: ExchangeRequest) throws -> ExchangeOutcome {
        let hello = request.hello
        guard hello.protocols.contains(protocolVersion) else {
            return outcome(.upgrade(protocolVersion...protocolVersion), hello, try transaction.heads())
        }
        var heads = try transaction.heads()
        let cursor = Cursor.open(hello.cursor, secret: secret, device: speaker.code)
        if let verdict = try epochVerdict(hello, cursor, &heads) {
            var over = outcome(verdict, hello, heads)
            over.reply.marks = try transaction.marks(of: speaker.number, limit: Limits.ownMarks)
            return over
        }

        let offered = try ForkCheck.offered(request)
        let known = try transaction.incarnation(hello.incarnation)
        let isOwn = known.map { $0.device == speaker.number } ?? true
        if !isOwn, let known, try transaction.speaker(of: known.number)?.staff != speaker.staff {
            return outcome(.reidentify(agreed: 0), hello, heads)
        }
        let finding = try ForkCheck.compare(hello, offered, mark: known?.mark ?? 0) { n in
            guard let known else { return n == 0 ? .zero : nil }
            return try transaction.hash(of: known.number, at: n)
        }
        switch finding {
        case .forked(let agreed): return outcome(.reidentify(agreed: agreed), hello, heads)
        case .rewind(let expected): return outcome(.rewind(expected: expected), hello, heads)
        case .agrees: break
        }
        if let known, !isOwn { return outcome(compared(hello, offered, with: known), hello, heads) }
        return try exchange(request, offered, cursor, known, &heads)
    }

    /// A device of another epoch must bring back what this server may have lost before it gets a page. A
    /// cursor from a log that this one does not continue, or from an epoch that it does not know, shows that the server
    /// was restored, declared or not. Nobody else can have sealed it.
    private func epochVerdict(
        _ hello: Hello, _ cursor: Cursor?, _ heads: inout Heads
    ) throws -> Welcome.Verdict? {
        if try !hasGoneBack(since: cursor, heads) {
            guard hello.epoch != 0, hello.epoch != heads.epoch else { return nil }
            return .rewind(expected: hello.firstUnsent)
        }
        guard mayWrite else { throw NeedsWriting() }
        heads.epoch = try newEpoch(max(heads.epoch, cursor?.epoch ?? 0))
        try transaction.save(heads)
        return .rewind(expected: hello.firstUnsent)
    }

    private func hasGoneBack(since cursor: Cursor?, _ heads: Heads) throws -> Bool {
        guard let cursor, cursor.epoch >= heads.epoch else { return false }
        if cursor.epoch > heads.epoch { return true }
        let hash = try transaction.logHash(at: cursor.log)
        return hash.map { Array($0.bytes.prefix(cursor.logHash.count)) } != cursor.logHash
    }

    /// What is said to a laptop whose log stands under another device of its owner's, as far as both agree: it was enrolled
    /// again, and the other is a copy of it, or what it was called before. What the server has stays where it is, and the
    /// rest is issued anew.
    private func compared(
        _ hello: Hello, _ offered: [OfferedChange], with known: IncarnationRow
    ) -> Welcome.Verdict {
        let both = min(known.mark, hello.newest)
        let last = offered.last?.change.dot.n ?? (hello.firstUnsent - 1)
        return last < both ? .rewind(expected: last + 1) : .reidentify(agreed: both)
    }

    private func exchange(
        _ request: ExchangeRequest, _ offered: [OfferedChange], _ cursor: Cursor?, _ known: IncarnationRow?,
        _ heads: inout Heads
    ) throws -> ExchangeOutcome {
        let hello = request.hello
        let log = heads.log
        let working = WorkingSet(transaction, schema: domain.schema)
        let all = try number("all")
        let everHeld = try transaction.keysEverHeld(by: speaker.number)
        let hasGrown = try note(try subscriptions(working), everHeld)
        var counts = Ingest.Counts()
        var touched: Set<KeyNumber> = []
        // Before anything is taken: what comes now must not wake what its author has taken back.
        let withdrawn = try Withdrawing(
            working: working, domain: domain, speaker: speaker, mayWrite: mayWrite
        ).run(request.withdrawals, heads: &heads)
        let compared = offered.last?.change.dot.n ?? (hello.firstUnsent - 1)
        if compared > known?.mark ?? 0 {
            guard mayWrite else { throw NeedsWriting() }
            var row = try known ?? transaction.addIncarnation(hello.incarnation, device: speaker.number)
            let attempt = Attempt(
                working: working, domain: domain, speaker: speaker,
                reach: try Reach(
                    working: working, domain: domain, speaker: speaker, epoch: heads.epoch, allKey: all))
            counts = try Ingest(
                attempt: attempt, opening: hello.clock, now: now, given: given(request, heads),
                withdrawn: takenBack(request)
            ).take(offered, into: &row, heads: &heads)
            try transaction.save(row)
            try reached(.ingested)
        } else {
            counts.repeated = offered.count
        }
        counts.withdrawn += withdrawn
        counts.brought = try bring(request.remembered.kept, working, &heads)
        if heads.log > log || hasGrown {
            touched = try publish(
                working, all, counts.taken > 0 ? hello.incarnation : nil, hasGrown, since: log, &heads)
        }
        counts.decisions = working.decisions
        counts.admissions = working.admissions
        if speaker.isRetired {
            var sealed = outcome(.sealed, hello, heads, taken: compared)
            sealed.counts = counts
            sealed.touched = Set(try touched.map { try transaction.name(of: $0) })
            return sealed
        }
        let names = try subscriptions(working)
        _ = try note(names, everHeld)
        var result = try answer(
            hello, (upTo: compared, isAll: compared >= known?.mark ?? 0), names, cursor, everHeld, working,
            heads)
        result.reply.welcome.taken = compared
        result.reply.leaves += try gone(request.remembered.held, names, result.reply.leaves, working)
        if hello.asksMarks, names.contains("all") { result.reply.marks = try transaction.marks() }
        result.counts = counts
        result.touched = Set(try touched.map { try transaction.name(of: $0) })
        result.saidNothing = result.saidNothing && offered.isEmpty
        return result
    }

    /// Brings scopes and feed up to date with what was taken, and takes what had only waited for it.
    ///
    /// - Returns: the keys under which something moved.
    private func publish(
        _ working: WorkingSet, _ all: KeyNumber, _ advanced: Incarnation?, _ hasGrown: Bool,
        since log: Int64, _ heads: inout Heads
    ) throws -> Set<KeyNumber> {
        let scoping = Scoping(working: working, domain: domain, allKey: all)
        try scoping.settle()
        let waking = Waking(working: working, domain: domain, epoch: heads.epoch, allKey: all)
        try waking.wake(
            incarnation: advanced, device: hasGrown ? speaker.number : nil, heads: &heads,
            settle: scoping.settle)
        guard heads.log > log else { return [] }
        let touched = try Publication(working: working, domain: domain).publish(heads: &heads)
        try transaction.noteLogHash(heads.logHash, at: heads.log)
        try transaction.save(heads)
        return touched
    }

    /// The answer of a round that went through: dispositions, a page, the new cursor.
    ///
    /// Beyond what was compared, a copied laptop may mean something else by the same number. So it hears nothing of
    /// it, and gets no page while there is more to compare: a page may hold what the other copy wrote under numbers
    /// that this one has still to give, and should the next answer be lost, it would give them.
    private func answer(
        _ hello: Hello, _ compared: (upTo: UInt64, isAll: Bool), _ names: [ScopeKey], _ cursor: Cursor?,
        _ everHeld: Set<KeyNumber>, _ working: WorkingSet, _ heads: Heads
    ) throws -> ExchangeOutcome {
        let keys = try names.map(number)
        let subscribed = Set(keys)
        // One without positions came with an answer that had no page: it says where the log stood, and no more.
        let current = cursor.flatMap { $0.epoch == heads.epoch && !$0.positions.isEmpty ? $0 : nil }
        let from = current?.positions ?? [:]
        let heard = hello.heard > UInt64(heads.log) ? 0 : Int64(hello.heard)
        let due = try transaction.dispositions(
            device: speaker.number, after: heard, limit: Self.dispositionLimit)
        let said = due.prefix {
            $0.disposition.dot.incarnation != hello.incarnation || $0.disposition.dot.n <= compared.upTo
        }
        let isAllSaid = said.count == due.count && due.count < Self.dispositionLimit
        let limit = compared.isAll ? min(Int(hello.pageRecords), Limits.recordsPerPage) : 0
        let page = try Pager(
            working: working, keys: keys, from: from,
            neverHeld: current == nil && hello.epoch != 0 ? [] : subscribed.subtracting(everHeld),
            head: heads.feed, limit: limit
        ).page()
        let isComplete = isAllSaid && current != nil
        let body = PageBody(
            names: Dictionary(zip(keys, names), uniquingKeysWith: { a, _ in a }),
            from: from, incarnation: hello.incarnation, mayAbbreviate: isComplete)
        let moved = Cursor(
            epoch: heads.epoch, log: heads.log, logHash: heads.logHash.bytes,
            positions: limit == 0 ? from : page.positions)
        let reply = ExchangeReply(
            welcome: welcome(.ok, heads, keys: names),
            dispositions: try said.map { try told($0, subscribed, working) },
            records: try page.records.map(body.pageRecord), leaves: page.leaves,
            end: End(
                cursor: moved.sealed(secret: secret, device: speaker.code),
                more: !page.isLast || !isAllSaid || !compared.isAll,
                remaining: UInt64(page.remaining), heard: UInt64(said.last?.said ?? heard)))
        return ExchangeOutcome(
            reply: reply, subscribed: names,
            saidNothing: said.isEmpty && page.records.isEmpty && page.leaves.isEmpty)
    }

    /// Of a record that has left the device's scope, its device hears no more than that its change was taken.
    private func told(
        _ said: SaidDisposition, _ subscribed: Set<KeyNumber>, _ working: WorkingSet
    ) throws -> Disposition {
        var disposition = said.disposition
        guard disposition.outcome == .applied || disposition.outcome == .conflict else { return disposition }
        if let record = try working.find(number: said.record),
            !record.stored.keys.contains(where: subscribed.contains)
        {
            disposition.outcome = .taken
        }
        return disposition
    }

    // MARK: Answers without a page

    private func outcome(
        _ verdict: Welcome.Verdict, _ hello: Hello, _ heads: Heads, taken: UInt64 = 0
    ) -> ExchangeOutcome {
        ExchangeOutcome(
            reply: ExchangeReply(
                welcome: welcome(verdict, heads, keys: [], taken: taken),
                end: End(cursor: hello.cursor, more: false, remaining: 0, heard: hello.heard)),
            subscribed: [], saidNothing: false)
    }

    private func welcome(
        _ verdict: Welcome.Verdict, _ heads: Heads, keys: [ScopeKey], taken: UInt64 = 0
    ) -> Welcome {
        Welcome(verdict: verdict, serverMicroseconds: now, epoch: heads.epoch, taken: taken, keys: keys)
    }
}
