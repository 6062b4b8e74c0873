import ArgumentParser
import PeerSupport
import SyncModel

struct ReferralSend: Verb {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send a referral that was only written.",
        discussion: """
            Example: porchlight referral send 4be1a0c2
            """)

    @Argument(help: "Its id, or the end of it.")
    var referral: String

    @Option(help: "A word on it.")
    var note: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        _ = try desk.replica()
        try ReferralProgress(step: .send, note: note, more: ["sent_at": .integer(desk.time.now)])
            .take(referral, at: desk)
    }
}
