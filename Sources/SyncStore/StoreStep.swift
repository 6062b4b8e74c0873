/// The points between a server's durable steps, for tests that break off there.
package enum StoreStep: String, Sendable, CaseIterable {
    /// A request has come, and nothing of it is done.
    case received
    /// The changes of an exchange are taken into their records, and the feed does not know it yet.
    case ingested
    /// All of an exchange is written, and not committed.
    case exchangeWritten
    /// All of an exchange is committed, and the security journal does not know of the roles in it.
    case exchangeCommitted
    /// An answer is ready, and has not left.
    case answered
    /// A line of the journal of epochs is written, and the disk has not confirmed it.
    case epochLine
    /// A new epoch is in its journal, and the database is not in it yet.
    case epochNoted
    /// Lines of the security journal are written, and the disk has not confirmed them.
    case securityLine
    /// An enrolment is committed, and the security journal does not know of it.
    case enrolmentCommitted
    /// An enrolment is committed and noted, and the laptop has no token yet.
    case enrolmentNoted
    /// A retirement is in the security journal, and not in the database.
    case retirementNoted
    /// What was decided about quarantine is written, and not committed.
    case decisionWritten
    /// What was decided about quarantine is committed, and nobody was told.
    case decisionCommitted
    /// A backup has its file, under another name, and nothing is in it.
    case backupBegun
    /// A backup is whole and checked, and still has another name.
    case backupCopied
    /// A backup has its name, and the audit log does not know of it.
    case backupNamed
    /// A restore has put its copy beside the database.
    case restoreCopied
    /// A restore's copy is in its new epoch, and the database that it replaces still has its place.
    case restoreReady
    /// One of the files that a restore replaces is set aside.
    case restoreAside
    /// A restore's copy has its place, and nobody was told.
    case restoreNamed
}
