import ArgumentParser

/// `porchlight checkin …`
struct CheckInVerbs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkin", abstract: "Check-ins: contacts between sessions, planned or not.",
        subcommands: [
            CheckInAdd.self, CheckInList.self, CheckInShow.self, CheckInSign.self, CheckInAmend.self,
            CheckInVoid.self,
        ])
}
