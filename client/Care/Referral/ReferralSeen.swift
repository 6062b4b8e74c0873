import ArgumentParser
import PeerSupport
import SyncModel

struct ReferralSeen: Verb {
    static let configuration = CommandConfiguration(
        commandName: "seen",
        abstract: "Note that they met (the receiving side).",
        discussion: """
            Example: porchlight referral seen 4be1a0c2 --warm-handoff --with "N01"
            """)

    @Argument(help: "Its id, or the end of it.")
    var referral: String

    @Flag(help: "The two were introduced in person.")
    var warmHandoff = false

    @Option(help: "Who was there.")
    var with: String?

    @Option(help: "A word on it.")
    var note: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let today = try desk.day(nil)
        try ReferralProgress(
            step: .see, note: note,
            more: [
                "warm_handoff": warmHandoff ? .integer(1) : nil,
                "handoff_on": warmHandoff ? .day(today) : nil,
                "handoff_present": warmHandoff ? .typed(with) : nil,
            ]
        ).take(referral, at: desk)
    }
}
