import GRDB
import SyncModel

/// Who is syncing this replica. Only one process does at a time.
struct Lease {
    let process: Int64
    let boot: Identifier
    let expires: Int64
    let token: [UInt8]

    static func load(_ db: Database) throws -> Lease? {
        try SQL(db, "SELECT process, boot, expires, token FROM sync_lease WHERE id = 1").first { row in
            Lease(
                process: row.integer(0), boot: try row.id(1), expires: row.integer(2), token: row.blob(3))
        }
    }

    /// Whether its holder still runs and has spoken lately. The boot clock decides, which nobody can set.
    func isLive(at clock: ClockReading, _ surroundings: Surroundings) -> Bool {
        boot == clock.boot && clock.bootMicroseconds < expires && surroundings.isRunning(process)
    }

    /// Takes the lease, or extends one's own.
    ///
    /// - Throws: ``SyncError`` `syncing` while somebody else's is live.
    static func take(_ db: Database, token: [UInt8], _ surroundings: Surroundings) throws {
        let clock = surroundings.clock()
        if let held = try load(db), held.token != token, held.isLive(at: clock, surroundings) {
            throw Failures.syncing
        }
        try write(db, token, clock, surroundings)
    }

    /// Extends one's own lease, before an answer is applied. It may have run out, as long as nobody has taken it since:
    /// what they sent, and perhaps never heard of, the request that is answered here knew nothing of. To the server such
    /// a request looks like a copy's.
    ///
    /// - Throws: ``SyncError`` `syncing` when it is one's own no more.
    static func keep(_ db: Database, token: [UInt8], _ surroundings: Surroundings) throws {
        guard try load(db)?.token == token else { throw Failures.syncing }
        try write(db, token, surroundings.clock(), surroundings)
    }

    private static func write(
        _ db: Database, _ token: [UInt8], _ clock: ClockReading, _ surroundings: Surroundings
    ) throws {
        let expires = clock.bootMicroseconds + Limits.leaseSeconds * 1_000_000
        try SQL(
            db, "INSERT OR REPLACE INTO sync_lease (id, process, boot, expires, token) VALUES (1, ?, ?, ?, ?)"
        ).run(.integer(surroundings.process), .id(clock.boot), .integer(expires), .blob(token))
    }

    /// Gives it back, if it is still one's own.
    static func drop(_ db: Database, token: [UInt8]) throws {
        try SQL(db, "DELETE FROM sync_lease WHERE token = ?").run(.blob(token))
    }
}
