import SyncModel

/// One run of the whole system under a seed.
package struct Simulation: Sendable {
    package let seed: UInt64
    package let faults: Faults
    package var acts: [Act]
    /// Something broken on purpose, to see that a check finds it.
    package var defect: Defect?

    /// The schedule of a seed.
    ///
    /// - Parameter isSwarm: that the seed also draws how often each act comes.
    package init(
        seed: UInt64, faults: Faults, acts count: Int = 90, isSwarm: Bool = false, defect: Defect? = nil
    ) {
        self.seed = seed
        self.faults = faults
        self.defect = defect
        var dice = SplitMix64(seed)
        acts = Act.schedule(count, faults: faults, isSwarm: isSwarm, from: &dice)
    }

    /// What came of a run.
    package struct Outcome: Sendable {
        package var broken: Broken?
        package var trace: Trace
        package var figures: Figures
    }

    /// Runs the schedule, and checks every promise after it.
    package func run() async -> Outcome {
        do {
            let world = try World(seed: seed, faults: faults, try await .of(seed), defect: defect)
            let broken = await Self.play(self, in: world)
            return Outcome(broken: broken, trace: world.trace, figures: world.total())
        } catch {
            return Outcome(broken: Broken("world", "\(error)"), trace: Trace(), figures: Figures())
        }
    }

    /// Runs the schedule twice: the same seed is the same run, byte for byte.
    package func runTwice() async -> Outcome {
        var first = await run()
        guard first.broken == nil else { return first }
        let second = await run()
        if first.trace.text != second.trace.text || first.figures != second.figures {
            let pair = zip(first.trace.lines, second.trace.lines).first { $0 != $1 }
            first.broken = Broken(
                "same seed",
                "the second run went another way: " + (pair.map { "\"\($0)\" became \"\($1)\"" } ?? "its end")
            )
        }
        return first
    }

    private static func play(_ simulation: Simulation, in world: World) async -> Broken? {
        do {
            for (number, act) in simulation.acts.enumerated() { try await world.perform(number + 1, act) }
            try await world.finish(simulation.seed)
            return nil
        } catch let broken as Broken {
            return broken
        } catch {
            return Broken("unexpected", "\(error)")
        }
    }

    /// A shorter schedule that still breaks the same promise: larger pieces are left out first, and single acts last.
    /// Unless the tries run out, no single act of it can be left out any more.
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
                let outcome = await candidate.outcome(for: check)
                if outcome.broken?.check == check {
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

    /// A run as a check needs it.
    private func outcome(for check: String) async -> Outcome {
        check == "same seed" ? await runTwice() : await run()
    }

    /// The report of a run that failed, by a shorter schedule that fails likewise.
    ///
    /// - Parameter tries: how many shorter schedules are run at most.
    package func failure(_ outcome: Outcome, tries: Int = 400) async -> String {
        guard let check = outcome.broken?.check else { return report(outcome) }
        let short = await shortened(breaking: check, tries: tries)
        let again = await short.outcome(for: check)
        return again.broken?.check == check ? short.report(again) : report(outcome)
    }

    /// What a person needs to understand a failure: who there is, what happened, and what should have held.
    package func report(_ outcome: Outcome) -> String {
        let broken = outcome.broken
        let onPurpose = defect.map { " --defect \($0.rawValue)" } ?? ""
        return """
            seed \(seed), faults \(faults.names), \(acts.count) \(acts.count == 1 ? "act" : "acts")\(defect.map { ", defect \($0.rawValue)" } ?? "")
            Who there is: AD01 has the office's laptop LT-1, PS07 and PS09 are peers (LT-2, LT-3), NU01 is a nurse (LT-4), \
            SU01 a supervisor (LT-5). All have synced before it begins, with Ana, whom PS07 visits at S1, and Ben, whom \
            PS09 visits at S2. A peer is to hold whom they visit, a supervisor and a nurse S1, the office everything.
            How to read it: #n is the n-th thing anybody wrote, and w7 a word that nobody else wrote; "having read" names \
            what its writer was shown of it. A copy, LT-3-copy5, is so called here alone: it takes itself for LT-3 until \
            it notices. "sent" counts entries, and says what the server answered; "received" counts whole records, its own \
            entries not among them; whoever had nothing to do is left out. What a laptop is given goes by keys: \
            caseload:PS07 is whom PS07 visits, person:PS07 what is addressed to PS07, site:S1 and team:ACT1 everything \
            there, directory staff, sites and teams, device:LT-2 what was made there and lies nowhere else.
            \(outcome.trace.text)
            BROKEN \(broken.map { "\($0)" } ?? "nothing")\(broken?.promise.map { "\nPROMISED \($0)" } ?? "")
            TO PLAY IT AGAIN: simulate --faults \(faults.names) --seed \(seed)\(onPurpose) --schedule \(schedule)
            """
    }

    /// The schedule as one word: what a run of it needs besides seed and faults, whatever later programs would draw.
    package var schedule: String { acts.map(\.text).joined(separator: ",") }

    /// A run of a schedule that ``schedule`` wrote down; `nil` for any other text.
    package init?(seed: UInt64, faults: Faults, schedule: String, defect: Defect? = nil) {
        self.init(seed: seed, faults: faults, acts: 0, defect: defect)
        for text in schedule.split(separator: ",") {
            guard let act = Act(text: String(text)) else { return nil }
            acts.append(act)
        }
    }
}
