import GRDB
import SyncModel

/// What the file beside the database is for: a copy takes a fresh incarnation before it writes, and not only when the
/// server finds two that speak under one name.
extension Replica {
    /// Takes a fresh incarnation if this database was copied or put back since it last spoke.
    ///
    /// Only where nothing waits to be sent: what waits was numbered already, perhaps in another copy too, and is the
    /// same change there. It goes up under its old number, and the server, who alone knows how far both agree, says
    /// what is to be issued anew.
    ///
    /// - Returns: whether one was taken; then the file beside is to be written once this is committed.
    func suspect(_ db: Database, _ meta: Meta) throws -> Bool {
        let current = try Log.current(db)
        guard current.acknowledged == current.newest, try isForeign(db, meta, current) else { return false }
        try openIncarnation(db)
        try EventLog.note(db, .displaced, at: surroundings.clock().wallMicroseconds)
        return true
    }

    /// Whether database and file do not fit. The database is written first: a crash in between, or another process
    /// that is just about to write, leaves it ahead by one.
    func isForeign(_ db: Database, _ meta: Meta, _ current: LogHead) throws -> Bool {
        let beside: Beside
        switch Beside.load(besides: path) {
        case .beside(let found): beside = found
        case .none: return true
        case .unreadable: return false
        }
        if beside == Beside(incarnation: current.id, count: meta.count) { return false }
        guard beside.count == meta.count - 1 else { return true }
        return try !Log.heads(db).contains { $0.id == beside.incarnation }
    }

    /// Takes a fresh incarnation, and counts it.
    @discardableResult
    func openIncarnation(_ db: Database) throws -> LogHead {
        var dice = surroundings.dice
        let head = try Log.open(db, .version4(using: &dice))
        try count(db)
        return head
    }

    /// Counts that something is about to leave under new numbers, or a fresh name.
    func count(_ db: Database) throws {
        try SQL(db, "UPDATE sync_meta SET count = count + 1 WHERE id = 1").run()
    }

    /// Brings the file beside the database up to date with it. It never is ahead of what is committed.
    func settleBeside() throws {
        let due = try read { db, meta in
            Beside(incarnation: try Log.current(db).id, count: meta.count)
        }
        guard Beside.load(besides: path) != .beside(due) else { return }
        due.store(besides: path, process: surroundings.process)
    }
}
