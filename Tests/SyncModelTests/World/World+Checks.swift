import SyncModel

extension World {
    /// The faults stop. Everything is sent and fetched until nothing moves any more.
    mutating func settle() {
        trace?.note("the faults stop")
        for _ in 0..<6 {
            for who in devices.indices { push(who, atMost: .max, faultless: true) }
            for who in devices.indices {
                var pages = 0
                while pull(who, limit: 2, faultless: true) {
                    pages += 1
                    if pages > 20 { return fail(.paging, "paging never ends") }
                }
            }
        }
    }

    mutating func check() {
        for device in devices.indices { checkReplica(device) }
        for record in server.records.indices { checkRecord(record) }
    }

    private mutating func checkReplica(_ number: Int) {
        let device = devices[number]
        if !device.pending.isEmpty { fail(.queue, "the queue of device \(number) never drains") }
        for record in server.records.indices {
            let inScope = server.keys[record] & server.subscriptions[device.index] != 0
            if inScope {
                if device.state(record) != server.records[record] {
                    fail(.replica, "device \(number) differs from the server in record \(record)")
                }
            } else if device.held[record] != nil {
                fail(.heldOutsideScope, "device \(number) holds record \(record) outside its scope")
            }
        }
    }

    /// Every change that counts: what the server ever took and, unless databases were copied, what was ever
    /// committed. A restored copy may have lost what nobody else had; nothing else may lose anything.
    private func history(of record: Int) -> [Entry] {
        var all = server.log
        if !faults.contains(.clone) {
            all.merge(oracle.committed) { taken, _ in taken }
        }
        return all.values.filter { $0.record == record }.sorted { $0.dot < $1.dot }
    }

    private mutating func checkRecord(_ record: Int) {
        let entries = history(of: record)
        let state = server.records[record]
        var conflicts: [String] = []
        for register in Self.registers {
            let expected = CausalOracle.maximal(entries, register: register)
            let found = state.siblings(of: register)
            let (truth, shown) = (Set(expected.map(\.dot)), Set(found.map(\.change.dot)))
            if !truth.subtracting(shown).isEmpty {
                fail(.lost, "LOST: \(truth.subtracting(shown)) of \(register) in record \(record)")
            }
            if !shown.subtracting(truth).isEmpty {
                fail(
                    .falseConflict,
                    "false conflict: \(shown.subtracting(truth)) of \(register) in record \(record)")
            }
            let winner = CausalOracle.shown(expected).map { CausalOracle.value($0, register) }
            if winner != state.winner(of: register) {
                fail(.winner, "the wrong value of \(register) is shown")
            }
            if Set(expected.map { CausalOracle.value($0, register) }).count > 1 { conflicts.append(register) }
        }
        let deletion = CausalOracle.deletion(entries, registers: Self.registers)
        if deletion == .contested, !conflicts.contains(deletedRegister) { conflicts.append(deletedRegister) }
        if deletion != state.deletion {
            fail(.deletion, "record \(record) is \(state.deletion), not \(deletion)")
        }
        if conflicts != state.conflicts {
            fail(.conflicts, "conflicts are \(state.conflicts), not \(conflicts)")
        }
        count(conflicts: conflicts.count, contested: deletion == .contested ? 1 : 0)
        checkOrder(of: entries, against: state)
    }

    /// The same changes in any order, in parts, some of them twice.
    private mutating func checkOrder(of entries: [Entry], against state: RecordState) {
        var left = entries.map(\.change)
        left.shuffle(using: &random)
        var joined = RecordState(table: state.table)
        while !left.isEmpty {
            let again = random.chance(20) ? [left[0]] : []
            joined = rules.join(joined, Array(left.prefix(2)))
            left = left.dropFirst(2) + again
        }
        if joined != state { fail(.order, "order or repetition matters") }
    }
}
