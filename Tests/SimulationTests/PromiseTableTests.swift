import Foundation
import Simulation
import Testing

/// The README's table of promises, checks and defects is the one that the program has.
@Suite struct PromiseTableTests {
    private struct Row: Hashable, CustomStringConvertible {
        let promise: Int?
        let checks: Set<String>
        let defect: String

        var description: String { "\(promise ?? 0) \(checks.sorted()) \(defect)" }
    }

    /// Checks of the simulator itself, of which the README says that they stand for no promise.
    private static let ofTheSimulator: Set = ["world", "oracle"]

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Simulation")

    @Test func `the table has a row for every defect, and no other`() throws {
        let written = try rows()
        let known = Defect.allCases.map { defect in
            Row(promise: defect.row.promise, checks: defect.row.checks, defect: defect.rawValue)
        }
        #expect(written.count == Set(written).count, "a row stands there twice")
        let (table, program) = (Set(written), Set(known))
        #expect(table.subtracting(program).map(\.description).sorted() == [], "in the README alone")
        #expect(program.subtracting(table).map(\.description).sorted() == [], "in the program alone")
    }

    @Test func `every check has a promise, and a defect that shows that it can fail`() throws {
        let shown = Defect.allCases.reduce(into: Set<String>()) { $0.formUnion($1.row.checks) }
        #expect(Broken.checks == shown)
        let thrown = try checksInTheSources()
        #expect(thrown.subtracting(Self.ofTheSimulator) == Broken.checks)
        #expect(Self.ofTheSimulator.isSubset(of: thrown))
    }

    /// Rows such as: | 1 nothing vanishes | `lost` | `forgottenChange` | the server's file forgets a change |
    private func rows() throws -> [Row] {
        let text = try String(
            contentsOf: Self.folder.appendingPathComponent("README.md"), encoding: .utf8)
        return text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard line.hasPrefix("|"), cells.count == 4, cells[2].hasPrefix("`") else { return nil }
            return Row(
                promise: cells[0].split(separator: " ").first.flatMap { Int($0) },
                checks: Set(Self.names(cells[1])), defect: Self.names(cells[2]).joined(separator: " "))
        }
    }

    private static func names(_ cell: String) -> [String] {
        cell.split(separator: "`").map(String.init).filter { !$0.allSatisfy { $0 == "," || $0 == " " } }
    }

    /// The first arguments of everything that is thrown as broken.
    private func checksInTheSources() throws -> Set<String> {
        var found: Set<String> = []
        let files = FileManager.default.enumerator(at: Self.folder, includingPropertiesForKeys: nil)
        for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /Broken\(\s*"(?<name>[^"]+)"/) { found.insert(String(match.name)) }
        }
        return found
    }
}
