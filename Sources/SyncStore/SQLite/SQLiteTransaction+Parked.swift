import SyncModel

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
        }
    }

    func unpark(_ parked: Parked) throws {
        try statement("DELETE FROM parked WHERE first = ?").bind(1, parked.first).run()
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
