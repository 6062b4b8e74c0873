import ArgumentParser
import PeerSupport
import SyncModel

struct QuarantineDiscard: Verb {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Take what was refused out of quarantine for good.",
        discussion: """
            \(QuarantineText.discarding)

            Example: porchlight quarantine discard 1206 --reason "entered twice"
            """)

    @OptionGroup var options: DecisionOptions
    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let decided = try desk.decide(.discard(options.numbers(desk), reason: options.reason))
        let json = decided.map { change -> JSON in
            ["id": .integer(change.id), "device": .text(change.device)]
        }
        desk.show(["discarded": .list(json)]) { page in
            for line in QuarantineText.discarded(decided) { page.line(line) }
        }
    }
}
