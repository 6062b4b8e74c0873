import SyncModel
import SyncWire

/// A server in thirty rules, in memory: it takes logs, judges nothing, and pages whole states. Whatever an
/// exchange can meet, a test can make it do.
actor FakePeer: ExchangePeer {
    struct Held {
        var state: RecordState
        var keys: [ScopeKey]
        var position: UInt64
        var hasLeft = false
        var notes: ConflictNotes?
    }

    var epoch: UInt64 = 1
    var keys: [ScopeKey] = ["all"]
    var now: Int64 = 1_800_000_000_000_000
    private(set) var requests: [ExchangeRequest] = []
    private(set) var records: [RecordID: Held] = [:]
    private(set) var logs: [Incarnation: [ChainHash]] = [:]
    private(set) var dispositions: [Disposition] = []
    private var position: UInt64 = 0
    private var lostRequests = 0
    private var lostAnswers = 0
    private var script: [ExchangeReply] = []
    private var refusals: [String: Refusal] = [:]
    private var ignoresWithdrawals = false
    private var isRetired = false
    private var meanwhile: (@Sendable () throws -> Void)?

    func loseRequests(_ count: Int) { lostRequests = count }
    func loseAnswers(_ count: Int) { lostAnswers = count }
    func set(keys: [ScopeKey]) { self.keys = keys }
    func answer(with reply: ExchangeReply) { script.append(reply) }
    func refuse(author: String, _ refusal: Refusal?) { refusals[author] = refusal }
    /// An older server knows of no withdrawals.
    func ignoreWithdrawals(_ ignores: Bool) { ignoresWithdrawals = ignores }
    /// An administrator retires the laptop.
    func retire(_ retires: Bool = true) { isRetired = retires }
    func decide(_ dot: Dot, _ outcome: Disposition.Outcome) {
        dispositions.append(Disposition(dot: dot, outcome: outcome, effective: nil))
    }
    func during(_ body: @escaping @Sendable () throws -> Void) { meanwhile = body }

    /// A welcome as this server would write it.
    func welcome(_ verdict: Welcome.Verdict, taken: UInt64 = 0) -> Welcome {
        Welcome(verdict: verdict, serverMicroseconds: now, epoch: epoch, taken: taken, keys: keys)
    }

    /// Somebody else's work arrives.
    func put(_ record: RecordID, _ table: String, _ changes: [LiveChange], keys: [ScopeKey] = ["all"]) {
        join(record, RecordState(table: table, live: changes), keys)
    }

    /// What the server says of a record's conflicts from now on.
    func note(_ record: RecordID, _ notes: ConflictNotes?) { records[record]?.notes = notes }

    /// Something about a record changes, and it comes once more.
    func touch(_ record: RecordID) {
        position += 1
        records[record]?.position = position
    }

    func leave(_ record: RecordID) {
        position += 1
        records[record]?.hasLeft = true
        records[record]?.position = position
    }

    /// The server comes back as it was in an older copy, in a new epoch.
    func restore(_ backup: Backup) {
        records = backup.records
        logs = backup.logs
        dispositions = backup.dispositions
        epoch += 1
    }

    struct Backup: Sendable {
        let records: [RecordID: Held]
        let logs: [Incarnation: [ChainHash]]
        let dispositions: [Disposition]
    }

    var backup: Backup { Backup(records: records, logs: logs, dispositions: dispositions) }

    var digest: String {
        var digest = StateDigest()
        for (id, held) in records.sorted(by: { $0.key < $1.key }) {
            digest.add(id: id, table: held.state.table, state: StateCodec.encode(held.state))
        }
        return digest.text
    }

    func exchange(_ request: ExchangeRequest) async throws -> ExchangeReply {
        requests.append(request)
        try meanwhile?()
        meanwhile = nil
        if lostRequests > 0 {
            lostRequests -= 1
            throw SyncError(.stalled, "nothing came")
        }
        if !script.isEmpty { return script.removeFirst() }
        let reply = try round(request)
        if lostAnswers > 0 {
            lostAnswers -= 1
            throw SyncError(.cutShort, "cut short")
        }
        return reply
    }

    private func round(_ request: ExchangeRequest) throws -> ExchangeReply {
        let hello = request.hello
        if hello.epoch != 0, hello.epoch != epoch {
            var over = plain(.rewind(expected: hello.firstUnsent), hello)
            over.marks = logs.compactMap { id, log in
                log.last.map { Mark(Dot(id, UInt64(log.count)), hash: $0) }
            }
            return over
        }
        var log = logs[hello.incarnation] ?? []
        let mark = UInt64(log.count)
        if hello.firstUnsent > mark + 1 { return plain(.rewind(expected: mark + 1), hello) }
        var hash = hello.hashBefore
        if hello.firstUnsent > 1, log[Int(hello.firstUnsent) - 2] != hash {
            return plain(.rewind(expected: max(1, hello.firstUnsent / 2)), hello)
        }
        var offered: [(Change, ChainHash)] = []
        for bytes in request.changes {
            let (frozen, change) = try FrozenCodec.decode(bytes)
            hash = frozen.hash(after: hash)
            if change.dot.n <= mark, log[Int(change.dot.n) - 1] != hash {
                return plain(.reidentify(agreed: change.dot.n - 1), hello)
            }
            offered.append((change, hash))
        }
        let last = hello.firstUnsent - 1 + UInt64(request.changes.count)
        if last == hello.newest, mark > last { return plain(.reidentify(agreed: last), hello) }
        for (change, hash) in offered where change.dot.n > mark {
            log.append(hash)
            if !isRetired { take(change) }
        }
        logs[hello.incarnation] = log
        if isRetired {
            var sealed = plain(.sealed, hello)
            sealed.welcome.taken = last
            return sealed
        }
        if !ignoresWithdrawals { for withdrawal in request.withdrawals { withdraw(withdrawal.dot) } }
        return page(hello, taken: last)
    }

    private func withdraw(_ dot: Dot) {
        guard case .quarantined = dispositions.last(where: { $0.dot == dot })?.outcome else { return }
        decide(dot, .withdrawn)
    }

    private func take(_ change: Change) {
        if let refusal = refusals[change.author] {
            dispositions.append(
                Disposition(dot: change.dot, outcome: .quarantined(refusal), effective: nil))
            return
        }
        now += 1
        let effective = EffectiveTime(microseconds: now)
        let live = LiveChange(change, effective: effective)
        join(change.record, RecordState(table: change.table, live: [live]), keys)
        let isConflict = records[change.record]?.state.conflicts.isEmpty == false
        let outcome: Disposition.Outcome =
            records[change.record]?.hasLeft == true ? .taken : isConflict ? .conflict : .applied
        dispositions.append(Disposition(dot: change.dot, outcome: outcome, effective: effective))
    }

    private func join(_ record: RecordID, _ state: RecordState, _ keys: [ScopeKey]) {
        position += 1
        var held = records[record] ?? Held(state: RecordState(table: state.table), keys: keys, position: 0)
        held.state = merge(held.state, state)
        held.position = position
        records[record] = held
    }

    private func page(_ hello: Hello, taken: UInt64) -> ExchangeReply {
        let from = hello.cursor.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let due = records.filter { $0.value.position > from }.sorted { $0.value.position < $1.value.position }
        let page = due.prefix(Int(hello.pageRecords))
        let reached = page.last?.value.position ?? from
        let said = dispositions.dropFirst(Int(hello.heard))
        return ExchangeReply(
            welcome: welcome(.ok, taken: taken), dispositions: Array(said),
            records: page.filter { !$0.value.hasLeft }.map {
                PageRecord(
                    id: $0.key, keys: $0.value.keys, body: .state(StateCodec.encode($0.value.state)),
                    notes: $0.value.notes)
            },
            leaves: page.filter { $0.value.hasLeft }.map(\.key),
            end: End(
                cursor: (0..<8).map { UInt8(truncatingIfNeeded: reached >> (56 - 8 * UInt64($0))) },
                more: hello.pageRecords > 0 && page.count < due.count,
                remaining: UInt64(due.count - page.count),
                heard: UInt64(dispositions.count)))
    }

    private func plain(_ verdict: Welcome.Verdict, _ hello: Hello) -> ExchangeReply {
        ExchangeReply(
            welcome: welcome(verdict),
            end: End(cursor: hello.cursor, more: false, remaining: 0, heard: hello.heard))
    }
}
