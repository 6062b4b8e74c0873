import Foundation
import Testing

/// An agency's existing records come in as CSV files.
@Suite struct ImportTests {
    @Test func `a sample agency comes in, once`() async throws {
        let agency = try await Agency()
        let made = try await agency.runner.run(
            Products.path(of: "samples"), ["--seed", "7", "--participants", "20", "--out", "sample"])
        #expect(made.exit == .code(0), "\(made)")
        let tables = try await agency.founder.json("import", "sample")
        #expect(tables["problem_count"].whole == 0)
        var added = 0
        for line in tables["tables"].list {
            let table = try #require(line["table"].text)
            let file = try #require(line["file"].text)
            let lines = try await agency.runner.sql(
                "SELECT count(*) FROM (SELECT 1 FROM rows)", in: ":memory:", csv: "sample/\(file)")
            #expect(line["rows"].whole.map(String.init) == lines, "\(table)")
            let sum = ["added", "unchanged", "differing", "bad"].compactMap { line[$0].whole }.reduce(0, +)
            #expect(line["rows"].whole == sum, "\(table)")
            added += line["added"].whole ?? 0
        }
        #expect(added > 2_000)
        #expect(try await agency.founder.waiting == added)
        let again = try await agency.founder.json("import", "sample")
        #expect(again["tables"].list.allSatisfy { $0["added"].whole == 0 && $0["bad"].whole == 0 })
        #expect(try await agency.founder.waiting == added)

        let report = try await agency.founder.json("sync")
        #expect(report["applied"].whole == added)
        #expect(report["quarantined"].whole == 0)
        #expect(try await agency.founder.digest == agency.digest)
        // Who recorded a row at the time is kept apart from who imported it.
        let authors = "SELECT count(*) > 0 FROM check_in WHERE recorded_by LIKE 'PS%'"
        #expect(try await agency.founder.query(authors) == "1")
        let later = try await agency.founder.json("import", "sample")
        #expect(later["tables"].list.allSatisfy { $0["added"].whole == 0 })
    }

    @Test func `bad rows are named by line and reason, and the rest goes in`() async throws {
        let agency = try await Agency()
        let folder = try agency.folder("export")
        let rows = """
            key,participant_code,peer,activity,start_at,minutes,did
            1,P0001,PS07,check_in,2026-03-02T14:30:00Z,20,good
            2,P9999,PS07,check_in,2026-03-02T14:30:00Z,20,nobody
            3,P0001,PS07,check_in,2026-02-30T14:30:00Z,20,no such day
            4,P0001,PS07,juggling,2026-03-02T14:30:00Z,20,no such activity
            5,P0001,PS07,check_in,2026-03-03T14:30:00Z,soon,no number
            6,P0001,PS07,check_in
            7,P0003,PS07,check_in,2026-03-04T14:30:00Z,25,"good,
            over two lines"
            8,P0003,PS07,check_in,2026-03-05T14:30:00Z,25,"never closed

            """
        try Data(rows.utf8).write(to: folder.appending(path: "check_in.csv"))
        let outcome = try await agency.founder.run(["import", "export", "--json"])
        #expect(outcome.exit == .code(65))
        let report = try JSONTree(outcome.output)
        let problems = report["problems"].list
        #expect(problems.compactMap { $0["line"].whole }.sorted().prefix(5) == [3, 4, 5, 6, 7])
        #expect(problems.allSatisfy { $0["reason"].text?.isEmpty == false })
        #expect(problems.allSatisfy { $0["file"].text == "check_in.csv" })
        let told = try await agency.founder.run(["import", "export"])
        #expect(told.exit == .code(65))
        #expect(told.errors.contains("check_in.csv:3: "))
        #expect(try await agency.founder.query("SELECT count(*) FROM check_in") == "2")
        #expect(try await agency.founder.json("sync")["applied"].whole == 2)

        // A column that nobody knows stops the file: a misspelt one would lose its values in silence.
        try Data("key,participant_cod\n1,P0001\n".utf8).write(to: folder.appending(path: "check_in.csv"))
        let misspelt = try await agency.founder.run(["import", "export", "--json"])
        #expect(misspelt.exit == .code(65))
        #expect(try await agency.founder.waiting == 0)
    }
}

extension ProcessRunner {
    /// What a query finds in a CSV file, taken as the table `rows`.
    fileprivate func sql(_ sql: String, in file: String, csv: String) async throws -> String {
        let outcome = try await run("sqlite3", [file, ".mode csv", ".import \(csv) rows", sql])
        try #require(outcome.exit == .code(0), "\(outcome)")
        return outcome.output.trimmed
    }
}
