import ArgumentParser
import PeerSupport
import SyncModel

struct ReferralDecline: Verb {
    static let configuration = CommandConfiguration(
        commandName: "decline",
        abstract: "Decline a referral, with the reason (the receiving side).",
        discussion: """
            \(DeclineReason.allCases.map { "\($0.rawValue): \($0.plain)" }.joined(separator: "; ")). The first is their own \
            answer, and is counted apart from the others.

            Example: porchlight referral decline 4be1a0c2 --reason caseload_full --note "ask again in May"
            """)

    @Argument(help: "Its id, or the end of it.")
    var referral: String

    @Option(help: ArgumentHelp("One of: \(DeclineReason.allCases.map(\.rawValue).joined(separator: ", "))."))
    var reason: String

    @Option(help: "A word on it.")
    var note: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let reason = try Value.word(
            reason, of: DeclineReason.allCases.map(\.rawValue), called: "reason to decline")
        try ReferralProgress(step: .decline, note: note, more: ["decline_reason": reason]).take(
            referral, at: desk)
    }
}
