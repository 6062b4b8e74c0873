import Simulation
import Testing

/// Of a run that fails, the shortest schedule that still does.
@Suite struct ShorteningTests {
    @Test func `a shortened schedule fails likewise, and no act of it can be left out`() async throws {
        let (long, broken) = try await failing()
        let short = await long.shortened(breaking: broken.check)
        // What was refused, sent and discarded takes three acts at the least.
        #expect(short.acts.count >= 3)
        #expect(short.acts.count < long.acts.count)
        var rest = long.acts[...]
        for act in short.acts {
            let place = try #require(rest.firstIndex(of: act), "an act that was not there, or out of turn")
            rest = rest[(place + 1)...]
        }
        #expect(await short.run().broken?.check == broken.check)
        for place in short.acts.indices {
            var shorter = short
            shorter.acts.remove(at: place)
            #expect(await shorter.run().broken?.check != broken.check, "act \(place + 1) is not needed")
        }
    }

    @Test func `a failure is told by its shortened schedule, which plays it again`() async throws {
        let (long, broken) = try await failing()
        let report = await long.failure(await long.run())
        #expect(report.hasPrefix("seed \(long.seed), faults forbidden, "))
        #expect(report.contains("BROKEN \(broken.check): "))
        let schedule = try #require(report.split(separator: " ").last.map(String.init))
        #expect(schedule.count < long.schedule.count)
        let again = try #require(
            Simulation(seed: long.seed, faults: long.faults, schedule: schedule, defect: long.defect))
        #expect(await again.run().broken?.check == broken.check)
    }

    @Test func `a campaign shortens the first failure of a check, and names the others`() async {
        var campaign = Campaign(.fixed(.loss))
        campaign.defect = .stuckLog
        campaign.shortens = true
        var told: [String] = []
        let summary = await campaign.run(from: 1, while: { $0 < 2 }, tell: { told.append($0) })
        #expect(summary.failures == ["edit": [1, 2]])
        #expect(told.count == 2)
        #expect(told.first?.contains("TO PLAY IT AGAIN") == true)
        #expect(told.first?.contains(", 1 act, defect stuckLog") == true)
        #expect(told.last?.hasPrefix("seed 2 (loss): edit: ") == true)
    }

    /// A run of the defect that shows only when three things come together.
    private func failing() async throws -> (Simulation, Broken) {
        for seed in 1...12 as ClosedRange<UInt64> {
            let simulation = Simulation(seed: seed, faults: .forbidden, defect: .revivedDiscard)
            if let broken = await simulation.run().broken, broken.check == "discarded" {
                return (simulation, broken)
            }
        }
        throw NoFailure()
    }

    private struct NoFailure: Error {}
}
