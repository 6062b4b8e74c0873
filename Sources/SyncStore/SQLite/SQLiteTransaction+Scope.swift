import SyncModel

/// What lies in a device's scope.
extension SQLiteTransaction {
    func eachRecord(
        under keys: [KeyNumber], where isWanted: (RecordID) -> Bool,
        _ body: (RecordID, String, [UInt8]) throws -> Void
    ) throws {
        if try keys.contains(key("all")) {
            let rows = try statement(
                "SELECT id, \"table\", state FROM record WHERE length(state) > 0 ORDER BY id")
            try rows.each { row in
                guard let id = Identifier(bytes: row.blob(0)), isWanted(id) else { return }
                try body(id, row.text(1), row.blob(2))
            }
            return
        }
        // A record under several keys counts once; the ids alone are small enough to be put in order here.
        var numbers: Set<RecordNumber> = []
        for key in keys {
            try statement("SELECT record FROM feed WHERE \"key\" = ?").bind(1, key)
                .each { numbers.insert($0.integer(0)) }
        }
        var found: [(id: RecordID, number: RecordNumber)] = []
        for number in numbers {
            let id =
                try statement("SELECT id FROM record WHERE number = ?").bind(1, number)
                .first { Identifier(bytes: $0.blob(0)) } ?? nil
            if let id, isWanted(id) { found.append((id, number)) }
        }
        found.sort { $0.id < $1.id }
        for (id, number) in found {
            let row = try statement("SELECT \"table\", state FROM record WHERE number = ?").bind(1, number)
                .first { (table: $0.text(0), state: $0.blob(1)) }
            if let row, !row.state.isEmpty { try body(id, row.table, row.state) }
        }
    }
}
