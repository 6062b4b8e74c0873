import GRDB
import SyncModel

/// Compares what became of changes that had been refused with who decided it, which the audit log says and its chain
/// holds. Nothing else would show that work in quarantine was let go of without anybody's word: how a change fared is
/// under no hash.
struct ClosingVerification {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// What an entry decided: about which changes, and which outcome it gave them.
    private struct Decided {
        let entry: Int64
        let positions: ClosedRange<Int64>
        let outcome: Int64
    }

    /// Every change that an entry released, discarded or withdrew must be that now, and no other change may be.
    /// To be asked once the audit log's chain is known to be whole.
    func run() throws {
        let decided = try entries().sorted { $0.positions.lowerBound < $1.positions.lowerBound }
        for one in decided { try stands(one) }
        try othersAreOpen(decided.map(\.positions))
    }

    private func entries() throws -> [Decided] {
        var found: [Decided] = []
        // Files of the second version have no audit log, and nobody had decided anything then.
        guard try db.tableExists("audit") else { return found }
        try AuditLog(db).each(since: .min) { entry in
            guard let outcome = AuditEntry.Kind(rawValue: entry.kind).flatMap({ Self.outcomes[$0] }) else {
                return
            }
            guard let counts = try? entry.counted(), let first = counts["change"], first > 0,
                let count = counts["changes"], count > 0, first <= .max - count
            else {
                throw StoreCheck.damaged(
                    "entry \(entry.number) of the audit log does not say of which change")
            }
            found.append(
                Decided(entry: entry.number, positions: first...(first + count - 1), outcome: outcome))
        }
        return found
    }

    private static let outcomes: [AuditEntry.Kind: Int64] = [
        .release: Disposition.Outcome.released.columns.0,
        .discard: Disposition.Outcome.withdrawn.columns.0,
        .withdrawal: Disposition.Outcome.withdrawn.columns.0,
    ]

    /// Whether all changes of an entry are here, and are what it made of them.
    private func stands(_ decided: Decided) throws {
        var next = decided.positions.lowerBound
        let rows = try Row.fetchCursor(
            db,
            sql: "SELECT position, outcome FROM change WHERE position BETWEEN ? AND ? ORDER BY position",
            arguments: [decided.positions.lowerBound, decided.positions.upperBound])
        while let row = try rows.next() {
            let position: Int64 = row["position"]
            guard position == next else { break }
            guard row["outcome"] == decided.outcome else {
                throw StoreCheck.damaged(
                    "what became of the change at log position \(position) is not what entry \(decided.entry) "
                        + "of the audit log decided")
            }
            next += 1
        }
        guard next > decided.positions.upperBound else {
            throw StoreCheck.damaged(
                "entry \(decided.entry) of the audit log decides about log position \(next), where no change is"
            )
        }
    }

    private func othersAreOpen(_ decided: [ClosedRange<Int64>]) throws {
        var ranges = decided[...]
        let rows = try Row.fetchCursor(
            db, sql: "SELECT position FROM change WHERE outcome NOT IN (0, 1, 2) ORDER BY position")
        while let row = try rows.next() {
            let position: Int64 = row["position"]
            ranges = ranges.drop { $0.upperBound < position }
            guard ranges.first?.contains(position) == true else {
                throw StoreCheck.damaged(
                    "the change at log position \(position) is closed as if somebody had released, discarded or "
                        + "withdrawn it, and the audit log has no such decision")
            }
        }
    }
}
