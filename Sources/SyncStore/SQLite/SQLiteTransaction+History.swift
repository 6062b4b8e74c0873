import GRDB
import SyncModel

extension SQLiteTransaction {
    // MARK: Incarnations

    func incarnation(_ id: Incarnation) throws -> IncarnationRow? {
        try statement(
            "SELECT number, device, mark, hash, last_effective FROM incarnation WHERE incarnation = ?"
        )
        .bind(1, id.bytes).first {
            IncarnationRow(
                number: $0.integer(0), incarnation: id, device: $0.integer(1),
                mark: UInt64(bitPattern: $0.integer(2)), hash: ChainHash($0.blob(3)) ?? .zero,
                lastEffective: $0.optionalInteger(4))
        }
    }

    func addIncarnation(_ id: Incarnation, device: DeviceNumber) throws -> IncarnationRow {
        try statement("INSERT INTO incarnation (incarnation, device, mark, hash) VALUES (?, ?, 0, ?)")
            .bind(1, id.bytes).bind(2, device).bind(3, ChainHash.zero.bytes).run()
        return IncarnationRow(
            number: db.lastInsertedRowID, incarnation: id, device: device, mark: 0, hash: .zero,
            lastEffective: nil)
    }

    func save(_ incarnation: IncarnationRow) throws {
        try statement(
            "UPDATE incarnation SET mark = ?, hash = ?, last_effective = ? WHERE number = ?"
        )
        .bind(1, Int64(bitPattern: incarnation.mark)).bind(2, incarnation.hash.bytes)
        .bind(3, incarnation.lastEffective).bind(4, incarnation.number).run()
    }

    func hash(of incarnation: IncarnationNumber, at n: UInt64) throws -> ChainHash? {
        if n == 0 { return .zero }
        return try statement("SELECT hash FROM change WHERE incarnation = ? AND n = ?")
            .bind(1, incarnation).bind(2, Int64(bitPattern: n)).first { ChainHash($0.blob(0)) } ?? nil
    }

    // MARK: Changes

    func append(_ change: StoredChange) throws {
        let (outcome, refusal) = change.outcome.columns
        try statement(
            """
            INSERT INTO change (position, incarnation, n, hash, bytes, record, outcome, code, reason,
                effective, is_estimated, received_at, said)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?1)
            """
        )
        .bind(1, change.position).bind(2, change.incarnation).bind(3, Int64(bitPattern: change.n))
        .bind(4, change.hash.bytes).bind(5, change.bytes).bind(6, change.record).bind(7, outcome)
        .bind(8, refusal?.code).bind(9, refusal?.reason).bind(10, change.effective?.microseconds)
        .bind(11, change.effective?.isEstimated == true ? 1 : 0).bind(12, change.receivedAt).run()
    }

    func rejudge(
        position: Int64, _ outcome: Disposition.Outcome, effective: EffectiveTime?, said: Int64
    ) throws {
        let (outcome, refusal) = outcome.columns
        try statement(
            """
            UPDATE change SET outcome = ?, code = ?, reason = ?, effective = ?, is_estimated = ?, said = ?
            WHERE position = ?
            """
        )
        .bind(1, outcome).bind(2, refusal?.code).bind(3, refusal?.reason).bind(4, effective?.microseconds)
        .bind(5, effective?.isEstimated == true ? 1 : 0).bind(6, said).bind(7, position).run()
    }

    func changes(from first: Int64, to last: Int64) throws -> [StoredChange] {
        try statement(
            """
            SELECT position, incarnation, n, hash, bytes, record, outcome, code, reason, effective,
                is_estimated, received_at
            FROM change WHERE position BETWEEN ? AND ? ORDER BY position
            """
        )
        .bind(1, first).bind(2, last).all {
            StoredChange(
                position: $0.integer(0), incarnation: $0.integer(1), n: UInt64(bitPattern: $0.integer(2)),
                hash: ChainHash($0.blob(3)) ?? .zero, bytes: $0.blob(4), record: $0.integer(5),
                outcome: Disposition.Outcome(
                    column: $0.integer(6), code: $0.optionalText(7), reason: $0.optionalText(8)),
                effective: effectiveTime($0, 9), receivedAt: $0.integer(11))
        }
    }

    func bytes(of incarnation: IncarnationNumber, at n: UInt64) throws -> [UInt8]? {
        try statement("SELECT bytes FROM change WHERE incarnation = ? AND n = ?")
            .bind(1, incarnation).bind(2, Int64(bitPattern: n)).first { $0.blob(0) }
    }

    func position(of incarnation: IncarnationNumber, at n: UInt64) throws -> Int64? {
        try statement("SELECT position FROM change WHERE incarnation = ? AND n = ?")
            .bind(1, incarnation).bind(2, Int64(bitPattern: n)).first { $0.integer(0) }
    }

    func speaker(of incarnation: IncarnationNumber) throws -> Speaker? {
        try statement(
            """
            SELECT device.number, code, staff, retired_at FROM incarnation
            JOIN device ON device.number = incarnation.device WHERE incarnation.number = ?
            """
        )
        .bind(1, incarnation).first {
            Speaker(
                number: $0.integer(0), code: $0.text(1), staff: $0.text(2),
                isRetired: $0.optionalInteger(3) != nil)
        }
    }

    func history(of record: RecordNumber) throws -> [(bytes: [UInt8], effective: EffectiveTime?)] {
        try statement(
            """
            SELECT bytes, effective, is_estimated FROM change
            WHERE record = ? AND outcome IN (0, 1) ORDER BY position
            """
        )
        .bind(1, record).all { ($0.blob(0), effectiveTime($0, 1)) }
    }

    func history(
        of record: RecordNumber, in context: Context
    ) throws -> [(bytes: [UInt8], effective: EffectiveTime?)] {
        // Of what the context does not hold the bytes are not even read.
        try statement(
            """
            SELECT bytes, effective, is_estimated, incarnation.incarnation, n FROM change
            JOIN incarnation ON incarnation.number = change.incarnation
            WHERE record = ? AND outcome IN (0, 1) ORDER BY position
            """
        )
        .bind(1, record).all { row -> (bytes: [UInt8], effective: EffectiveTime?)? in
            guard let incarnation = Identifier(bytes: row.blob(3)),
                context.contains(Dot(incarnation, UInt64(bitPattern: row.integer(4))))
            else { return nil }
            return (row.blob(0), effectiveTime(row, 1))
        }
        .compactMap { $0 }
    }

    func arrivals(of record: RecordNumber) throws -> [Arrived] {
        let taken = try statement(
            """
            SELECT ours.incarnation, change.n, change.received_at, device.code, writer.code, refused.received_at
            FROM change
            JOIN incarnation AS ours ON ours.number = change.incarnation
            JOIN device ON device.number = ours.device
            LEFT JOIN reissue ON reissue.issued = change.position
            LEFT JOIN change AS refused ON refused.position = reissue.position
            LEFT JOIN incarnation AS theirs ON theirs.number = refused.incarnation
            LEFT JOIN device AS writer ON writer.number = theirs.device
            WHERE change.record = ? AND change.outcome IN (0, 1) ORDER BY change.position
            """
        )
        .bind(1, record).all { row in
            arrived(
                row, device: row.optionalText(4) ?? row.text(3),
                way: row.optionalInteger(5).map { .released(first: $0) } ?? .sent)
        }
        let brought = try statement(
            """
            SELECT brought.incarnation, brought.n, brought.at, carrier.code, writer.code FROM brought
            JOIN device AS carrier ON carrier.number = brought.device
            LEFT JOIN incarnation ON incarnation.incarnation = brought.incarnation
            LEFT JOIN device AS writer ON writer.number = incarnation.device
            WHERE brought.record = ? ORDER BY brought.position
            """
        )
        .bind(1, record).all { arrived($0, device: $0.optionalText(4), way: .brought(by: $0.text(3))) }
        return (taken + brought).compactMap { $0 }
    }

    private func arrived(_ row: RawStatement, device: String?, way: Arrived.Way) -> Arrived? {
        Identifier(bytes: row.blob(0)).map {
            Arrived(
                dot: Dot($0, UInt64(bitPattern: row.integer(1))), device: device, at: row.integer(2),
                way: way)
        }
    }

    /// Reads what became of changes: those whose word is their first, by walking each incarnation's newest
    /// numbers, and the few whose word has changed since.
    func dispositions(device: DeviceNumber, after heard: Int64, limit: Int) throws -> [SaidDisposition] {
        let incarnations = try statement(
            "SELECT number, incarnation FROM incarnation WHERE device = ? ORDER BY number"
        )
        .bind(1, device).all { (number: $0.integer(0), id: Identifier(bytes: $0.blob(1))) }
        var found: [SaidDisposition] = []
        for (number, id) in incarnations {
            guard let id else { continue }
            let known = try statement(
                """
                SELECT n FROM change WHERE incarnation = ? AND position <= ? ORDER BY n DESC LIMIT 1
                """
            )
            .bind(1, number).bind(2, heard).first { $0.integer(0) }
            found += try statement(
                """
                SELECT said, record, n, outcome, code, reason, effective, is_estimated FROM change
                WHERE incarnation = ? AND n > ? AND said = position ORDER BY n LIMIT ?
                """
            )
            .bind(1, number).bind(2, known ?? 0).bind(3, Int64(limit)).all { said($0, id) }
            found += try statement(
                """
                SELECT said, record, n, outcome, code, reason, effective, is_estimated FROM change
                WHERE incarnation = ? AND said > ? AND said <> position ORDER BY said LIMIT ?
                """
            )
            .bind(1, number).bind(2, heard).bind(3, Int64(limit)).all { said($0, id) }
        }
        return Array(found.sorted { $0.said < $1.said }.prefix(limit))
    }

    private func said(_ row: RawStatement, _ incarnation: Incarnation) -> SaidDisposition {
        let outcome = Disposition.Outcome(
            column: row.integer(3), code: row.optionalText(4), reason: row.optionalText(5))
        // What is in quarantine keeps the time it would have, and has none yet.
        let isPart = outcome == .applied || outcome == .conflict
        return SaidDisposition(
            said: row.integer(0), record: row.integer(1),
            disposition: Disposition(
                dot: Dot(incarnation, UInt64(bitPattern: row.integer(2))), outcome: outcome,
                effective: isPart ? effectiveTime(row, 6) : nil))
    }

    private func effectiveTime(_ row: RawStatement, _ column: Int32) -> EffectiveTime? {
        row.optionalInteger(column).map {
            EffectiveTime(microseconds: $0, isEstimated: row.integer(column + 1) == 1)
        }
    }
}

extension Disposition.Outcome {
    /// How an outcome is stored: a number, and for a refusal its words.
    var columns: (Int64, Refusal?) {
        switch self {
        case .applied, .taken: (0, nil)
        case .conflict: (1, nil)
        case .quarantined(let refusal): (2, refusal)
        case .released: (3, nil)
        case .withdrawn: (4, nil)
        }
    }

    init(column: Int64, code: String?, reason: String?) {
        switch column {
        case 1: self = .conflict
        case 2: self = .quarantined(Refusal(code: code ?? "", reason: reason ?? ""))
        case 3: self = .released
        case 4: self = .withdrawn
        default: self = .applied
        }
    }
}
