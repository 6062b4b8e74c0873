import ArgumentParser
import PeerSupport
import SyncModel

struct QuarantineRelease: Verb {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Put what was refused into the records after all, in its author's name.",
        discussion: """
            \(QuarantineText.releasing) This laptop syncs first.

            Examples: porchlight quarantine release 1204 1205 --reason "agreed"
                      porchlight quarantine release --device LT-11 --reason "the laptop was lost"
            """)

    @OptionGroup var options: DecisionOptions
    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        try desk.syncBeforeDeciding()
        let known = try desk.quarantined(from: options.device)
        let decided = try desk.decide(.release(options.numbers(known), reason: options.reason))
        let numbered = QuarantineText.numbered(known)
        let json = decided.map {
            QuarantineList.json($0, of: numbered).adding("conflict", .flag($0.isConflict))
        }
        desk.show(["released": .list(json)]) { page in
            let time = desk.time
            let lines = QuarantineText.released(decided, of: known) { time.text(of: floorSeconds($0)) }
            for line in lines { page.line(line) }
        }
    }
}
