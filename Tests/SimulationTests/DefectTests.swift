import Simulation
import Testing

/// Every promise's check can fail: each thing that is broken on purpose is found, by the check that should.
@Suite struct DefectTests {
    /// Not every schedule comes across a defect; this many seeds are tried.
    static let seeds: ClosedRange<UInt64> = 1...24

    @Test(arguments: Defect.allCases)
    func `what is broken on purpose is found`(defect: Defect) async {
        var found: [String] = []
        for seed in Self.seeds {
            let simulation = Simulation(seed: seed, faults: defect.row.faults, defect: defect)
            let outcome = defect.needsTwoRuns ? await simulation.runTwice() : await simulation.run()
            guard let broken = outcome.broken else { continue }
            found.append("seed \(seed): \(broken)")
            guard defect.row.checks.contains(broken.check),
                defect.row.saying.map(broken.text.contains) ?? true
            else { continue }
            let sound = await Simulation(seed: seed, faults: defect.row.faults).run()
            #expect(sound.broken == nil, "without the defect: \(simulation.report(sound))")
            return
        }
        Issue.record("\(defect.row.what), and no check of \(defect.row.checks) saw it; \(found)")
    }

    @Test func `every promise has a defect that its check finds`() {
        #expect(Set(Defect.allCases.map(\.row.promise)) == Set(1...12))
    }
}
