import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct ConflictsExport: LookingVerb {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract:
            "The register of decisions: who decided what, when and why, with the values before and after.",
        discussion: """
            It has what this laptop holds: an administrator's has every decision of the agency. What was decided about \
            quarantine (released, discarded, taken back by its author) lies with the server alone: --server asks for \
            it too, and answers only administrators. Without it no network is needed. What was taken back or decided anew has \
            an entry for each time; those of one question have one question_id. Moments are UTC, also within `before` and `after`.

            Examples: porchlight conflicts export --since 2026-03-01 --format csv > decisions.csv
                      porchlight conflicts export --server > all.csv
            """)

    @Option(help: "Only from this day on.")
    var since: String?

    @Option(help: "csv, or json.")
    var format = "csv"

    @Flag(help: "Also what was decided about quarantine, which the server is asked for. For administrators.")
    var server = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard ["csv", "json"].contains(format) else { throw ValidationError("--format is csv or json") }
    }

    func run(at desk: Desk) throws {
        let from = try since.map { try desk.time.instant(try desk.day($0), minute: 0) }
        let replica = try desk.replica()
        let all = try OpenConflicts.decisions(in: replica)
        let chains = DecisionChains(all)
        let anew = chains.decidedAnew()
        var rows = try all.filter { from == nil || $0.at >= (from ?? 0) }.answers.compactMap { group in
            var seen: Set<RecordID> = []
            let answered = group.flatMap { anew[$0.id] ?? [] }.filter { seen.insert($0).inserted }
            return try DecisionRow(group, chains, answering: answered, desk)
        }
        if server {
            rows += try desk.closed(since: from).map { try DecisionRow($0, desk) }
            // Of one second, the laptop's come first, and each kind keeps its order.
            rows = rows.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
                .map(\.element)
        }
        if format == "json" || common.json {
            desk.screen.out(JSON(dictionaryLiteral: ("decisions", .list(rows.map(\.json)))).text + "\n")
            return
        }
        var text = CSV.line(DecisionRow.headers)
        for row in rows { text += CSV.line(row.cells) }
        desk.screen.out(text)
    }
}

/// Lines of a CSV file as spreadsheets read them: RFC 4180, and nothing that a spreadsheet would take for a formula.
enum CSV {
    /// One line, ended by CR LF.
    static func line(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

    private static func cell(_ text: String) -> String {
        var text = text
        if let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) {
            text = "'" + text
        }
        guard text.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else {
            return text
        }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
