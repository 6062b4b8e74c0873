public import SyncModel

/// One line of the audit log: that something was done, and never what anybody wrote.
public struct AuditEntry: Hashable, Sendable {
    /// What may be noted.
    public enum Kind: String, Sendable, CaseIterable {
        /// A one-time code was made.
        case invite
        /// A laptop was enrolled.
        case enrolment
        /// A laptop's changes were taken, or others' changes that a restored server had lost, and the laptop had.
        case exchange
        /// Somebody came with a token that nobody has, or with a wrong enrolment code; noted later, as a count of each.
        /// Or a laptop asked for what is not its owner's to see.
        case refusal
        /// A laptop was retired.
        case retirement
        /// Somebody read what a change in quarantine says.
        case show
        /// A laptop found that it does not hold what it should.
        case difference
        /// Changes in quarantine were released.
        case release
        /// Changes in quarantine were discarded.
        case discard
        /// Somebody took back their own changes, which were in quarantine.
        case withdrawal
        /// Changes that had waited in quarantine were taken, since what they had waited for had come.
        case admission
        /// An administrator looked at all that was ever written into a record; the note is the record's id.
        case history
        /// Somebody decided what was written apart, or asked for another look; the note says what and why, and the hash
        /// is that of the change that has the values.
        case decision
        /// A backup was made.
        case backup
        /// The database was restored from one.
        case restore
        /// An epoch began, declared or because it showed that the database had gone back.
        case epoch
    }

    /// Its number, from 1 without a gap.
    public let number: Int64
    /// When, microseconds since 1970.
    public let at: Int64
    /// A ``Kind``'s word; a newer program may have more.
    public let kind: String
    /// Which laptop, or empty.
    public let device: String
    /// Whose code, or empty.
    public let staff: String
    /// How many of what: a JSON object of whole numbers.
    public let counts: String
    /// Why somebody decided it, in their words; which record was looked at; or empty.
    public let note: String
    /// The hash of the change in the log that the entry tells of; `nil` of most, and of what an older program noted.
    /// Under it are the values, as salted seals: the entry commits to them without having them, and so they can be
    /// redacted.
    public let change: ChainHash?
    /// SHA-256 over the hash before it and this entry's own bytes.
    public let hash: ChainHash

    /// The hash that belongs to an entry: over the one before it, then number and time as eight octets each,
    /// big-endian, then kind, device, staff, counts and, if there is one, the note, each after its length as four. With
    /// the hash of a change the note is never left out, and the 32 octets come last, after their length.
    static func hash(
        after previous: ChainHash, number: Int64, at: Int64, kind: String, device: String, staff: String,
        counts: String, note: String, change: ChainHash?
    ) -> ChainHash {
        var bytes: [UInt8] = []
        for value in [number, at] {
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * Int64($0))) }
        }
        var parts = [kind, device, staff, counts].map { Array($0.utf8) }
        if !note.isEmpty || change != nil { parts.append(Array(note.utf8)) }
        if let change { parts.append(change.bytes) }
        for part in parts {
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: part.count >> (24 - 8 * $0)) }
            bytes += part
        }
        return previous.appending(bytes)
    }

    /// Whether the entry is as it was written, after this one.
    func follows(_ previous: ChainHash) -> Bool {
        hash
            == Self.hash(
                after: previous, number: number, at: at, kind: kind, device: device, staff: staff,
                counts: counts, note: note, change: change)
    }
}
