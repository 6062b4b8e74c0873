import ArgumentParser
import PeerSupport
import SyncModel
import SyncStore

struct Quarantine: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, release or discard what was refused and kept.",
        discussion: """
            What a laptop sends that its owner may not write, and whatever a retired laptop still sends, is kept \
            here and counts for nobody until an administrator decides. A number stays the same until then.

            Example: porchlightd quarantine list --data ./agency
            """,
        subcommands: [
            QuarantineList.self, QuarantineShow.self, QuarantineRelease.self, QuarantineDiscard.self,
        ],
        defaultSubcommand: QuarantineList.self)
}

struct QuarantineList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what is in quarantine, without what it says.",
        discussion: """
            TOGETHER is the number of the first of those that were entered together; they are decided together.

            With --json: a list, of each change `id`, `together`, `device`, `staff` (who wrote it), `table`, \
            `code` and `reason` (why it was refused), `receivedAt`, `writtenAt`.

            Example: porchlightd quarantine list --device LT-11 --data ./agency
            """)

    @OptionGroup var data: DataFolder
    @Option(help: ArgumentHelp("Only what came from this laptop, such as LT-11.", valueName: "device"))
    var device: String?
    @OptionGroup var output: Output

    func run() throws {
        let (all, zone) = try data.use { (try $0.quarantine(), $0.agency.timeZone) }
        let found = all.filter { device == nil || $0.device == device }
        try output.print(found.map(QuarantineEntry.init), lines: Self.table(found, zone))
    }

    private static func table(_ changes: [QuarantinedChange], _ zone: String) -> String {
        guard !changes.isEmpty else { return "nothing is in quarantine" }
        let head = ["ID", "TOGETHER", "DEVICE", "STAFF", "RECEIVED", "WHAT", "CODE", "REASON"]
        let rows = changes.map { change in
            [
                "\(change.id)", change.together == change.id ? "" : "\(change.together)", change.device,
                change.staff, written(microseconds: change.receivedAt, in: zone), Labels.table(change.table),
                change.refusal.code, change.refusal.reason,
            ]
        }
        return columns([head] + rows)
    }
}

struct QuarantineShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what a change in quarantine says, and what stands there now.",
        discussion: """
            This prints what is in participants' records. Of what stands there now, a release replaces what its \
            writer had read, and is put beside the rest, for somebody to choose.

            With --json: as in `list`, and `record`, `recordExists`, `group` (all that were entered together), \
            `registers`: of each its name, `writes` and a list `stands` of `author`, `values`, `wasRead`.

            Example: porchlightd quarantine show 1204 --data ./agency
            """)

    @Argument(help: "The change's number in `quarantine list`.") var id: Int64
    @OptionGroup var data: DataFolder
    @OptionGroup var output: Output

    func run() throws {
        let (content, zone) = try data.use { (try $0.quarantined(id), $0.agency.timeZone) }
        try output.print(QuarantineAnswer(content), lines: QuarantineText(content, zone).lines)
    }
}

/// What is decided about, who decides, and why.
struct DecisionOptions: ParsableArguments {
    @Argument(help: "The changes' numbers in `quarantine list`.") var ids: [Int64] = []
    @Option(help: ArgumentHelp("Instead of numbers: all that came from this laptop.", valueName: "device"))
    var device: String?
    @Option(help: ArgumentHelp("The staff code of the administrator who decides.", valueName: "staff"))
    var by: String
    @Option(
        help: ArgumentHelp("Why, in one line, without anybody's name: it stays in the audit log for ever."))
    var reason: String

    func validate() throws {
        guard ids.isEmpty == (device != nil) else {
            throw ValidationError("Give either numbers of `quarantine list`, or --device.")
        }
    }

    var decision: QuarantineDecision { QuarantineDecision(staff: by, reason: reason) }

    /// The numbers, looked up where only the laptop was given.
    func numbers(in store: Store) throws -> [Int64] {
        guard let device else { return ids }
        let found = try store.quarantine().filter { $0.device == device }.map(\.id)
        guard !found.isEmpty else {
            throw SyncError(
                .nothing, "nothing of \(device) is in quarantine", means: "nothing was changed",
                advice: "`porchlightd quarantine list` shows what is")
        }
        return found
    }
}

struct QuarantineRelease: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Put what was refused into the records after all, in its author's name.",
        discussion: """
            It is issued anew with the author and the time it had. What somebody wrote since, not knowing of it, \
            stands beside it as a conflict. Its author's laptop hears of it at its next sync. What was entered \
            together is released together; of several numbers all are released, or none.

            A release overrides who may write, and from which laptop. It does not override what nobody may \
            write: a change that does not fit the forms (schema), lacks what its record needs (incomplete), \
            alters what is written once or signed (fixed, signed), stands under the name of somebody other than \
            the laptop's owner (author), claims to follow what was never made (context), or builds upon a record \
            that is not here (scope): then release first what made that record.

            With --json: `released`, a list of `id`, `device`, `conflict`.

            Examples: porchlightd quarantine release 1204 1205 --by AD01 --reason "agreed" --data ./agency
                      porchlightd quarantine release --device LT-11 --by AD01 --reason "lost" --data ./agency
            """)

    @OptionGroup var options: DecisionOptions
    @OptionGroup var data: DataFolder
    @OptionGroup var output: Output

    func run() throws {
        var dice = SystemRandomNumberGenerator()
        let decided = try data.use {
            try $0.release(options.numbers(in: $0), options.decision, now: now(), using: &dice)
        }
        let clashes = decided.filter(\.isConflict).count
        var lines = decided.map { decision in
            "\(decision.id) is released\(decision.isConflict ? ", and stands beside what was written since" : "")"
        }
        if clashes > 0 {
            lines.append("An administrator's laptop shows `porchlight conflicts` after a sync.")
        }
        try output.print(
            ["released": decided.map(DecisionAnswer.init)], lines: lines.joined(separator: "\n"))
    }
}

struct QuarantineDiscard: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Take what was refused out of quarantine for good.",
        discussion: """
            What it says stays in the server's history and becomes no part of any record. Its author's laptop \
            hears of it at its next sync. What was entered together is discarded together.

            With --json: `discarded`, a list of `id`, `device`.

            Example: porchlightd quarantine discard 1206 --by AD01 --reason "entered twice" --data ./agency
            """)

    @OptionGroup var options: DecisionOptions
    @OptionGroup var data: DataFolder
    @OptionGroup var output: Output

    func run() throws {
        let decided = try data.use {
            try $0.discard(options.numbers(in: $0), options.decision, now: now())
        }
        try output.print(
            ["discarded": decided.map { DecisionAnswer($0, tellsConflict: false) }],
            lines: decided.map { "\($0.id) is discarded" }.joined(separator: "\n"))
    }
}
