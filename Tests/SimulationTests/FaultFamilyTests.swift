import Simulation
import Testing

/// Seeded runs of the whole system, family by family of faults. A failure prints its seed and its story.
@Suite struct FaultFamilyTests {
    /// Seeds in chunks, so that a family is spread over the processors.
    static let chunks: [Int] = Array(0..<4)
    static let seedsPerChunk = 5

    @Test(arguments: chunks)
    func `lost, cut, repeated and late requests break no promise`(chunk: Int) async {
        await expectSound(.loss, chunk)
    }

    @Test(arguments: chunks)
    func `hand-overs, moves and changed subscriptions break no promise`(chunk: Int) async {
        await expectSound([.loss, .scope], chunk)
    }

    @Test(arguments: chunks)
    func `clocks that are wrong, jump and are ten years off break no promise`(chunk: Int) async {
        await expectSound([.loss, .clocks], chunk)
    }

    @Test(arguments: chunks)
    func `a crash of either side between any two steps breaks no promise`(chunk: Int) async {
        await expectSound([.loss, .crash], chunk)
    }

    @Test(arguments: chunks)
    func `a laptop whose files were copied breaks no promise`(chunk: Int) async {
        await expectSound([.loss, .clone], chunk)
    }

    @Test(arguments: chunks)
    func `a laptop put back to an earlier copy breaks no promise`(chunk: Int) async {
        await expectSound([.loss, .restoredLaptop], chunk)
    }

    @Test(
        .disabled("a replica keeps records that a restored server refuses: seed 119"), arguments: chunks)
    func `a server put back to a backup breaks no promise`(chunk: Int) async {
        await expectSound([.loss, .restoredServer], chunk)
    }

    @Test(
        .disabled("a replica keeps records that a restored server refuses: seed 119"), arguments: chunks)
    func `everything at once breaks no promise`(chunk: Int) async {
        await expectSound(.all, chunk)
    }

    private func expectSound(_ faults: Faults, _ chunk: Int) async {
        for place in 0..<Self.seedsPerChunk {
            let simulation = Simulation(
                seed: UInt64(1 + chunk * Self.seedsPerChunk + place), faults: faults)
            let outcome = await simulation.run()
            #expect(outcome.broken == nil, "\(simulation.report(outcome))")
            #expect(outcome.figures.edits > 0, "seed \(simulation.seed) wrote nothing")
        }
    }
}
