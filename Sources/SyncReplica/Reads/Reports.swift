public import SyncModel

/// What became of a change of one's own.
public enum OwnOutcome: Hashable, Sendable {
    /// No server has judged it.
    case waiting
    /// Part of its record.
    case applied
    /// Part of its record, beside another value.
    case conflict
    /// Refused, with the reason; it is kept, and no part of its record.
    case quarantined(Refusal)
    /// Quarantined before, and issued anew by an administrator.
    case released
    /// Quarantined before, and withdrawn.
    case withdrawn
    /// Quarantined, and withdrawn on this laptop; the server has not confirmed it yet.
    case withdrawing
    /// The server has it; the record is no longer on this laptop.
    case taken
}

/// What an edit left behind.
public struct EditReceipt: Hashable, Sendable {
    /// The changes, in order; none when the edit wrote nothing.
    public let changes: [Dot]
    /// The records they write, in order, each as often as it was written.
    public let records: [RecordID]
    /// What links them, when there are several.
    public let transaction: TransactionID?
}

/// One change as this laptop knows it.
public struct HistoryEntry: Hashable, Sendable {
    /// The change.
    public let dot: Dot
    /// The staff code of its author.
    public let author: String
    /// What it writes.
    public let writes: [RegisterWrite]
    /// What its writer had read of the record.
    public let context: Context
    /// What the device's clock said, microseconds since 1970.
    public let writtenMicroseconds: Int64
    /// When it counts as made; `nil` while no server has judged it.
    public let effective: EffectiveTime?
    /// Whether some value of it still stands.
    public let isLive: Bool
    /// What became of it, when this laptop wrote it; `nil` for the changes of others.
    public let outcome: OwnOutcome?

    /// Makes an entry, of what the server told.
    public init(
        dot: Dot, author: String, writes: [RegisterWrite], context: Context, writtenMicroseconds: Int64,
        effective: EffectiveTime?, isLive: Bool, outcome: OwnOutcome?
    ) {
        self.dot = dot
        self.author = author
        self.writes = writes
        self.context = context
        self.writtenMicroseconds = writtenMicroseconds
        self.effective = effective
        self.isLive = isLive
        self.outcome = outcome
    }
}

/// A record that was made on this laptop.
public struct OwnRecord: Hashable, Sendable {
    /// The record. It may have left this laptop.
    public let record: RecordID
    /// Its table.
    public let table: String
    /// What the device's clock said when it was made, microseconds since 1970.
    public let writtenMicroseconds: Int64
}

/// One change that waits, or was refused.
public struct OutboxEntry: Hashable, Sendable {
    /// Its number in the outbox. It does not change while the entry stands there.
    public let number: Int64
    /// The change.
    public let dot: Dot
    /// Its table.
    public let table: String
    /// Its record.
    public let record: RecordID
    /// What it writes.
    public let writes: [RegisterWrite]
    /// Its author.
    public let author: String
    /// What the device's clock said when it was written, microseconds since 1970.
    public let writtenMicroseconds: Int64
    /// What links it to others.
    public let transaction: TransactionID?
    /// Whether it may have left this laptop, so that it can no longer be undone.
    public let wasOffered: Bool
    /// Waiting, quarantined, or about to be withdrawn.
    public let outcome: OwnOutcome
    /// Whether it was refused, and had been taken before the server was restored.
    public let wasTaken: Bool
    /// Whether it made its record.
    public let creates: Bool
    /// Why it was refused, if it was.
    public let refusal: Refusal?
    /// That its author took it back, if they did.
    public let withdrawal: OwnWithdrawal?
}

/// That somebody took back a change of theirs which had been refused.
public struct OwnWithdrawal: Hashable, Sendable {
    /// When, by this device's clock, microseconds since 1970.
    public let microseconds: Int64
    /// Why, in their words; may be empty.
    public let reason: String
}

/// What correcting a refused change came to.
public struct Correction: Hashable, Sendable {
    /// What was taken back: the change, and all that had to go with it, oldest first.
    public let withdrawn: [OutboxEntry]
    /// What was recorded in its place.
    public let receipt: EditReceipt
}

/// How a replica stands, in figures.
public struct ReplicaStatus: Hashable, Sendable {
    /// How many changes no server has judged.
    public var waiting: Int
    /// When the oldest of them was written by this device's clock, microseconds since 1970.
    public var oldestWaitingMicroseconds: Int64?
    /// When the last sync ended well by this device's clock, microseconds since 1970.
    public var lastSyncMicroseconds: Int64?
    /// How the last sync failed, if none has ended well since.
    public var lastFailure: SyncError?
    /// When that was.
    public var lastFailureMicroseconds: Int64?
    /// How many of one's own changes are in quarantine.
    public var quarantined: Int
    /// How many of them were taken back, and the server has not confirmed it yet. They are not counted above.
    public var withdrawing: Int
    /// Of these, how many the server cannot have been told of yet.
    public var untold: Int
    /// How many records have a register in conflict.
    public var conflicts: Int
    /// How far this device's clock was ahead of the server's at the last sync, microseconds.
    public var skewMicroseconds: Int64?
    /// The keys this device receives, sorted.
    public var keys: [ScopeKey]
    /// The server's epoch; 0 before the first sync.
    public var epoch: UInt64
    /// Who and where.
    public var enrolment: Enrolment
    /// Whether the server retired this device.
    public var isSealed: Bool
    /// Under which incarnation it writes now.
    public var incarnation: Incarnation
    /// Records held since before the server was restored that it has not sent since: this may be the last copy.
    public var kept: Int

    /// Whether the clock is off by more than ``Limits/tolerableSkewMicroseconds``.
    public var isClockOff: Bool {
        (skewMicroseconds?.magnitude ?? 0) > Limits.tolerableSkewMicroseconds.magnitude
    }
}

/// One thing that ``Replica/doctor()`` found.
public struct Finding: Hashable, Sendable {
    /// How bad it is.
    public enum Gravity: String, Hashable, Sendable {
        /// As it should be.
        case fine
        /// Worth knowing.
        case notice
        /// ``Replica/rebuild()`` repairs it.
        case repairable
        /// Data may be damaged.
        case grave
    }

    /// What was looked at: `file`, `log`, `tables`, `counters`, `lease`.
    public let area: String
    /// How bad it is.
    public let gravity: Gravity
    /// One sentence.
    public let text: String
}
