import SyncModel

/// What administrators see of quarantine, and decide.
extension SQLiteTransaction {
    func eachQuarantined(_ body: (StoredChange) throws -> Void) throws {
        let positions = try statement("SELECT position FROM change WHERE outcome = 2 ORDER BY position")
            .all { $0.integer(0) }
        for position in positions {
            for change in try changes(from: position, to: position) { try body(change) }
        }
    }

    func decide(position: Int64, _ outcome: Disposition.Outcome, said: Int64) throws {
        try statement("UPDATE change SET outcome = ?, said = ? WHERE position = ?")
            .bind(1, outcome.columns.0).bind(2, said).bind(3, position).run()
    }

    func refusal(at position: Int64) throws -> Refusal? {
        try statement("SELECT code, reason FROM change WHERE position = ? AND code IS NOT NULL")
            .bind(1, position).first { Refusal(code: $0.text(0), reason: $0.text(1)) }
    }

    func noteReissue(of position: Int64, as issued: Int64) throws {
        try statement("INSERT INTO reissue (position, issued) VALUES (?, ?)")
            .bind(1, position).bind(2, issued).run()
    }

    func reissues(of record: RecordNumber) throws -> [(refused: Dot, issued: Dot)] {
        try statement(
            """
            SELECT theirs.incarnation, refused.n, ours.incarnation, issued.n
            FROM change AS refused
            JOIN reissue ON reissue.position = refused.position
            JOIN change AS issued ON issued.position = reissue.issued
            JOIN incarnation AS theirs ON theirs.number = refused.incarnation
            JOIN incarnation AS ours ON ours.number = issued.incarnation
            WHERE refused.record = ? AND refused.outcome = 3 ORDER BY refused.position
            """
        )
        .bind(1, record).all { row -> (refused: Dot, issued: Dot)? in
            guard let theirs = Identifier(bytes: row.blob(0)), let ours = Identifier(bytes: row.blob(2))
            else { return nil }
            return (
                Dot(theirs, UInt64(bitPattern: row.integer(1))),
                Dot(ours, UInt64(bitPattern: row.integer(3)))
            )
        }
        .compactMap { $0 }
    }
}
