public import SyncModel

/// How a sync is to go about it.
public struct SyncOptions: Sendable {
    /// For how many seconds the server may hold an exchange that has nothing to say; 0 for a plain sync.
    public var waitSeconds: UInt32
    /// Records in one page, at the most.
    public var pageRecords: Int
    /// Changes in one exchange, at the most. A linked transaction is never split for it.
    public var changesPerExchange: Int
    /// Called after every exchange.
    public var progress: (@Sendable (SyncProgress) -> Void)?

    /// Makes options.
    public init(
        waitSeconds: UInt32 = 0, pageRecords: Int = Limits.recordsPerPage,
        changesPerExchange: Int = Limits.usualBatch,
        progress: (@Sendable (SyncProgress) -> Void)? = nil
    ) {
        self.waitSeconds = waitSeconds
        self.pageRecords = pageRecords
        self.changesPerExchange = changesPerExchange
        self.progress = progress
    }
}

/// How far a sync has come.
public struct SyncProgress: Hashable, Sendable {
    /// Changes the server has taken so far.
    public var sent: Int
    /// Changes that are still to be sent.
    public var toSend: Int
    /// Records received so far.
    public var received: Int
    /// About how many are still to come.
    public var remaining: Int
    /// Exchanges so far.
    public var exchanges: Int
}

/// What a sync did.
public struct SyncReport: Hashable, Sendable {
    /// Changes the server has taken.
    public var sent = 0
    /// Of them, those that are part of their record.
    public var applied = 0
    /// Of them, those that stand beside another value.
    public var conflicts = 0
    /// Changes that are in quarantine since.
    public var quarantined: [Dot] = []
    /// Refused changes that were taken back on this laptop, which the server has confirmed.
    public var withdrawn = 0
    /// Refused changes that were taken back on this laptop too late: somebody had released them, or they had been taken
    /// after all.
    public var overtaken = 0
    /// Records that came whole. What one has just sent oneself is not sent back, and does not count.
    public var received = 0
    /// Records that left this device's scope.
    public var left = 0
    /// Exchanges that were needed.
    public var exchanges = 0
    /// Whether a fresh incarnation was taken, because this database is a copy or was restored.
    public var reidentified = false
    /// Whether the server was found restored, and was offered again what it had lost.
    public var healed = false
    /// How far this device's clock is ahead of the server's, microseconds.
    public var skewMicroseconds: Int64 = 0
}
