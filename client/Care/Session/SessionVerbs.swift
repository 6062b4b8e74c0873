import ArgumentParser

/// `porchlight session …`
struct SessionVerbs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "Sessions with their attendance, and who has one to make up.",
        subcommands: [SessionRecord.self, SessionMakeUps.self, SessionList.self])
}
