/// Every limit on size, count and time, with its unit and its reason.
public enum Limits {
    /// Changes in one exchange, count. Bounds the server's transaction; at 200 bytes each, about 1 MB.
    public static let changesPerExchange = 5_000
    /// Records in one page, count. Bounds what either side holds in memory.
    public static let recordsPerPage = 5_000
    /// Changes that a replica sends in one exchange, count. Fewer than it may: with 5,000 the server was
    /// measured at 117 MiB, with 2,000 at 92, and the round trips cost next to nothing.
    public static let usualBatch = 2_000
    /// Bytes of record states in one page, before compression. A page ends with the record that passes it.
    public static let pageBytes = 4 << 20
    /// Bytes of changes in one exchange, before compression. A batch ends before the change that passes it.
    public static let exchangeBytes = 4 << 20
    /// Bytes of one request body after decompression. A little more than ``exchangeBytes``, for the hello.
    public static let requestBytes = 6 << 20
    /// Bytes of one answer after decompression: a page, its dispositions, and one large record more.
    public static let answerBytes = 16 << 20
    /// Bytes from which a body is compressed. Below, the frame costs more than it saves.
    public static let compressionThreshold = 1 << 10
    /// Bytes of one change. A note of 64 KiB and all its fellows fit. A server takes a larger one, up to
    /// ``exchangeBytes``, into quarantine.
    public static let changeBytes = 256 << 10
    /// Bytes of one text field unless the schema says less.
    public static let textBytes = 64 << 10
    /// Registers in one change, count. No table has half as many.
    public static let registersPerChange = 64
    /// Values in one register, count.
    public static let valuesPerRegister = 32
    /// Entries of one context, count: incarnations that ever wrote one record.
    public static let contextEntries = 1_000
    /// Live changes of one record, count: all registers, and every conflict in them. Bounds the merge.
    public static let liveChanges = 1_000
    /// Dispositions in one answer, count. Ten batches whose answers were lost.
    public static let dispositionsPerAnswer = 50_000
    /// Records that leave in one answer, count.
    public static let leavesPerAnswer = 50_000
    /// Records that one request may bring back, and of which it may ask whether they have left, count.
    public static let rememberedPerExchange = 5_000
    /// Changes in one page of a record's history, count. A page also ends with the change that passes ``pageBytes``.
    public static let changesPerHistoryPage = 1_000
    /// Records of which one request asks where their live changes were written, count. Their names fit into one line of a
    /// request.
    public static let recordsPerOrigins = 64
    /// Withdrawals in one exchange, count. Everything that a whole batch of changes could have brought.
    public static let withdrawalsPerExchange = 5_000
    /// Incarnations whose marks one answer tells, count. Every enrolment and every copy of a laptop makes one.
    public static let marksPerAnswer = 100_000
    /// Marks of its own incarnations that a device is told when an epoch is over, count.
    public static let ownMarks = 1_000
    /// Scope keys of one device, count.
    public static let keysPerDevice = 1_000
    /// Bytes of a cursor: a position for each of ``keysPerDevice`` keys.
    public static let cursorBytes = 128 << 10
    /// Changes of one transaction, count. A group session of everybody a site has.
    public static let changesPerTransaction = 500
    /// Bytes of a name (table, register, staff code, scope key).
    public static let nameBytes = 64
    /// Bytes of the reason for a release, a discard or a withdrawal. A long sentence, and no place for a note.
    public static let reasonBytes = 500
    /// Changes in quarantine that one answer lists, and that one request decides about, count.
    public static let quarantinePerAnswer = 5_000
    /// Bits of a record's id that may name its bucket while a replica is verified: 4,096 buckets, 64 KiB of digests.
    public static let verifyBits = 12
    /// Records of which one request of a verification says what it holds, count; a bucket is never split for it.
    public static let verifyRecords = 20_000
    /// Records that one answer of a verification names, count. Beyond it they are only counted.
    public static let verifyFindings = 5_000
    /// Events of a replica's journal that are kept, count. Years of them: each is somebody's mishap.
    public static let eventsKept = 100
    /// Dates, days since 1970-01-01: 1900-01-01 to 2200-01-01.
    public static let dates: ClosedRange<Int64> = -25_567...84_006
    /// Instants, seconds since 1970: the same span.
    public static let instants: ClosedRange<Int64> = -25_567 * 86_400...84_006 * 86_400
    /// Microseconds by which a device's clock may be off before its owner is told to set it: two minutes.
    public static let tolerableSkewMicroseconds: Int64 = 120_000_000
    /// Microseconds by which a written time may have been corrected before a person is asked whether it is right. A
    /// quarter of an hour is the step in which services are counted.
    public static let tolerableCorrectionMicroseconds: Int64 = 900_000_000
    /// Seconds to wait for a connection. A phone's hot spot takes up to ten.
    public static let connectSeconds = 20
    /// Seconds without ``stallBytesPerSecond`` after which a transfer is given up.
    public static let stallSeconds = 30
    /// Bytes per second below which a transfer counts as stalled.
    public static let stallBytesPerSecond = 10
    /// Seconds an enrolment code lives unless the administrator says otherwise: three days.
    public static let inviteSeconds: Int64 = 3 * 86_400
    /// Wrong enrolment codes taken from one address in a minute, count, before it must wait.
    public static let enrolmentsPerMinute = 10
    /// Microseconds between two notes of when a device was last seen: five minutes.
    public static let lastSeenMicroseconds: Int64 = 300_000_000
    /// Seconds after which a sync that has not said anything may be taken over by another process.
    public static let leaseSeconds: Int64 = 120
    /// Seconds a `--watch` exchange is held open by the server at the most.
    public static let waitSeconds: UInt32 = 50
    /// Addresses whose wrong enrolment codes are remembered, count. Bounds memory while somebody guesses.
    public static let enrolmentAddresses = 4_096
    /// Bytes of one request's headers. A token and a dozen short fields.
    public static let headerBytes = 16 << 10
    /// Headers of one request, count.
    public static let headerFields = 64
    /// Seconds without a byte after which the server closes a connection. More than ``waitSeconds``.
    public static let idleConnectionSeconds: Int64 = 75
    /// Seconds that a refused upload is still read, so that its sender gets to read the refusal.
    public static let lingerSeconds: Int64 = 2
    /// Seconds that a stopping server gives requests in progress.
    public static let stopSeconds: Int64 = 30
    /// Seconds for which the store's figures are reused, so that asking for them often costs nothing.
    public static let figuresSeconds: Int64 = 5
}
