import ArgumentParser
import PeerSupport
import SyncModel
import SyncStore

struct Quarantine: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, release or discard what was refused and kept.",
        discussion: """
            \(QuarantineText.meaning)

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
            \(QuarantineText.listing)

            With --json: a list, of each change `id`, `together`, `device`, `staff` (who wrote it), `table`, \
            `code` and `reason` (why it was refused), `receivedAt`, `writtenAt`, `needs`.

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
        guard !changes.isEmpty else { return QuarantineText.empty }
        let rows = changes.map { QuarantineText.row($0) { written(microseconds: $0, in: zone) } }
        return columns([QuarantineText.heads] + rows)
    }
}

struct QuarantineShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what a change in quarantine says, and what stands there now.",
        discussion: """
            \(QuarantineText.showing)

            With --json: as in `list`, and `record`, `recordExists`, `group` (all that were entered together), \
            `neededBy` and `neededByTaken` (what builds upon it: numbers in quarantine, and how many records that were \
            taken), `adrift` (it builds upon what is neither here nor in quarantine), `registers`: of each its name, \
            `writes` and a list `stands` of `author`, `values`, `wasRead`.

            Example: porchlightd quarantine show 1204 --data ./agency
            """)

    @Argument(help: "The change's number in `quarantine list`.") var id: Int64
    @OptionGroup var data: DataFolder
    @OptionGroup var output: Output

    func run() throws {
        let (content, known, zone) = try data.use { store in
            let content = try store.quarantined(id, now: now())
            return (content, try store.views(of: content.named), store.agency.timeZone)
        }
        let text = QuarantineText(content, known: known) { written(microseconds: $0, in: zone) }
        try output.print(
            QuarantineAnswer(content), lines: (text.lines + [columns(text.rows)]).joined(separator: "\n"))
    }
}

/// What is decided about, who decides, and why.
struct DecisionOptions: ParsableArguments {
    @Argument(help: "The changes' numbers in `quarantine list`.") var ids: [Int64] = []
    @Option(help: ArgumentHelp("Instead of numbers: all that came from this laptop.", valueName: "device"))
    var device: String?
    @Option(help: ArgumentHelp("The staff code of the administrator who decides.", valueName: "staff"))
    var by: String
    @Option(help: ArgumentHelp(QuarantineText.reason)) var reason: String

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
        guard !found.isEmpty else { throw QuarantineText.nothing(of: device) }
        return found
    }
}

struct QuarantineRelease: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Put what was refused into the records after all, in its author's name.",
        discussion: """
            \(QuarantineText.releasing)

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
        try output.print(
            ["released": decided.map(DecisionAnswer.init)],
            lines: QuarantineText.released(decided).joined(separator: "\n"))
    }
}

struct QuarantineDiscard: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Take what was refused out of quarantine for good.",
        discussion: """
            \(QuarantineText.discarding)

            With --json: `discarded`, a list of `id`, `device`.

            Example: porchlightd quarantine discard 1206 --by AD01 --reason "entered twice" --data ./agency
            """)

    @OptionGroup var options: DecisionOptions
    @Flag(help: ArgumentHelp(QuarantineText.alone)) var alone = false
    @OptionGroup var data: DataFolder
    @OptionGroup var output: Output

    func run() throws {
        let decided = try data.use {
            try $0.discard(options.numbers(in: $0), options.decision, alone: alone, now: now())
        }
        try output.print(
            ["discarded": decided.map { DecisionAnswer($0, tellsConflict: false) }],
            lines: QuarantineText.discarded(decided).joined(separator: "\n"))
    }
}
