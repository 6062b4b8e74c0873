import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct StaffAdd: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a member of staff (administrators).",
        discussion: """
            Example: porchlight staff add PS07 --name "Rosa Diaz" --role peer --site S1 --team ACT1 --hours 20
            """)

    @Argument(help: "Their code; it names them everywhere and never changes.")
    var code: String

    @Option(help: "Their name.")
    var name: String

    @Option(help: "peer, primary_provider, nurse, supervisor, administrator, referrer or sync.")
    var role: String

    @OptionGroup var options: StaffOptions
    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let entry = try DirectoryEntry(code, new: "staff", in: try desk.replica())
        let role = try Value.word(role, of: Role.allCases.map(\.rawValue), called: "role")
        var writes = try Writes("staff", ["code": .text(entry.code), "name": .typed(name), "role": role])
        try options.fill(&writes, at: desk)
        try entry.add(writes, at: desk)
    }
}
