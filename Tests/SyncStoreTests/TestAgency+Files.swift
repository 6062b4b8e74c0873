import Foundation
import GRDB
import SyncModel
import SyncStore
import Testing

extension TestAgency {
    /// A file of the agency's folder.
    func file(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// Opens the store that was closed.
    func open() throws { store = try Store.open(at: path, domain: domain, now: now) }

    /// Backs up under a name.
    @discardableResult
    func backup(_ name: String = "backup") throws -> BackupReport {
        try store.backup(to: file(name), force: true, now: now)
    }

    /// Stops, restores and starts again, as an administrator does.
    @discardableResult
    func restore(_ name: String = "backup") throws -> RestoreReport {
        try store.close()
        let report = try Store.restore(from: file(name), to: path, now: now)
        try open()
        return report
    }

    /// Copies the closed store's database, as somebody does who trusts no program with it.
    func copyAside() throws {
        try FileManager.default.copyItem(atPath: path, toPath: file("aside"))
    }

    /// Puts the copy back.
    func putBack() throws {
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.copyItem(atPath: file("aside"), toPath: path)
    }

    /// Stops the store and puts the copy back, as somebody does who tells nobody; a laptop that had synced calls, and a
    /// new epoch begins.
    func putBackAndNotice(by office: TestLaptop) throws {
        try store.close()
        try putBack()
        try open()
        // A cursor that the server cannot know makes it notice.
        _ = try office.send(office.request())
        #expect(try store.figures().epoch == 2)
    }

    /// Writes in the closed store's database, as somebody with `sqlite3` does.
    func alter(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.write { try $0.execute(sql: sql, arguments: arguments) }
        try queue.close()
    }

    /// Does to the closed store's audit log what its triggers would not let anybody do, and puts them back.
    func pastTriggers(_ body: () throws -> Void) throws {
        let queue = try DatabaseQueue(path: path)
        let made = try queue.read {
            try Row.fetchAll($0, sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        }
        try queue.close()
        #expect(made.count == 2)
        for trigger in made { try alter("DROP TRIGGER \(trigger["name"] as String)") }
        try body()
        for trigger in made { try alter(trigger["sql"]) }
    }

    /// Makes the closed store's log one of the time when its hash went over the entries alone.
    func forgetTimes() throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { db in
            var hash = ChainHash.zero
            let rows = try Row.fetchAll(db, sql: "SELECT position, hash FROM change ORDER BY position")
            for row in rows {
                hash = hash.appending(Array(row["hash"] as Data))
                try db.execute(
                    sql: "UPDATE log SET hash = ? WHERE position = ?",
                    arguments: [Data(hash.bytes), row["position"] as Int64])
            }
            try db.execute(sql: "UPDATE agency SET log_hash = ?", arguments: [Data(hash.bytes)])
            try db.execute(sql: "ALTER TABLE agency DROP COLUMN untimed")
        }
        try queue.close()
    }

    /// One number out of the database.
    func number(_ sql: String) throws -> Int64? {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try queue.read { try Int64.fetchOne($0, sql: sql) }
    }

    /// The lines of a journal.
    func lines(_ name: String) throws -> [Substring] {
        try String(contentsOfFile: file(name), encoding: .utf8).split(separator: "\n")
    }

    /// The audit log's words, oldest first.
    func audit() throws -> [String] {
        var kinds: [String] = []
        try store.audit { kinds.append($0.kind) }
        return kinds
    }
}

/// The code of the failure that the closure ends in; `nil` if it does not fail.
func code(_ body: () throws -> Void) -> SyncError.Code? { failure(body)?.code }

/// The failure that the closure ends in.
func failure(_ body: () throws -> Void) -> SyncError? {
    do {
        try body()
        return nil
    } catch let error as SyncError {
        return error
    } catch {
        Issue.record("not one of ours: \(error)")
        return nil
    }
}

extension TestLaptop {
    /// Offers everything again under its old dots, as a laptop does that hears of a new epoch.
    func offerAgain() throws {
        log.epoch = try agency.store.figures().epoch
        log.cursor = []
        log.heard = 0
        log.acknowledged = 0
        try sync()
    }
}
