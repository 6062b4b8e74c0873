import SyncModel
import SyncReplica
import SyncWire

/// Promises 3, 5, 8 and 12: what every laptop holds when all is settled.
extension World {
    func checkReplica(_ device: SimulatedDevice, _ server: ServerView) throws {
        let name = device.owner
        let status = try device.replica.status()
        if status.waiting > 0 {
            throw Broken("queues", "\(name) still has \(status.waiting) changes to send")
        }
        let outbox = try device.replica.outbox()
        let quarantined = Set(server.taken.filter { $0.code != nil }.map(\.dot))
        for entry in outbox {
            if case .quarantined = entry.outcome, !quarantined.contains(entry.dot) {
                throw Broken("outbox", "\(name) still marks as refused what was decided: \(entry.dot)")
            }
            guard case .quarantined = entry.outcome else {
                throw Broken("queues", "\(name) still has \(entry.dot) in its outbox")
            }
        }
        let view = try ReplicaView(device)
        let keys = server.subscriptions(of: device.enrolment.staff, device: device.enrolment.device)
        if Set(status.keys) != keys {
            throw Broken(
                "scope",
                "\(name) is given \(Naming.list(status.keys)), and should be given \(Naming.list(keys))")
        }
        try checkHeld(device, view, keys, server)
        let own = Set(outbox.map(\.record))
        for (_, id) in view.shown where view.records[id] == nil && !own.contains(id) {
            throw Broken("scope", "\(name) still shows \(naming.name(id))")
        }
    }

    /// The files are sound, the log is as it was written, and the tables show what the records say.
    func checkDoctor(_ device: SimulatedDevice) throws {
        // That it is a copy a laptop may say until something is recorded on it.
        for finding in try device.replica.doctor() where finding.gravity != .fine && finding.area != "place" {
            throw Broken("doctor", "\(device.owner): \(finding.area): \(finding.text)")
        }
    }

    func checkRebuild(_ device: SimulatedDevice) throws {
        let before = try ReplicaView.rows(device)
        try device.replica.rebuild()
        if try before != ReplicaView.rows(device) {
            throw Broken("rebuild", "\(device.owner): the visible tables are not what a rebuild makes")
        }
    }

    /// Exactly what lies in its scope, byte for byte as the server has it.
    private func checkHeld(
        _ device: SimulatedDevice, _ view: ReplicaView, _ keys: Set<ScopeKey>, _ server: ServerView
    ) throws {
        let name = device.owner
        for (id, record) in server.records.sorted(by: { $0.key < $1.key }) {
            let own = server.keys[id] ?? []
            // A record with no key lies with whoever made it, whom the record does not name.
            guard !own.isEmpty || keys.contains("all") else { continue }
            let label = naming.name(id)
            let isInside = keys.contains("all") || !own.isDisjoint(with: keys)
            if isInside, view.records[id] == nil { throw Broken("converges", "\(name) lacks \(label)") }
            if !isInside, view.records[id] != nil { throw Broken("scope", "\(name) holds \(label)") }
            if isInside, let held = view.records[id], held != record.bytes {
                if try isErased(held, record.state) {
                    throw Broken("passes through", "\(name) dropped what it does not know of \(label)")
                }
                throw Broken("converges", "\(name) holds another state of \(label) than the server")
            }
        }
        for id in view.records.keys.sorted() where server.records[id] == nil {
            if try isLastCopy(id) { continue }
            throw Broken("converges", "\(name) holds \(naming.name(id)), which the server does not have")
        }
    }

    /// Whether a restored server has lost a record, no laptop has its making in its log any more, being gone or put
    /// back itself, and no administrator holds it: who does, and is not believed for others, keeps the last copy.
    private func isLastCopy(_ id: RecordID) throws -> Bool {
        guard isRestored else { return false }
        return try present.allSatisfy { device in
            let hasMade = try log(device).contains { row in
                // What is in quarantine again, since a release was lost too, or has been taken back, makes no record.
                guard row.record == id, Self.counting.contains(row.state),
                    let write = oracle.find(id, wall: row.wall)
                else {
                    return false
                }
                return oracle.writes[write].met.isEmpty
            }
            let mayBring = device.enrolment.role == "administrator"
            return try !hasMade && (!mayBring || device.replica.state(id) == nil)
        }
    }

    /// States of a log's rows that are part of a record, or will be: waiting, applied, in conflict, taken.
    private static let counting: Set<Int64> = [0, 1, 2, 6]

    /// Whether a laptop lacks exactly what its program does not know.
    private func isErased(_ held: [UInt8], _ state: RecordState) throws -> Bool {
        let known = SimulatedDomain(.current).schema.table(state.table)
        var rest = state.live
        for place in rest.indices {
            rest[place].writes.removeAll {
                $0.register != deletedRegister && known?.register($0.register) == nil
            }
        }
        let left = rest.filter { !$0.writes.isEmpty }
        let mine = try StateCodec.decode(held)
        return left != state.live && mine == RecordState(table: state.table, live: left)
    }
}
