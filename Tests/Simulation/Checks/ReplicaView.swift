import Foundation
import GRDB
import SyncModel
import SyncReplica

/// A laptop's file, read past the replica.
struct ReplicaView {
    /// The confirmed states, as bytes.
    let records: [RecordID: [UInt8]]
    /// Which records stand in which visible table.
    let shown: [(table: String, record: RecordID)]
    let cursor: [UInt8]

    init(_ device: SimulatedDevice) throws {
        let tables = SimulatedDomain(device.edition).schema.tables
        var records: [RecordID: [UInt8]] = [:]
        var shown: [(table: String, record: RecordID)] = []
        cursor = try device.replica.queue.read { db in
            for row in try Row.fetchAll(db, sql: "SELECT id, state FROM sync_record") {
                guard let id = Identifier(bytes: Array(row["id"] as Data)) else { continue }
                records[id] = Array(row["state"] as Data)
            }
            for table in tables {
                for text in try String.fetchAll(db, sql: "SELECT id FROM \"\(table.name)\"") {
                    if let id = Identifier(text: text) { shown.append((table.name, id)) }
                }
            }
            return Array(try Data.fetchOne(db, sql: "SELECT cursor FROM sync_meta") ?? Data())
        }
        self.records = records
        self.shown = shown
    }

    /// The visible tables, row by row.
    static func rows(_ device: SimulatedDevice) throws -> [String: String] {
        try device.replica.queue.read { db in
            var rows: [String: String] = [:]
            for table in SimulatedDomain(device.edition).schema.tables {
                for row in try Row.fetchAll(db, sql: "SELECT * FROM \"\(table.name)\"") {
                    let id: String = row["id"]
                    rows["\(table.name) \(id)"] = row.description
                }
            }
            return rows
        }
    }

    /// The cursor and the records under it, and nothing else.
    static func held(_ device: SimulatedDevice) throws -> (cursor: [UInt8], records: Set<RecordID>) {
        try device.replica.queue.read { db in
            let ids = try Data.fetchSet(db, sql: "SELECT id FROM sync_record")
            let cursor = try Data.fetchOne(db, sql: "SELECT cursor FROM sync_meta") ?? Data()
            return (Array(cursor), Set(ids.compactMap { Identifier(bytes: Array($0)) }))
        }
    }
}
