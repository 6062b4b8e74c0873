import GRDB
import SyncModel
import SyncWire

/// What was decided about changes in quarantine: who, when and why is in the audit log and nowhere else, what it was
/// about in the history.
struct ClosedChanges {
    private let audit: AuditLog
    private let transaction: SQLiteTransaction

    init(_ db: Database) {
        audit = AuditLog(db)
        transaction = SQLiteTransaction(db)
    }

    /// The kinds of entries that tell of it, and what each says was decided.
    private static let closings: [AuditEntry.Kind: ClosedChange.Closing] = [
        .release: .released, .discard: .discarded, .withdrawal: .withdrawn,
    ]

    /// What entries beyond one, noted at a time or later, tell of, and whether there are more. An entry is never split.
    func page(after number: Int64, since: Int64) throws -> (changes: [ClosedChange], more: Bool) {
        // Each entry tells of one change or more, so these are all that a page can need, and one to know of more.
        let entries = try audit.entries(
            Self.closings.keys.sorted { $0.rawValue < $1.rawValue }, after: number, since: since,
            limit: Limits.quarantinePerAnswer + 1)
        var found: [ClosedChange] = []
        for entry in entries {
            let changes = try changes(of: entry)
            guard found.count + changes.count <= Limits.quarantinePerAnswer else { return (found, true) }
            found += changes
        }
        return (found, false)
    }

    /// What was entered together stands in the log without a gap, and was decided together.
    private func changes(of entry: AuditEntry) throws -> [ClosedChange] {
        let counts = try entry.counted()
        guard let closing = AuditEntry.Kind(rawValue: entry.kind).flatMap({ Self.closings[$0] }),
            let first = counts["change"]
        else { return [] }
        let decision = ClosedChange.Decision(
            closing: closing, by: entry.staff, at: entry.at, reason: entry.note, entry: entry.number)
        let last = first + (counts["changes"] ?? 1) - 1
        return try transaction.changes(from: first, to: last).map { stored in
            let change = try FrozenCodec.decode(stored.bytes).change
            return ClosedChange(
                id: stored.position, device: entry.device, staff: change.author, table: change.table,
                record: change.record, refusal: try transaction.refusal(at: stored.position),
                decision: decision)
        }
    }
}
