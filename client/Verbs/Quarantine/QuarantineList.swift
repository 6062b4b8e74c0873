import ArgumentParser
import PeerSupport
import SyncModel

struct QuarantineList: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what is in quarantine, without what it says.",
        discussion: """
            \(QuarantineText.listing)

            Example: porchlight quarantine list --device LT-11
            """)

    @Option(help: ArgumentHelp("Only what came from this laptop, such as LT-11.", valueName: "device"))
    var device: String?

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let found = try desk.quarantined(from: device)
        desk.show(["changes": .list(found.map(Self.json))]) { page in
            guard !found.isEmpty else {
                page.line(QuarantineText.empty)
                return
            }
            let time = desk.time
            page.table(
                QuarantineText.heads,
                found.map { change in
                    QuarantineText.row(change) { time.text(of: floorSeconds($0)) }.map { Page.Cell($0) }
                })
        }
    }

    /// One change, without what it says.
    static func json(_ change: QuarantinedChange) -> JSON {
        [
            "id": .integer(change.id), "together": .integer(change.together), "device": .text(change.device),
            "staff": .text(change.staff), "table": .text(change.table), "code": .text(change.refusal.code),
            "reason": .text(change.refusal.reason), "received": .moment(change.receivedAt),
            "effective": .moment(change.effective?.microseconds),
            "estimated": .flag(change.effective?.isEstimated ?? false),
            "needs": .list(change.needs.map { .integer($0) }),
        ]
    }
}
