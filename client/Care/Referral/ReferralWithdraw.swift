import ArgumentParser
import PeerSupport

struct ReferralWithdraw: Verb {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "Ask to take a referral back (the side that sent it), or confirm that.",
        discussion: """
            The receiving side confirms with --confirm, because it may have begun already.

            Example: porchlight referral withdraw 4be1a0c2 --note "moved away"
            """)

    @Argument(help: "Its id, or the end of it.")
    var referral: String

    @Flag(help: "Agree that it is taken back (the receiving side).")
    var confirm = false

    @Option(help: "A word on it.")
    var note: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        try ReferralProgress(step: confirm ? .confirmWithdrawal : .askToWithdraw, note: note)
            .take(referral, at: desk)
    }
}
