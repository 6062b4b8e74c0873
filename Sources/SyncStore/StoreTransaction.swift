import SyncModel

/// A record's number inside one store. Small, so that indexes are; never sent.
typealias RecordNumber = Int64
/// A scope key's number inside one store.
typealias KeyNumber = Int64
/// An incarnation's number inside one store.
typealias IncarnationNumber = Int64
/// A device's number inside one store.
typealias DeviceNumber = Int64

/// Where the server's own counters stand.
struct Heads: Hashable, Sendable {
    /// Counts restores, from 1.
    var epoch: UInt64
    /// The newest position given out in the feed.
    var feed: Int64
    /// The newest number given out in the log, to a change or to what became of one.
    var log: Int64
    /// The chain hash over the whole log.
    var logHash: ChainHash
}

extension Heads {
    /// Takes the next number of the log for what has come, and the log's hash over it and over when it came. The
    /// time makes the hash this log's own: a server that was put back, and is sent once more what it had lost, would
    /// otherwise end at the hash that it had lost, and nobody would notice that it judged anew.
    ///
    /// - Parameters:
    ///   - entry: the chain's hash at a change; of what was brought back, the state.
    ///   - at: when it came, microseconds since 1970.
    mutating func append(_ entry: [UInt8], at time: Int64) {
        log += 1
        logHash = logHash.appending(Self.entry(entry, at: time))
    }

    /// What enters the log's hash: the entry, and the time as eight octets, the most significant first.
    static func entry(_ entry: [UInt8], at time: Int64) -> [UInt8] {
        entry + (0..<8).reversed().map { UInt8(truncatingIfNeeded: time >> (8 * Int64($0))) }
    }
}

/// What is kept of an incarnation.
struct IncarnationRow: Hashable, Sendable {
    let number: IncarnationNumber
    let incarnation: Incarnation
    let device: DeviceNumber
    /// Up to which n its changes were durably taken.
    var mark: UInt64
    /// The chain's hash there.
    var hash: ChainHash
    /// The effective time of its latest change, if it has one; no later change counts as made before it.
    var lastEffective: Int64?
}

/// What one record gives to the scope of another, by numbers.
struct Gift: Hashable, Sendable, Comparable {
    let target: RecordNumber
    /// The key given, or 0.
    let key: KeyNumber
    /// The parent whose keys are given, or 0.
    let parent: RecordNumber

    static func < (a: Self, b: Self) -> Bool {
        (a.target, a.key, a.parent) < (b.target, b.key, b.parent)
    }
}

/// A record as it is stored.
struct StoredRecord: Hashable, Sendable {
    let number: RecordNumber
    let id: RecordID
    /// Empty while the record is only known by name.
    var table: String
    /// The encoded state; empty while the record is only known by name.
    var state: [UInt8]
    /// Its place in the feed, the same under each of its keys; 0 before it has one.
    var position: Int64
    /// Its keys, sorted, `all` among them.
    var keys: [KeyNumber]
    /// What it gives to its own scope and to others', sorted.
    var gifts: [Gift]
    /// The device that created it, for its `device:` key.
    var origin: DeviceNumber
    /// Whether a register of it is in conflict; `nil` if nobody has looked since it was last written.
    var isDisputed: Bool?
}

/// What a page needs of a record, and no more.
struct PageRow: Hashable, Sendable {
    let id: RecordID
    let state: [UInt8]
    let keys: [KeyNumber]
    /// Whether a register of it is in conflict; `nil` if nobody has looked since it was last written.
    let isDisputed: Bool?
}

/// A change that is part of its record, and where it came from.
struct Arrived: Hashable, Sendable {
    let dot: Dot
    /// The code of the laptop that wrote it, as far as it is known.
    let device: String?
    let at: Int64
    let way: Way

    /// How it came.
    enum Way: Hashable, Sendable {
        /// From the laptop that wrote it.
        case sent
        /// Issued anew for a change that had come at `first`, from the laptop that wrote it.
        case released(first: Int64)
        /// From a laptop that held it, after a restore.
        case brought(by: String)
    }
}

/// A change as it is stored, apart from the states: the history.
struct StoredChange: Hashable, Sendable {
    /// Its position in the log.
    var position: Int64
    var incarnation: IncarnationNumber
    var n: UInt64
    var hash: ChainHash
    /// The frozen bytes.
    var bytes: [UInt8]
    var record: RecordNumber
    var outcome: Disposition.Outcome
    var effective: EffectiveTime?
    var receivedAt: Int64
}

/// One line of a record's history.
struct HistoryRow: Hashable, Sendable {
    /// Its position in the log.
    let position: Int64
    let content: Content
    let arrived: Arrived
    let outcome: Disposition.Outcome

    /// What it says.
    enum Content: Hashable, Sendable {
        /// The frozen bytes, and the effective time.
        case frozen([UInt8], EffectiveTime?)
        /// A state with this one change: it was brought back.
        case state([UInt8])
    }
}

/// Changes in quarantine, of one transaction, that are judged anew once something has come.
struct Parked: Hashable, Sendable, Comparable {
    /// The position of the first of them.
    let first: Int64
    /// The position of the last of them.
    let last: Int64
    let awaited: Awaited

    static func < (a: Self, b: Self) -> Bool { a.first < b.first }
}

/// A change that a restored server got back from somebody who held it, and not from its author.
struct Brought: Hashable, Sendable {
    /// Its position in the log.
    let position: Int64
    let record: RecordNumber
    let dot: Dot
    /// Who brought it.
    let device: DeviceNumber
    let at: Int64
    /// A state with this one change.
    let state: [UInt8]
}

/// A disposition and its sequence number.
struct SaidDisposition: Hashable, Sendable {
    let said: Int64
    let record: RecordNumber
    let disposition: Disposition
}

/// One row of the feed: a record moved to this position under a key, or left the key there.
struct FeedRow: Hashable, Sendable {
    let position: Int64
    let record: RecordNumber
    let isDeparture: Bool
}

/// The verbs the rules need of a database, inside one transaction.
///
/// Everything a server knows is reached through these; the rules of the exchange are written once above
/// them, and a database is one type that conforms. All verbs throw what the database throws.
protocol StoreTransaction: AnyObject {
    /// Reads the counters.
    func heads() throws -> Heads
    /// Writes the counters.
    func save(_ heads: Heads) throws
    /// The chain hash the log had at a position where an exchange ended; `nil` if none ended there.
    func logHash(at position: Int64) throws -> ChainHash?
    /// Notes the chain hash at the position where an exchange ended.
    func noteLogHash(_ hash: ChainHash, at position: Int64) throws

    /// An incarnation, if any change of it was ever taken.
    func incarnation(_ id: Incarnation) throws -> IncarnationRow?
    /// Makes an incarnation known. Its mark is 0.
    func addIncarnation(_ id: Incarnation, device: DeviceNumber) throws -> IncarnationRow
    /// Writes mark, hash and last effective time.
    func save(_ incarnation: IncarnationRow) throws
    /// The chain's hash at a change; `nil` if it was not taken.
    func hash(of incarnation: IncarnationNumber, at n: UInt64) throws -> ChainHash?

    /// Adds a change to the history.
    func append(_ change: StoredChange) throws
    /// Every change of a record that is part of it, oldest first, with its effective time.
    func history(of record: RecordNumber) throws -> [(bytes: [UInt8], effective: EffectiveTime?)]
    /// Those of them that a context holds.
    func history(
        of record: RecordNumber, in context: Context
    ) throws -> [(bytes: [UInt8], effective: EffectiveTime?)]
    /// A record's history after a position of the log, in order, at most so many lines: what is or was part of it, and
    /// beside that what was refused of a staff member's own.
    func history(
        of record: RecordNumber, after position: Int64, limit: Int, staff: String
    ) throws -> [HistoryRow]
    /// Where the changes that are part of a record came from, in the order in which they came; those that were
    /// brought back come last.
    func arrivals(of record: RecordNumber) throws -> [Arrived]
    /// What a device has not heard of its changes, in order, at most so many.
    func dispositions(device: DeviceNumber, after heard: Int64, limit: Int) throws -> [SaidDisposition]

    /// Says anew what became of a change, under the next number of the count.
    func rejudge(
        position: Int64, _ outcome: Disposition.Outcome, effective: EffectiveTime?, said: Int64) throws
    /// The changes at these positions of the log, in order.
    func changes(from first: Int64, to last: Int64) throws -> [StoredChange]
    /// The frozen bytes of one change; `nil` if it was not taken.
    func bytes(of incarnation: IncarnationNumber, at n: UInt64) throws -> [UInt8]?
    /// The position of one change in the log; `nil` if it was not taken.
    func position(of incarnation: IncarnationNumber, at n: UInt64) throws -> Int64?
    /// The device an incarnation belongs to.
    func speaker(of incarnation: IncarnationNumber) throws -> Speaker?

    /// The changes in quarantine, in the order in which they came.
    func eachQuarantined(_ body: (StoredChange) throws -> Void) throws
    /// Notes an administrator's decision on a change in quarantine, under the next number of the count. Why it had
    /// been refused stays noted.
    func decide(position: Int64, _ outcome: Disposition.Outcome, said: Int64) throws
    /// Why a change was refused; `nil` if it never was.
    func refusal(at position: Int64) throws -> Refusal?
    /// Notes which change was issued for one in quarantine.
    func noteReissue(of position: Int64, as issued: Int64) throws
    /// The record's changes that were issued anew, with those issued for them.
    func reissues(of record: RecordNumber) throws -> [(refused: Dot, issued: Dot)]

    /// Up to which number every incarnation's changes were taken, in the order of the incarnations; where some
    /// wait in quarantine, up to the first of them.
    func marks() throws -> [Mark]
    /// How far the logs of a device go, with the chain's hashes, newest incarnation first, at most so many.
    func marks(of device: DeviceNumber, limit: Int) throws -> [Mark]
    /// Whether a change waits in quarantine for something.
    func isParked(_ n: UInt64, of incarnation: IncarnationNumber) throws -> Bool
    /// Notes a change that was brought back.
    func keep(_ brought: Brought) throws
    /// What is in quarantine of a record and waits for nothing, in the order of the log.
    func unparked(of record: RecordNumber) throws -> [(position: Int64, dot: Dot)]
    /// Whose changes of a record were all withdrawn or discarded; nobody's where any was not, or there are none.
    func authorsOfClosed(_ record: RecordNumber) throws -> Set<String>
    /// The changes that were brought back into a record, each as a state with this one change, in the order in which
    /// they came.
    func brought(into record: RecordNumber) throws -> [[UInt8]]

    /// Notes what changes in quarantine wait for.
    func park(_ parked: Parked) throws
    /// What begins at this position waits no more.
    func unpark(at first: Int64) throws
    /// Whether any change waits at all.
    func hasParked() throws -> Bool
    /// What waits for a record.
    func parked(awaiting record: RecordID) throws -> [Parked]
    /// What waits for changes of an incarnation.
    func parked(awaitingEntriesOf incarnation: Incarnation) throws -> [Parked]
    /// What would write to a record, and waits for an entry of it, or for itself.
    func parked(awaitingEntriesIn record: RecordNumber) throws -> [Parked]
    /// What a device wrote that waits for a record.
    func parked(of device: DeviceNumber) throws -> [Parked]

    /// A record by its id, if it is known at least by name.
    func record(_ id: RecordID) throws -> StoredRecord?
    /// A record by its number.
    func record(number: RecordNumber) throws -> StoredRecord?
    /// The greatest number any record has; 0 if there is none.
    func newestRecord() throws -> RecordNumber
    /// What a page needs of a record.
    func pageRow(number: RecordNumber) throws -> PageRow?
    /// Writes a new record.
    func insert(_ record: StoredRecord) throws
    /// Writes all of a known record but its number and id.
    func update(_ record: StoredRecord) throws
    /// What a record is given, by itself and others.
    func gifts(to target: RecordNumber) throws -> [Gift]
    /// The records that inherit from a parent.
    func heirs(of parent: RecordNumber) throws -> [RecordNumber]
    /// Adds what a source gives.
    func add(_ gift: Gift, from source: RecordNumber) throws
    /// Takes back what a source gave.
    func remove(_ gift: Gift, from source: RecordNumber) throws

    /// The number of a scope key; `nil` if no record or device ever had it.
    func knownKey(_ name: ScopeKey) throws -> KeyNumber?
    /// The number of a scope key, making it known if it is new.
    func key(_ name: ScopeKey) throws -> KeyNumber
    /// The name of a scope key.
    func name(of key: KeyNumber) throws -> ScopeKey
    /// Puts a record at a position under a key.
    func enter(_ record: RecordNumber, key: KeyNumber, position: Int64) throws
    /// Takes a record from its position under a key.
    func vacate(key: KeyNumber, position: Int64) throws
    /// Notes that a record left a key, at a position.
    func depart(_ record: RecordNumber, key: KeyNumber, position: Int64) throws
    /// Forgets that a record left a key.
    func undepart(_ record: RecordNumber, key: KeyNumber) throws
    /// Notes that a record lay under a key before a restore. Nobody hears of it as a departure.
    func noteHeld(_ record: RecordNumber, key: KeyNumber) throws
    /// Whether a record once left a key.
    func hasDeparted(_ record: RecordNumber, key: KeyNumber) throws -> Bool
    /// What entered or left a key after a position, in order, at most so many of each.
    func feed(key: KeyNumber, after position: Int64, limit: Int, departures: Bool) throws -> [FeedRow]
    /// About how many records lie under a key after a position, counted up to a bound.
    func count(key: KeyNumber, after position: Int64, bound: Int) throws -> Int

    /// Goes through the records that lie under any of these keys, each once, in the order of their ids: those that
    /// are wanted, with table and encoded state.
    func eachRecord(
        under keys: [KeyNumber], where isWanted: (RecordID) -> Bool,
        _ body: (RecordID, String, [UInt8]) throws -> Void) throws

    /// Every key a device ever received.
    func keysEverHeld(by device: DeviceNumber) throws -> Set<KeyNumber>
    /// Notes that a device receives a key.
    func noteKey(_ key: KeyNumber, heldBy device: DeviceNumber) throws
    /// The role a staff member held at a time, microseconds; the earliest known before that.
    func role(of staff: String, at time: Int64) throws -> String?
    /// The roles that a staff member has had since a device was enrolled, in no order.
    func roles(of staff: String, since device: DeviceNumber) throws -> [String]
    /// Notes that a staff member has a role since a time.
    func noteRole(_ role: String, of staff: String, since time: Int64) throws
    /// The code of a device.
    func code(of device: DeviceNumber) throws -> String
}
