import GRDB
import SyncModel

/// Something that happened to a replica's file or to its server, and that a person may ask about later.
public struct ReplicaEvent: Hashable, Sendable {
    /// What happened.
    public enum Kind: Hashable, Sendable {
        /// The file is a copy, or was put back from an older one: others were sent under its name after the change
        /// numbered `agreed`. It goes on under a fresh incarnation, and `reissued` changes were issued anew.
        case copied(agreed: UInt64, reissued: Int)
        /// The file was found where it had not been left, or was put back from an older one, before anything was written
        /// into it; so it goes on under a fresh incarnation.
        case displaced
        /// The server was restored from a backup and began an epoch. `offered` changes that it had acknowledged were
        /// offered again, `reissued` that it had not were issued anew, and `brought` records that others wrote were
        /// brought back.
        case serverRestored(from: UInt64, to: UInt64, offered: Int, reissued: Int, brought: Int)
        /// An administrator retired this device.
        case sealed
    }

    /// When, by this device's clock, microseconds since 1970.
    public let at: Int64
    /// What.
    public let kind: Kind

    /// Puts it together.
    public init(at: Int64, kind: Kind) {
        self.at = at
        self.kind = kind
    }
}

/// The journal of what happened to a replica. It is written in the transaction of what it tells of. What it says is for
/// people, and nothing is decided by it; its numbers order what somebody was shown and what happened to the logs since.
enum EventLog {
    /// The words under which events stand in the database.
    private static let copied = "copied"
    private static let displaced = "displaced"
    private static let restored = "server_restored"
    private static let sealed = "sealed"

    /// Adds an event, and forgets those beyond the newest ``Limits/eventsKept``.
    static func note(_ db: Database, _ kind: ReplicaEvent.Kind, at time: Int64) throws {
        let columns: (String, UInt64, UInt64, Int, Int, Int) =
            switch kind {
            case .copied(let agreed, let reissued): (copied, agreed, 0, 0, reissued, 0)
            case .serverRestored(let from, let to, let offered, let reissued, let brought):
                (restored, from, to, offered, reissued, brought)
            case .displaced: (displaced, 0, 0, 0, 0, 0)
            case .sealed: (sealed, 0, 0, 0, 0, 0)
            }
        try SQL(
            db,
            """
            INSERT INTO sync_event (at, kind, was, became, offered, reissued, brought)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """
        ).run(
            .integer(time), .text(columns.0), .word(columns.1), .word(columns.2), .integer(Int64(columns.3)),
            .integer(Int64(columns.4)), .integer(Int64(columns.5)))
        try SQL(db, "DELETE FROM sync_event WHERE number <= (SELECT max(number) FROM sync_event) - ?")
            .run(.integer(Int64(Limits.eventsKept)))
    }

    /// The number of the newest event; 0 before the first. Numbers only grow.
    static func newest(_ db: Database) throws -> Int64 {
        try SQL(db, "SELECT ifnull(max(number), 0) FROM sync_event").first { $0.integer(0) } ?? 0
    }

    /// Notes that so many records more were brought back to the server that was restored last.
    static func noteBrought(_ db: Database, _ count: Int) throws {
        try SQL(
            db,
            """
            UPDATE sync_event SET brought = brought + ?
            WHERE number = (SELECT max(number) FROM sync_event WHERE kind = ?)
            """
        ).run(.integer(Int64(count)), .text(restored))
    }

    /// All that is kept, oldest first. What a newer program noted and this one does not know is left out.
    static func all(_ db: Database) throws -> [ReplicaEvent] {
        var found: [ReplicaEvent] = []
        try SQL(
            db,
            "SELECT at, kind, was, became, offered, reissued, brought FROM sync_event ORDER BY number"
        ).each([]) { row in
            let kind: ReplicaEvent.Kind
            switch row.text(1) {
            case copied: kind = .copied(agreed: row.word(2), reissued: Int(row.integer(5)))
            case restored:
                kind = .serverRestored(
                    from: row.word(2), to: row.word(3), offered: Int(row.integer(4)),
                    reissued: Int(row.integer(5)), brought: Int(row.integer(6)))
            case displaced: kind = .displaced
            case sealed: kind = .sealed
            default: return
            }
            found.append(ReplicaEvent(at: row.integer(0), kind: kind))
        }
        return found
    }
}

extension Replica {
    /// What happened to this replica's file and its server, oldest first, the newest hundred.
    public func events() throws -> [ReplicaEvent] {
        try read { db, _ in try EventLog.all(db) }
    }
}
