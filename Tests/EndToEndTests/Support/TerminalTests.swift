import Glibc
import Testing

@Suite struct TerminalTests {
    private let runner = ProcessRunner()

    @Test func `a program sees a terminal on all three streams, and its size`() async throws {
        let script = "test -t 0 && test -t 1 && test -t 2 && stty size"
        let session = try runner.startAtTerminal("/bin/sh", ["-c", script], columns: 100, rows: 30)
        #expect(try await session.outcome() == Outcome(exit: .code(0), output: "30 100\r\n", errors: ""))
        #expect(try await runner.run("/bin/sh", ["-c", "test -t 0 || test -t 1"]).exit == .code(1))
    }

    @Test func `a question is answered`() async throws {
        let script = "printf 'Name? '; read a; printf 'Sure? '; read b; echo \"<$a,$b>\"; exit 3"
        let session = try runner.startAtTerminal("/bin/sh", ["-c", script])
        try await session.expect("? ")
        try session.type("Ana")
        try await session.expect("Sure? ")
        try session.type("y")
        let outcome = try await session.outcome()
        #expect(outcome.exit == .code(3))
        #expect(outcome.output.hasSuffix("<Ana,y>\r\n"))
    }

    @Test func `a person's interrupt reaches the program`() async throws {
        let session = try runner.startAtTerminal("/bin/cat")
        try session.type("hello")
        // Once echoed by the terminal, once written by the program.
        try await session.expect("hello")
        try await session.expect("hello")
        try session.press(control: "c")
        #expect(try await session.outcome().exit == .signal(SIGINT))
    }

    @Test func `a program may write more than a terminal holds`() async throws {
        let script = "i=0; while [ $i -lt 5000 ]; do echo 0123456789abcdef; i=$((i+1)); done"
        let session = try runner.startAtTerminal("/bin/sh", ["-c", script])
        // It takes many turns, for each of which the other tests that run may let it wait.
        #expect(try await session.outcome(.seconds(300)).output.utf8.count == 5000 * 18)
    }

    @Test func `waiting for a question that is never asked fails`() async throws {
        let session = try runner.startAtTerminal("/bin/sh", ["-c", "echo bye"])
        await #expect(throws: Failure.self) { try await session.expect("Name?") }
    }
}
