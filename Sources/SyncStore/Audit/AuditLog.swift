import Foundation
import GRDB
import SyncModel

/// Writes and reads the audit log, in the transaction of what it tells of.
struct AuditLog {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// Where the chain stands.
    struct Head: Hashable {
        let number: Int64
        let hash: ChainHash
    }

    /// Adds an entry.
    func append(
        _ kind: AuditEntry.Kind, device: String = "", staff: String = "", counts: [String: Int64] = [:],
        note: String = "", change: ChainHash? = nil, now: Int64
    ) throws {
        let head = try head()
        let number = head.number + 1
        let numbers = counts.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
        let text = "{\(numbers.joined(separator: ","))}"
        let hash = AuditEntry.hash(
            after: head.hash, number: number, at: now, kind: kind.rawValue, device: device, staff: staff,
            counts: text, note: note, change: change)
        try RawStatement(
            db,
            """
            INSERT INTO audit (number, at, kind, device, staff, counts, hash, note, change_hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
        .bind(1, number).bind(2, now).bind(3, kind.rawValue).bind(4, device).bind(5, staff).bind(6, text)
        .bind(7, hash.bytes).bind(8, note).bind(9, optional: change?.bytes).run()
        try RawStatement(db, "UPDATE agency SET audit = ?, audit_hash = ?").bind(1, number)
            .bind(2, hash.bytes).run()
    }

    /// Adds an entry for each decision that became part of its record.
    func note(_ decisions: [NotedDecision], _ now: Int64) throws {
        for decision in decisions {
            try append(
                .decision, device: decision.device, staff: decision.staff, note: decision.note,
                change: decision.hash, now: now)
        }
    }

    /// Adds an entry for what had waited in quarantine and was taken by itself.
    func note(_ admissions: [NotedAdmission], _ now: Int64) throws {
        for admission in admissions {
            try append(
                .admission, device: admission.device, staff: admission.staff,
                counts: ["change": admission.first, "changes": admission.count], now: now)
        }
    }

    /// Where the chain ends, as the database knows it apart from the entries.
    func head() throws -> Head {
        let found = try RawStatement(db, "SELECT audit, audit_hash FROM agency").first {
            Head(number: $0.integer(0), hash: ChainHash($0.blob(1)) ?? .zero)
        }
        return found ?? Head(number: 0, hash: .zero)
    }

    /// The entries of some kinds beyond one and noted at a time or later, oldest first, at most so many.
    func entries(
        _ kinds: [AuditEntry.Kind], after number: Int64, since: Int64, limit: Int
    ) throws -> [AuditEntry] {
        let marks = kinds.map { _ in "?" }.joined(separator: ", ")
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT number, at, kind, device, staff, counts, note, change_hash, hash FROM audit
                WHERE number > ? AND at >= ? AND kind IN (\(marks)) ORDER BY number LIMIT ?
                """,
            arguments: [number, since] + StatementArguments(kinds.map(\.rawValue)) + [limit])
        return rows.map(AuditEntry.init)
    }

    /// Goes through the entries, oldest first.
    func each(since: Int64, _ body: (AuditEntry) throws -> Void) throws {
        // Files of the third version have no notes, and those of the fifth no hashes of changes.
        let columns = Set(try db.columns(in: "audit").map(\.name))
        let note = columns.contains("note") ? "note" : "'' AS note"
        let change = columns.contains("change_hash") ? "change_hash" : "NULL AS change_hash"
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT number, at, kind, device, staff, counts, \(note), \(change), hash
                FROM audit WHERE at >= ? ORDER BY number
                """,
            arguments: [since])
        while let row = try rows.next() {
            try body(AuditEntry(row))
        }
    }
}

extension AuditEntry {
    fileprivate init(_ row: Row) {
        let hash: Data = row["hash"]
        let change: Data? = row["change_hash"]
        self.init(
            number: row["number"], at: row["at"], kind: row["kind"], device: row["device"],
            staff: row["staff"], counts: row["counts"], note: row["note"],
            change: change.flatMap { ChainHash(Array($0)) },
            hash: ChainHash(Array(hash)) ?? .zero)
    }

    /// What was counted.
    ///
    /// - Throws: `DecodingError` for what no version of this program has written.
    func counted() throws -> [String: Int64] {
        try JSONDecoder().decode([String: Int64].self, from: Data(counts.utf8))
    }
}
