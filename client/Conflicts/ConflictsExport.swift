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
            It has what this laptop holds: an administrator's has every decision of the agency.

            Example: porchlight conflicts export --since 2026-03-01 --format csv > decisions.csv
            """)

    @Option(help: "Only from this day on.")
    var since: String?

    @Option(help: "csv, or json.")
    var format = "csv"

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard ["csv", "json"].contains(format) else { throw ValidationError("--format is csv or json") }
    }

    func run(at desk: Desk) throws {
        let from = try since.map { try desk.time.instant(try desk.day($0), minute: 0) }
        let replica = try desk.replica()
        let rows = try OpenConflicts.decisions(in: replica).filter { from == nil || $0.at >= (from ?? 0) }
            .map { try DecisionRow($0, desk) }
        if format == "json" || common.json {
            desk.screen.out(JSON(dictionaryLiteral: ("decisions", .list(rows.map(\.json)))).text + "\n")
            return
        }
        var text = CSV.line(DecisionRow.headers)
        for row in rows { text += CSV.line(row.cells) }
        desk.screen.out(text)
    }
}

/// A decision as the register has it.
struct DecisionRow {
    static let headers = [
        "decision_id", "kind", "table", "record", "record_name", "field", "before", "after", "decided_by",
        "decided_at", "reason", "answers", "contested_by", "contested_at", "contest_reason",
    ]

    private let decision: Decision
    private let table: String
    private let name: String
    private let before: String
    private let after: String
    private let time: LocalTime

    init(_ decision: Decision, _ desk: Desk) throws {
        self.decision = decision
        time = desk.time
        var teller = ChangeTeller(desk)
        table = try desk.replica().view(decision.subject)?.table.name ?? ""
        name = table.isEmpty ? "not on this laptop any more" : try teller.title(table, decision.subject)
        before = try Self.words(decision.before, decision, table, &teller, withAuthors: true)
        after = try Self.words(decision.after, decision, table, &teller, withAuthors: false)
    }

    private static func words(
        _ text: String?, _ decision: Decision, _ table: String, _ teller: inout ChangeTeller,
        withAuthors: Bool
    ) throws -> String {
        if let other = decision.other, text == nil, withAuthors { return try teller.label(other) }
        guard let text, let register = decision.register, !table.isEmpty else { return "" }
        return try DecidedValue.read(text).map { one in
            let said = try teller.contents(table, [RegisterWrite(register, one.values)])
            return withAuthors && !one.author.isEmpty ? "\(said) (\(one.author))" : said
        }
        .joined(separator: " | ")
    }

    var cells: [String] {
        [
            decision.id.text, decision.kind.rawValue, table, decision.subject.text, name,
            decision.register ?? "", before, after, decision.by, time.text(of: decision.at), decision.reason,
            decision.answers?.text ?? "", decision.contestedBy ?? "",
            decision.contestedAt.map { time.text(of: $0) } ?? "", decision.contestReason ?? "",
        ]
    }

    var json: JSON {
        [
            "decision": .text(decision.id.text), "kind": .text(decision.kind.rawValue), "table": .text(table),
            "record": .text(decision.subject.text), "name": .text(name),
            "register": .optional(decision.register), "before": .text(before), "after": .text(after),
            "decided_by": .text(decision.by), "decided_at": .moment(decision.at * 1_000_000),
            "reason": .text(decision.reason), "answers": .optional(decision.answers?.text),
            "contested_by": .optional(decision.contestedBy),
            "contested_at": .moment(decision.contestedAt.map { $0 * 1_000_000 }),
            "contest_reason": .optional(decision.contestReason),
        ]
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
