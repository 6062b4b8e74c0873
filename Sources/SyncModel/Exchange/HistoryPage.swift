/// A question for the history of one record.
public struct HistoryRequest: Hashable, Sendable {
    /// The record.
    public var record: RecordID
    /// What the page before said to ask for next; 0 for the first page.
    public var after: UInt64
    /// How many changes a page may have, at most ``Limits/changesPerHistoryPage``.
    public var limit: Int

    /// Makes a question.
    public init(record: RecordID, after: UInt64 = 0, limit: Int = Limits.changesPerHistoryPage) {
        self.record = record
        self.after = after
        self.limit = limit
    }
}

/// One change of a record's history, as the server has it.
public struct HistoryChange: Hashable, Sendable {
    /// What it says, what its writer had read, and when it counts as made. A redacted register is written, and has no
    /// values.
    public var change: LiveChange
    /// Whether some value of it still stands.
    public var isLive: Bool
    /// Where it was written, and when it reached the server.
    public var origin: ConflictNotes.Origin
    /// What became of it. Only of one's own changes anything but `applied` and `conflict`.
    public var outcome: Disposition.Outcome

    /// Makes a change of a history.
    public init(
        change: LiveChange, isLive: Bool, origin: ConflictNotes.Origin, outcome: Disposition.Outcome
    ) {
        self.change = change
        self.isLive = isLive
        self.origin = origin
        self.outcome = outcome
    }
}

/// Changes of one record, in the order in which the server took them.
public struct HistoryPage: Hashable, Sendable {
    /// The record.
    public var record: RecordID
    /// Its table.
    public var table: String
    /// The changes.
    public var changes: [HistoryChange]
    /// What to ask for next; `nil` when there is no more.
    public var next: UInt64?

    /// Makes a page.
    public init(record: RecordID, table: String, changes: [HistoryChange], next: UInt64?) {
        self.record = record
        self.table = table
        self.changes = changes
        self.next = next
    }
}
