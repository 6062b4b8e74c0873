import Simulation
import Testing

/// Seeded runs of the whole system, family by family of faults. A failure prints its seed, and its story by a schedule
/// that was made shorter.
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

    @Test(arguments: chunks)
    func `what a tampered program writes is refused, and delays nothing else`(chunk: Int) async {
        await expectSound([.loss, .forbidden], chunk)
    }

    @Test(arguments: chunks)
    func `two processes on one replica break no promise`(chunk: Int) async {
        await expectSound([.loss, .twoProcesses], chunk)
    }

    @Test(arguments: chunks)
    func `laptops and a server of different versions break no promise`(chunk: Int) async {
        await expectSound([.loss, .versions], chunk)
    }

    @Test(arguments: chunks)
    func `what is handed in hours late and out of turn breaks no promise`(chunk: Int) async {
        await expectSound([.loss, .late], chunk)
    }

    @Test(arguments: chunks)
    func `laptops that never come back break no promise`(chunk: Int) async {
        await expectSound([.loss, .gone], chunk)
    }

    @Test(arguments: chunks)
    func `faults that the seed itself draws break no promise`(chunk: Int) async {
        let swarm = Campaign(.swarm(.any))
        for seed in seeds(chunk) { await expectSound(swarm.simulation(seed)) }
    }

    @Test(arguments: chunks)
    func `a server put back to a backup breaks no promise`(chunk: Int) async {
        await expectSound([.loss, .restoredServer], chunk)
    }

    @Test(arguments: chunks)
    func `a server put back by hand, of which nobody says so, breaks no promise`(chunk: Int) async {
        await expectSound([.loss, .undeclaredRestore], chunk)
    }

    @Test(arguments: chunks)
    func `a server put back in a new folder, without its journal of epochs, breaks no promise`(chunk: Int)
        async
    {
        await expectSound([.loss, .lostEpochs], chunk)
    }

    @Test(arguments: chunks)
    func `a crash of either side around a restore that nobody declares breaks no promise`(chunk: Int) async {
        await expectSound([.undeclaredRestore, .crash], chunk)
    }

    @Test(arguments: chunks)
    func `decisions about quarantine that an undeclared restore takes back break no promise`(
        chunk: Int
    ) async {
        await expectSound([.undeclaredRestore, .forbidden], chunk)
    }

    @Test(arguments: chunks)
    func `a crash of either side in the middle of healing breaks no promise`(chunk: Int) async {
        await expectSound([.loss, .crash, .restoredServer], chunk)
    }

    @Test(arguments: chunks)
    func `a server and a laptop that are both put back break no promise`(chunk: Int) async {
        await expectSound([.restoredLaptop, .restoredServer], chunk)
    }

    @Test(arguments: chunks)
    func `what was refused and then released or discarded breaks no promise`(chunk: Int) async {
        await expectSound([.forbidden, .gone, .crash], chunk)
    }

    @Test(arguments: chunks)
    func `decisions about quarantine that a restore takes back break no promise`(chunk: Int) async {
        await expectSound([.forbidden, .restoredServer], chunk)
    }

    @Test(arguments: chunks)
    func `everything at once breaks no promise`(chunk: Int) async {
        await expectSound(.all, chunk)
    }

    private func seeds(_ chunk: Int) -> Range<UInt64> {
        let first = UInt64(1 + chunk * Self.seedsPerChunk)
        return first..<(first + UInt64(Self.seedsPerChunk))
    }

    private func expectSound(_ faults: Faults, _ chunk: Int) async {
        for seed in seeds(chunk) { await expectSound(Simulation(seed: seed, faults: faults)) }
    }

    private func expectSound(_ simulation: Simulation) async {
        let outcome = await simulation.run()
        if outcome.broken != nil { Issue.record("\(await simulation.failure(outcome, tries: 100))") }
        #expect(outcome.figures.edits > 0, "seed \(simulation.seed) wrote nothing")
    }
}
