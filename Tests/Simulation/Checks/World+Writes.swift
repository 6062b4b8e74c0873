import SyncModel

/// Promises 1, 2, 9 and 10: what became of every write.
extension World {
    func checkWrites(_ server: ServerView) throws {
        var applied: [Int: Dot] = [:]
        var twice: Set<Int> = []
        var refused: [Int: String] = [:]
        var decided: Set<Int> = []
        for change in server.taken {
            guard let id = oracle.find(change.record, wall: change.wall, under: change.dot.incarnation)
            else {
                throw Broken("nothing invented", "the server has a change that nobody made")
            }
            if let code = change.code { refused[id] = code }
            if change.isDecided { decided.insert(id) }
            guard change.code == nil, !change.isDecided else { continue }
            if let other = applied[id] {
                // Two laptops that were one, or a restored server, may come to two numbers for it, never in one log.
                let mayBe = (copies > 0 || isRestored) && other.incarnation != change.dot.incarnation
                guard mayBe else {
                    throw Broken(
                        "repetition", "\(story(id)) was taken twice, as \(other) and as \(change.dot)")
                }
                twice.insert(id)
            }
            applied[id] = change.dot
        }
        for (record, change) in server.brought {
            guard
                let id = oracle.find(
                    record, wall: change.deviceMicroseconds, under: change.dot.incarnation)
            else { throw Broken("nothing invented", "somebody brought back a change that nobody made") }
            if let other = applied[id], other != change.dot { twice.insert(id) }
            if applied[id] == nil { applied[id] = change.dot }
        }
        try checkBrought(server)
        try checkRefused(refused, Set(applied.keys))
        try checkTaken(Set(applied.keys).union(refused.keys).union(decided))
        try checkTimes(server)
        try checkRecall(server)
        let renumbered = copies > 0 || isRestored ? try issuedAnew().union(twice) : []
        let truth = oracle.maximal(Set(applied.keys))
        for (record, registers) in truth.sorted(by: { $0.key < $1.key }) {
            guard let state = server.records[record]?.state else {
                throw Broken("lost", "the server does not hold \(naming.name(record)) at all")
            }
            for (register, writes) in registers.sorted(by: { $0.key < $1.key }) {
                try compare(record, register, writes, state, renumbered)
            }
        }
    }

    /// Whether the server was put back in this run.
    var isRestored: Bool { restores > 0 }

    /// What an administrator brought back had been taken before its laptop was retired, and is refused no more.
    private func checkBrought(_ server: ServerView) throws {
        let brought = Set(server.brought.map(\.change.dot))
        for change in server.taken where change.code == "retired" && change.isAlone {
            guard brought.contains(change.dot),
                let id = oracle.find(change.record, wall: change.wall, under: change.dot.incarnation)
            else { continue }
            throw Broken("quarantine", "\(story(id)) was brought back, and is in quarantine even so")
        }
    }

    /// Nothing honest is refused without a reason that somebody can understand, and nothing forbidden is taken.
    private func checkRefused(_ refused: [Int: String], _ applied: Set<Int>) throws {
        for (id, code) in refused.sorted(by: { $0.key < $1.key }) where !applied.contains(id) {
            figures.quarantined[code, default: 0] += 1
            let isExplained = oracle.writes[id].standing != .honest || code == "retired"
            if !isExplained, unexplained.contains(code) {
                throw Broken("quarantine", "\(story(id)) was honest, and is quarantined: \(code)")
            }
        }
        for id in applied.sorted() where oracle.writes[id].standing == .forbidden && !isReleased(id, applied)
        {
            throw Broken("permission", "\(story(id)) is forbidden, and was taken")
        }
    }

    /// Whether a restored server that is offered a forbidden write again has what an administrator had released of it, or
    /// of what its writer wrote in its place, or what had read that and replaced it. It is history then, and no part of a
    /// record. Where that has come back of what was written together with it, nothing may stand against it by itself.
    private func isReleased(_ id: Int, _ applied: Set<Int>) -> Bool {
        guard isRestored else { return false }
        let isNamed = oracle.released[id] != nil
        if isNamed, !applied.isDisjoint(with: oracle.releasedTogether(with: id)) { return true }
        return oracle.together(with: id).contains { isHistory($0, applied) }
    }

    /// Whether what was released of a write's successors had read it, or what was released of it was read and replaced.
    private func isHistory(_ id: Int, _ applied: Set<Int>) -> Bool {
        let released = Set(oracle.released[id] ?? [])
        return applied.contains { one in
            let write = oracle.writes[one]
            return write.standing == .released && write.met.contains(id)
                || !released.isDisjoint(with: write.met)
        }
    }

    /// Reasons for which nothing honest is ever refused. What was read from a server that lost it may be refused
    /// by the restored one: then it waits in quarantine, which is no loss.
    private var unexplained: Set<String> {
        isRestored ? ["author", "schema"] : ["author", "schema", "context", "scope"]
    }

    /// Nothing that a laptop keeps in its log is missing on the server.
    private func checkTaken(_ taken: Set<Int>) throws {
        var kept = Set<Int>()
        var unsent = Set<Int>()
        for device in devices {
            for row in try log(device) {
                guard let id = oracle.find(row.record, wall: row.wall) else {
                    throw Broken(
                        "nothing invented", "\(device.owner) has a change in its log that nobody made")
                }
                kept.insert(id)
                // Whoever never comes back takes along what was not sent; no longer what was acknowledged, but
                // where the server that had acknowledged it is gone as well. A retired laptop that calls hands in all.
                if device.isGone, !device.isSealed, row.state == 0 || isRestored { unsent.insert(id) }
            }
        }
        // What was taken back, and the server has not, is no longer there once its laptop is renumbered.
        let dropped = putBack.union(copies > 0 ? oracle.withdrawn : [])
        for write in oracle.writes
        where !write.isUndone && write.device != "server" && write.standing != .released
            && !kept.contains(write.id) && !dropped.contains(write.id)
        {
            throw Broken("lost", "\(story(write.id)) is no longer in its laptop's log")
        }
        // Also where the laptop was put back since, and does not know that it ever wrote it.
        for id in (isRestored ? [] : acknowledged).subtracting(taken).sorted() {
            throw Broken("lost", "\(story(id)) was acknowledged, and the server does not have it")
        }
        for id in kept.subtracting(unsent).subtracting(taken).sorted() {
            throw Broken("lost", "\(story(id)) is in a laptop's log, and the server never took it")
        }
    }

    private func compare(
        _ record: RecordID, _ register: String, _ truth: Set<Int>, _ state: RecordState,
        _ renumbered: Set<Int>
    ) throws {
        var held = Set<Int>()
        for sibling in state.siblings(of: register) {
            guard
                let id = oracle.find(
                    record, wall: sibling.change.deviceMicroseconds, under: sibling.change.dot.incarnation),
                oracle.writes[id].writes.contains(RegisterWrite(register, sibling.values))
            else { throw Broken("nothing invented", "the server holds a value that nobody wrote") }
            held.insert(id)
        }
        for id in truth.subtracting(held).sorted() {
            throw Broken(
                "lost",
                "\(story(id)) stands no more, and nobody who had read it replaced it."
                    + comparison(id, register, held))
        }
        for id in held.subtracting(truth).subtracting(renumbered).sorted() {
            throw Broken(
                "false conflict",
                "\(story(id)) still stands, and somebody who had read it replaced it."
                    + comparison(id, register, held))
        }
    }

    /// Writes that were on their way when the server was lost, taken, read by somebody, and never acknowledged; and those
    /// that two laptops have which were one. They come under another number, beside what had replaced them under the old
    /// one (Protocol.md, section 9).
    func issuedAnew() throws -> Set<Int> {
        var found = Set<Int>()
        for device in devices {
            for row in try log(device) {
                if let id = oracle.find(row.record, wall: row.wall),
                    firstIncarnations[id] != row.incarnation
                {
                    found.insert(id)
                }
            }
        }
        // Nor does the restored server know any more what it had issued for what its decisions released.
        return found.union(oracle.released.values.flatMap { $0 })
    }

    /// A write, for a person to find in the trace.
    func story(_ id: Int) -> String {
        let write = oracle.writes[id]
        let how = write.standing == .released ? "released by the office, first written" : "written"
        return
            "#\(id) (\(naming.name(write.record)): \(naming.text(write.writes)), \(how) by \(write.device))"
    }

    /// What a person wants to know of a write that is missing, or stands though it was replaced.
    private func comparison(_ id: Int, _ register: String, _ held: Set<Int>) -> String {
        var lines = [" In \"\(register)\" of \(naming.name(oracle.writes[id].record)) the server shows:"]
        if held.isEmpty { lines.append("    nothing") }
        lines += held.sorted().map { held in
            // Of a write itself there is nothing to say of having read it.
            let reading = held == id ? "" : ", whose writer had\(isMet(id, held)) read #\(id)"
            return "    \(story(held))\(reading)"
        }
        let others = oracle.writes.filter {
            $0.record == oracle.writes[id].record && !held.contains($0.id) && $0.id != id
                && $0.writes.contains { $0.register == register }
        }
        if !others.isEmpty { lines.append("  Also written there were:") }
        lines += others.map { "    \(story($0.id)), whose writer had\(isMet(id, $0.id)) read #\(id)" }
        return lines.joined(separator: "\n")
    }

    private func isMet(_ id: Int, _ reader: Int) -> String {
        oracle.writes[reader].met.contains(id) ? "" : " not"
    }
}
