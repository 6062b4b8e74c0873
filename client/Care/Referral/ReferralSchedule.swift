import ArgumentParser
import PeerSupport
import SyncModel

struct ReferralSchedule: Verb {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Set, move or cancel the visit (the receiving side).",
        discussion: """
            Example: porchlight referral schedule 4be1a0c2 --at "mon 14:00" --place "at S1, second floor"
            """)

    @Argument(help: "Its id, or the end of it.")
    var referral: String

    @Option(help: "When the visit is: \"tomorrow 10:00\", \"mon 14:00\", \"2026-03-02 14:30\".")
    var at: String?

    @Option(help: "Where.")
    var place: String?

    @Flag(help: "Call the visit off.")
    var cancel = false

    @Option(help: "A word on it.")
    var note: String?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if cancel == (at != nil) { throw ValidationError("say either --at or --cancel") }
    }

    func run(at desk: Desk) throws {
        guard let at else {
            try ReferralProgress(step: .cancelVisit, note: note).take(referral, at: desk)
            return
        }
        let visit = try desk.planned(at)
        if visit < desk.time.now {
            throw SyncError(
                .badValue, "\(desk.time.said(visit)) has passed", means: "nothing was recorded",
                advice: "porchlight referral seen, if they met")
        }
        try ReferralProgress(
            step: .schedule, note: note,
            more: ["visit_at": .integer(visit), "visit_place": .some(.typed(place) ?? Value.none)]
        ).take(referral, at: desk)
    }
}
