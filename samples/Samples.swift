import ArgumentParser
import Foundation
import PeerSupport

/// Writes an invented agency as CSV files.
@main
struct Samples: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "samples",
        abstract: "Write an invented agency as CSV files for `porchlight import`.",
        discussion: "The same options give the same bytes. Nobody in it exists.")

    @Option(help: "Where chance begins.")
    var seed: UInt64 = 7

    @Option(help: "The folder to write to; made if it is not there.")
    var out: String

    @Option(help: "How many participants.")
    var participants = 2_000

    @Option(help: "How much is recorded of each participant, 1 for an ordinary year.")
    var scale = 1.0

    @Option(help: "The last day of the year, YYYY-MM-DD.")
    var until = "2025-12-31"

    mutating func validate() throws {
        guard (0...100_000).contains(participants) else {
            throw ValidationError("--participants must lie between 0 and 100000")
        }
        guard scale.isFinite, (0.01...8).contains(scale) else {
            throw ValidationError("--scale must lie between 0.01 and 8")
        }
        guard CivilDate(text: until) != nil else {
            throw ValidationError("--until must be a date like 2025-12-31")
        }
    }

    mutating func run() throws {
        guard let last = CivilDate(text: until) else { return }
        let files = Generator.run(
            Generator.Options(seed: seed, participants: participants, scale: scale, until: last))
        let folder = URL(fileURLWithPath: out, isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for file in files.files {
            try Data(file.text.utf8).write(to: folder.appendingPathComponent(file.mapping.file))
            print("\(file.mapping.file): \(file.count)")
        }
        print("\(files.count) records in \(out)")
    }
}
