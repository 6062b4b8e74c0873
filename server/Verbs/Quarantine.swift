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

            At most \(QuarantineText.pageRows) are printed unless --all asks for more; --json has all.

            Example: porchlightd quarantine list --device LT-11 --data ./agency
            """)

    @OptionGroup var data: DataFolder
    @Option(help: ArgumentHelp("Only what came from this laptop, such as LT-11.", valueName: "device"))
    var device: String?
    @Flag(help: "Print all, however many they are.") var all = false
    @OptionGroup var output: Output

    func run() throws {
        let (waiting, zone) = try data.use { (try $0.quarantine(), $0.agency.timeZone) }
        let found = waiting.filter { device == nil || $0.device == device }
        try output.print(found.map(QuarantineEntry.init), lines: table(found, zone))
    }

    private func table(_ changes: [QuarantinedChange], _ zone: String) -> String {
        guard !changes.isEmpty else { return QuarantineText.empty }
        let printed = all ? changes[...] : changes.prefix(QuarantineText.pageRows)
        let rows = printed.map { QuarantineText.row($0) { written(microseconds: $0, in: zone) } }
        let count = QuarantineText.count(changes, printed: printed.count)
        return ([columns([QuarantineText.heads] + rows)] + count).joined(separator: "\n")
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

    /// The numbers; where only the laptop was given, of all that is known to be in quarantine from it.
    func numbers(_ known: [QuarantinedChange]) throws -> [Int64] {
        guard let device else { return ids }
        let found = known.filter { $0.device == device }.map(\.id)
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

            With --json: `released`, a list of `id`, `device`, `staff`, `table`, `writtenAt`, `conflict`.

            Examples: porchlightd quarantine release 1204 1205 --by AD01 --reason "agreed" --data ./agency
                      porchlightd quarantine release --device LT-11 --by AD01 --reason "lost" --data ./agency
            """)

    @OptionGroup var options: DecisionOptions
    @OptionGroup var data: DataFolder
    @OptionGroup var output: Output

    func run() throws {
        var dice = SystemRandomNumberGenerator()
        let (decided, known, zone) = try data.use { store in
            let known = try store.quarantine()
            let numbers = try options.numbers(known)
            let decided = try store.release(numbers, options.decision, now: now(), using: &dice)
            return (decided, known, store.agency.timeZone)
        }
        let lines = QuarantineText.released(decided, of: known) { written(microseconds: $0, in: zone) }
        try output.print(
            ["released": decided.map { DecisionAnswer($0, of: known, tellsConflict: true) }],
            lines: lines.joined(separator: "\n"))
    }
}

struct QuarantineDiscard: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Take what was refused out of quarantine for good.",
        discussion: """
            \(QuarantineText.discarding)

            With --json: `discarded`, a list of `id`, `device`, `staff`, `table`, `writtenAt`.

            Example: porchlightd quarantine discard 1206 --by AD01 --reason "entered twice" --data ./agency
            """)

    @OptionGroup var options: DecisionOptions
    @Flag(help: ArgumentHelp(QuarantineText.alone)) var alone = false
    @OptionGroup var data: DataFolder
    @OptionGroup var output: Output

    func run() throws {
        let (decided, known, zone) = try data.use { store in
            let known = try store.quarantine()
            let numbers = try options.numbers(known)
            let decided = try store.discard(numbers, options.decision, alone: alone, now: now())
            return (decided, known, store.agency.timeZone)
        }
        let lines = QuarantineText.discarded(decided, of: known) { written(microseconds: $0, in: zone) }
        try output.print(
            ["discarded": decided.map { DecisionAnswer($0, of: known, tellsConflict: false) }],
            lines: lines.joined(separator: "\n"))
    }
}
