import PeerSupport
import SyncModel
import SyncReplica
import SyncStore

extension World {
    /// After the run: faults stop, everything drains, and all promises are checked.
    func finish(_ seed: UInt64) async throws {
        // Not the seed itself: the world began with it, and would give out the same secrets again.
        dice.start(from: ~seed)
        odds = .sound
        for device in devices { device.crashPoint.disarm() }
        try await drain()
        let server = try ServerView(path: office.path)
        if let damage = server.damage.first { throw Broken("integrity", "the server's file: \(damage)") }
        try checkWrites(server)
        for device in devices { try checkReplica(device, server) }
        try await checkFresh()
        figures.exchanges = office.exchanges
    }

    /// Everybody syncs until nothing comes or goes any more.
    private func drain() async throws {
        for round in 1...12 {
            var isQuiet = true
            for device in devices {
                do {
                    let report = try await sync(device)
                    trace.add("round \(round) \(device.name): \(Self.text(report))")
                    if report.sent + report.received + report.left > 0 || report.healed || report.reidentified
                    {
                        isQuiet = false
                    }
                } catch {
                    throw Broken("drains", "\(device.name) cannot sync once faults have stopped: \(error)")
                }
            }
            if isQuiet { return }
        }
        throw Broken("drains", "after 12 rounds something still comes or goes")
    }

    // MARK: Promises 1 and 2

    /// The writes that still exist anywhere: in a laptop's log, or in the server's history.
    private func checkWrites(_ server: ServerView) throws {
        var applied = Set<Int>()
        var refused: [Int: String] = [:]
        for change in server.taken {
            guard let id = oracle.find(change.record, wall: change.wall) else {
                throw Broken("nothing invented", "the server has a change that nobody made")
            }
            if let code = change.code { refused[id] = code } else { applied.insert(id) }
        }
        for (id, code) in refused.sorted(by: { $0.key < $1.key }) where !applied.contains(id) {
            figures.quarantined[code, default: 0] += 1
            if unexplained.contains(code) {
                throw Broken("quarantine", "\(story(id)) was honest, and is quarantined: \(code)")
            }
        }
        try checkTaken(applied, refused)
        let truth = oracle.maximal(applied)
        for (record, registers) in truth.sorted(by: { $0.key < $1.key }) {
            guard let state = server.records[record]?.state else {
                throw Broken("lost", "the server does not hold \(record.text.suffix(4)) at all")
            }
            for (register, writes) in registers.sorted(by: { $0.key < $1.key }) {
                try compare(record, register, writes, state)
            }
        }
    }

    /// Reasons for which nothing honest is ever refused. What was read from a server that lost it may be refused
    /// by the restored one: then it waits in quarantine, which is no loss.
    private var unexplained: Set<String> {
        let isRestored = !faults.isDisjoint(with: [.restoredServer, .undeclaredRestore])
        return isRestored ? ["author", "schema"] : ["author", "schema", "context", "scope"]
    }

    /// Nothing that a laptop keeps in its log is missing on the server.
    private func checkTaken(_ applied: Set<Int>, _ refused: [Int: String]) throws {
        var kept = Set<Int>()
        for device in devices {
            for row in try log(device) {
                guard let id = oracle.find(row.record, wall: row.wall) else {
                    throw Broken(
                        "nothing invented", "\(device.name) has a change in its log that nobody made")
                }
                kept.insert(id)
            }
        }
        if !faults.makesCopies {
            for write in oracle.writes
            where !write.isUndone && write.device != "server" && !kept.contains(write.id) {
                throw Broken("lost", "\(story(write.id)) is no longer in its laptop's log")
            }
        }
        for id in kept.sorted() where !applied.contains(id) && refused[id] == nil {
            throw Broken("lost", "\(story(id)) is in a laptop's log, and the server never took it")
        }
    }

    private func compare(
        _ record: RecordID, _ register: String, _ truth: Set<Int>, _ state: RecordState
    ) throws {
        var held = Set<Int>()
        for sibling in state.siblings(of: register) {
            guard let id = oracle.find(record, wall: sibling.change.deviceMicroseconds),
                oracle.writes[id].writes.contains(RegisterWrite(register, sibling.values))
            else { throw Broken("nothing invented", "the server holds a value that nobody wrote") }
            held.insert(id)
        }
        for id in truth.subtracting(held).sorted() {
            throw Broken("lost", "\(register): \(story(id)) is replaced by nothing that had met it")
        }
        guard !faults.makesCopies else { return }
        for id in held.subtracting(truth).sorted() {
            throw Broken("false conflict", "\(register): \(story(id)) was replaced, and still stands")
        }
    }

    private func story(_ id: Int) -> String {
        let write = oracle.writes[id]
        let registers = write.writes.map(\.register).joined(separator: "+")
        return "#\(id) by \(write.device) (\(write.table) \(write.record.text.suffix(4)) \(registers))"
    }

    // MARK: Promises 3, 5, 8, and the laptop's own state

    private func checkReplica(_ device: SimulatedDevice, _ server: ServerView) throws {
        let name = device.name
        let status = try device.replica.status()
        if status.waiting > 0 {
            throw Broken("queues", "\(name) still has \(status.waiting) changes to send")
        }
        for entry in try device.replica.outbox() {
            guard case .quarantined = entry.outcome else {
                throw Broken("queues", "\(name) still has \(entry.dot) in its outbox")
            }
        }
        let view = try ReplicaView(device)
        if let damage = view.damage.first { throw Broken("integrity", "\(name): \(damage)") }
        for finding in try device.replica.doctor() where finding.gravity != .fine {
            throw Broken("doctor", "\(name): \(finding.area): \(finding.text)")
        }
        let keys = server.subscriptions(of: device.enrolment.staff, device: device.enrolment.device)
        if Set(status.keys) != keys {
            throw Broken("scope", "\(name) receives \(status.keys), and should receive \(keys.sorted())")
        }
        try checkHeld(name, view, keys, server)
        let before = view.visible
        try device.replica.rebuild()
        let after = try ReplicaView(device).visible
        if before != after {
            throw Broken("rebuild", "\(name): the visible tables are not what a rebuild makes")
        }
        for row in before.keys.sorted() {
            guard let id = row.split(separator: " ").last.flatMap({ Identifier(text: $0) }) else { continue }
            let isOwn = try device.replica.outbox().contains { $0.record == id }
            if view.records[id] == nil, !isOwn { throw Broken("scope", "\(name) still shows \(row)") }
        }
    }

    /// Exactly what lies in its scope, byte for byte as the server has it.
    private func checkHeld(
        _ name: String, _ view: ReplicaView, _ keys: Set<ScopeKey>, _ server: ServerView
    ) throws {
        for (id, record) in server.records.sorted(by: { $0.key < $1.key }) {
            let own = server.keys[id] ?? []
            // A record with no key lies with whoever made it, whom the record does not name.
            guard !own.isEmpty || keys.contains("all") else { continue }
            let label = "\(record.table) \(id.text.suffix(4))"
            let isInside = keys.contains("all") || !own.isDisjoint(with: keys)
            if isInside, view.records[id] == nil { throw Broken("converges", "\(name) lacks \(label)") }
            if !isInside, view.records[id] != nil { throw Broken("scope", "\(name) holds \(label)") }
            if isInside, view.records[id] != record.bytes {
                throw Broken("converges", "\(name) holds another state of \(label) than the server")
            }
        }
        for id in view.records.keys.sorted() where server.records[id] == nil {
            throw Broken("converges", "\(name) holds \(id.text.suffix(4)), which the server does not have")
        }
    }

    /// A laptop that enrols now ends with the same as one that went through all of it.
    private func checkFresh() async throws {
        let digest = try office.store.digest()
        for device in devices where device.enrolment.role == "administrator" {
            if try device.replica.digest() != digest {
                throw Broken("digest", "\(device.name) and the server differ")
            }
        }
        guard let old = dice.pick(devices) else { return }
        let server = try ServerView(path: office.path)
        let hasStray = server.records.keys.contains { (server.keys[$0] ?? []).isEmpty }
        guard !hasStray || old.enrolment.role == "administrator" else { return }
        let fresh = try enrol(old.enrolment.staff)
        do { try await sync(fresh) } catch { throw Broken("digest", "a fresh laptop cannot sync: \(error)") }
        if try fresh.replica.digest() != old.replica.digest() {
            throw Broken("digest", "\(old.name) and a fresh laptop of \(old.enrolment.staff) differ")
        }
    }
}
