import ArgumentParser
import Foundation
import PeerSupport
import SyncModel
import SyncStore

struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Begin an agency, and print its first administrator's one-time code.")

    @OptionGroup var data: DataFolder
    @Option(help: "The agency's name.") var agency: String
    @Option(help: "Its time zone, such as America/New_York.") var timeZone: String
    @Option(help: ArgumentHelp("The first administrator's staff code, such as AD01.", valueName: "code"))
    var administrator: String
    @Option(help: ArgumentHelp("The first administrator's name.", valueName: "name"))
    var administratorName: String?
    @OptionGroup var output: Output

    func run() throws {
        try check()
        try data.create()
        var generator = SystemRandomNumberGenerator()
        let store = try Store.create(
            at: data.database, agency: Agency(name: agency, timeZone: timeZone), founder: administrator,
            founding: Founding.administrator(
                code: administrator, name: administratorName ?? administrator),
            domain: PeerSupportDomain(), now: now(), using: &generator)
        let invite = try store.invite(
            staff: administrator, lifetimeSeconds: Limits.inviteSeconds, now: now(), using: &generator)
        try store.close()
        let answer = InviteAnswer(invite, zone: timeZone)
        try output.print(
            answer,
            lines: """
                \(agency) is in \(data.database)
                \(answer.lines)
                """)
    }

    private func check() throws {
        guard !data.isInhabited else {
            throw SyncError(
                .alreadyEnrolled, "there is an agency in \(data.path) already",
                means: "It was left as it is.",
                advice: "another folder")
        }
        guard TimeZone(identifier: timeZone) != nil else {
            throw SyncError(
                .badValue, "\(timeZone) is no time zone", means: "Nothing was created.",
                advice: "a name such as America/New_York")
        }
        for (what, text) in [("the agency's name", agency), ("the administrator's code", administrator)] {
            guard (1...Limits.nameBytes).contains(text.utf8.count), !text.contains("\0") else {
                throw SyncError(
                    .badValue, "\(what) is empty or longer than \(Limits.nameBytes) bytes",
                    means: "Nothing was created.")
            }
        }
    }
}
