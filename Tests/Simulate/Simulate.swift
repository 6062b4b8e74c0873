import ArgumentParser
import Simulation

/// Runs the simulator from the command line: one seed is one run, and the same seed gives the same bytes.
@main struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Runs the whole system in one process, under faults.")

    @Option(help: "The first seed.") var seed: UInt64 = 1
    @Option(help: "How many seeds, one after the other.") var runs = 1
    @Option(help: "A list of faults, such as loss,scope; or all.") var faults = "all"
    @Option(help: "Acts in one run.") var acts = 90
    @Flag(help: "Print what happened, also when nothing broke.") var trace = false
    @Flag(help: "Look for a shorter schedule that still fails.") var shorten = false

    func run() async throws {
        guard let chosen = Faults(names: faults) else {
            throw ValidationError(
                "faults are \(Faults.named.map(\.name).joined(separator: ", ")), and all")
        }
        print("seed \(seed), \(runs) runs, faults \(chosen.names)")
        var figures = Figures()
        var failures: [String: [UInt64]] = [:]
        for seed in seed..<(seed + UInt64(max(1, runs))) {
            var simulation = Simulation(seed: seed, faults: chosen, acts: acts)
            var outcome = await simulation.run()
            figures.add(outcome.figures)
            guard let broken = outcome.broken else {
                if trace { print(outcome.trace.text) }
                continue
            }
            failures[broken.check, default: []].append(seed)
            if shorten, failures[broken.check]?.count == 1 {
                simulation = await simulation.shortened(breaking: broken.check)
                outcome = await simulation.run()
            }
            if trace || shorten && failures[broken.check]?.count == 1 {
                print(simulation.report(outcome))
            } else {
                print("seed \(seed): \(broken)")
            }
        }
        print(figures)
        for (check, seeds) in failures.sorted(by: { $0.key < $1.key }) {
            print("\(check): \(seeds.count) of \(runs), first \(seeds.prefix(5))")
        }
        if !failures.isEmpty { throw ExitCode.failure }
    }
}
