public import SyncModel

/// What an exchange came to: the answer, and what the door needs for its figures and its waiting guests.
public struct ExchangeOutcome: Sendable {
    /// How many of what, in one exchange.
    public struct Counts: Hashable, Sendable {
        /// Changes taken, whatever became of them.
        public var taken = 0
        /// Changes the server had already.
        public var repeated = 0
        /// Of those taken, how many went to quarantine.
        public var quarantined = 0
        /// Of those taken, how many stand beside another value.
        public var conflicts = 0
        /// Changes of others that a restored server got back; none of them is among those taken.
        public var brought = 0
        /// What its author took back, for the audit log.
        var withdrawn: [Withdrawn] = []
        /// The decisions that became part of their records: those among them, and what had waited for them.
        var decisions: [NotedDecision] = []
        /// What had waited in quarantine and was taken.
        var admissions: [NotedAdmission] = []
    }

    /// The answer.
    public var reply: ExchangeReply
    /// The keys the device receives.
    public var subscribed: [ScopeKey]
    /// The keys under which something moved.
    public var touched: Set<ScopeKey> = []
    /// Whether nothing was sent and nothing had to be said.
    public var saidNothing: Bool
    /// The figures.
    public var counts = Counts()

    init(reply: ExchangeReply, subscribed: [ScopeKey], saidNothing: Bool) {
        self.reply = reply
        self.subscribed = subscribed
        self.saidNothing = saidNothing
    }
}

/// Changes that had waited in quarantine and were taken by themselves, as the audit log is to have it: one after the other
/// in the log, from one laptop and by one person.
struct NotedAdmission: Hashable, Sendable {
    let device: String
    let staff: String
    /// The position of the first of them.
    let first: Int64
    var count: Int64
}

/// A decision that became part of its record, as the audit log is to have it.
struct NotedDecision: Hashable, Sendable {
    /// Whose laptop it came from, and who decided.
    let device: String
    let staff: String
    let note: String
    /// Of the change that is the decision. The values before and after are under it.
    let hash: ChainHash
}
