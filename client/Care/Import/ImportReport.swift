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
    }

    /// One row that was not taken.
    struct Problem {
        let file: String
        let line: Int
        let reason: String

        var text: String { "\(file):\(line): \(reason)" }
    }

    /// How many problems are kept; the rest is only counted.
    static let problemsKept = 1_000

    var lines: [Line] = []
    private(set) var problems: [Problem] = []
    private(set) var problemCount = 0

    /// Notes a bad row. Gives what to print, while there is room.
    mutating func note(_ problem: Problem) -> Problem? {
        problemCount += 1
        guard problems.count < Self.problemsKept else { return nil }
        problems.append(problem)
        return problem
    }

    func show(on page: inout Page) {
        let rows = lines.map { line in
            [
                Page.Cell(line.table), Page.Cell(String(line.rows)), Page.Cell(String(line.added)),
                Page.Cell(String(line.unchanged)), Page.Cell(String(line.differing)),
                Page.Cell(String(line.bad), line.bad == 0 ? .plain : .bad),
            ]
        }
        page.table(["table", "rows", "added", "there already", "differing", "bad"], rows)
        let added = lines.reduce(0) { $0 + $1.added }
        page.line("\(Wording.count(added, "record")) added. They go to the server with the next sync.", .good)
        let differing = lines.reduce(0) { $0 + $1.differing }
        if differing > 0 {
            page.line(
                "\(Wording.count(differing, "row differs", "rows differ")) from the record that is here under the same "
                    + "key, and nothing was changed.", .warning)
        }
        if problemCount > 0 {
            page.line("\(Wording.count(problemCount, "bad row was", "bad rows were")) left out.", .bad)
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
        ]
    }
}
