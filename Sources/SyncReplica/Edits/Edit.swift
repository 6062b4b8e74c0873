import GRDB
public import SyncModel

/// The writing of one edit. It is only valid inside the closure of
/// ``Replica/edit(token:resolving:linked:_:)``; everything in it is committed together, or nothing is.
public final class Edit {
    /// A change that is not frozen yet.
    struct Draft {
        var change: Change
        let creates: Bool
    }

    private let db: Database
    private let domain: any Domain
    private let actor: Actor
    private let epoch: UInt64
    private let clock: ClockReading
    private let head: LogHead
    private let token: ReadToken?
    private let resolving: Bool
    private var dice: Dice
    /// Why the domain's rules refused what was written last, where they did: then the error says so in words, and this
    /// which rule it was. `nil` where nothing was refused, or for another reason.
    public private(set) var refusal: Refusal?
    private(set) var drafts: [Draft] = []
    private var draftsOf: [RecordID: [Int]] = [:]

    init(
        _ db: Database, _ meta: Meta, _ replica: Replica, head: LogHead, token: ReadToken?, resolving: Bool
    ) throws {
        self.db = db
        self.head = head
        self.token = try token?.clipped(db, current: head)
        self.resolving = resolving
        domain = replica.domain
        let owner = try replica.present(db, meta)
        actor = Actor(staff: owner.staff, role: owner.role, device: owner.device)
        epoch = meta.epoch
        clock = replica.surroundings.clock()
        dice = replica.surroundings.dice
    }

    /// Makes a record.
    ///
    /// - Parameter id: its id, when something names it already; a fresh one otherwise.
    /// - Throws: ``SyncError`` `badValue`, `notPermitted`.
    @discardableResult
    public func create(
        _ table: String, id: RecordID? = nil, _ writes: [RegisterWrite]
    ) throws -> RecordID {
        let milliseconds = clock.wallMicroseconds / 1_000
        let record = id ?? .version7(unixMilliseconds: milliseconds, using: &dice)
        if id != nil, try shown(record) != nil {
            throw SyncError(
                .badValue, "a record with this id is here already", means: "nothing was recorded",
                advice: "change the record that is here")
        }
        try add(record, table, writes, before: nil, creates: true)
        return record
    }

    /// Writes registers of a record, each whole.
    ///
    /// - Throws: ``SyncError`` `unknownRecord`, `badValue`, `notPermitted`, `inConflict`, `stale`.
    public func write(_ record: RecordID, _ writes: [RegisterWrite]) throws {
        guard let state = try shown(record) else { throw Self.unknown }
        let restores = writes.contains { $0.register == deletedRegister }
        if state.deletion == .deleted, !restores {
            throw SyncError(
                .unknownRecord, "this record was deleted", means: "nothing was recorded",
                advice: "restore it first, or record it anew")
        }
        try checkConflicts(record, state, writes)
        try add(record, state.table, writes, before: state, creates: false)
    }

    /// Deletes a record: for mistakes. What somebody wrote without knowing of it keeps it visible.
    public func delete(_ record: RecordID) throws {
        try write(record, [RegisterWrite(deletedRegister, [.integer(1)])])
    }

    /// A record as it is shown, with what this edit has written so far.
    public func view(_ record: RecordID) throws -> RecordView? {
        guard let state = try shown(record), let table = domain.schema.table(state.table) else { return nil }
        return RecordView(id: record, state: state, table: table)
    }

    /// Records as they were before this edit.
    public func find(_ query: Query) throws -> [RecordView] {
        try Answers.views(db, query, domain.schema)
    }

    /// What is shown now: confirmed, open, and drafted.
    private func shown(_ record: RecordID) throws -> RecordState? {
        var state = try Shown.load(db, record)?.state
        for index in draftsOf[record] ?? [] {
            let draft = drafts[index]
            guard state != nil || draft.creates else { continue }
            let live = LiveChange(draft.change, effective: nil)
            let table = draft.change.table
            state = merge(state ?? RecordState(table: table), RecordState(table: table, live: [live]))
        }
        return state
    }

    private func add(
        _ record: RecordID, _ table: String, _ writes: [RegisterWrite], before: RecordState?, creates: Bool
    ) throws {
        let change = Change(
            dot: Dot(head.id, head.newest + UInt64(drafts.count) + 1), epoch: epoch,
            author: actor.staff, table: table, record: record, writes: writes,
            context: try context(record, before), clock: clock)
        do { try domain.schema.validate(table: table, writes: change.writes) } catch {
            throw SyncError(
                .badValue, domain.words(of: error), means: "nothing was recorded",
                advice: "correct it and enter it again")
        }
        let view = domain.schema.table(table).flatMap { table in
            before.map { RecordView(id: record, state: $0, table: table) }
        }
        let judged = JudgedChange(change: change, actor: actor, before: view)
        refusal = try domain.refusal(of: judged, lookup: { try self.view($0) })
        if let refusal {
            throw SyncError(
                ["permission", "owner", "side"].contains(refusal.code) ? .notPermitted : .badValue,
                refusal.reason,
                means: "nothing was recorded")
        }
        draftsOf[record, default: []].append(drafts.count)
        drafts.append(Draft(change: change, creates: creates))
    }

    /// What the writer had read: the version of the token or else what is shown now, and in either case all
    /// that this device ever wrote to the record.
    private func context(_ record: RecordID, _ before: RecordState?) throws -> Context {
        var context = Context()
        if let token, token.record == record {
            context = token.context
        } else if let before {
            context = before.context
        }
        for entry in try Log.entries(db, of: record) {
            // Who makes a record anew follows nothing: what they took back becomes part of no record, and a server
            // that lacks the record refuses whatever says that it follows something of it.
            if before == nil, entry.withdrawal != nil, entry.state != .released { continue }
            let own = try entry.change()
            context.formUnion(own.context)
            context.include(own.dot)
        }
        for index in draftsOf[record] ?? [] {
            context.formUnion(drafts[index].change.context)
            context.include(drafts[index].change.dot)
        }
        return context
    }

    private func checkConflicts(_ record: RecordID, _ state: RecordState, _ writes: [RegisterWrite]) throws {
        try checkRead(record, state, writes)
        if resolving { return }
        let conflicts = state.conflicts
        guard let name = writes.map(\.register).first(where: conflicts.contains) else { return }
        throw SyncError(
            .inConflict,
            "the \(domain.words(ofRegister: name, in: state.table)) holds two values that were written apart",
            means: "nothing was recorded, and both values are kept",
            advice: "look at both with `porchlight conflicts`, then decide with `porchlight resolve`")
    }

    /// Whether the version in the token had every value that would be replaced.
    ///
    /// What it had not, an ordinary edit leaves standing beside its own. It cannot when this device itself
    /// wrote to the record since, having read it: contexts are transitive. Then nobody closes what they
    /// did not see, and the edit is refused.
    private func checkRead(_ record: RecordID, _ state: RecordState, _ writes: [RegisterWrite]) throws {
        guard let token, token.record == record else { return }
        let unread = writes.flatMap { state.siblings(of: $0.register) }.map(\.change.dot)
            .filter { !token.context.contains($0) }
        guard !unread.isEmpty else { return }
        let covered = try context(record, state)
        let own = Set(
            try Log.entries(db, of: record).map { try $0.change().dot } + drafts.map(\.change.dot))
        guard resolving || unread.contains(where: { covered.contains($0) && !own.contains($0) }) else {
            return
        }
        throw SyncError(
            .stale, "the record has changed since it was shown", means: "nothing was recorded",
            advice: "look at it again and decide then")
    }

    private static let unknown = SyncError(
        .unknownRecord, "this record is not on this laptop", means: "nothing was recorded",
        advice: "sync, or check the code")
}
