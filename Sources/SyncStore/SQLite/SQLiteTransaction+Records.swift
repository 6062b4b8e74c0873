import SyncModel

extension SQLiteTransaction {
    func record(_ id: RecordID) throws -> StoredRecord? {
        try statement(
            """
            SELECT number, id, "table", state, position, keys, gifts, origin, disputed
            FROM record WHERE id = ?
            """
        )
        .bind(1, id.bytes).first(storedRecord) ?? nil
    }

    func record(number: RecordNumber) throws -> StoredRecord? {
        try statement(
            """
            SELECT number, id, "table", state, position, keys, gifts, origin, disputed
            FROM record WHERE number = ?
            """
        )
        .bind(1, number).first(storedRecord) ?? nil
    }

    func newestRecord() throws -> RecordNumber {
        try statement("SELECT ifnull(max(number), 0) FROM record").first { $0.integer(0) } ?? 0
    }

    func pageRow(number: RecordNumber) throws -> PageRow? {
        try statement("SELECT id, state, keys, disputed FROM record WHERE number = ?").bind(1, number).first {
            row in
            Identifier(bytes: row.blob(0)).map {
                PageRow(
                    id: $0, state: row.blob(1), keys: keys(row.text(2)),
                    isDisputed: row.optionalInteger(3).map { $0 == 1 })
            }
        } ?? nil
    }

    func insert(_ record: StoredRecord) throws {
        try bind(
            record,
            to: statement(
                """
                INSERT INTO record ("table", state, position, keys, gifts, origin, disputed, number, id)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        )
        .bind(9, record.id.bytes).run()
    }

    func update(_ record: StoredRecord) throws {
        try bind(
            record,
            to: statement(
                """
                UPDATE record SET "table" = ?, state = ?, position = ?, keys = ?, gifts = ?, origin = ?,
                    disputed = ?
                WHERE number = ?
                """)
        ).run()
    }

    private func bind(_ record: StoredRecord, to statement: RawStatement) -> RawStatement {
        statement.bind(1, record.table).bind(2, record.state).bind(3, record.position)
            .bind(4, record.keys.map { String($0) }.joined(separator: " "))
            .bind(5, record.gifts.map { "\($0.target):\($0.key):\($0.parent)" }.joined(separator: " "))
            .bind(6, record.origin).bind(7, record.isDisputed.map { $0 ? 1 : 0 }).bind(8, record.number)
    }

    private func storedRecord(_ row: RawStatement) -> StoredRecord? {
        Identifier(bytes: row.blob(1)).map {
            StoredRecord(
                number: row.integer(0), id: $0, table: row.text(2), state: row.blob(3),
                position: row.integer(4),
                keys: keys(row.text(5)),
                gifts: row.text(6).split(separator: " ").compactMap(gift), origin: row.integer(7),
                isDisputed: row.optionalInteger(8).map { $0 == 1 })
        }
    }

    private func gift(_ text: Substring) -> Gift? {
        let parts = text.split(separator: ":").compactMap { Int64($0) }
        return parts.count == 3 ? Gift(target: parts[0], key: parts[1], parent: parts[2]) : nil
    }

    // MARK: Scope

    func gifts(to target: RecordNumber) throws -> [Gift] {
        try statement("SELECT \"key\", parent FROM gift WHERE target = ?").bind(1, target)
            .all { Gift(target: target, key: $0.integer(0), parent: $0.integer(1)) }
    }

    func heirs(of parent: RecordNumber) throws -> [RecordNumber] {
        try statement("SELECT DISTINCT target FROM gift WHERE parent = ? AND parent <> 0 ORDER BY target")
            .bind(1, parent).all { $0.integer(0) }
    }

    func add(_ gift: Gift, from source: RecordNumber) throws {
        try statement(
            "INSERT OR IGNORE INTO gift (target, source, \"key\", parent) VALUES (?, ?, ?, ?)"
        )
        .bind(1, gift.target).bind(2, source).bind(3, gift.key).bind(4, gift.parent).run()
    }

    func remove(_ gift: Gift, from source: RecordNumber) throws {
        try statement(
            "DELETE FROM gift WHERE target = ? AND source = ? AND \"key\" = ? AND parent = ?"
        )
        .bind(1, gift.target).bind(2, source).bind(3, gift.key).bind(4, gift.parent).run()
    }

    // MARK: Devices and roles

    func keysEverHeld(by device: DeviceNumber) throws -> Set<KeyNumber> {
        Set(
            try statement("SELECT \"key\" FROM device_key WHERE device = ?").bind(1, device)
                .all { $0.integer(0) })
    }

    func noteKey(_ key: KeyNumber, heldBy device: DeviceNumber) throws {
        try statement("INSERT OR IGNORE INTO device_key (device, \"key\") VALUES (?, ?)")
            .bind(1, device).bind(2, key).run()
    }

    func role(of staff: String, at time: Int64) throws -> String? {
        let held = try statement(
            "SELECT role FROM role WHERE staff = ? AND since <= ? ORDER BY since DESC LIMIT 1"
        )
        .bind(1, staff).bind(2, time).first { $0.text(0) }
        return try held
            ?? statement("SELECT role FROM role WHERE staff = ? ORDER BY since LIMIT 1")
            .bind(1, staff).first { $0.text(0) }
    }

    func roles(of staff: String, since device: DeviceNumber) throws -> [String] {
        try statement(
            """
            SELECT role FROM role WHERE staff = ? AND NOT EXISTS (
                SELECT 1 FROM role AS next WHERE next.staff = role.staff AND next.since > role.since
                AND next.since <= (SELECT enrolled_at FROM device WHERE number = ?))
            """
        )
        .bind(1, staff).bind(2, device).all { $0.text(0) }
    }

    func noteRole(_ role: String, of staff: String, since time: Int64) throws {
        let known = try statement("SELECT role FROM role WHERE staff = ? AND since = ?").bind(1, staff)
            .bind(2, time).first { $0.text(0) }
        guard known != role else { return }
        try statement("INSERT OR REPLACE INTO role (staff, since, role) VALUES (?, ?, ?)")
            .bind(1, staff).bind(2, time).bind(3, role).run()
        notedRoles.append(NotedRole(staff: staff, since: time, role: role))
    }

    func code(of device: DeviceNumber) throws -> String {
        try statement("SELECT code FROM device WHERE number = ?").bind(1, device).first { $0.text(0) } ?? ""
    }
}
