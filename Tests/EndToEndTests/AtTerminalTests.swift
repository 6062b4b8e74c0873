import Foundation
import Testing

/// What a person at a terminal sees and is asked, and what a program in a pipe is spared.
@Suite struct AtTerminalTests {
    private static let escape = "\u{1b}["

    @Test func `a likely double entry is asked about`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await rosa.done("checkin", "add", "P0001", "walked", "--at", "yesterday 10:05")
        for (answer, count, exit) in [("n", "1", Exit.code(65)), ("", "1", .code(65)), ("y", "2", .code(0))] {
            let session = try rosa.atTerminal(
                "checkin", "add", "P0001", "walked again", "--at", "yesterday 10:06")
            try await session.expect("This may be there already")
            try await session.expect("[y/N] ")
            try session.type(answer)
            let outcome = try await session.outcome()
            #expect(outcome.exit == exit, "\(outcome.output)")
            #expect(outcome.output.contains("Recorded (") == (answer == "y"))
            #expect(try await rosa.query("SELECT count(*) FROM check_in") == count)
        }
        // Whoever is interrupted while being asked has recorded nothing.
        let session = try rosa.atTerminal("checkin", "add", "P0001", "walked", "--at", "yesterday 10:06")
        try await session.expect("[y/N] ")
        try session.press(control: "c")
        #expect(try await session.outcome().exit != .code(0))
        #expect(try await rosa.waiting == 2)
        // At another hour there is nothing to ask.
        let other = try rosa.atTerminal("checkin", "add", "P0001", "walked", "--at", "yesterday 16:00")
        let outcome = try await other.outcome()
        #expect(outcome.exit == .code(0))
        #expect(!outcome.output.contains("[y/N]"))
    }

    @Test func `colour is for terminals that want it`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        try await rosa.done("escalate", "P0001", "coughs", "--urgent")
        let coloured = try await rosa.atTerminal("escalation", "list").outcome()
        #expect(coloured.exit == .code(0))
        #expect(coloured.output.contains(Self.escape))
        for environment in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
            let plain = try await rosa.atTerminal("escalation", "list", environment: environment).outcome()
            #expect(plain.output.contains("NOT SENT"))
            #expect(!plain.output.contains(Self.escape), "\(environment)")
        }
        let asked = try await rosa.atTerminal("escalation", "list", "--no-color").outcome()
        #expect(!asked.output.contains(Self.escape))
        let wide = ["TERM": "xterm-256color"]
        for verb in [
            ["escalation", "list"], ["today"], ["status"], ["sync"], ["participant", "show", "P9"],
        ] {
            let piped = try await rosa.run(verb, environment: wide)
            #expect(!(piped.output + piped.errors).contains(Self.escape), "\(verb)")
        }
    }

    @Test func `a sync shows its progress where somebody sees it and there is much to move`() async throws {
        let agency = try await Agency()
        let made = try await agency.runner.run(
            Products.path(of: "samples"), ["--seed", "7", "--participants", "20", "--out", "sample"])
        #expect(made.exit == .code(0))
        try await agency.founder.done("import", "sample")
        let much = try await agency.founder.atTerminal("sync").outcome()
        #expect(much.exit == .code(0), "\(much.output)")
        #expect(much.output.contains("%"))
        #expect(much.output.contains("[#") || much.output.contains("[."))
        // It is gone when the result stands there.
        let last = try #require(much.output.components(separatedBy: "\u{1b}[K").last)
        #expect(last.hasPrefix("sent "))
        #expect(!last.contains("%"))
        try await agency.founder.done("participant", "edit", "P0001", "--phone", "555 0101")
        let little = try await agency.founder.atTerminal("sync").outcome()
        #expect(little.output.contains("sent 1"))
        #expect(!little.output.contains("%"))

        let bela = Laptop(name: "bela", runner: agency.runner)
        let enrolment = try await agency.enrolment(code: agency.code(for: "AD02"))
        let piped = try await bela.run(enrolment)
        #expect(piped.exit == .code(0), "\(piped)")
        #expect(!(piped.output + piped.errors).contains("%"))
        #expect(try await bela.digest == agency.digest)
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `completions are scripts of their shell`(shell: String) async throws {
        let runner = ProcessRunner()
        let script = try await runner.run(
            Products.path(of: "porchlight"), ["--generate-completion-script", shell])
        #expect(script.exit == .code(0))
        #expect(script.output.contains("checkin"))
        // Shells other than bash are seldom installed; theirs are only looked at.
        guard shell == "bash" else { return }
        let checked = try await runner.run("bash", ["-n"], input: script.output)
        #expect(checked == Outcome(exit: .code(0), output: "", errors: ""))
    }
}
