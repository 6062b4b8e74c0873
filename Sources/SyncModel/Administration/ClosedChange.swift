/// A change that was in quarantine, and what was decided about it; nothing of what it says.
public struct ClosedChange: Hashable, Sendable {
    /// What can be decided.
    public enum Closing: String, Hashable, Sendable, CaseIterable {
        /// An administrator had it issued anew, in its author's name.
        case released
        /// An administrator took it out for good.
        case discarded
        /// Its author took it back.
        case withdrawn
    }

    /// Who decided, when and why, as the audit log has it.
    public struct Decision: Hashable, Sendable {
        /// What was decided.
        public let closing: Closing
        /// Whose staff code it stands under.
        public let by: String
        /// By the server's clock, microseconds since 1970.
        public let at: Int64
        /// Why, in their words; empty if they gave no reason.
        public let reason: String
        /// The number of the audit log's entry. What was entered together was decided together, and has one.
        public let entry: Int64

        /// Puts it together.
        public init(closing: Closing, by: String, at: Int64, reason: String, entry: Int64) {
            self.closing = closing
            self.by = by
            self.at = at
            self.reason = reason
            self.entry = entry
        }
    }

    /// Its number: its place in the server's log.
    public let id: Int64
    /// The laptop it came from.
    public let device: String
    /// Under whose name it was written: a staff code.
    public let staff: String
    /// The table of its record.
    public let table: String
    /// Its record. Of what was not released there may be none of this id.
    public let record: RecordID
    /// Why it had been refused; `nil` of what its author had taken back before it came.
    public let refusal: Refusal?
    /// What became of it.
    public let decision: Decision

    /// Puts it together.
    public init(
        id: Int64, device: String, staff: String, table: String, record: RecordID, refusal: Refusal?,
        decision: Decision
    ) {
        self.id = id
        self.device = device
        self.staff = staff
        self.table = table
        self.record = record
        self.refusal = refusal
        self.decision = decision
    }
}
