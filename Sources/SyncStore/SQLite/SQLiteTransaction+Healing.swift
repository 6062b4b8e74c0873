import SyncModel

/// What a restored server keeps until it is whole again.
extension SQLiteTransaction {
    func park(_ parked: Parked) throws {
        let insert = try statement(
            "INSERT OR REPLACE INTO parked (first, last, record, incarnation, n) VALUES (?, ?, ?, ?, ?)"
        ).bind(1, parked.first).bind(2, parked.last)
        switch parked.awaited {
        case .record(let id):
            try insert.bind(3, id.bytes).bind(4, nil as Int64?).bind(5, nil as Int64?).run()
        case .entry(let dot):
            try insert.bind(3, nil as Int64?).bind(4, dot.incarnation.bytes)
                .bind(5, Int64(bitPattern: dot.n)).run()
        case .itself:
            try insert.bind(3, nil as Int64?).bind(4, nil as Int64?).bind(5, nil as Int64?).run()
        }
    }

    func marks() throws -> [Mark] {
        try statement(
            """
            SELECT incarnation, ifnull(
                (SELECT min(change.n) - 1 FROM parked JOIN change ON change.position = parked.first
                 WHERE change.incarnation = incarnation.number), mark)
            FROM incarnation ORDER BY incarnation
            """
        ).all { row in
            Identifier(bytes: row.blob(0)).map { Mark(Dot($0, UInt64(bitPattern: row.integer(1)))) }
        }
        .compactMap { $0 }
    }

    func marks(of device: DeviceNumber, limit: Int) throws -> [Mark] {
        try statement(
            "SELECT incarnation, mark, hash FROM incarnation WHERE device = ? ORDER BY number DESC LIMIT ?"
        )
        .bind(1, device).bind(2, Int64(limit)).all { row in
            Identifier(bytes: row.blob(0)).map {
                Mark(Dot($0, UInt64(bitPattern: row.integer(1))), hash: ChainHash(row.blob(2)))
            }
        }
        .compactMap { $0 }
    }

    // Groups do not overlap, so a change is in one at the most, and that is looked up. `CROSS JOIN` and the plus keep
    // SQLite from going through all groups, or all of quarantine, first (<https://www.sqlite.org/optoverview.html>, 7.2
    // and 8.1).

    func isParked(_ n: UInt64, of incarnation: IncarnationNumber) throws -> Bool {
        try statement(
            """
            SELECT 1 FROM change CROSS JOIN parked
            ON parked.first = (SELECT max(first) FROM parked WHERE first <= change.position)
                AND parked.last >= change.position
            WHERE change.incarnation = ? AND change.n = ?
            """
        )
        .bind(1, incarnation).bind(2, Int64(bitPattern: n)).first { _ in true } ?? false
    }

    func unparked(of record: RecordNumber) throws -> [(position: Int64, dot: Dot)] {
        try statement(
            """
            SELECT position, incarnation.incarnation, n FROM change
            JOIN incarnation ON incarnation.number = change.incarnation
            WHERE record = ? AND +outcome = 2 AND NOT EXISTS (
                SELECT 1 FROM parked
                WHERE parked.first = (SELECT max(first) FROM parked WHERE first <= position)
                    AND parked.last >= position)
            ORDER BY position
            """
        )
        .bind(1, record).all { row in
            Identifier(bytes: row.blob(1)).map {
                (row.integer(0), Dot($0, UInt64(bitPattern: row.integer(2))))
            }
        }
        .compactMap { $0 }
    }

    func authorsOfClosed(_ record: RecordNumber) throws -> Set<String> {
        let staff = try statement(
            """
            SELECT DISTINCT device.staff FROM change
            JOIN incarnation ON incarnation.number = change.incarnation
            JOIN device ON device.number = incarnation.device
            WHERE record = ?1 AND NOT EXISTS (SELECT 1 FROM change WHERE record = ?1 AND +outcome <> 4)
            """
        )
        .bind(1, record).all { $0.text(0) }
        return Set(staff)
    }

    func keep(_ brought: Brought) throws {
        try statement(
            """
            INSERT INTO brought (incarnation, n, record, device, at, state, position)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """
        )
        .bind(1, brought.dot.incarnation.bytes).bind(2, Int64(bitPattern: brought.dot.n))
        .bind(3, brought.record).bind(4, brought.device).bind(5, brought.at).bind(6, brought.state)
        .bind(7, brought.position).run()
    }

    func brought(into record: RecordNumber) throws -> [[UInt8]] {
        try statement("SELECT state FROM brought WHERE record = ? ORDER BY position").bind(1, record)
            .all { $0.blob(0) }
    }

    func unpark(at first: Int64) throws {
        try statement("DELETE FROM parked WHERE first = ?").bind(1, first).run()
    }

    func hasParked() throws -> Bool {
        try statement("SELECT 1 FROM parked LIMIT 1").first { _ in true } ?? false
    }

    func parked(awaiting record: RecordID) throws -> [Parked] {
        try statement("SELECT first, last FROM parked WHERE record = ? ORDER BY first").bind(1, record.bytes)
            .all { Parked(first: $0.integer(0), last: $0.integer(1), awaited: .record(record)) }
    }

    func parked(awaitingEntriesOf incarnation: Incarnation) throws -> [Parked] {
        try statement("SELECT first, last, n FROM parked WHERE incarnation = ? ORDER BY first")
            .bind(1, incarnation.bytes)
            .all {
                Parked(
                    first: $0.integer(0), last: $0.integer(1),
                    awaited: .entry(Dot(incarnation, UInt64(bitPattern: $0.integer(2)))))
            }
    }

    func parked(awaitingEntriesIn record: RecordNumber) throws -> [Parked] {
        try statement(
            """
            SELECT DISTINCT parked.first, parked.last, parked.incarnation, parked.n FROM change
            CROSS JOIN parked
            ON parked.first = (SELECT max(first) FROM parked WHERE first <= change.position)
                AND parked.last >= change.position
            WHERE change.record = ? AND +change.outcome = 2 AND parked.record IS NULL
            ORDER BY parked.first
            """
        )
        .bind(1, record).all { row in
            let dot = Identifier(bytes: row.blob(2)).map { Dot($0, UInt64(bitPattern: row.integer(3))) }
            return Parked(
                first: row.integer(0), last: row.integer(1), awaited: dot.map(Awaited.entry) ?? .itself)
        }
    }

    func parked(of device: DeviceNumber) throws -> [Parked] {
        try statement(
            """
            SELECT parked.first, parked.last, parked.record FROM parked
            JOIN change ON change.position = parked.first
            JOIN incarnation ON incarnation.number = change.incarnation
            WHERE incarnation.device = ? AND parked.record IS NOT NULL ORDER BY parked.first
            """
        )
        .bind(1, device).all { row in
            Identifier(bytes: row.blob(2)).map {
                Parked(first: row.integer(0), last: row.integer(1), awaited: .record($0))
            }
        }
        .compactMap { $0 }
    }
}
