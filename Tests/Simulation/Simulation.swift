import SyncModel

/// One run of the whole system under a seed.
package struct Simulation: Sendable {
    package let seed: UInt64
    package let faults: Faults
    package var acts: [Act]

    /// The schedule of a seed.
    package init(seed: UInt64, faults: Faults, acts count: Int = 90) {
        self.seed = seed
        self.faults = faults
        var dice = SplitMix64(seed)
        acts = Act.schedule(count, faults: faults, from: &dice)
    }

    /// What came of a run.
    package struct Outcome: Sendable {
        package var broken: Broken?
        package var trace: Trace
        package var figures: Figures
    }

    /// Runs the schedule, and checks every promise after it.
    package func run() async -> Outcome {
        var trace = Trace()
        do {
            let world = try World(seed: seed, faults: faults)
            let broken = await Self.play(self, in: world)
            return Outcome(broken: broken, trace: world.trace, figures: world.figures)
        } catch {
            trace.add("the world could not be made: \(error)")
            return Outcome(
                broken: Broken("world", "\(error)"), trace: trace, figures: Figures())
        }
    }

    private static func play(_ simulation: Simulation, in world: World) async -> Broken? {
        do {
            try await world.setUp()
            for (number, act) in simulation.acts.enumerated() { try await world.perform(number, act) }
            try await world.finish(simulation.seed)
            return nil
        } catch let broken as Broken {
            return broken
        } catch {
            return Broken("unexpected", "\(error)")
        }
    }

    /// A shorter schedule that still breaks the same promise: larger pieces are left out first.
    package func shortened(breaking check: String, tries: Int = 400) async -> Simulation {
        var best = self
        var left = tries
        var piece = max(1, acts.count / 2)
        while true {
            var start = 0
            var hasShrunk = false
            while start < best.acts.count, left > 0 {
                var candidate = best
                candidate.acts.removeSubrange(start..<min(start + piece, best.acts.count))
                left -= 1
                if await candidate.run().broken?.check == check {
                    best = candidate
                    hasShrunk = true
                } else {
                    start += piece
                }
            }
            if left == 0 || piece == 1 && !hasShrunk { return best }
            piece = max(1, piece / 2)
        }
    }

    /// What a person needs to understand a failure.
    package func report(_ outcome: Outcome) -> String {
        """
        seed \(seed), faults \(faults.names), \(acts.count) acts
        \(outcome.trace.text)
        BROKEN \(outcome.broken.map { "\($0)" } ?? "nothing")
        """
    }
}
