import Foundation
import GRDB
import SyncModel
import SyncWire

/// The server's file, read past the server: what it holds, and what became of every change.
struct ServerView {
    struct Record {
        let table: String
        let bytes: [UInt8]
        let state: RecordState
    }

    struct Taken {
        let record: RecordID
        let dot: Dot
        let wall: Int64
        /// Why it is in quarantine; `nil` if it is not.
        let code: String?
        /// Whether it was in quarantine, and an administrator released or discarded it.
        let isDecided: Bool
        /// Whether nothing was entered together with it.
        let isAlone: Bool
        let effective: EffectiveTime?
        let receivedAt: Int64
    }

    let records: [RecordID: Record]
    let taken: [Taken]
    /// What administrators' laptops brought back after a restore, of logs that may never come again.
    let brought: [(record: RecordID, change: LiveChange)]
    /// Under which keys each record lies, worked out anew from what the records say.
    let keys: [RecordID: Set<ScopeKey>]
    let damage: [String]
    private let domain: SimulatedDomain

    /// - Parameter isWhole: whether the history is read too, and the file checked.
    init(path: String, _ domain: SimulatedDomain, isWhole: Bool = true) throws {
        self.domain = SimulatedDomain(domain.edition)
        let queue = try DatabaseQueue(path: path)
        var records: [RecordID: Record] = [:]
        var taken: [Taken] = []
        var brought: [(record: RecordID, change: LiveChange)] = []
        damage = try queue.read { db in
            for row in try Row.fetchAll(
                db, sql: "SELECT id, \"table\", state FROM record WHERE length(state) > 0")
            {
                let bytes = Array(row["state"] as Data)
                guard let id = Identifier(bytes: Array(row["id"] as Data)) else { continue }
                records[id] = Record(
                    table: row["table"], bytes: bytes, state: try StateCodec.decode(bytes))
            }
            guard isWhole else { return [] }
            for row in try Row.fetchAll(db, sql: "SELECT * FROM change ORDER BY position") {
                let change = try FrozenCodec.decode(Array(row["bytes"] as Data)).change
                let outcome: Int = row["outcome"]
                let effective: Int64? = row["effective"]
                taken.append(
                    Taken(
                        record: change.record, dot: change.dot, wall: change.clock.wallMicroseconds,
                        code: outcome == 2 ? row["code"] as String? ?? "?" : nil, isDecided: outcome > 2,
                        isAlone: change.transaction == nil,
                        effective: effective.map {
                            EffectiveTime(microseconds: $0, isEstimated: row["is_estimated"] as Bool)
                        }, receivedAt: row["received_at"]))
            }
            for row in try Row.fetchAll(
                db, sql: "SELECT id, brought.state FROM brought JOIN record ON record.number = brought.record"
            ) {
                guard let id = Identifier(bytes: Array(row["id"] as Data)) else { continue }
                brought += try StateCodec.decode(Array(row["state"] as Data)).live.map { (id, $0) }
            }
            return try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
        }
        self.records = records
        self.taken = taken
        self.brought = brought
        keys = Self.keys(of: records, self.domain)
    }

    private static func keys(
        of records: [RecordID: Record], _ domain: SimulatedDomain
    ) -> [RecordID: Set<ScopeKey>] {
        var keys: [RecordID: Set<ScopeKey>] = [:]
        var heirs: [(target: RecordID, parent: RecordID)] = []
        for (id, record) in records {
            guard let table = domain.schema.table(record.table) else { continue }
            for contribution in domain.contributions(
                of: RecordView(id: id, state: record.state, table: table))
            {
                switch contribution {
                case .key(let target, let key): keys[target, default: []].insert(key)
                case .inherit(let target, let parent): heirs.append((target, parent))
                }
            }
        }
        for _ in 0..<6 {
            for heir in heirs where records[heir.parent] != nil {
                keys[heir.target, default: []].formUnion(keys[heir.parent] ?? [])
            }
        }
        return keys
    }

    /// Of which record a change of the history is, and what its device's clock read.
    static func change(at position: Int64, in path: String) throws -> (record: RecordID, wall: Int64) {
        let bytes = try DatabaseQueue(path: path).read { db in
            try Data.fetchOne(db, sql: "SELECT bytes FROM change WHERE position = ?", arguments: [position])
        }
        let change = try FrozenCodec.decode(Array(bytes ?? Data())).change
        return (change.record, change.clock.wallMicroseconds)
    }

    /// The keys somebody receives by the directory as it stands.
    func subscriptions(of staff: String, device: String) -> Set<ScopeKey> {
        let id = World.staff(staff)
        guard let record = records[id], let table = domain.schema.table("staff") else { return [] }
        let view = RecordView(id: id, state: record.state, table: table)
        let actor = Actor(staff: staff, role: view["role"].text ?? "", device: device)
        return Set(domain.subscriptions(of: actor, staff: view) + ["device:\(device)"])
    }
}
