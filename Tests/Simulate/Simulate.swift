import ArgumentParser
import Foundation
import Simulation

/// Runs the simulator from the command line: one seed is one run, and the same seed gives the same bytes.
@main struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Runs the whole system in one process, under faults.",
        discussion: """
            Whatever --jobs says, seeds are told of in their order and the same seed does the same. Exits with 1 \
            when a seed broke a promise, or with --covered when something was never tried. The first seed that breaks \
            a promise is told of with the shortest schedule that still breaks it, the others with a line. \
            Tests/Simulation/README.md explains more.
            """)

    @Option(help: "The first seed.") var seed: UInt64 = 1
    @Option(help: "How many seeds.") var runs: Int?
    @Option(help: "Begin no more seeds after so many minutes.") var minutes: Double?
    @Option(
        help: ArgumentHelp(
            "Faults: a list such as loss,scope; all; each, for one family a seed; swarm, drawn by the seed.",
            discussion: "Families: \(Self.families).")) var faults = "all"
    @Option(help: "Families to leave out of all, each or swarm.") var without = ""
    @Option(help: "Acts in one run.") var acts = 90
    @Option(help: "How many runs at a time; the processors if nothing is said.") var jobs: Int?
    @Option(help: "Break something on purpose: \(Defect.allCases.map(\.rawValue).joined(separator: ", ")).")
    var defect: String?
    @Option(help: "Play this schedule, as the report of a failing run gives it.") var schedule: String?
    @Flag(help: "Tell what happened, also when nothing broke.") var trace = false
    @Flag(help: "Fail when a family, a fault or a crash point was never reached.") var covered = false
    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            "Look for a shorter schedule that still fails.",
            discussion: "Done unless --trace or --schedule ask for one run as it is.")) var shorten: Bool?

    func run() async throws {
        var campaign = Campaign(try plan())
        campaign.acts = acts
        campaign.jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
        campaign.defect = try chosenDefect()
        campaign.shortens = shorten ?? (!trace && schedule == nil)
        campaign.tellsAll = trace
        campaign.schedule = schedule
        guard schedule == nil || campaign.simulation(seed).acts.count > 0 else {
            throw ValidationError("that is no schedule; a failing run's report ends with one")
        }
        let clock = ContinuousClock()
        let start = clock.now
        let most = runs ?? (minutes == nil ? 1 : .max)
        print(campaign.heading(from: seed, runs: most == .max ? nil : most, minutes: minutes))
        var summary = await campaign.run(
            from: seed,
            while: { begun in
                begun < most && (minutes.map { start.duration(to: clock.now) < .seconds($0 * 60) } ?? true)
            }, tell: { print($0) })
        if covered { summary.gaps = summary.unreached(of: campaign.pool) }
        print(summary)
        let gaps = summary.gaps ?? []
        // Last, so that whoever looks at the end sees why it failed.
        if !gaps.isEmpty { print("FAILED: never reached: \(gaps.joined(separator: ", "))") }
        if !summary.failures.isEmpty || !gaps.isEmpty { throw ExitCode.failure }
    }

    /// Every family by its name, and of what is more than its parts which parts.
    private static let families =
        (Faults.named.map(\.name) + Faults.combined.map { "\($0.name) (\($0.faults.names))" })
        .joined(separator: ", ")

    private func plan() throws -> Campaign.Plan {
        guard let left = Faults(names: without) else { throw unknown }
        let most = Faults.any.subtracting(left)
        if let name = defect, faults == "all", let found = Defect(rawValue: name) {
            return .fixed(found.row.faults)
        }
        switch faults {
        case "each": return .each(most)
        case "swarm": return .swarm(most)
        default:
            guard let chosen = Faults(names: faults) else { throw unknown }
            return .fixed(chosen.subtracting(left))
        }
    }

    private var unknown: ValidationError {
        ValidationError(
            "faults are \(Self.families), all, each and swarm")
    }

    private func chosenDefect() throws -> Defect? {
        guard let name = defect else { return nil }
        guard let found = Defect(rawValue: name) else {
            throw ValidationError(
                "defects are \(Defect.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return found
    }
}
