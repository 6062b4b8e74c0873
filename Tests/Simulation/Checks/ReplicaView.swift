import Foundation
import GRDB
import PeerSupport
import SyncModel
import SyncReplica

/// A laptop's file, read past the replica.
struct ReplicaView {
    /// The confirmed states, as bytes.
    let records: [RecordID: [UInt8]]
    /// The visible tables, row by row, by record.
    let visible: [String: String]
    let damage: [String]

    init(_ device: SimulatedDevice) throws {
        var records: [RecordID: [UInt8]] = [:]
        var visible: [String: String] = [:]
        damage = try device.replica.queue.read { db in
            for row in try Row.fetchAll(db, sql: "SELECT id, state FROM sync_record") {
                guard let id = Identifier(bytes: Array(row["id"] as Data)) else { continue }
                records[id] = Array(row["state"] as Data)
            }
            for table in PeerSupportDomain().schema.tables {
                for row in try Row.fetchAll(db, sql: "SELECT * FROM \"\(table.name)\"") {
                    let id: String = row["id"]
                    visible["\(table.name) \(id)"] = row.description
                }
            }
            return try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
        }
        self.records = records
        self.visible = visible
    }
}
