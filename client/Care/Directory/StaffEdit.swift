import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct StaffEdit: Verb {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Change what the directory says of a member of staff (administrators).",
        discussion: """
            Only what you name is changed.

            Example: porchlight staff edit PS07 --team ACT2 --away-from mon --away-to 2026-03-20
            """)

    @Argument(help: "Their code.")
    var code: String

    @Option(help: "Their name.")
    var name: String?

    @Option(help: "peer, primary_provider, nurse, supervisor, administrator, referrer or sync.")
    var role: String?

    @OptionGroup var options: StaffOptions
    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let before = try desk.named(code, in: "staff")
        let replica = try desk.replica()
        let role = try Value.word(role, of: Role.allCases.map(\.rawValue), called: "role")
        var writes = try Writes("staff", over: before, ["name": .typed(name), "role": role])
        try options.fill(&writes, at: desk)
        let registers = writes.registers.filter { before.values(of: $0.register) != $0.values }
        guard !registers.isEmpty else {
            throw SyncError(
                .nothing, "nothing of what was typed differs from what is recorded",
                means: "nothing was recorded",
                advice: "porchlight staff edit --help shows what can be changed")
        }
        try replica.edit { edit in try edit.write(before.id, registers) }
        guard let after = try replica.view(before.id) else { return }
        try DirectoryEntry.show("Changed", after, at: desk)
    }
}
