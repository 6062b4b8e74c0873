import ArgumentParser
import SyncModel
import SyncStore

struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a backup in the place of the database; the server must be stopped.",
        discussion: """
            The database that is replaced stays beside it under another name. A new epoch begins, so that the \
            laptops bring back what they hold as they sync. Laptops that were retired since the backup stay \
            retired, and those enrolled since go on: that is in `porchlight.security` in the folder. On a new machine \
            put the old server's there first; without it they are retired and enrolled anew (`porchlight enroll --again` \
            on the laptop, which keeps all that is on it).

            With --json: `restored` (as `backup` prints it), `epoch`, `replaced`, `knowsDecisionsSince` (whether it is \
            known who was enrolled and retired since the backup), `knownUpTo` (when the newest decision was noted that \
            the `porchlight.security` knows of, where nothing else tells), `isJournalOfAnother` (whether the \
            `porchlight.security` that is there does not know it), `taken` (laptops whose codes are others' in the \
            backup: `device`, `staff`).

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
                \(next(report))
                """)
    }

    private func next(_ report: RestoreReport) -> String {
        if !report.knowsDecisionsSince {
            return report.isJournalOfAnother
                ? unknown(Self.another(data.path)) : unknown(Self.none(data.path))
        }
        let next = report.taken.isEmpty ? Self.nothingElse : Self.again(report.taken)
        return report.knownUpTo.map { "\(next)\n\(upTo($0))" } ?? next
    }

    /// A copy of the journal from an earlier day looks just like one after which nothing was decided.
    private func upTo(_ newest: Int64) -> String {
        """
        The newest decision in the porchlight.security in \(data.path) is of \(written(microseconds: newest)). If that file is \
        a copy from then and not the one that the server had last, nobody knows here who was enrolled and who was retired \
        after it: `porchlightd device retire` the latter once more before this server is started.
        """
    }

    private static let nothingElse = """
        Start the server, and let an administrator's laptop sync first: until then it goes by who had whom on their \
        caseload when the backup was made. The laptops bring back what they hold as they sync; nothing else is needed.
        """

    /// What has to be done where laptops have names that are others' in the backup.
    private static func again(_ taken: [TakenName]) -> String {
        let names = taken.map { "\($0.device) (\($0.staff))" }.joined(separator: ", ")
        return """
            Start the server. The laptops bring back what they hold as they sync. But the backup has other laptops by the \
            names of \(names), so whoever has these now is told that the server does not know them: \
            `porchlightd invite` their owners, and `porchlight enroll --again` there with that code, which keeps and \
            sends all that they have.
            """
    }

    private static func none(_ path: String) -> String { "There was no porchlight.security in \(path)" }

    private static func another(_ path: String) -> String {
        "The porchlight.security in \(path) is not that of the server that made the backup, or not whole"
    }

    /// What has to be done where nobody knows who was enrolled and retired since.
    private func unknown(_ reason: String) -> String {
        """
        \(reason), so nobody knows here who was enrolled and who was retired since the backup. If that server's file can be \
        had, put it there and restore once more, before this server is started.
        Otherwise start the server. The laptops bring back what they hold as they sync, but:
        - a laptop that was enrolled since is told that the server does not know it. `porchlightd invite` its owner, and \
        `porchlight enroll --again` there with that code: it keeps and sends all that it has. Some may be called what \
        another was called before, and give participants codes that others have: `porchlight conflicts` lists these.
        - whoever is not in the backup themselves can be invited once an administrator's laptop has synced.
        - a laptop that was retired since is retired no more until it calls itself, and receives records if it had not heard \
        of it: `porchlightd device retire` it before the server is started; `porchlightd device list` shows them.
        """
    }
}

/// A restore, as it is printed.
private struct RestoreAnswer: Encodable {
    let restored: BackupAnswer
    let epoch: UInt64
    let replaced: String?
    let knowsDecisionsSince: Bool
    let knownUpTo: String?
    let isJournalOfAnother: Bool
    let taken: [Taken]

    struct Taken: Encodable {
        let device: String
        let staff: String
    }

    init(_ report: RestoreReport) {
        restored = BackupAnswer(report.backup)
        epoch = report.epoch
        replaced = report.replaced
        knowsDecisionsSince = report.knowsDecisionsSince
        knownUpTo = report.knownUpTo.map(written(microseconds:))
        isJournalOfAnother = report.isJournalOfAnother
        taken = report.taken.map { Taken(device: $0.device, staff: $0.staff) }
    }
}
