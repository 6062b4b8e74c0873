import Foundation
import Testing

/// The floor that benchmarks are held against counts only while it does the same work.
@Suite struct FloorTests {
    private let runner = ProcessRunner()

    private var script: String {
        URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "../../scripts/floor").standardized.path
    }

    @Test func `the floor writes the rows it was given`() async throws {
        let schema = """
            CREATE TABLE note(id BLOB PRIMARY KEY, n INTEGER, t TEXT, r REAL) WITHOUT ROWID;
            CREATE INDEX note_n ON note(n) WHERE n > 1;
            CREATE TABLE "a b"("x y", z UNIQUE);
            """
        let rows = """
            INSERT INTO note VALUES (x'01', 1, 'one' || char(0) || 'é', 0.1), (x'00', NULL, '', -1e300);
            INSERT INTO "a b" VALUES (9223372036854775807, x''), ('q', NULL);
            """
        let made = try await runner.run("sqlite3", ["source.db", schema + rows])
        #expect(made == Outcome(exit: .code(0), output: "", errors: ""))
        let arguments = ["--synchronous", "normal", "--repeat", "3", "source.db", "copy.db", "note", "a b"]
        let floor = try await runner.run(script, arguments)
        #expect(floor.exit == .code(0), "\(floor.errors)")
        #expect(floor.output.hasPrefix("rows 4\nbytes "))
        #expect(floor.output.contains("\nmilliseconds min "))
        let source = try await dump("source.db")
        #expect(source.contains("note_n"))
        #expect(try await dump("copy.db") == source)
    }

    private func dump(_ name: String) async throws -> String {
        let query = """
            SELECT type, name, sql FROM sqlite_schema ORDER BY name;
            SELECT hex(id), typeof(n), n, typeof(t), hex(t), quote(r) FROM note ORDER BY id;
            SELECT quote("x y"), quote(z) FROM "a b" ORDER BY 1
            """
        return try await runner.run("sqlite3", [name, query]).output
    }

    @Test func `the floor never deletes what it measures`() async throws {
        _ = try await runner.run("sqlite3", ["source.db", "CREATE TABLE a(b)"])
        #expect(try await runner.run(script, ["source.db", "./source.db", "a"]).exit == .code(64))
        #expect(try await runner.run(script, ["source.db", "copy.db", "nothing"]).exit == .code(1))
        let kept = try await runner.run("sqlite3", ["source.db", ".tables"])
        #expect(kept.output.contains("a"))
    }
}
