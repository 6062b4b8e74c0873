import PeerSupport
import SyncModel
import SyncReplica

/// The newest rows of an import that nobody has been sent, so that they can be taken back together.
///
/// Rows of an import are not linked, because one that the server refuses should take no other with it. They are
/// known by what they are: new records under ids made from keys, many of them written at one moment.
struct ImportedRows {
    /// Between two batches of one import lie at most so many microseconds.
    static let longestGap: Int64 = 10_000_000

    /// Oldest first.
    let entries: [OutboxEntry]

    /// Finds them at the end of what waits; `nil` if the newest entry is not of an import.
    init?(_ waiting: [OutboxEntry]) {
        var found: [OutboxEntry] = []
        for entry in waiting.reversed() {
            guard Self.mayBeImported(entry) else { break }
            if let later = found.last, later.writtenMicroseconds - entry.writtenMicroseconds > Self.longestGap
            {
                break
            }
            found.append(entry)
        }
        // A site and a team that were typed one after the other are no import.
        let isOfOneMoment = zip(found, found.dropFirst()).contains {
            $0.writtenMicroseconds == $1.writtenMicroseconds
        }
        guard isOfOneMoment else { return nil }
        entries = found.reversed()
    }

    private static func mayBeImported(_ entry: OutboxEntry) -> Bool {
        guard case .waiting = entry.outcome, !entry.wasOffered, entry.transaction == nil,
            NaturalKey.isNatural(entry.record), let table = PeerSupportSchema.schema.table(entry.table)
        else { return false }
        return entry.writes.contains { write in
            write.register != "provenance" && table.register(write.register)?.makesRecord == true
        }
    }

    /// `2 participants, 5 check-ins`
    var counted: String {
        PeerSupportSchema.schema.tables.compactMap { table in
            let count = entries.count { $0.table == table.name }
            return count == 0 ? nil : Wording.count(count, Wording.table(table.name))
        }
        .joined(separator: ", ")
    }
}
