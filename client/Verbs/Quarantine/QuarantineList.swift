import ArgumentParser
import PeerSupport
import SyncModel

struct QuarantineList: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what is in quarantine, without what it says.",
        discussion: """
            \(QuarantineText.listing)

            At most \(QuarantineText.pageRows) are printed unless --all asks for more; --json has all.

            Example: porchlight quarantine list --device LT-11
            """)

    @Option(help: ArgumentHelp("Only what came from this laptop, such as LT-11.", valueName: "device"))
    var device: String?

    @Flag(help: "Print all, however many they are.") var all = false

    @OptionGroup var common: CommonOptions

    func run(at desk: Desk) throws {
        let found = try desk.quarantined(from: device)
        desk.show(["changes": .list(found.map(Self.json))]) { page in
            guard !found.isEmpty else {
                page.line(QuarantineText.empty)
                return
            }
            let time = desk.time
            let printed = all ? found[...] : found.prefix(QuarantineText.pageRows)
            page.table(
                QuarantineText.heads,
                printed.map { change in
                    QuarantineText.row(change) { time.text(of: floorSeconds($0)) }.map { Page.Cell($0) }
                })
            for line in QuarantineText.count(found, printed: printed.count) { page.line(line) }
        }
    }

    /// What was decided about, with what is known of it from before.
    static func json(_ decided: DecidedChange, of known: [Int64: QuarantinedChange]) -> JSON {
        let change = known[decided.id]
        return [
            "id": .integer(decided.id), "device": .text(decided.device), "staff": .optional(change?.staff),
            "table": .optional(change?.table), "effective": .moment(change?.effective?.microseconds),
        ]
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
