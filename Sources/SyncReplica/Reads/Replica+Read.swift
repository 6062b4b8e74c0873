public import SyncModel

extension Replica {
    /// A record as it is shown, deleted or not; `nil` when it is not on this laptop.
    public func view(_ record: RecordID) throws -> RecordView? {
        try readRecords { db, _ in try Shown.view(db, record, domain.schema) }
    }

    /// Everything that is shown of a record: confirmed merged with what is open.
    public func state(_ record: RecordID) throws -> RecordState? {
        try readRecords { db, _ in try Shown.load(db, record)?.state }
    }

    /// Everything that would be shown of a record if one of this laptop's own open changes had not been written.
    public func stateWithout(_ change: Dot, of record: RecordID) throws -> RecordState? {
        try readRecords { db, _ in try Shown.load(db, record, without: change)?.state }
    }

    /// The values a register holds, the shown one first.
    public func siblings(_ record: RecordID, of register: String) throws -> [Sibling] {
        try readRecords { db, _ in
            guard let state = try Shown.load(db, record)?.state else { return [] }
            guard let table = domain.schema.table(state.table), let known = table.register(register) else {
                return state.siblings(of: register)
            }
            return state.siblings(of: known, in: table)
        }
    }

    /// Which version of a record is shown now.
    public func token(for record: RecordID) throws -> ReadToken? {
        try readRecords { db, _ in
            guard let state = try Shown.load(db, record)?.state else { return nil }
            return ReadToken(record: record, context: state.context, event: try EventLog.newest(db))
        }
    }

    /// The records that answer a question, as they are shown.
    ///
    /// - Throws: ``SyncError`` `internalFault` for a table or field that the schema does not have.
    public func find(_ query: Query) throws -> [RecordView] {
        try readRecords { db, _ in try Answers.views(db, query, domain.schema) }
    }

    /// The ids of the records that answer a question, in its order: read from the visible table alone, so that a whole
    /// table of them costs little.
    ///
    /// - Throws: ``SyncError`` `internalFault` for a table or field that the schema does not have.
    public func ids(_ query: Query) throws -> [RecordID] {
        try readRecords { db, _ in try Answers.ids(db, query, domain.schema) }
    }

    /// How many records answer a question.
    public func count(_ query: Query) throws -> Int {
        try readRecords { db, _ in try Answers.count(db, query, domain.schema) }
    }

    /// The texts that stand in a field of more than one record, sorted: codes that should name one record and name
    /// several.
    public func repeated(_ field: String, in table: String) throws -> [String] {
        try readRecords { db, _ in try Answers.repeated(db, field, table, domain.schema) }
    }

    /// What this laptop itself wrote when it made the records of a table, oldest first, those included that it no
    /// longer holds.
    public func made(in table: String) throws -> [[RegisterWrite]] {
        try readRecords { db, _ in
            try Log.made(db, in: table).map { try $0.change().writes }
        }
    }

    /// The records that this laptop itself made and that name one of some others, by those and oldest first, those included
    /// that it no longer holds. What the server did not take is not among them.
    ///
    /// It goes through everything that was ever made on this laptop, so it is asked about all others at once.
    public func own(naming records: Set<RecordID>) throws -> [RecordID: [OwnRecord]] {
        guard !records.isEmpty else { return [:] }
        return try readRecords { db, _ in
            var found: [RecordID: [OwnRecord]] = [:]
            for entry in try Log.made(db) where entry.state.isTaken {
                let change = try entry.change()
                let named = Set(change.writes.flatMap { $0.values.compactMap(\.reference) })
                for record in named.intersection(records) where record != change.record {
                    found[record, default: []].append(
                        OwnRecord(
                            record: change.record, table: change.table,
                            writtenMicroseconds: change.clock.wallMicroseconds))
                }
            }
            return found
        }
    }

    /// The record that the newest entry on this laptop wrote to, the first of them if it wrote to several, and its
    /// table; `nil` before the first entry.
    public func lastWritten() throws -> (record: RecordID, table: String)? {
        try readRecords { db, _ in
            let head = try Log.current(db)
            guard head.newest > 0, let first = try newestEdit(db, head).first else { return nil }
            let change = try first.change()
            return (change.record, change.table)
        }
    }

    /// The records with a register in conflict, table by table.
    public func conflicted() throws -> [RecordView] {
        try readRecords { db, _ in
            try domain.schema.tables.flatMap { table in
                try Answers.views(db, Query(table.name, where: [.inConflict]), domain.schema)
            }
        }
    }

    /// What this laptop holds of a record's history: the changes that stand, and its own, oldest first.
    public func history(_ record: RecordID) throws -> [HistoryEntry] {
        try readRecords { db, _ in
            let live = try Shown.load(db, record)?.state.live ?? []
            var places: [Int64: Incarnation] = [:]
            for head in try Log.heads(db) { places[head.place] = head.id }
            var own: [Dot: (LogEntry, Change)] = [:]
            for entry in try Log.entries(db, of: record) {
                guard let incarnation = places[entry.incarnation] else { throw Failures.damaged }
                own[Dot(incarnation, entry.n)] = (entry, try entry.change())
            }
            var found = live.map { change in
                HistoryEntry(
                    dot: change.dot, author: change.author, writes: change.writes, context: change.context,
                    writtenMicroseconds: change.deviceMicroseconds, effective: change.effective,
                    isLive: true, outcome: own[change.dot]?.0.outcome)
            }
            let shown = Set(live.map(\.dot))
            for (dot, (entry, change)) in own where !shown.contains(dot) {
                if entry.state == .released, live.contains(where: change.isIssuedAnew(as:)) { continue }
                found.append(
                    HistoryEntry(
                        dot: dot, author: change.author, writes: change.writes, context: change.context,
                        writtenMicroseconds: change.clock.wallMicroseconds,
                        effective: entry.effective, isLive: false, outcome: entry.outcome))
            }
            return found.sorted { Self.order($0) < Self.order($1) }
        }
    }

    private static func order(_ entry: HistoryEntry) -> (Int64, Int64, Dot) {
        (entry.effective?.microseconds ?? .max, entry.writtenMicroseconds, entry.dot)
    }
}

extension Change {
    /// Whether a live change is what a server's administrator issued for this one: it has the same content, author
    /// and clock reading, and another dot.
    fileprivate func isIssuedAnew(as live: LiveChange) -> Bool {
        live.dot != dot && live.author == author && live.writes == writes
            && live.deviceMicroseconds == clock.wallMicroseconds
    }
}
