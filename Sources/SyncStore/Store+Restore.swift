import Foundation
import GRDB
import SyncModel

/// A database that was put back.
public struct RestoreReport: Hashable, Sendable {
    /// What the backup held.
    public let backup: BackupReport
    /// The epoch that begins with it.
    public let epoch: UInt64
    /// Where the database is kept that was there before; `nil` if there was none.
    public let replaced: String?
    /// Whether it is known who was given a token since the backup, and who was retired: from the journal of security
    /// decisions or from the database that was there before. Otherwise it is as it was when the backup was made.
    public let knowsDecisionsSince: Bool
    /// When the newest decision was noted that the journal knows of, microseconds since 1970, where it alone is to say it: a
    /// journal that is as old as the backup looks just like one after which nothing was decided. `nil` where the database
    /// that was there before knows it too, and where nobody does.
    public let knownUpTo: Int64?
    /// Whether there is a journal that does not know it: another server's, which began later without that knowledge, or one
    /// that was cut.
    public let isJournalOfAnother: Bool
    /// Laptops that the journal has and whose codes the backup gives to others, in order: they are unknown now, and are
    /// enrolled again.
    public let taken: [TakenName]
}

/// A laptop whose code is another's in a backup.
public struct TakenName: Hashable, Sendable {
    /// The code that it has.
    public let device: String
    /// Whose it is: a staff code.
    public let staff: String
}

extension Store {
    /// Puts a backup in the place of a store's database, and begins a new epoch.
    ///
    /// The database it replaces is kept beside it, and the journals stand: what was decided since the backup (who was
    /// given a token, who was retired, who has which role) is replayed. What laptops hold they bring back.
    ///
    /// - Parameters:
    ///   - backup: the backup's file, which is only read.
    ///   - path: the store's database.
    /// - Throws: `SyncError`: `busy` while anybody has the store open; `damaged`, `too_new` or `bad_value` for a
    ///   backup that cannot be put here; as the disk does. Then nothing was changed.
    @discardableResult
    public static func restore(from backup: String, to path: String, now: Int64) throws -> RestoreReport {
        try restore(from: backup, to: StorePlace(path), now: now)
    }

    /// As ``restore(from:to:now:)``, for tests that break off between two of its steps.
    package static func restore(
        from backup: String, to path: String, now: Int64,
        reached: @escaping @Sendable (StoreStep) throws -> Void
    ) throws -> RestoreReport {
        try restore(from: backup, to: StorePlace(path, reached: reached), now: now)
    }

    private static func restore(from backup: String, to place: StorePlace, now: Int64) throws -> RestoreReport
    {
        let work = DiskWork(means: "nothing was restored; what was here before is as it was")
        return try work.run {
            guard FileManager.default.fileExists(atPath: backup) else {
                throw SyncError(
                    .nothing, "there is no file \(backup)", means: work.means, advice: "check the path")
            }
            let lock = try StoreLock(place.lock, .alone)
            defer { lock.release() }
            return try Restoration(place: place, now: now, means: work.means).run(backup)
        }
    }
}

/// One restore, alone with its folder.
private struct Restoration {
    /// What began, and what the journal knows of it.
    private struct Begun {
        let epoch: UInt64
        let taken: [TakenName]
        /// Whether what was decided since the backup is known.
        let isKnown: Bool
        /// When the newest decision was noted that the journal had.
        let newest: Int64?
    }

    let place: StorePlace
    let now: Int64
    let means: String

    func run(_ backup: String) throws -> RestoreReport {
        StorePlace.discard(place.restoring)
        let contents = try copy(backup)
        do {
            try place.reached(.restoreCopied)
            // A database that another's log lies beside is left as it is, and nothing is learnt from the mixture.
            let isMixed = (try? LeftoverLog(place: place).isMixed()) ?? true
            let before = isMixed ? nil : Predecessor(place)
            let hasJournal = before != nil || FileManager.default.fileExists(atPath: place.security)
            if let secret = before?.secret, try self.secret(place.restoring) != secret {
                throw SyncError(
                    .badValue, "the backup is of another agency than this folder", means: means,
                    advice: "another backup, or another folder with --data")
            }
            let known = max(contents.heads.epoch, before?.epoch ?? 0)
            // What was being added when the machine broke off is in the database that is replaced.
            let isTorn = try before == nil && SecurityJournal(place).isTorn()
            try before?.teach(SecurityJournal(place), now)
            let begun = try begin(above: known, contents.heads.log, before, mayKnow: hasJournal && !isTorn)
            try place.reached(.restoreReady)
            let replaced = try exchange()
            try place.reached(.restoreNamed)
            return RestoreReport(
                backup: BackupReport(
                    file: backup, bytes: contents.bytes, epoch: contents.heads.epoch, log: contents.heads.log),
                epoch: begun.epoch, replaced: replaced, knowsDecisionsSince: begun.isKnown,
                knownUpTo: before == nil && begun.isKnown ? begun.newest : nil,
                isJournalOfAnother: hasJournal && !begun.isKnown, taken: begun.taken)
        } catch {
            StorePlace.discard(place.restoring)
            throw error
        }
    }

    /// Copies the backup beside the database, and checks the copy: that is what will be served.
    private func copy(_ backup: String) throws -> DatabaseCopy.Contents {
        var configuration = Configuration()
        configuration.readonly = true
        let source = try DatabaseQueue(path: backup, configuration: configuration)
        defer { try? source.close() }
        try source.read { try StoreCheck.whole($0) }
        return try DatabaseCopy.make(from: source, to: place.restoring)
    }

    private func secret(_ path: String) throws -> Data? {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try queue.read { try Data.fetchOne($0, sql: "SELECT secret FROM agency") }
    }

    /// Makes the copy what is to be served: up to date, in an epoch of its own, with every decision since.
    ///
    /// - Parameter before: the database that is replaced. The journal has no names, and whoever was enrolled since the
    ///   backup would be called by their code.
    private func begin(
        above known: UInt64, _ log: Int64, _ before: Predecessor?, mayKnow: Bool
    ) throws -> Begun {
        let journal = SecurityJournal(place)
        let queue = try DatabaseQueue(path: place.restoring)
        defer { try? queue.close() }
        let begun = try queue.write { db in
            try StoreDatabase.upgrade(db)
            let transaction = SQLiteTransaction(db)
            var heads = try transaction.heads()
            try AuditLog(db).append(
                .restore, counts: ["epoch": Int64(bitPattern: heads.epoch), "log": log], now: now)
            heads.epoch = try Epochs(db, place, now: now).begin(above: known, why: "restored from a backup")
            try transaction.save(heads)
            let tables = SecurityTables(db)
            // Before the journal learns what only the backup knows: should the machine break off, it is not taken for more
            // than it is.
            let isKnown = try mayKnow && tables.continues(in: journal)
            if !isKnown { try tables.noteGap(in: journal, now) }
            let noted = try tables.settle(with: journal, now: now)
            for (token, name) in before?.names ?? [:] {
                try db.execute(
                    sql: "UPDATE device SET name = ? WHERE token_hash = ? AND name = code",
                    arguments: [name, token])
            }
            let taken = try tables.taken(from: noted, knownTo: (before?.names.keys).map { Set($0) })
            let newest = noted.compactMap { journalMicroseconds($0.at) }.max()
            return Begun(epoch: heads.epoch, taken: taken, isKnown: isKnown, newest: newest)
        }
        try queue.close()
        try OpenFile.sync(place.restoring)
        return begun
    }

    /// Sets aside what is there, and gives the copy its name. What lies beside a database is moved before it: should
    /// the machine break off in between, no log meets a database that is not its own.
    private func exchange() throws -> String? {
        let present = (StorePlace.companions + [""])
            .filter { FileManager.default.fileExists(atPath: place.database + $0) }
        let aside = place.replaced(at: now)
        for name in present {
            try OpenFile.rename(place.database + name, to: aside + name)
            try place.reached(.restoreAside)
        }
        try OpenFile.rename(place.restoring, to: place.database)
        return present.isEmpty ? nil : aside
    }
}

/// What can still be learnt from the database that is replaced. It may well be broken: that is why it is.
private struct Predecessor {
    let epoch: UInt64
    let secret: Data
    /// What laptops are called, by their tokens' hashes.
    let names: [Data: String]
    private let decisions: [SecurityEntry]

    /// Reads it, and writes what is in its log into its file; `nil` if it is not there or cannot be read.
    init?(_ place: StorePlace) {
        guard FileManager.default.fileExists(atPath: place.database) else { return nil }
        do {
            let queue = try DatabaseQueue(path: place.database)
            defer { try? queue.close() }
            (epoch, secret, names, decisions) = try queue.inDatabase { db in
                _ = try db.checkpoint(.truncate)
                let secret = try Data.fetchOne(db, sql: "SELECT secret FROM agency") ?? Data()
                let named = try Row.fetchAll(db, sql: "SELECT token_hash, name FROM device")
                let names = Dictionary(
                    named.map { ($0["token_hash"] as Data, $0["name"] as String) },
                    uniquingKeysWith: { a, _ in a })
                return (
                    try SQLiteTransaction(db).heads().epoch, secret, names,
                    try SecurityTables(db).decisions(0)
                )
            }
        } catch {
            return nil
        }
    }

    /// Brings its decisions into the journal: an older program may have kept none.
    func teach(_ journal: SecurityJournal, _ now: Int64) throws {
        let at = journalTime(now)
        let dated = decisions.map { entry in
            var entry = entry
            entry.at = at
            return entry
        }
        try journal.append(dated, unlessAmong: journal.entries())
    }
}
