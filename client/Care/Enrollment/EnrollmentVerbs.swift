import ArgumentParser

/// `porchlight enrollment …`
struct EnrollmentVerbs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrollment", abstract: "A participant's year in a programme: start, phase, end.",
        subcommands: [EnrollmentStart.self, EnrollmentPhase.self, EnrollmentEnd.self])
}
