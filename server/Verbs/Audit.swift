import ArgumentParser
import Foundation
import PeerSupport
import SyncModel
import SyncStore

struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Print the audit log: codes, enrolments, exchanges that brought something, releases, backups.",
        discussion: """
            It has codes and counts, who read what is in quarantine, who decided what was written apart, the reasons \
            that were given for it, and nothing else that anybody wrote in a record. `admission` says that what had waited in \
            quarantine was taken by itself, since what it had waited for had come. An entry about a decision ends with \
            the beginning of the hash of the change that has its values. `porchlightd verify` checks that no entry was \
            altered or taken out, that these changes are as they were written, and that nothing in quarantine was let go \
            of without an entry. Tokens and codes that nobody has are counted, and noted with the next entry of a laptop \
            or when the server stops.

            Example: porchlightd audit --data ./agency --since 2026-03-01
            """)

    @OptionGroup var data: DataFolder
    @Option(
        help: ArgumentHelp(
            "Only what was noted from then on, UTC: 2026-03-01, today, \"2 days ago\" or 2026-03-01T14:30:00Z.",
            valueName: "time"))
    var since: String?
    @Flag(help: "Answer with one line of JSON: a list of entries.") var json = false

    func validate() throws {
        _ = try start()
    }

    func run() throws {
        let since = try start()
        var isFirst = true
        try data.use { store in
            try store.audit(since: since) { entry in
                try write(json ? (isFirst ? "[" : ",") + Self.json(entry) : Self.line(entry) + "\n")
                isFirst = false
            }
        }
        if json { try write(isFirst ? "[]\n" : "]\n") }
        if !json, isFirst { try write("nothing was noted\n") }
    }

    /// From when on, microseconds.
    private func start() throws -> Int64 {
        guard let since else { return .min }
        if let date = try? Date(since, strategy: .iso8601) {
            return Int64(date.timeIntervalSince1970) * 1_000_000
        }
        let time = LocalTime.utc(now: now() / 1_000_000)
        do { return try time.instant(time.parseDate(since), minute: 0) * 1_000_000 } catch {
            throw ValidationError(
                "--since takes a day or an instant, such as 2026-03-01, today or 2026-03-01T14:30:00Z.")
        }
    }

    private func write(_ text: String) throws {
        try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }

    private static func line(_ entry: AuditEntry) throws -> String {
        [
            "\(entry.number)", written(microseconds: entry.at), entry.kind, entry.device, entry.staff,
            words(try counts(entry)), entry.note,
            entry.change.map { "change \(hexadecimal($0.bytes.prefix(6)))…" } ?? "",
        ]
        .filter { !$0.isEmpty }.joined(separator: "  ")
    }

    /// Counts in the order of their names; what is a part of all that was taken stands behind it, so that nobody adds
    /// them up.
    private static func words(_ counts: [String: Int64]) -> String {
        let taken = counts["taken"]
        let apart = ["taken", "brought"]
        let rest = counts.filter { !apart.contains($0.key) && (taken == nil || $0.value != 0) }
            .sorted { $0.key < $1.key }
            .map { "\($0.key.replacing("_", with: " ")) \($0.value)" }.joined(separator: ", ")
        guard let taken else { return rest }
        return "taken \(taken)\(rest.isEmpty ? "" : ", of them \(rest)")"
            + (counts["brought"].map { "; brought back \($0) that others wrote" } ?? "")
    }

    private static func counts(_ entry: AuditEntry) throws -> [String: Int64] {
        try JSONDecoder().decode([String: Int64].self, from: Data(entry.counts.utf8))
    }

    private static func json(_ entry: AuditEntry) throws -> String {
        String(try Output.json(AuditAnswer(entry, counts(entry))).dropLast())
    }
}

/// An entry, as it is printed.
private struct AuditAnswer: Encodable {
    let number: Int64
    let at: String
    let kind: String
    let device: String?
    let staff: String?
    let counts: [String: Int64]
    let note: String?
    let change: String?
    let hash: String

    init(_ entry: AuditEntry, _ counts: [String: Int64]) {
        number = entry.number
        at = written(microseconds: entry.at)
        kind = entry.kind
        device = entry.device.isEmpty ? nil : entry.device
        staff = entry.staff.isEmpty ? nil : entry.staff
        self.counts = counts
        note = entry.note.isEmpty ? nil : entry.note
        change = entry.change.map { hexadecimal($0.bytes) }
        hash = hexadecimal(entry.hash.bytes)
    }
}
