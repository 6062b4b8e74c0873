import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct TodayVerb: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "today",
        abstract: "Show who needs you: escalations, make-ups, quiet people, referrals.",
        discussion: """
            Only what this laptop holds, with how complete that is. A peer sees their own caseload, others everybody \
            on their laptop.

            Example: porchlight today --days 14
            """)

    @Option(help: "After how many days without contact somebody is listed.")
    var days = 10

    @Flag(help: "Everybody on this laptop, not only your own caseload.")
    var all = false

    @Option(help: "How many lines of each kind.")
    var limit = 12

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if !(0...3650).contains(days) { throw ValidationError("--days must lie between 0 and 3650") }
        if limit < 1 { throw ValidationError("--limit must be 1 or more") }
    }

    func run(at desk: Desk) throws {
        let found = try TodayFindings(at: desk, days: days, all: all)
        let complete = try desk.completeness()
        let replica = try desk.replica()
        let status = try replica.status()
        let attention = try Attention(status, in: replica)
        try desk.show(found.json(status, attention, desk)) { page in
            page.line("Today, \(desk.time.today.friendly)", .strong)
            try found.show(on: &page, desk, limit: limit)
            if found.isEmpty { page.line("Nobody waits for you.", .good) }
            for text in attention.words { page.line("Note: \(text)", .warning) }
            page.line(complete, .faint)
        }
    }
}
