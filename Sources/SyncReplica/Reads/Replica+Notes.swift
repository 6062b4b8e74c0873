import GRDB
public import SyncModel

/// What helps a person to decide, beside the records.
extension Replica {
    /// What the server said of a record: for each register in conflict the value that all sides had read, as it came with the
    /// record; and where live changes were written and when they reached the server, as it came then or was asked for since.
    ///
    /// - Returns: `nil` for a record of which the server has said nothing. What was written on this laptop since is
    ///   not in it: a conflict may be settled here, or be new, and the server not know yet.
    public func conflictNotes(of record: RecordID) throws -> ConflictNotes? {
        try readRecords { db, _ in try Notes.load(db, record) }
    }

    /// Keeps where changes of records were written, as the server was asked for it, beside what it had said of these records.
    /// What comes with a record replaces it.
    ///
    /// - Parameter origins: for each record; of one that is not on this laptop nothing is kept.
    /// - Throws: ``SyncError``, and nothing was kept.
    public func keep(origins: [RecordID: [ConflictNotes.Origin]]) throws {
        try write { db, _ in
            for (record, found) in origins where !found.isEmpty {
                guard try Shown.confirmed(db, record) != nil else { continue }
                let known = try Notes.load(db, record)
                try Notes.put(
                    db, record,
                    ConflictNotes(bases: known?.bases ?? [], origins: found + (known?.origins ?? [])))
            }
        }
    }

    /// Remembers under which version each of some things was shown to whoever uses this laptop. It never leaves the laptop.
    ///
    /// - Parameters:
    ///   - versions: by name.
    ///   - isAll: whether nothing else is there to be shown any more, so that all others are forgotten.
    /// - Throws: ``SyncError``, and nothing was remembered.
    public func remember(versions: [String: String], isAll: Bool = false) throws {
        let known = try read { db, _ in try Self.versions(db) }
        let isKnown = versions.allSatisfy { known[$0.key] == $0.value }
        guard !isKnown || isAll && known.count != versions.count else { return }
        try write { db, _ in
            if isAll { try db.execute(sql: "DELETE FROM sync_shown") }
            for (name, version) in versions {
                try SQL(db, "INSERT OR REPLACE INTO sync_shown (name, version) VALUES (?, ?)")
                    .run(.text(name), .text(version))
            }
        }
    }

    /// Under which version something was shown last on this laptop; `nil` where it never was.
    public func version(shown name: String) throws -> String? {
        try read { db, _ in
            try SQL(db, "SELECT version FROM sync_shown WHERE name = ?").first(.text(name)) { $0.text(0) }
        }
    }

    private static func versions(_ db: Database) throws -> [String: String] {
        var found: [String: String] = [:]
        try SQL(db, "SELECT name, version FROM sync_shown").each([]) { found[$0.text(0)] = $0.text(1) }
        return found
    }
}
