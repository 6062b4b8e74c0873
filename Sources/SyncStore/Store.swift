import Foundation
import GRDB
public import SyncModel
import Synchronization

/// Whose records a server keeps.
public struct Agency: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// Its time zone, a name of the IANA database: what "a day" is in its reports.
    public let timeZone: String

    /// Names an agency.
    public init(name: String, timeZone: String) {
        self.name = name
        self.timeZone = timeZone
    }
}

/// A record with which a new agency begins: its first administrator.
public struct FoundingRecord: Hashable, Sendable {
    /// The record.
    public let id: RecordID
    /// Its table.
    public let table: String
    /// What it says.
    public let writes: [RegisterWrite]

    /// Makes one.
    public init(id: RecordID, table: String, writes: [RegisterWrite]) {
        self.id = id
        self.table = table
        self.writes = writes
    }
}

/// The server's store: one agency, its devices, the state of every record and every change ever taken.
///
/// One SQLite file in WAL mode, `synchronous=FULL`: what was answered is on the disk. Every call blocks on
/// the database, so it belongs on a thread that may block. Several processes may have the same file open;
/// writes take their turn. Calls throw ``SyncError`` for what a person can act upon.
public final class Store: Sendable {
    /// Whose records these are.
    public let agency: Agency
    let domain: any Domain
    let database: DatabasePool
    let secret: [UInt8]
    let place: StorePlace
    /// The epoch that opening the store began, because its journal knew of a later one than the database.
    public let begunEpoch: UInt64?
    let attempts = Mutex(Attempts())
    private let lock: StoreLock
    private let serving = Mutex<StoreLock?>(nil)

    private init(
        database: DatabasePool, place: StorePlace, lock: StoreLock, domain: any Domain, agency: Agency,
        secret: [UInt8], begunEpoch: UInt64? = nil
    ) {
        self.database = database
        self.place = place
        self.lock = lock
        self.domain = domain
        self.agency = agency
        self.secret = secret
        self.begunEpoch = begunEpoch
    }

    /// Makes a new store with its founding records.
    ///
    /// - Parameters:
    ///   - path: where; nothing may be there yet.
    ///   - founder: the staff code under which the founding records are written.
    ///   - now: the server's clock, microseconds since 1970.
    /// - Throws: `SyncError` with code `already_enrolled` when a file is there, or as the disk does.
    public static func create(
        at path: String, agency: Agency, founder: String, founding: [FoundingRecord],
        domain: any Domain, now: Int64, using generator: inout some RandomNumberGenerator
    ) throws -> Store {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw SyncError(
                .alreadyEnrolled, "there is a server database here already",
                means: "nothing was changed", advice: "choose another folder with --data")
        }
        var secret: [UInt8] = []
        for _ in 0..<4 {
            let word: UInt64 = generator.next()
            secret += (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
        }
        let incarnation = Identifier.version4(using: &generator)
        let seed = secret
        let place = StorePlace(path)
        return try StoreFailure.translated {
            let lock = try StoreLock(place.lock, .shared)
            let (epochs, security) = (EpochJournal(place), SecurityJournal(place))
            guard try epochs.highest() == 0 && security.entries().isEmpty else {
                throw SyncError(
                    .alreadyEnrolled, "the journals of an agency are here, but not its database",
                    means: "nothing was changed",
                    advice: "`porchlightd restore` that agency's backup, or choose another folder with --data"
                )
            }
            let database = try StoreDatabase.open(at: path)
            let store = Store(
                database: database, place: place, lock: lock, domain: domain, agency: agency, secret: seed)
            try database.write { db in
                for version in StoreSchema.versions { try db.execute(sql: version) }
                try db.execute(sql: "PRAGMA user_version = \(StoreSchema.versions.count)")
                try db.execute(
                    sql: """
                        INSERT INTO agency (id, name, time_zone, secret, epoch, log_hash, created_at)
                        VALUES (1, ?, ?, ?, 1, zeroblob(32), ?)
                        """,
                    arguments: [agency.name, agency.timeZone, Data(seed), now])
                try store.found(db, founder, founding, incarnation, now)
                try epochs.note(1, why: "the agency began", now: now)
            }
            try database.read { try SecurityTables($0).teach(security, knowing: [], now) }
            return store
        }
    }

    /// Opens an existing store, bringing an older one up to date with this program, and with the journals beside
    /// it: every security decision stands, and no epoch comes twice.
    ///
    /// A database beside which a killed program has left its log is looked through first, which takes seconds where there
    /// are many records.
    ///
    /// - Parameter now: the server's clock, microseconds since 1970.
    /// - Throws: `SyncError` with code `nothing` when there is none, `damaged`, `too_new` or `busy`.
    public static func open(at path: String, domain: any Domain, now: Int64) throws -> Store {
        try open(StorePlace(path), domain: domain, now: now)
    }

    /// As ``open(at:domain:now:)``, for tests that break off between two steps of opening or of what comes later.
    package static func open(
        at path: String, domain: any Domain, now: Int64,
        reached: @escaping @Sendable (StoreStep) throws -> Void
    ) throws -> Store {
        try open(StorePlace(path, reached: reached), domain: domain, now: now)
    }

    private static func open(_ place: StorePlace, domain: any Domain, now: Int64) throws -> Store {
        let path = place.database
        guard FileManager.default.fileExists(atPath: path) else {
            throw SyncError(
                .nothing, "there is no server database here",
                advice: "run `porchlightd init --data DIR` first, or name another folder with --data")
        }
        return try StoreFailure.translated {
            try LeftoverLog(place: place).refuseMixture()
            let lock = try StoreLock(place.lock, .shared)
            let database = try StoreDatabase.open(at: path)
            let (agency, secret, begun) = try database.write { db in
                try StoreDatabase.upgrade(db)
                guard
                    let row = try Row.fetchOne(db, sql: "SELECT name, time_zone, secret FROM agency")
                else { throw DatabaseError(resultCode: .SQLITE_NOTADB) }
                let secret: Data = row["secret"]
                let (tables, journal) = (SecurityTables(db), SecurityJournal(place))
                // Put here by hand without its journal, it may lack what was decided since.
                if !FileManager.default.fileExists(atPath: place.security) {
                    try tables.noteGap(in: journal, now)
                }
                try tables.settle(with: journal, now: now)
                return (
                    Agency(name: row["name"], timeZone: row["time_zone"]), Array(secret),
                    try Epochs(db, place, now: now).catchUp()
                )
            }
            return Store(
                database: database, place: place, lock: lock, domain: domain, agency: agency, secret: secret,
                begunEpoch: begun)
        }
    }

    /// Says that this process serves the store, until it is closed or the process ends. Two servers would each hold the
    /// laptops that wait for news, and tell them nothing of what came through the other. Everything else goes on beside
    /// it: backups, verification, the audit log, decisions about quarantine.
    ///
    /// - Throws: `SyncError` with code `busy` while another does, or as the disk does.
    public func serveAlone() throws {
        let taken = try StoreFailure.translated { try StoreLock(place.serving, .serving) }
        serving.withLock { $0 = taken }
    }

    /// Notes in the audit log what was only counted so far, writes what is in the log file into the database, and lets
    /// go of it.
    ///
    /// - Parameter now: the server's clock, microseconds since 1970, for that entry. Without it, the entry has the time
    ///   of the one before it.
    public func close(now: Int64? = nil) throws {
        // Whatever becomes of a count, the store is let go of.
        let noted = Result { try noteLastAttempts(now: now) }
        try StoreFailure.translated {
            try database.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
            try database.close()
            serving.withLock { $0?.release() }
            lock.release()
            try noted.get()
        }
    }

    /// The founding records enter like every other change: under a device of the server's own, with a dot.
    private func found(
        _ db: Database, _ founder: String, _ records: [FoundingRecord], _ incarnation: Incarnation,
        _ now: Int64
    ) throws {
        try db.execute(
            sql: """
                INSERT INTO device (number, code, name, staff, token_hash, enrolled_at, retired_at)
                VALUES (1, 'SERVER', 'the server itself', ?, zeroblob(32), ?, ?)
                """,
            arguments: [founder, now, now])
        let founding = Founding(
            transaction: SQLiteTransaction(db), domain: domain, founder: founder, incarnation: incarnation,
            now: now)
        try founding.write(records)
    }
}
