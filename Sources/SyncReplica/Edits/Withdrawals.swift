import GRDB
import SyncModel

/// The changes that were taken back, as the database has them.
enum Withdrawals {
    /// Takes refused changes back: from now on nothing of them is shown.
    static func mark(
        _ db: Database, _ entries: [LogEntry], _ withdrawal: OwnWithdrawal, _ rows: VisibleRows
    ) throws {
        for var entry in entries {
            entry.state = .withdrawing
            entry.withdrawal = withdrawal
            try Log.judge(db, entry)
            try SQL(db, "UPDATE sync_change SET told = 0, correction = NULL WHERE place = ?")
                .run(.integer(entry.place))
        }
        for entry in entries { try rows.refresh(entry.record, of: try entry.change().table) }
    }

    /// Notes which change stands in the place of those that were taken back.
    static func note(_ db: Database, _ correction: Dot, of entries: [LogEntry]) throws {
        let head = try Log.current(db)
        guard let made = try Log.entry(db, head.place, correction.n) else { throw Failures.damaged }
        for entry in entries {
            try SQL(db, "UPDATE sync_change SET correction = ? WHERE place = ?")
                .run(.integer(made.place), .integer(entry.place))
        }
    }

    /// What was taken back for the change at a place, and whether the server may know of it.
    static func corrected(_ db: Database, by place: Int64) throws -> [(place: Int64, isTold: Bool)] {
        var found: [(place: Int64, isTold: Bool)] = []
        try SQL(
            db,
            """
            SELECT place, told = 1 OR state <> 7 FROM sync_change
            WHERE correction = ? AND withdrawn IS NOT NULL ORDER BY place
            """
        ).each([.integer(place)]) { found.append(($0.integer(0), $0.integer(1) != 0)) }
        return found
    }

    /// Makes changes that were taken back refused ones again.
    static func restore(_ db: Database, _ places: [Int64], _ rows: VisibleRows) throws {
        for place in places {
            guard var entry = try Log.entry(db, at: place) else { continue }
            entry.state = .quarantined
            entry.withdrawal = nil
            try Log.judge(db, entry)
            try SQL(db, "UPDATE sync_change SET correction = NULL WHERE place = ?").run(.integer(place))
            try rows.refresh(entry.record, of: try entry.change().table)
        }
    }

    /// Notes that the server is about to be told.
    ///
    /// - Returns: the places of those of which it cannot have known before.
    static func tell(_ db: Database, _ entries: [LogEntry]) throws -> [Int64] {
        var first: [Int64] = []
        for entry in entries {
            try SQL(db, "UPDATE sync_change SET told = 1 WHERE place = ? AND told = 0 RETURNING place")
                .each([.integer(entry.place)]) { first.append($0.integer(0)) }
        }
        return first
    }

    /// Notes that nothing has left this laptop after all.
    static func untell(_ db: Database, _ places: [Int64]) throws {
        for place in places {
            try SQL(db, "UPDATE sync_change SET told = 0 WHERE place = ?").run(.integer(place))
        }
    }
}
