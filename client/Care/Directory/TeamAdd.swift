import ArgumentParser
import PeerSupport
import SyncModel

struct TeamAdd: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a team (administrators).",
        discussion: """
            Example: porchlight team add ACT1 --name "ACT one" --program ACT --site S1
            """)

    @Argument(help: "Its code; it names the team everywhere and never changes.")
    var code: String

    @Option(help: "Its name.")
    var name: String

    @Option(help: "ACT, PROS, residential, clinic, alumni, outpatient, …")
    var program: String

    @Option(help: "Code of its site.")
    var site: String

    @Option(help: "Its floor.")
    var floor: String?

    @Option(help: "How near it works to the peers: integrated, close or not_close.")
    var proximity: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let entry = try DirectoryEntry(code, new: "team", in: try desk.replica())
        try entry.add(
            try Writes(
                "team",
                [
                    "code": .text(entry.code), "name": .typed(name),
                    "program": try .word(program, of: Words.programs, called: "program"),
                    "site": try desk.named(site, in: "site")["code"], "floor": .typed(floor),
                    "proximity": try .word(proximity, of: Words.proximities, called: "proximity"),
                    "proximity_since": proximity == nil ? nil : .day(try desk.day(nil)),
                ]), at: desk)
    }
}
