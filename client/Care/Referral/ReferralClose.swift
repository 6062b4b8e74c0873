import ArgumentParser
import PeerSupport
import SyncModel

struct ReferralClose: Verb {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "Close a referral with what came of it (the receiving side).",
        discussion: """
            Example: porchlight referral close 4be1a0c2 --outcome "meets weekly" --told-sender
            """)

    @Argument(help: "Its id, or the end of it.")
    var referral: String

    @Option(help: "What came of it.")
    var outcome: String

    @Flag(help: "Whoever sent it was told.")
    var toldSender = false

    @Option(help: "A word on it.")
    var note: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        _ = try desk.replica()
        try ReferralProgress(
            step: .close, note: note,
            more: ["outcome": .typed(outcome), "loop_closed_at": toldSender ? .integer(desk.time.now) : nil]
        ).take(referral, at: desk)
    }
}
