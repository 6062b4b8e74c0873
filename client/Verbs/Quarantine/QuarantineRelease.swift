import ArgumentParser
import PeerSupport
import SyncModel

struct QuarantineRelease: Verb {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Put what was refused into the records after all, in its author's name.",
        discussion: """
            \(QuarantineText.releasing)

            Examples: porchlight quarantine release 1204 1205 --reason "agreed"
                      porchlight quarantine release --device LT-11 --reason "the laptop was lost"
            """)

    @OptionGroup var options: DecisionOptions
    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let decided = try desk.decide(.release(options.numbers(desk), reason: options.reason))
        let json = decided.map { change -> JSON in
            [
                "id": .integer(change.id), "device": .text(change.device),
                "conflict": .flag(change.isConflict),
            ]
        }
        desk.show(["released": .list(json)]) { page in
            for line in QuarantineText.released(decided) { page.line(line) }
        }
    }
}
