import ArgumentParser
import SyncModel
import SyncStore

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Check that nothing in the database, or in a backup of it, was altered, while the server runs.",
        discussion: """
            Recomputes every hash: of the audit log, of each laptop's changes, of the log of all; and puts every \
            record together from its changes again; and looks whether the tables, indexes and triggers are those that the \
            program makes. Ends with 0 when all is as it was written, and with 65 and the name of the first thing that is \
            not. With --file it reads a backup, wherever that lies: no server is needed, and the file is not written.

            Examples: porchlightd verify --data ./agency
                      porchlightd verify --file /mnt/backup/agency-2026-03-02.sqlite
            """)

    @Option(help: ArgumentHelp("The folder of the server's data.", valueName: "dir")) var data: String?
    @Option(help: ArgumentHelp("Instead of the server's database, this backup.", valueName: "file")) var file:
        String?
    @OptionGroup var output: Output

    func validate() throws {
        guard (data == nil) != (file == nil) else {
            throw ValidationError("Give either --data, or --file for a backup.")
        }
    }

    func run() throws {
        let report =
            if let file { try Store.verify(backup: file) } else {
                try Store.verify(at: DataFolder.database(in: data ?? ""))
            }
        try output.print(
            VerifyAnswer(report),
            lines: """
                Nothing was altered: \(report.changes) changes in \(report.incarnations) logs, \
                \(report.records) records, \(report.auditEntries) entries of the audit log.
                Epoch \(report.epoch), log position \(report.log).
                """)
    }
}

/// A verification, as it is printed.
private struct VerifyAnswer: Encodable {
    let changes: Int
    let incarnations: Int
    let positions: Int
    let records: Int
    let auditEntries: Int
    let epoch: UInt64
    let log: Int64

    init(_ report: VerificationReport) {
        changes = report.changes
        incarnations = report.incarnations
        positions = report.positions
        records = report.records
        auditEntries = report.auditEntries
        epoch = report.epoch
        log = report.log
    }
}
