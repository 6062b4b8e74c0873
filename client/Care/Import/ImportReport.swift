import PeerSupport
import SyncModel

/// What an import did, table by table, and every row it could not take.
struct ImportReport {
    /// The counts of one file.
    struct Line {
        let table: String
        let file: String
        var rows = 0
        var added = 0
        var unchanged = 0
        var differing = 0
        var bad = 0
        /// Whether its headers were understood; otherwise none of its rows was looked at.
        var isRead = true
    }

    /// One row of which another version is here already.
    struct Difference {
        let file: String
        let line: Int
        /// What differs; empty when the record that is here was deleted.
        let fields: [ImportDifference]

        /// One line. What stands in the fields is only for the administrator's own terminal: what is not one may be a
        /// file that is kept.
        func text(showsValues: Bool) -> String {
            fields.isEmpty
                ? "\(file):\(line): was deleted here, and stays so"
                : "\(file):\(line): differs and was left as it is here: "
                    + fields.map { $0.text(showsValues: showsValues) }.joined(separator: "; ")
        }
    }

    /// One row that was not taken.
    struct Problem {
        let file: String
        let line: Int
        let reason: String

        var text: String { "\(file):\(line): \(reason)" }
    }

    /// How many problems, and how many differences, are kept; the rest is only counted.
    static let problemsKept = 1_000

    var lines: [Line] = []
    private(set) var problems: [Problem] = []
    private(set) var problemCount = 0
    private(set) var differences: [Difference] = []

    /// Notes a bad row. Gives what to print, while there is room.
    mutating func note(_ problem: Problem) -> Problem? {
        problemCount += 1
        guard problems.count < Self.problemsKept else { return nil }
        problems.append(problem)
        return problem
    }

    /// Notes a row that differs from what is here. Gives what to print, while there is room.
    mutating func note(_ difference: Difference) -> Difference? {
        guard differences.count < Self.problemsKept else { return nil }
        differences.append(difference)
        return difference
    }

    /// - Parameter isRehearsal: whether all of it was taken back.
    func show(on page: inout Page, isRehearsal: Bool) {
        let rows = lines.map { line in
            [
                Page.Cell(line.table), Page.Cell(String(line.rows)), Page.Cell(String(line.added)),
                Page.Cell(String(line.unchanged)), Page.Cell(String(line.differing)),
                line.isRead
                    ? Page.Cell(String(line.bad), line.bad == 0 ? .plain : .bad)
                    : Page.Cell("not read", .bad),
            ]
        }
        page.table(["table", "rows", "added", "there already", "differing", "bad"], rows)
        let added = lines.reduce(0) { $0 + $1.added }
        page.line(
            isRehearsal
                ? "\(Wording.count(added, "record")) would be added. Nothing was imported."
                : "\(Wording.count(added, "record")) added. They go to the server with the next sync.", .good)
        let differing = lines.reduce(0) { $0 + $1.differing }
        if differing > 0 {
            page.line(
                "\(Wording.count(differing, "row differs", "rows differ")) from the record that is here under the same "
                    + "key, and nothing was changed.", .warning)
        }
        let bad = lines.reduce(0) { $0 + $1.bad }
        if bad > 0 { page.line("\(Wording.count(bad, "bad row was", "bad rows were")) left out.", .bad) }
        let unread = lines.filter { !$0.isRead }.map(\.file)
        if !unread.isEmpty {
            page.line(
                "Nothing of \(unread.joined(separator: ", ")) was taken in: see above; `porchlight import --headers` "
                    + "shows what each file holds.", .bad)
        }
    }

    var json: JSON {
        [
            "tables": .list(
                lines.map { line in
                    [
                        "table": .text(line.table), "file": .text(line.file), "rows": .count(line.rows),
                        "added": .count(line.added), "unchanged": .count(line.unchanged),
                        "differing": .count(line.differing), "bad": .count(line.bad),
                        "read": .flag(line.isRead),
                    ]
                }),
            "problem_count": .count(problemCount),
            "problems": .list(
                problems.map { problem in
                    [
                        "file": .text(problem.file), "line": .count(problem.line),
                        "reason": .text(problem.reason),
                    ]
                }),
            "differences": .list(
                differences.map { difference in
                    [
                        "file": .text(difference.file), "line": .count(difference.line),
                        "headers": .list(difference.fields.map { .text($0.header) }),
                        "fields": .list(difference.fields.map(\.json)),
                    ]
                }),
        ]
    }
}
