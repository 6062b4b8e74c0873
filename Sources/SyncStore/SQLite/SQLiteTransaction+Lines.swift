import SyncModel

/// The history of one record, line by line.
extension SQLiteTransaction {
    func history(
        of record: RecordNumber, after position: Int64, limit: Int, staff: String
    ) throws -> [HistoryRow] {
        let taken = try taken(record, position, limit, staff)
        let brought = try brought(record, position, limit)
        return Array((taken + brought).sorted { $0.position < $1.position }.prefix(limit))
    }

    private func taken(
        _ record: RecordNumber, _ position: Int64, _ limit: Int, _ staff: String
    ) throws -> [HistoryRow] {
        try statement(
            """
            SELECT change.position, ours.incarnation, change.n, change.bytes, change.outcome, change.code,
                change.reason, change.effective, change.is_estimated, change.received_at, device.code,
                writer.code, refused.received_at
            FROM change
            JOIN incarnation AS ours ON ours.number = change.incarnation
            JOIN device ON device.number = ours.device
            LEFT JOIN reissue ON reissue.issued = change.position
            LEFT JOIN change AS refused ON refused.position = reissue.position
            LEFT JOIN incarnation AS theirs ON theirs.number = refused.incarnation
            LEFT JOIN device AS writer ON writer.number = theirs.device
            WHERE change.record = ? AND change.position > ?
                AND (change.outcome IN (0, 1) OR (device.staff = ? AND device.number <> 1))
            ORDER BY change.position LIMIT ?
            """
        )
        .bind(1, record).bind(2, position).bind(3, staff).bind(4, Int64(limit)).all { row in
            let outcome = Disposition.Outcome(
                column: row.integer(4), code: row.optionalText(5), reason: row.optionalText(6))
            let isPart = outcome == .applied || outcome == .conflict
            let effective = row.optionalInteger(7).map {
                EffectiveTime(microseconds: $0, isEstimated: row.integer(8) == 1)
            }
            return Identifier(bytes: row.blob(1)).map { incarnation in
                HistoryRow(
                    position: row.integer(0), content: .frozen(row.blob(3), isPart ? effective : nil),
                    arrived: Arrived(
                        dot: Dot(incarnation, UInt64(bitPattern: row.integer(2))),
                        device: row.optionalText(11) ?? row.text(10), at: row.integer(9),
                        way: row.optionalInteger(12).map { .released(first: $0) } ?? .sent),
                    outcome: outcome)
            }
        }
        .compactMap { $0 }
    }

    /// What was brought back and is not in its author's log all the same.
    private func brought(
        _ record: RecordNumber, _ position: Int64, _ limit: Int
    ) throws -> [HistoryRow] {
        try statement(
            """
            SELECT brought.position, brought.incarnation, brought.n, brought.state, brought.at, carrier.code,
                writer.code
            FROM brought
            JOIN device AS carrier ON carrier.number = brought.device
            LEFT JOIN incarnation ON incarnation.incarnation = brought.incarnation
            LEFT JOIN device AS writer ON writer.number = incarnation.device
            WHERE brought.record = ? AND brought.position > ? AND NOT EXISTS (
                SELECT 1 FROM change WHERE change.incarnation = incarnation.number AND change.n = brought.n
                    AND change.outcome IN (0, 1))
            ORDER BY brought.position LIMIT ?
            """
        )
        .bind(1, record).bind(2, position).bind(3, Int64(limit)).all { row in
            Identifier(bytes: row.blob(1)).map { incarnation in
                HistoryRow(
                    position: row.integer(0), content: .state(row.blob(3)),
                    arrived: Arrived(
                        dot: Dot(incarnation, UInt64(bitPattern: row.integer(2))),
                        device: row.optionalText(6), at: row.integer(4), way: .brought(by: row.text(5))),
                    outcome: .applied)
            }
        }
        .compactMap { $0 }
    }
}
