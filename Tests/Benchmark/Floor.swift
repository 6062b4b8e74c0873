import Foundation

/// The floor of DESIGN: a C program that inserts the same rows into the same tables, and nothing else.
struct Floor {
    let program: String

    /// Compiles it, if need be, by the project's own script.
    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        program = try succeed(root.appending(path: "scripts/floor").path, []).output
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The median time to insert the rows of some tables of a database, milliseconds.
    func milliseconds(_ source: String, _ tables: [String], in bench: Workbench) throws -> Double {
        let usage = try succeed(
            program,
            ["--synchronous", "full", "--repeat", "3", source, bench.path("floor.sqlite")] + tables)
        guard let line = usage.output.split(separator: "\n").first(where: { $0.hasPrefix("milliseconds") }),
            let figure = Self.median(in: line)
        else { throw Trouble("the floor printed what cannot be read: \(usage.output)") }
        return figure
    }

    /// The number after the word `median`.
    static func median(in line: Substring) -> Double? {
        let words = line.split { $0 == " " || $0 == "\t" || $0 == "=" || $0 == "," }
        guard let place = words.firstIndex(where: { $0.hasPrefix("median") }), place + 1 < words.count else {
            return nil
        }
        return Double(words[place + 1])
    }
}
