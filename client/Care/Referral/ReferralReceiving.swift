import ArgumentParser
import PeerSupport

struct ReferralReceiving: Verb {
    static let configuration = CommandConfiguration(
        commandName: "receiving",
        abstract: "Note that they meet regularly now.",
        discussion: """
            Example: porchlight referral receiving 4be1a0c2
            """)

    @Argument(help: "Its id, or the end of it.")
    var referral: String

    @Option(help: "A word on it.")
    var note: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        try ReferralProgress(step: .receive, note: note).take(referral, at: desk)
    }
}
