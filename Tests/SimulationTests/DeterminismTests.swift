import Simulation
import Testing

@Suite struct DeterminismTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `the same seed gives the same run, byte for byte`(seed: UInt64) async {
        let first = await Simulation(seed: seed, faults: .all).run()
        let second = await Simulation(seed: seed, faults: .all).run()
        #expect(first.trace.text == second.trace.text)
        #expect(first.figures == second.figures)
        #expect(!first.trace.lines.isEmpty)
    }

    @Test func `another seed gives another run`() async {
        let first = await Simulation(seed: 1, faults: .all).run()
        let second = await Simulation(seed: 2, faults: .all).run()
        #expect(first.trace.text != second.trace.text)
    }
}
