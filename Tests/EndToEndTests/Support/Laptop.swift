import Foundation
import Testing

/// One laptop: a replica and the command that works with it.
struct Laptop {
    let name: String
    let runner: ProcessRunner

    /// The replica's file, beside those of the others.
    var file: String { "\(name).sqlite" }

    /// The same from the root of the file system.
    var path: String {
        get throws { try runner.home.appending(path: file).path }
    }

    private func command(_ verb: [String]) -> [String] { verb + ["--replica", file] }

    /// Runs `porchlight VERB` to its end, whichever that is.
    func run(_ verb: [String], environment: [String: String] = [:]) async throws -> Outcome {
        try await runner.run(Products.path(of: "porchlight"), command(verb), environment: environment)
    }

    /// Starts `porchlight VERB`, to be interrupted.
    func start(_ verb: String...) throws -> BackgroundProcess {
        try runner.start(Products.path(of: "porchlight"), command(verb))
    }

    /// Runs `porchlight VERB` at a terminal.
    func atTerminal(_ verb: String..., environment: [String: String] = [:]) throws -> TerminalSession {
        try runner.startAtTerminal(
            Products.path(of: "porchlight"), command(verb), environment: environment)
    }

    /// Runs `porchlight VERB`, which must succeed, and gives what it printed.
    @discardableResult
    func done(_ verb: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws -> String {
        let outcome = try await run(verb)
        try #require(
            outcome.exit == .code(0), "\(verb.joined(separator: " ")): \(outcome)",
            sourceLocation: sourceLocation)
        return outcome.output
    }

    /// Runs `porchlight VERB --json`, which must succeed.
    @discardableResult
    func json(_ verb: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws -> JSONTree {
        let outcome = try await run(verb + ["--json"])
        try #require(
            outcome.exit == .code(0), "\(verb.joined(separator: " ")): \(outcome)",
            sourceLocation: sourceLocation)
        return try JSONTree(outcome.output)
    }

    /// Runs `porchlight VERB` for people and for programs. Both must fail alike, each in its form.
    func refuses(
        _ verb: String..., exit: Int32, code: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Refused {
        let told = try await run(verb)
        let refused = try Refused(try await run(verb + ["--json"]), sourceLocation: sourceLocation)
        #expect(refused.code == code, sourceLocation: sourceLocation)
        #expect(refused.exit == .code(exit), sourceLocation: sourceLocation)
        #expect(told.exit == .code(exit), sourceLocation: sourceLocation)
        #expect(told.output == "", sourceLocation: sourceLocation)
        #expect(told.errors.hasPrefix("error: \(refused.what)\n"), sourceLocation: sourceLocation)
        #expect(told.errors.contains("\ntry:   \(refused.advice)\n"), sourceLocation: sourceLocation)
        return refused
    }

    /// What stands in the replica, as the `sqlite3` command shows it.
    func query(_ sql: String) async throws -> String {
        try await runner.sql(sql, in: file)
    }

    /// The fingerprint of all its records.
    var digest: String {
        get async throws { try await done("status", "--digest").trimmed }
    }

    /// How many changes wait to be sent.
    var waiting: Int? {
        get async throws { try await json("status")["waiting"].whole }
    }
}

/// A failure as a program is told of it.
struct Refused {
    let exit: Exit
    let code: String
    let what: String
    let means: String
    let advice: String

    init(_ outcome: Outcome, sourceLocation: SourceLocation) throws {
        exit = outcome.exit
        let tree = try #require(
            try? JSONTree(outcome.errors), "\(outcome)", sourceLocation: sourceLocation)["error"]
        code = try #require(tree["code"].text, sourceLocation: sourceLocation)
        what = try #require(tree["what"].text, sourceLocation: sourceLocation)
        means = try #require(tree["means"].text, sourceLocation: sourceLocation)
        advice = try #require(tree["try"].text, sourceLocation: sourceLocation)
        #expect(!what.isEmpty && !means.isEmpty && !advice.isEmpty, sourceLocation: sourceLocation)
    }
}

extension ProcessRunner {
    /// What the `sqlite3` command answers, columns with `|` between.
    func sql(_ sql: String, in file: String) async throws -> String {
        let outcome = try await run("sqlite3", ["-cmd", ".timeout 10000", file, sql])
        try #require(outcome.exit == .code(0), "\(outcome)")
        return outcome.output.trimmed
    }
}

extension String {
    /// Without blanks and line ends around it.
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
