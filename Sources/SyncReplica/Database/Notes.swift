import GRDB
import SyncModel
import SyncWire

/// What the server said of conflicts and of where changes were written, beside the records' states. It is in no digest and in
/// no visible table.
enum Notes {
    static func load(_ db: Database, _ record: RecordID) throws -> ConflictNotes? {
        try SQL(db, "SELECT notes FROM sync_note WHERE id = ?").first(.id(record)) { row in
            do { return try NotesCodec.decode(row.blob(0)) } catch { throw Failures.damaged }
        }
    }

    static func put(_ db: Database, _ record: RecordID, _ notes: ConflictNotes) throws {
        try SQL(db, "INSERT OR REPLACE INTO sync_note (id, notes) VALUES (?, ?)")
            .run(.id(record), .blob(try NotesCodec.encode(notes)))
    }

    static func remove(_ db: Database, _ record: RecordID) throws {
        try SQL(db, "DELETE FROM sync_note WHERE id = ?").run(.id(record))
    }

    /// Removes those of records that are here no more, whichever way they went.
    static func removeOrphans(_ db: Database) throws {
        try db.execute(sql: "DELETE FROM sync_note WHERE id NOT IN (SELECT id FROM sync_record)")
    }

    static func records(_ db: Database) throws -> Set<RecordID> {
        var found = Set<RecordID>()
        try SQL(db, "SELECT id FROM sync_note").each([]) { found.insert(try $0.id(0)) }
        return found
    }
}
