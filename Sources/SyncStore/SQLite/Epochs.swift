import GRDB

/// The epoch, as database and journal know it together.
struct Epochs {
    private let db: Database
    private let journal: EpochJournal
    private let now: Int64

    /// Inside a transaction that may write: while one process is in it, no other begins an epoch.
    init(_ db: Database, _ place: StorePlace, now: Int64) {
        self.db = db
        journal = EpochJournal(place)
        self.now = now
    }

    /// Begins an epoch above every one known, and gives its number. The caller writes it to the database in this
    /// transaction.
    func begin(above known: UInt64, why: String) throws -> UInt64 {
        let epoch = try journal.begin(above: known, why: why, now: now)
        try AuditLog(db).append(
            .epoch, counts: ["epoch": Int64(bitPattern: epoch), "before": Int64(bitPattern: known)], now: now)
        return epoch
    }

    /// Compares the two. Where the journal knows of a later epoch than the database, an older file was put in its
    /// place by hand, or a restore broke off: a new epoch begins. Where it knows less, it is told.
    ///
    /// - Returns: the epoch that began, if one did.
    func catchUp() throws -> UInt64? {
        let transaction = SQLiteTransaction(db)
        var heads = try transaction.heads()
        let highest = try journal.highest()
        if highest < heads.epoch {
            try journal.note(heads.epoch, why: "the database was in it already", now: now)
        }
        guard highest > heads.epoch else { return nil }
        heads.epoch = try begin(above: heads.epoch, why: "the database was older than this journal")
        try transaction.save(heads)
        return heads.epoch
    }
}
