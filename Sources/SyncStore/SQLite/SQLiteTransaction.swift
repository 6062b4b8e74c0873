import GRDB
import SyncModel

/// The verbs of ``StoreTransaction`` in SQLite: each one statement, beside the function that runs it.
final class SQLiteTransaction: StoreTransaction {
    let db: Database
    /// The numbers of scope keys this transaction has met. A transaction that is rolled back takes its own
    /// copy with it, so a number that was never committed is never used.
    private var keyNumbers: [ScopeKey: KeyNumber] = [:]
    private var keyNames: [KeyNumber: ScopeKey] = [:]
    private var prepared: [UInt: RawStatement] = [:]
    /// Sets of keys by their stored text: there are few, and every page is full of them.
    private var keysets: [String: [KeyNumber]] = [:]

    /// The roles this transaction has noted, for the journal of security decisions.
    var notedRoles: [NotedRole] = []

    init(_ db: Database) { self.db = db }

    /// The prepared statement of a literal. Literals are told apart by where they lie in the program, which
    /// spares the hot path hashing their texts.
    func statement(_ sql: StaticString) throws -> RawStatement {
        let place = UInt(bitPattern: sql.utf8Start)
        if let known = prepared[place] { return known }
        let made = try RawStatement(db, "\(sql)")
        prepared[place] = made
        return made
    }

    // MARK: Counters

    func heads() throws -> Heads {
        let found = try statement("SELECT epoch, feed, log, log_hash FROM agency WHERE id = 1").first {
            Heads(
                epoch: UInt64(bitPattern: $0.integer(0)), feed: $0.integer(1), log: $0.integer(2),
                logHash: ChainHash($0.blob(3)) ?? .zero)
        }
        guard let found else {
            throw SyncError(
                .damaged, "the server's database has lost its first row",
                advice: "restore the newest verified backup")
        }
        return found
    }

    func save(_ heads: Heads) throws {
        try statement("UPDATE agency SET epoch = ?, feed = ?, log = ?, log_hash = ? WHERE id = 1")
            .bind(1, Int64(bitPattern: heads.epoch)).bind(2, heads.feed).bind(3, heads.log)
            .bind(4, heads.logHash.bytes).run()
    }

    func logHash(at position: Int64) throws -> ChainHash? {
        if position == 0 { return .zero }
        return try statement("SELECT hash FROM log WHERE position = ?").bind(1, position)
            .first { ChainHash($0.blob(0)) } ?? nil
    }

    func noteLogHash(_ hash: ChainHash, at position: Int64) throws {
        try statement("INSERT OR REPLACE INTO log (position, hash) VALUES (?, ?)")
            .bind(1, position).bind(2, hash.bytes).run()
    }

    // MARK: Scope keys

    func key(_ name: ScopeKey) throws -> KeyNumber {
        if let known = keyNumbers[name] { return known }
        var number = try statement("SELECT number FROM scope_key WHERE name = ?").bind(1, name)
            .first { $0.integer(0) }
        if number == nil {
            try statement("INSERT INTO scope_key (name) VALUES (?)").bind(1, name).run()
            number = db.lastInsertedRowID
        }
        keyNumbers[name] = number
        if let number { keyNames[number] = name }
        return number ?? 0
    }

    func knownKey(_ name: ScopeKey) throws -> KeyNumber? {
        if let known = keyNumbers[name] { return known }
        return try statement("SELECT number FROM scope_key WHERE name = ?").bind(1, name)
            .first { $0.integer(0) }
    }

    func name(of key: KeyNumber) throws -> ScopeKey {
        if let known = keyNames[key] { return known }
        let name = try statement("SELECT name FROM scope_key WHERE number = ?").bind(1, key)
            .first { $0.text(0) }
        keyNames[key] = name
        return name ?? ""
    }

    // MARK: The feed

    func enter(_ record: RecordNumber, key: KeyNumber, position: Int64) throws {
        try statement("INSERT INTO feed (\"key\", position, record) VALUES (?, ?, ?)")
            .bind(1, key).bind(2, position).bind(3, record).run()
    }

    func vacate(key: KeyNumber, position: Int64) throws {
        try statement("DELETE FROM feed WHERE \"key\" = ? AND position = ?")
            .bind(1, key).bind(2, position).run()
    }

    func depart(_ record: RecordNumber, key: KeyNumber, position: Int64) throws {
        try statement("INSERT OR REPLACE INTO departure (\"key\", record, position) VALUES (?, ?, ?)")
            .bind(1, key).bind(2, record).bind(3, position).run()
    }

    func undepart(_ record: RecordNumber, key: KeyNumber) throws {
        try statement("DELETE FROM departure WHERE \"key\" = ? AND record = ?")
            .bind(1, key).bind(2, record).run()
    }

    func noteHeld(_ record: RecordNumber, key: KeyNumber) throws {
        // Position 0 lies before every cursor, so no page says that the record leaves.
        try statement("INSERT OR IGNORE INTO departure (\"key\", record, position) VALUES (?, ?, 0)")
            .bind(1, key).bind(2, record).run()
    }

    func hasDeparted(_ record: RecordNumber, key: KeyNumber) throws -> Bool {
        try statement("SELECT 1 FROM departure WHERE \"key\" = ? AND record = ?")
            .bind(1, key).bind(2, record).first { _ in true } ?? false
    }

    func feed(key: KeyNumber, after position: Int64, limit: Int, departures: Bool) throws -> [FeedRow] {
        let rows =
            departures
            ? try statement(
                "SELECT position, record FROM departure WHERE \"key\" = ? AND position > ? ORDER BY position LIMIT ?"
            )
            : try statement(
                "SELECT position, record FROM feed WHERE \"key\" = ? AND position > ? ORDER BY position LIMIT ?"
            )
        return try rows.bind(1, key).bind(2, position).bind(3, Int64(limit))
            .all { FeedRow(position: $0.integer(0), record: $0.integer(1), isDeparture: departures) }
    }

    func count(key: KeyNumber, after position: Int64, bound: Int) throws -> Int {
        let count = try statement(
            "SELECT count(*) FROM (SELECT 1 FROM feed WHERE \"key\" = ? AND position > ? LIMIT ?)"
        )
        .bind(1, key).bind(2, position).bind(3, Int64(bound)).first { $0.integer(0) }
        return Int(count ?? 0)
    }

    /// Reads a stored set of keys.
    func keys(_ text: String) -> [KeyNumber] {
        if let known = keysets[text] { return known }
        let keys = text.split(separator: " ").compactMap { Int64($0) }
        keysets[text] = keys
        return keys
    }
}
