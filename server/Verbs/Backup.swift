import ArgumentParser
import SyncModel
import SyncStore

struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a backup of everything into one file, while the server runs.",
        discussion: """
            The file gets its name when it is on the disk, read back and checked: what has the name is whole. \
            Keep it elsewhere than the server, as secret as the server itself.

            Example: porchlightd backup --data ./agency --to /mnt/backup/agency-$(date +%F).sqlite
            """)

    @OptionGroup var data: DataFolder
    @Option(help: ArgumentHelp("The file to write.", valueName: "file")) var to: String
    @Flag(help: "Replace a file of that name.") var force = false
    @OptionGroup var output: Output

    func run() throws {
        let time = now()
        let report = try data.use { try $0.backup(to: to, force: force, now: time) }
        try output.print(
            BackupAnswer(report, at: written(microseconds: time)),
            lines: """
                \(report.file): \(report.bytes) bytes, epoch \(report.epoch), log position \(report.log), \
                \(written(microseconds: time))
                It was read back, and is whole.
                """)
    }
}

/// A backup, as it is printed.
struct BackupAnswer: Encodable {
    let file: String
    let bytes: Int64
    let epoch: UInt64
    let log: Int64
    let at: String?

    init(_ report: BackupReport, at: String? = nil) {
        file = report.file
        bytes = report.bytes
        epoch = report.epoch
        log = report.log
        self.at = at
    }
}
