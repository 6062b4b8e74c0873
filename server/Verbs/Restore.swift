import ArgumentParser
import SyncModel
import SyncStore

struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a backup in the place of the database; the server must be stopped.",
        discussion: """
            The database that is replaced stays beside it under another name. A new epoch begins, so that the \
            laptops bring back what they hold as they sync. Laptops that were retired since the backup stay \
            retired, and those enrolled since go on.

            Example: porchlightd restore /mnt/backup/agency-2026-03-02.sqlite --data ./agency
            """)

    @Argument(help: "The backup.") var file: String
    @OptionGroup var data: DataFolder
    @OptionGroup var output: Output

    func run() throws {
        try data.create()
        let report = try Store.restore(from: file, to: data.database, now: now())
        let kept = report.replaced.map { "What was here before is kept in \($0)." }
        try output.print(
            RestoreAnswer(report),
            lines: """
                \(data.database) is as of \(file): log position \(report.backup.log). Epoch \(report.epoch) begins.
                \(kept ?? "There was no database here before.")
                Start the server. The laptops bring back what they hold as they sync; nothing else is needed.
                """)
    }
}

/// A restore, as it is printed.
private struct RestoreAnswer: Encodable {
    let restored: BackupAnswer
    let epoch: UInt64
    let replaced: String?

    init(_ report: RestoreReport) {
        restored = BackupAnswer(report.backup)
        epoch = report.epoch
        replaced = report.replaced
    }
}
