import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct ImportVerb: Verb {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take in CSV files from an older system (administrators).",
        discussion: """
            A folder, or files by their names: participant.csv, check_in.csv, … They are taken in the order in which \
            they build on each other. A bad row is reported by file, line and reason, and the rest goes in; then it \
            ends with 65. Importing twice adds nothing. A row whose site, team or peer is not in the directory is a \
            bad row. --dry-run does all of it and then takes it back.

            Example: porchlight import ./export --dry-run
            Example: porchlight import ./export
            Example: porchlight import --headers
            """)

    @Argument(help: "Folders and files.")
    var files: [String] = []

    @Flag(help: "Show which headers each file has, and import nothing.")
    var headers = false

    @Flag(help: "Say what would be imported and what is wrong, and import nothing.")
    var dryRun = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if files.isEmpty != headers { throw ValidationError("name a folder or files, or use --headers") }
    }

    func run(at desk: Desk) throws {
        if headers {
            desk.show(Self.guide) { page in page.line(ImportTable.guide) }
            return
        }
        let replica = try desk.replica()
        guard try desk.isRole(.administrator) || desk.isRole(.sync) else {
            throw SyncError(
                .notPermitted, "an import writes in others' names, so it is for administrators",
                means: "nothing was imported", advice: "ask an administrator to import the files")
        }
        let found = try ImportFiles(files)
        let screen = desk.screen
        let draws = screen.showsProgress && !common.json
        let known = try ImportRun.Known(in: replica)
        let time = desk.time
        func report(_ edit: @escaping ImportRun.Writing) throws -> ImportReport {
            let run = ImportRun(
                known, at: time, showsValues: screen.isInteractive && !common.json, edit: edit,
                progress: { file, rows in
                    if draws { screen.err("\r\(file): \(rows) rows\u{1b}[K") }
                },
                complain: { text in
                    screen.err((draws ? "\r\u{1b}[K" : "") + TextWidth.safe(text) + "\n")
                })
            for source in found.sources { try run.take(source) }
            return run.report
        }
        var done = ImportReport()
        if dryRun {
            try replica.rehearse { rehearsal in done = try report { try rehearsal.edit(linked: false, $0) } }
        } else {
            done = try report { try replica.edit(linked: false, $0) }
        }
        if draws { screen.err("\r\u{1b}[K") }
        desk.show(done.json.adding("dry_run", .flag(dryRun))) { page in
            done.show(on: &page, isRehearsal: dryRun)
        }
        if done.problemCount > 0 { throw ExitCode(SyncError.Code.badValue.exitCode) }
    }

    /// The headers for programs.
    private static var guide: JSON {
        [
            "files": .list(
                ImportTable.all.map { table in
                    [
                        "file": .text(table.file), "table": .text(table.table), "key": .text(table.key),
                        "columns": .list(
                            table.columns.map { column in
                                [
                                    "header": .text(column.header), "required": .flag(column.isRequired),
                                    "about": .text(column.about),
                                ]
                            }),
                    ]
                })
        ]
    }
}
