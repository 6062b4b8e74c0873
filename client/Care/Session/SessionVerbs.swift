import ArgumentParser

/// `porchlight session …`
struct SessionVerbs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "Sessions with their attendance, and who has one to make up.",
        subcommands: [
            SessionRecord.self, SessionAttendance.self, SessionVoid.self, SessionMakeUps.self,
            SessionList.self, SessionShow.self,
        ])
}
