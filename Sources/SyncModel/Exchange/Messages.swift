/// How a request opens: who speaks, where their log stands, and what they already have.
public struct Hello: Hashable, Sendable {
    /// The versions of the protocol the client speaks, both included.
    public var protocols: ClosedRange<UInt32>
    /// Whose changes follow.
    public var incarnation: Incarnation
    /// The newest change in this incarnation's log, sent or not; 0 for none.
    public var newest: UInt64
    /// The chain's hash there.
    public var newestHash: ChainHash
    /// The number of the first change that follows, or would follow: one above the last that was acknowledged.
    public var firstUnsent: UInt64
    /// The chain's hash just before it.
    public var hashBefore: ChainHash
    /// The server's epoch as the client knows it; 0 before the first exchange.
    public var epoch: UInt64
    /// The last `end`'s cursor, as it came; empty before the first.
    public var cursor: [UInt8]
    /// The sequence number of the newest disposition it has applied.
    public var heard: UInt64
    /// The version of its schema.
    public var schema: UInt32
    /// Its clocks, now.
    public var clock: ClockReading
    /// How many records a page may have at the most.
    public var pageRecords: UInt32
    /// For how many seconds the server may hold the answer while there is nothing to say.
    public var waitSeconds: UInt32
    /// How many exchanges failed since the last that succeeded; for the server's figures.
    public var failures: UInt32
    /// Whether the answer shall tell how far the server has every incarnation, as an administrator's replica
    /// needs after a restore.
    public var asksMarks: Bool
    /// Whether the client was told that its device was retired; a restored server may have forgotten it.
    public var isSealed: Bool

    /// Makes a hello.
    public init(
        protocols: ClosedRange<UInt32>, incarnation: Incarnation, newest: UInt64,
        newestHash: ChainHash, firstUnsent: UInt64, hashBefore: ChainHash, epoch: UInt64,
        cursor: [UInt8], heard: UInt64, schema: UInt32, clock: ClockReading, pageRecords: UInt32,
        waitSeconds: UInt32 = 0, failures: UInt32 = 0, asksMarks: Bool = false, isSealed: Bool = false
    ) {
        self.protocols = protocols
        self.incarnation = incarnation
        self.newest = newest
        self.newestHash = newestHash
        self.firstUnsent = firstUnsent
        self.hashBefore = hashBefore
        self.epoch = epoch
        self.cursor = cursor
        self.heard = heard
        self.schema = schema
        self.clock = clock
        self.pageRecords = pageRecords
        self.waitSeconds = waitSeconds
        self.failures = failures
        self.asksMarks = asksMarks
        self.isSealed = isSealed
    }
}

/// The version of the protocol that this code speaks.
public let protocolVersion: UInt32 = 1

/// One request: a hello and the frozen bytes of the changes from `hello.firstUnsent` on.
public struct ExchangeRequest: Hashable, Sendable {
    /// The opening.
    public var hello: Hello
    /// The encoded ``FrozenChange``s, in the order of their numbers.
    public var changes: [[UInt8]]
    /// What helps a restored server back to what it was; empty at all other times.
    public var remembered: Remembered
    /// Changes in quarantine that their author takes back.
    public var withdrawals: [Withdrawal]

    /// Makes a request.
    public init(
        hello: Hello, changes: [[UInt8]], remembered: Remembered = Remembered(),
        withdrawals: [Withdrawal] = []
    ) {
        self.hello = hello
        self.changes = changes
        self.remembered = remembered
        self.withdrawals = withdrawals
    }
}

/// How an answer opens.
public struct Welcome: Hashable, Sendable {
    /// What the server makes of the request. Only `ok` and `sealed` took its changes.
    public enum Verdict: Hashable, Sendable {
        /// The round went through.
        case ok
        /// Another database wrote under this incarnation: take a fresh one, and issue anew what comes after `agreed`.
        case reidentify(agreed: UInt64)
        /// Send again from this number on; below it the logs have not been compared yet, or the server lost some.
        case rewind(expected: UInt64)
        /// No common protocol version; the server speaks these.
        case upgrade(ClosedRange<UInt32>)
        /// This device was retired: what it sent is in quarantine, and it receives nothing.
        case sealed
    }

    /// The verdict.
    public var verdict: Verdict
    /// The server's clock, microseconds since 1970.
    public var serverMicroseconds: Int64
    /// The server's epoch.
    public var epoch: UInt64
    /// Up to which number the server durably has the hello's incarnation.
    public var taken: UInt64
    /// The keys this device receives, sorted. A key that is no longer here is dropped with its records.
    public var keys: [ScopeKey]

    /// Makes a welcome.
    public init(
        verdict: Verdict, serverMicroseconds: Int64, epoch: UInt64, taken: UInt64, keys: [ScopeKey]
    ) {
        self.verdict = verdict
        self.serverMicroseconds = serverMicroseconds
        self.epoch = epoch
        self.taken = taken
        self.keys = keys
    }
}

/// What became of one change.
public struct Disposition: Hashable, Sendable {
    /// What became of it.
    public enum Outcome: Hashable, Sendable {
        /// Part of its record.
        case applied
        /// Part of its record, and a register it writes holds another value too.
        case conflict
        /// Stored with its reason, and no part of its record.
        case quarantined(Refusal)
        /// Quarantined before; its content was issued anew by an administrator.
        case released
        /// Quarantined before; withdrawn by its author, or discarded.
        case withdrawn
        /// Taken; the record has left this device's scope, so no more is said.
        case taken
    }

    /// The change.
    public var dot: Dot
    /// Its outcome.
    public var outcome: Outcome
    /// When it counts as made; `nil` for what is no part of a record.
    public var effective: EffectiveTime?

    /// Makes a disposition.
    public init(dot: Dot, outcome: Outcome, effective: EffectiveTime?) {
        self.dot = dot
        self.outcome = outcome
        self.effective = effective
    }
}

/// A record as it comes down.
public struct PageRecord: Hashable, Sendable {
    /// The record.
    public var id: RecordID
    /// Its scope keys, sorted: those this device receives.
    public var keys: [ScopeKey]
    /// What it holds.
    public var body: Body
    /// What the server knows of its conflicts; `nil` for a record without any. Beside the state, and never merged.
    public var notes: ConflictNotes?

    /// A record's content on the way down.
    public enum Body: Hashable, Sendable {
        /// The whole state, encoded. It replaces what the device held.
        case state([UInt8])
        /// The state the device can put together itself: what it held, joined with those changes of its
        /// own that this answer disposes of. So a laptop's own work is not sent back to it.
        case own
    }

    /// Makes a record.
    public init(id: RecordID, keys: [ScopeKey], body: Body, notes: ConflictNotes? = nil) {
        self.id = id
        self.keys = keys
        self.body = body
        self.notes = notes
    }
}

/// How an answer ends. An answer without it was cut short, and is discarded whole.
public struct End: Hashable, Sendable {
    /// Where the feed was left: opaque, authenticated by the server.
    public var cursor: [UInt8]
    /// Whether there is more to fetch now.
    public var more: Bool
    /// About how many records are still to come; for a progress bar.
    public var remaining: UInt64
    /// The sequence number of the newest disposition in this answer, or as before.
    public var heard: UInt64

    /// Makes an end.
    public init(cursor: [UInt8], more: Bool, remaining: UInt64, heard: UInt64) {
        self.cursor = cursor
        self.more = more
        self.remaining = remaining
        self.heard = heard
    }
}

/// One answer, complete.
public struct ExchangeReply: Hashable, Sendable {
    /// How it opens.
    public var welcome: Welcome
    /// What became of changes, oldest first.
    public var dispositions: [Disposition]
    /// Whole records.
    public var records: [PageRecord]
    /// Records that are in this device's scope no more.
    public var leaves: [RecordID]
    /// How far the server has every incarnation, if the hello asked; or, when it has begun a new epoch, those of
    /// the device.
    public var marks: [Mark]
    /// How it ends.
    public var end: End

    /// Makes a reply.
    public init(
        welcome: Welcome, dispositions: [Disposition] = [], records: [PageRecord] = [],
        leaves: [RecordID] = [], marks: [Mark] = [], end: End
    ) {
        self.welcome = welcome
        self.dispositions = dispositions
        self.records = records
        self.leaves = leaves
        self.marks = marks
        self.end = end
    }
}

/// The far side of an exchange: the server's rules, a link to them over HTTP, or a faulty link in a test.
///
/// A call either returns a complete answer or throws; after a throw the work may have been done or not, and
/// asking again is always right.
public protocol ExchangePeer: Sendable {
    /// Does one round.
    ///
    /// - Throws: ``SyncError`` when no complete answer came.
    func exchange(_ request: ExchangeRequest) async throws -> ExchangeReply
}

/// What a new laptop says to enrol.
public struct EnrolRequest: Hashable, Sendable {
    /// The one-time code, as the administrator gave it.
    public var code: String
    /// What its owner calls the laptop.
    public var deviceName: String
    /// Whose laptop it is that is enrolled again, a staff code: a code for anybody else is not used for it. Empty for a new
    /// one.
    public var staff: String
    /// Of which agency it is; empty for a new one.
    public var agency: String

    /// Makes a request.
    public init(code: String, deviceName: String, staff: String = "", agency: String = "") {
        self.code = code
        self.deviceName = deviceName
        self.staff = staff
        self.agency = agency
    }
}

/// What the server gives a laptop that enrols.
public struct EnrolReply: Hashable, Sendable {
    /// The device's code in the agency, such as `LT-11`.
    public var device: String
    /// Its secret: 256 bits, base64url. The server keeps only a hash.
    public var token: String
    /// Whose laptop it is: a staff code.
    public var staff: String
    /// Their role.
    public var role: String
    /// The agency's name.
    public var agency: String
    /// The agency's time zone, a name of the IANA database.
    public var timeZone: String

    /// Makes a reply.
    public init(
        device: String, token: String, staff: String, role: String, agency: String,
        timeZone: String
    ) {
        self.device = device
        self.token = token
        self.staff = staff
        self.role = role
        self.agency = agency
        self.timeZone = timeZone
    }
}
