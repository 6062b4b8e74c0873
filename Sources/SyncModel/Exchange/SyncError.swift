/// A failure that a person may meet: what happened, what it means for the participant's record, what to try.
///
/// The code is stable: it stands in the server's error bodies, in `--json` errors and in Protocol.md. None of
/// the texts holds anybody's data.
public struct SyncError: Error, Hashable, Sendable {
    /// Every way in which the engine fails.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// No connection could be made: nothing has left this machine.
        case offline
        /// A connection was made, and then nothing came for too long.
        case stalled
        /// The connection ended in mid-answer.
        case cutShort = "cut_short"
        /// The server's certificate could not be verified.
        case untrustedServer = "untrusted_server"
        /// What answered is not a Porchlight server: a web page, a redirect, a proxy.
        case notPorchlight = "not_porchlight"
        /// A body could not be understood.
        case malformed
        /// A body was larger than the limit, before or after decompression.
        case tooLarge = "too_large"
        /// The token is unknown.
        case unauthorized
        /// The enrolment code is wrong, used or expired.
        case badCode = "bad_code"
        /// The server will not have so many requests.
        case tooMany = "too_many"
        /// The device was retired.
        case retired
        /// Client and server have no protocol version in common.
        case upgrade
        /// The server failed inside.
        case serverFault = "server_fault"
        /// The server is busy or stopping.
        case unavailable
        /// The database cannot be read: not a database, or damaged.
        case damaged
        /// The database was written by a newer program.
        case tooNew = "too_new"
        /// The disk is full.
        case diskFull = "disk_full"
        /// The file or folder may not be written.
        case readOnly = "read_only"
        /// Another process holds the database for too long.
        case busy
        /// There is no replica here yet.
        case notEnrolled = "not_enrolled"
        /// A replica is already here.
        case alreadyEnrolled = "already_enrolled"
        /// Another process is syncing this replica.
        case syncing
        /// The record is not on this laptop.
        case unknownRecord = "unknown_record"
        /// More than one record fits.
        case ambiguous
        /// What was entered does not fit its field.
        case badValue = "bad_value"
        /// The role may not do this.
        case notPermitted = "not_permitted"
        /// The field holds two values written apart; it must be resolved first.
        case inConflict = "in_conflict"
        /// The record changed since it was shown.
        case stale
        /// It was sent already.
        case alreadySent = "already_sent"
        /// A file of that name is there already.
        case exists
        /// There is nothing to do it to.
        case nothing
        /// A limit would be passed.
        case limit
        /// A defect of ours.
        case internalFault = "internal_fault"
    }

    /// The stable code.
    public var code: Code
    /// What happened, one sentence without a full stop.
    public var what: String
    /// What it means for the record, one sentence or empty.
    public var means: String
    /// What to try, or empty.
    public var advice: String

    /// Makes an error.
    public init(_ code: Code, _ what: String, means: String = "", advice: String = "") {
        self.code = code
        self.what = what
        self.means = means
        self.advice = advice
    }
}

extension SyncError: CustomStringConvertible {
    /// All three sentences.
    public var description: String {
        [what, means, advice.isEmpty ? "" : "try: \(advice)"].filter { !$0.isEmpty }
            .joined(separator: "; ")
    }
}
