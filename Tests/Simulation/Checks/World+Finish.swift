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
        office.crashPoint.disarm()
        for device in present { try checkOwn(device) }
        trace.add("Faults stop, and everybody syncs until nothing comes or goes any more.")
        // What is held up arrives now; in a world without copies some of it only when all is settled.
        if faults.makesCopies || dice.chance(0.5) { deliverHeld() }
        try await drain()
        for device in present { try checkOwn(device) }
        try spoilFiles()
        try checkRepetition()
        let server = try ServerView(path: office.path, office.domain)
        if let damage = server.damage.first { throw Broken("integrity", "the server's file: \(damage)") }
        figures.changes = server.taken.count
        try checkDecisions(server)
        try checkWrites(server)
        try checkTokens()
        try checkEpochs()
        for device in present {
            try spoilHeld(device)
            try checkReplica(device, server)
        }
        // These take as long as all the rest, and look at one laptop by itself: the seed draws which.
        if let device = dice.pick(present) {
            try spoilLaptop(device)
            try checkDoctor(device)
        }
        if let device = dice.pick(present) {
            try spoilRows(device)
            try checkRebuild(device)
        }
        try checkServersWord()
        try await checkFresh()
        try noteEnd()
    }

    private func deliverHeld() {
        while let outcome = office.deliverHeld(dice) { trace.add("late: \(outcome)") }
    }

    /// Everybody syncs until nothing comes or goes any more.
    ///
    /// Of what it holds from before a restore a laptop asks no more at a time than fits a batch; so in the end, where all is
    /// quiet, everybody asks of all of it.
    private func drain() async throws {
        var asksAll = false
        for round in 1...12 {
            var isQuiet = true
            for device in devices where !device.isGone || device.isSealed {
                do {
                    let report = try await sync(device, batch: asksAll ? 50 : nil)
                    let isMoved = report.sent + report.received + report.left > 0
                    guard isMoved || report.healed || report.reidentified else { continue }
                    trace.add("round \(round), \(device.owner): \(Self.text(report))")
                    isQuiet = false
                } catch let error as SyncError where error.code == .retired {
                    try noteSealed(device)
                } catch let broken as Broken {
                    throw broken
                } catch {
                    throw Broken("drains", "\(device.owner) cannot sync once faults have stopped: \(error)")
                }
            }
            if isQuiet, asksAll || !faults.restoresServer { return }
            asksAll = isQuiet
        }
        throw Broken("drains", "after 12 rounds something still comes or goes")
    }

    /// What arrives again, or very late, changes nothing any more.
    private func checkRepetition() throws {
        let before = try state(of: office)
        let tokens = Set(present.map(\.enrolment.token))
        var letters = office.passed.filter { tokens.contains($0.token) }
        var view = dice.generatorView
        letters.shuffle(using: &view)
        for letter in letters {
            let spoiled = defect == .lateRepeat ? Saboteur.renumbered(letter.request) : nil
            _ = try? office.answer(spoiled ?? letter.request, token: letter.token)
        }
        if !faults.makesCopies, faults.isDisjoint(with: [.gone]) { deliverHeld() }
        if try state(of: office) != before {
            throw Broken("repetition", "old requests that came again changed what the server holds")
        }
    }

    private func state(of office: Office) throws -> [String] {
        [try office.store.digest(), "\(try office.store.figures().changes)"]
    }

    /// A laptop that enrols now ends with the same as one that went through all of it.
    private func checkFresh() async throws {
        let digest = try office.store.digest()
        for device in present where device.enrolment.role == "administrator" {
            if try device.replica.digest() != digest {
                throw Broken("digest", "\(device.owner) and the server differ")
            }
        }
        guard let old = dice.pick(present) else { return }
        let server = try ServerView(path: office.path, office.domain, isWhole: false)
        let hasStray = server.records.keys.contains { (server.keys[$0] ?? []).isEmpty }
        guard !hasStray || old.enrolment.role == "administrator" else { return }
        // Who keeps the last copy of something has more than the server could give anybody.
        if try ReplicaView(old).records.keys.contains(where: { server.records[$0] == nil }) { return }
        let fresh = try enrol(old.enrolment.staff)
        do { try await sync(fresh) } catch { throw Broken("digest", "a fresh laptop cannot sync: \(error)") }
        if try fresh.replica.digest() != old.replica.digest() {
            throw Broken("digest", "\(old.owner) and a fresh laptop of \(old.enrolment.staff) differ")
        }
    }

    /// How it all ended, so that two runs of one seed can be compared.
    private func noteEnd() throws {
        trace.add("The server ends with \(try state(of: office).joined(separator: ", changes ")).")
        for device in present {
            trace.add("\(device.owner) ends with \(try device.replica.digest()).")
        }
    }
}
