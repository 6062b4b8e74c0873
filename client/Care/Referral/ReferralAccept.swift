import ArgumentParser
import PeerSupport

struct ReferralAccept: Verb {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Take a referral on (the receiving side).",
        discussion: """
            Example: porchlight referral accept 4be1a0c2
            """)

    @Argument(help: "Its id, or the end of it.")
    var referral: String

    @Option(help: "A word on it.")
    var note: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        try ReferralProgress(step: .accept, note: note).take(referral, at: desk)
    }
}
