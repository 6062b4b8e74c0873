import ArgumentParser
import PeerSupport

struct ReferralNoShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "no-show",
        abstract: "Note that the participant did not come to the visit.",
        discussion: """
            Example: porchlight referral no-show 4be1a0c2
            """)

    @Argument(help: "Its id, or the end of it.")
    var referral: String

    @Option(help: "A word on it.")
    var note: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        try ReferralProgress(step: .noShow, note: note).take(referral, at: desk)
    }
}
