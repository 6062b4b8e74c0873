import ArgumentParser
import Foundation

/// Measures what DESIGN has budgets for, each beside its floor in the same run.
@main
struct Benchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark",
        abstract: "Measure the engine beside the floor: the same rows inserted by a C program.",
        discussion: """
            Build everything first: swift build -c release. Times on a busy machine vary twofold; ratios inside one \
            run are what counts.
            """)

    /// What can be measured.
    enum Work: String, CaseIterable, ExpressibleByArgument {
        case bulk
        case checkin
        case idle
        case wire
        case flat
    }

    @Option(help: "How many records the large ones use.") var count = 100_000
    @Option(help: "How often the small ones are repeated.") var runs = 31
    @Option(help: "Only these: bulk, checkin, idle, wire, flat.") var only: [Work] = []
    @Flag(help: "Let the server hold a million records in `flat` too.") var large = false
    @Option(help: ArgumentHelp("Write the rows to a file, too.", valueName: "file")) var json: String?

    func run() async throws {
        let bench = try Workbench()
        defer { bench.clean() }
        let cases = Cases(bench: bench, floor: try Floor(), count: count)
        let chosen = only.isEmpty ? Work.allCases : only
        if chosen.contains(.checkin) { try cases.checkIn(runs) }
        if chosen.contains(.idle) { try await cases.idle(runs) }
        if chosen.contains(.wire) { try await cases.wire(10_000) }
        if chosen.contains(.bulk) { try await cases.ingestAndApply() }
        if chosen.contains(.flat) {
            try await cases.flat([10_000, 100_000] + (large ? [1_000_000] : []))
        }
        if let json { try bench.json().write(toFile: json, atomically: true, encoding: .utf8) }
    }
}
