import Foundation
import GRDB
import SyncModel

/// The write-ahead log of a store whose last program was killed.
///
/// SQLite replays it into whatever file lies beside it under the name. If that is the database it was written for,
/// it is how nothing that was acknowledged is lost. If somebody has put another file there since, a mixture of both
/// comes of it. Nothing can say whose a log is; but a mixture is hardly ever whole, nor do its counters agree with what
/// they count.
struct LeftoverLog {
    let place: StorePlace

    /// Whether there is one. Whoever stops a store leaves none that holds anything.
    var isThere: Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: place.database + "-wal")
        return (attributes?[.size] as? Int64 ?? 0) > 0
    }

    /// Looks through the database as it would be with its log, and writes into neither: if they do not belong
    /// together, whoever is told can still take them apart.
    ///
    /// Where somebody has the store open it is their log, and is not looked through.
    ///
    /// - Throws: `SyncError` with code `damaged` if what would be served is not whole.
    func refuseMixture() throws {
        guard isThere, let lock = try? StoreLock(place.lock, .alone) else { return }
        defer { lock.release() }
        guard try isMixed() else { return }
        let log = StorePlace.name(of: place.database) + "-wal"
        throw SyncError(
            .damaged,
            "the server's database is not whole together with the log beside it, \(log), which a program "
                + "that was killed has left: either the file is damaged, or another was put in its place, "
                + "whose log it is not",
            means: "nothing was taken in and nothing was changed; the laptops keep their records",
            advice: "`porchlightd restore` the newest verified backup, which keeps what is here under "
                + "another name; or, if you have put the database back by hand, move away \(log) and the "
                + "file ending in -shm")
    }

    /// Whether there is one, and the database is not whole with it. Whoever asks has the folder to themselves.
    func isMixed() throws -> Bool { try isThere && !isWhole() }

    /// Opened for reading, the database is not given what the log holds when it is closed.
    private func isWhole() throws -> Bool {
        var configuration = Configuration()
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: place.database, configuration: configuration)
            defer { try? queue.close() }
            return try queue.read { db in
                guard try String.fetchOne(db, sql: "PRAGMA integrity_check(1)") == "ok" else { return false }
                return try !db.tableExists("agency") || StoreCheck.isOfOnePiece(db)
            }
        } catch let error as DatabaseError
            where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
        {
            return false
        }
    }
}
