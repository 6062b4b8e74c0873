/// What a device's clocks said at one moment.
///
/// `boot` names the running of the machine in which `bootMicroseconds` counts, so that two readings of
/// one boot can be subtracted exactly, whatever happened to the wall clock in between.
public struct ClockReading: Hashable, Sendable {
    /// The wall clock, microseconds since 1970-01-01T00:00Z. It may be wrong by years.
    public var wallMicroseconds: Int64
    /// The boot's id (Linux: `/proc/sys/kernel/random/boot_id`).
    public var boot: Identifier
    /// Microseconds since that boot, counting sleep (Linux: `CLOCK_BOOTTIME`).
    public var bootMicroseconds: Int64

    /// Makes a reading.
    public init(wallMicroseconds: Int64, boot: Identifier, bootMicroseconds: Int64) {
        self.wallMicroseconds = wallMicroseconds
        self.boot = boot
        self.bootMicroseconds = bootMicroseconds
    }
}

/// One edit of one record, as its writer made it. Never altered afterwards.
public struct Change: Hashable, Sendable {
    /// Its place in its incarnation's log.
    public var dot: Dot
    /// The server's epoch as the writer knew it.
    public var epoch: UInt64
    /// The staff code of the person who wrote it, who need not be the one who sends it.
    public var author: String
    /// The record's table.
    public var table: String
    /// The record.
    public var record: RecordID
    /// The registers it writes, sorted by name, each once.
    public var writes: [RegisterWrite]
    /// Which of the record's changes its writer had read.
    public var context: Context
    /// The device's clocks when it was written.
    public var clock: ClockReading
    /// Set on changes that stand or fall together.
    public var transaction: TransactionID?

    /// Makes a change. Writes are put in order of their names.
    public init(
        dot: Dot, epoch: UInt64, author: String, table: String, record: RecordID,
        writes: [RegisterWrite], context: Context, clock: ClockReading,
        transaction: TransactionID? = nil
    ) {
        self.dot = dot
        self.epoch = epoch
        self.author = author
        self.table = table
        self.record = record
        self.writes = writes.sorted { $0.register < $1.register }
        self.context = context
        self.clock = clock
        self.transaction = transaction
    }
}
