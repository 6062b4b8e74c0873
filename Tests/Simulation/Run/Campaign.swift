/// Many seeds, several at a time, told of in the order of their numbers.
package struct Campaign: Sendable {
    /// Which faults a seed runs under.
    package enum Plan: Sendable {
        /// Always the same.
        case fixed(Faults)
        /// One family after the other, each on a link that loses things too.
        case each(Faults)
        /// Each seed draws its faults, and how often each act comes.
        case swarm(Faults)
    }

    package var plan: Plan
    package var acts = 90
    package var jobs = 1
    package var defect: Defect?
    /// Whether the first failing seed of every check is made shorter.
    package var shortens = false
    /// Whether the story is told of every run, also when nothing broke.
    package var tellsAll = false
    /// Every so many seeds are run twice, to see that they are the same run.
    package var twiceEvery: UInt64 = 25

    /// What every seed plays, instead of a schedule that it draws.
    package var schedule: String?

    package init(_ plan: Plan) { self.plan = plan }

    /// The faults that there may be.
    package var pool: Faults {
        switch plan {
        case .fixed(let faults), .each(let faults), .swarm(let faults): faults
        }
    }

    /// What came of all of them.
    package struct Summary: Sendable {
        package var figures = Figures()
        /// The seeds that broke something, by the check that found it.
        package var failures: [String: [UInt64]] = [:]
        /// What should have been reached and was not, if anybody asked.
        package var gaps: [String]?
        /// What was broken on purpose in all of them.
        package var defect: Defect?
    }

    /// The first line of what is printed: which seeds are played, and under which faults.
    ///
    /// - Parameters:
    ///   - runs: how many seeds, if that is settled.
    ///   - minutes: for how long seeds are begun, if that is.
    package func heading(from first: UInt64, runs: Int?, minutes: Double?) -> String {
        var seeds = runs == 1 ? "seed \(first)" : "seeds from \(first) on"
        if let runs, runs > 1 { seeds = "seeds \(first) to \(first + UInt64(runs) - 1)" }
        if let minutes { seeds += ", for \(minutes) minutes at the most" }
        let faults: String
        switch plan {
        case .fixed(let chosen): faults = chosen.names
        case .each, .swarm:
            let word = if case .each = plan { "each" } else { "swarm" }
            faults =
                runs == 1
                ? "\(simulation(first).faults.names) (\(word))" : "\(word) of \(pool.names)"
        }
        let onPurpose = defect.map { ", defect \($0.rawValue): \($0.row.what)" } ?? ""
        return "\(seeds), faults \(faults), \(simulation(first).acts.count) acts\(onPurpose)"
    }

    /// The run of one seed.
    package func simulation(_ seed: UInt64) -> Simulation {
        var simulation = drawn(seed)
        guard let schedule else { return simulation }
        simulation.acts =
            Simulation(seed: seed, faults: simulation.faults, schedule: schedule)?.acts ?? []
        return simulation
    }

    private func drawn(_ seed: UInt64) -> Simulation {
        switch plan {
        case .fixed(let faults): Simulation(seed: seed, faults: faults, acts: acts, defect: defect)
        case .each(let pool):
            Simulation(seed: seed, faults: pool.family(of: seed), acts: acts, defect: defect)
        case .swarm(let pool):
            Simulation(seed: seed, faults: pool.drawn(by: seed), acts: acts, isSwarm: true, defect: defect)
        }
    }

    /// Runs them.
    ///
    /// - Parameters:
    ///   - first: the first seed.
    ///   - mayStart: asked before each run, with how many were begun: whether there is one more.
    ///   - tell: gets the lines to print, in the order of the seeds whatever finishes first.
    package func run(
        from first: UInt64, while mayStart: (Int) -> Bool, tell: (String) -> Void
    ) async -> Summary {
        var summary = Summary()
        summary.defect = defect
        await withTaskGroup(of: (UInt64, Simulation.Outcome).self) { group in
            var next = first
            var told = first
            var done: [UInt64: Simulation.Outcome] = [:]
            func begin() {
                guard mayStart(Int(next - first)) else { return }
                let seed = next
                next += 1
                group.addTask { (seed, await outcome(of: seed)) }
            }
            for _ in 0..<max(1, jobs) { begin() }
            for await (seed, outcome) in group {
                done[seed] = outcome
                begin()
                while let outcome = done.removeValue(forKey: told) {
                    await note(told, outcome, in: &summary, tell)
                    told += 1
                }
            }
        }
        return summary
    }

    private func outcome(of seed: UInt64) async -> Simulation.Outcome {
        let simulation = simulation(seed)
        let isDouble = seed % twiceEvery == 0 || defect?.needsTwoRuns == true
        return isDouble ? await simulation.runTwice() : await simulation.run()
    }

    private func note(
        _ seed: UInt64, _ outcome: Simulation.Outcome, in summary: inout Summary, _ tell: (String) -> Void
    ) async {
        summary.figures.add(outcome.figures)
        let simulation = simulation(seed)
        for family in simulation.faults.families { summary.figures.families[family.name, default: 0] += 1 }
        guard let broken = outcome.broken else {
            if tellsAll { tell(simulation.report(outcome)) }
            return
        }
        summary.failures[broken.check, default: []].append(seed)
        guard shortens, summary.failures[broken.check]?.count == 1 else {
            tell(
                tellsAll ? simulation.report(outcome) : "seed \(seed) (\(simulation.faults.names)): \(broken)"
            )
            return
        }
        tell(await simulation.failure(outcome))
    }
}
