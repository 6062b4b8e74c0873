import ArgumentParser

/// The root of the command line. What it can do is grouped by what somebody has in mind.
struct Porchlight: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "porchlight",
        abstract: "Keep the records of peer support on this laptop, with or without a network.",
        discussion: """
            Everything is recorded on this laptop at once. `porchlight sync` brings it to the office, and brings \
            back what others recorded.

            To hand a participant over to another peer: porchlight assign --help
            Every command takes --json for programs. For help on one: porchlight checkin add --help
            To complete words with the Tab key: porchlight --generate-completion-script bash
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(name: "Record", subcommands: CareVerbs.record + [Undo.self]),
            CommandGroup(
                name: "Look", subcommands: CareVerbs.look + [History.self]),
            CommandGroup(
                name: "Decide",
                subcommands: [ConflictVerbs.self, Resolve.self, Reopen.self, Notices.self, Delete.self]),
            CommandGroup(name: "Sync", subcommands: [Sync.self, Status.self, Outbox.self, Verify.self]),
            CommandGroup(
                name: "Care of the laptop", subcommands: [Enroll.self, Doctor.self] + CareVerbs.laptop),
            CommandGroup(name: "Administration", subcommands: [Quarantine.self]),
        ])
}
