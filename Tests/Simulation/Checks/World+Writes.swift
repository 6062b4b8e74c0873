import SyncModel

/// Promises 1, 2, 9 and 10: what became of every write.
extension World {
    func checkWrites(_ server: ServerView) throws {
        var applied: [Int: Dot] = [:]
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
            if let other = applied[id], !faults.makesCopies, !isRestored {
                throw Broken("repetition", "\(story(id)) was taken twice, as \(other) and as \(change.dot)")
            }
            applied[id] = change.dot
        }
        for (record, change) in server.brought {
            guard
                let id = oracle.find(
                    record, wall: change.deviceMicroseconds, under: change.dot.incarnation)
            else { throw Broken("nothing invented", "somebody brought back a change that nobody made") }
            if applied[id] == nil { applied[id] = change.dot }
        }
        try checkRefused(refused, Set(applied.keys))
        try checkTaken(Set(applied.keys).union(refused.keys).union(decided))
        try checkTimes(server)
        let truth = oracle.maximal(Set(applied.keys))
        for (record, registers) in truth.sorted(by: { $0.key < $1.key }) {
            guard let state = server.records[record]?.state else {
                throw Broken("lost", "the server does not hold \(naming.name(record)) at all")
            }
            for (register, writes) in registers.sorted(by: { $0.key < $1.key }) {
                try compare(record, register, writes, state)
            }
        }
    }

    var isRestored: Bool { faults.restoresServer }

    /// Nothing honest is refused without a reason that somebody can understand, and nothing forbidden is taken.
    private func checkRefused(_ refused: [Int: String], _ applied: Set<Int>) throws {
        for (id, code) in refused.sorted(by: { $0.key < $1.key }) where !applied.contains(id) {
            figures.quarantined[code, default: 0] += 1
            let isExplained = oracle.writes[id].standing != .honest || code == "retired"
            if !isExplained, unexplained.contains(code) {
                throw Broken("quarantine", "\(story(id)) was honest, and is quarantined: \(code)")
            }
        }
        for id in applied.sorted() where oracle.writes[id].standing == .forbidden {
            throw Broken("permission", "\(story(id)) is forbidden, and was taken")
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
                // where the server that had acknowledged it is gone as well.
                if device.isGone, row.state == 0 || isRestored { unsent.insert(id) }
            }
        }
        if !faults.makesCopies {
            for write in oracle.writes
            where !write.isUndone && write.device != "server" && write.standing != .released
                && !kept.contains(write.id)
            {
                throw Broken("lost", "\(story(write.id)) is no longer in its laptop's log")
            }
        }
        for id in kept.subtracting(unsent).subtracting(taken).sorted() {
            throw Broken("lost", "\(story(id)) is in a laptop's log, and the server never took it")
        }
    }

    /// What is timed by the boot clock is timed exactly, whatever the wall clock says.
    private func checkTimes(_ server: ServerView) throws {
        guard !isRestored, !faults.contains(.late) else { return }
        // A guess may lie as late as the moment of arrival, and pushes what comes after it.
        let isGuessed = server.taken.contains { $0.effective?.isEstimated == true }
        let offsets = office.offsets
        let slack: Int64 = 60_000_000
        for change in server.taken {
            guard let time = change.effective, !time.isEstimated,
                let id = oracle.find(change.record, wall: change.wall, under: change.dot.incarnation),
                oracle.writes[id].at > 0
            else { continue }
            let at = oracle.writes[id].at
            let latest = isGuessed ? change.receivedAt : at + offsets.upperBound
            if time.microseconds < at + offsets.lowerBound - slack || time.microseconds > latest + slack {
                let wrong = (time.microseconds - at) / 1_000_000
                throw Broken("time", "\(story(id)) counts as made \(wrong) s after it really was")
            }
        }
    }

    private func compare(
        _ record: RecordID, _ register: String, _ truth: Set<Int>, _ state: RecordState
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
        guard !faults.makesCopies else { return }
        let reissued = isRestored ? try issuedAnew() : []
        for id in held.subtracting(truth).subtracting(reissued).sorted() {
            throw Broken(
                "false conflict",
                "\(story(id)) still stands, and somebody who had read it replaced it."
                    + comparison(id, register, held))
        }
    }

    /// Writes that were on their way when the server was lost: taken, read by somebody, and never acknowledged. They
    /// come back under another number, beside what had replaced them under the old one (Protocol.md, section 9).
    private func issuedAnew() throws -> Set<Int> {
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
