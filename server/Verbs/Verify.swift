import ArgumentParser
import SyncModel
import SyncStore

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check that nothing in the database was altered, while the server runs.",
        discussion: """
            Recomputes every hash: of the audit log, of each laptop's changes, of the log of all; and puts every \
            record together from its changes again. Ends with 0 when all is as it was written, and with 65 and \
            the name of the first thing that is not.

            Example: porchlightd verify --data ./agency
            """)

    @OptionGroup var data: DataFolder
    @OptionGroup var output: Output

    func run() throws {
        let report = try Store.verify(at: data.database)
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
