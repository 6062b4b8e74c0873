import Foundation
import GRDB
import SyncModel
import SyncReplica
import SyncWire

/// What a ``Defect`` does to single rows, and to files.
extension World {
    /// To the server's file, when all has settled.
    func spoilTables() throws {
        let sql: String
        switch defect {
        case .forgottenRelease:
            sql = "UPDATE change SET outcome = 4 WHERE position IN (SELECT issued FROM reissue)"
        case .revivedDiscard: sql = "UPDATE change SET outcome = 2, code = 'permission' WHERE outcome = 4"
        case .falseRefusal:
            sql = """
                UPDATE change SET outcome = 2, code = 'schema', reason = 'x'
                WHERE position = (SELECT max(position) FROM change WHERE outcome = 0)
                """
        case .waryOfRetired:
            sql = """
                UPDATE change SET outcome = 2, code = 'retired', reason = 'x'
                WHERE (n, (SELECT incarnation FROM incarnation WHERE number = change.incarnation))
                    IN (SELECT n, incarnation FROM brought)
                """
        case .deafToWithdrawals:
            sql = "UPDATE change SET outcome = 2, code = 'permission' WHERE outcome = 4"
        case .alteredAudit: sql = "DROP TRIGGER audit_stands; UPDATE audit SET at = at + 1 WHERE number = 1"
        case .shortFeed:
            sql = """
                DELETE FROM feed WHERE record = (SELECT max(number) FROM record WHERE "table" = 'site')
                """
        case .lostTable: sql = "DROP TABLE brought"
        case .damagedFile: return try damageIndex()
        case .greedyRelease: return try replaceSiblings()
        default: return
        }
        try DatabaseQueue(path: office.path).write { try $0.execute(sql: sql) }
    }

    /// To a laptop's file, before it is looked at.
    func spoilLaptop(_ device: SimulatedDevice) throws {
        let sql =
            "UPDATE sync_change SET hash = zeroblob(32) WHERE place = (SELECT min(place) FROM sync_change)"
        guard defect == .alteredLog else { return }
        try device.replica.queue.write { try $0.execute(sql: sql) }
    }

    /// To what a laptop holds: a copy of one of its records, under a name that nobody gave.
    func spoilHeld(_ device: SimulatedDevice) throws {
        guard defect == .ghostRecord else { return }
        try device.replica.queue.write {
            try $0.execute(
                sql: """
                    INSERT INTO sync_record (id, tbl, state, keyset)
                    SELECT x'00112233445570008000000000000001', tbl, state, keyset FROM sync_record
                    ORDER BY id LIMIT 1
                    """)
        }
    }

    /// To what a laptop shows.
    func spoilRows(_ device: SimulatedDevice) throws {
        guard defect == .alteredRow else { return }
        try device.replica.queue.write { try $0.execute(sql: "UPDATE participant SET preferred_name = 'x'") }
    }

    /// A row is written past an index, whose definition is taken away meanwhile.
    private func damageIndex() throws {
        try DatabaseQueue(path: office.path).inDatabase { db in
            try db.execute(
                sql: """
                    PRAGMA writable_schema = ON;
                    UPDATE sqlite_schema SET sql = 'CREATE INDEX change_quarantined ON change (outcome)'
                    WHERE name = 'change_quarantined';
                    PRAGMA writable_schema = RESET;
                    """)
        }
    }

    /// Of what stands beside a released change, nothing stands any more.
    private func replaceSiblings() throws {
        let released = Set(oracle.released.values.flatMap { $0 })
        try DatabaseQueue(path: office.path).write { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT number, id, state FROM record WHERE length(state) > 0 ORDER BY number")
            for row in rows {
                let state = try StateCodec.decode(Array(row["state"] as Data))
                guard let id = Identifier(bytes: Array(row["id"] as Data)) else { continue }
                let own = state.live.filter { change in
                    oracle.find(id, wall: change.deviceMicroseconds, under: change.dot.incarnation)
                        .map(released.contains) ?? false
                }
                let registers = Set(own.flatMap { $0.writes.map(\.register) })
                let others = state.live.filter { !own.contains($0) }.map { change in
                    var rest = change
                    rest.writes.removeAll { registers.contains($0.register) }
                    return rest
                }
                let spoiled = RecordState(
                    table: state.table, live: own + others.filter { !$0.writes.isEmpty })
                guard spoiled != state else { continue }
                try db.execute(
                    sql: "UPDATE record SET state = ? WHERE number = ?",
                    arguments: [Data(StateCodec.encode(spoiled)), row["number"] as Int64])
            }
        }
    }

    /// A backup that broke off has its name all the same.
    func halveBackup(_ file: String) throws {
        guard defect == .halfBackup, !FileManager.default.fileExists(atPath: file) else { return }
        try FileManager.default.moveItem(atPath: file + ".partial", toPath: file)
    }

    /// One of several that were entered together is decided, and the others are not.
    func decideInPart(_ group: [Int64]) throws {
        guard defect == .partialDecision, let first = group.first, group.count > 1 else { return }
        try DatabaseQueue(path: office.path).write {
            try $0.execute(sql: "UPDATE change SET outcome = 4 WHERE position = ?", arguments: [first])
            try $0.execute(
                sql: "UPDATE change SET outcome = 2, code = 'x' WHERE position = ?", arguments: [group[1]])
        }
    }

    /// The lease of the process that syncs is taken away.
    func stealLease(_ device: SimulatedDevice) throws {
        guard defect == .stolenLease else { return }
        try device.replica.queue.write { try $0.execute(sql: "DELETE FROM sync_lease") }
    }
}
