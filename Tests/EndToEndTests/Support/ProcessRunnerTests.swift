import Foundation
import Glibc
import Testing

@Suite struct ProcessRunnerTests {
    private let runner = ProcessRunner()

    @Test func `output, errors and exit code come back apart`() async throws {
        let outcome = try await runner.run("/bin/sh", ["-c", "echo out; echo err >&2; exit 65"])
        #expect(outcome == Outcome(exit: .code(65), output: "out\n", errors: "err\n"))
    }

    @Test func `a program that reads finds the end at once unless it is given something`() async throws {
        #expect(try await runner.run("/bin/cat") == Outcome(exit: .code(0), output: "", errors: ""))
        #expect(try await runner.run("/bin/cat", input: "a\0é").output == "a\0é")
    }

    @Test func `output larger than any pipe comes back whole`() async throws {
        let text = String(repeating: "0123456789abcdef", count: 1 << 16)
        #expect(try await runner.run("/bin/cat", input: text).output == text)
    }

    @Test func `the environment is the runner's own`() async throws {
        runner.environment["A"] = "1"
        let outcome = try await runner.run("/bin/sh", ["-c", "pwd; env"], environment: ["B": "2"])
        let lines = outcome.output.split(separator: "\n").map(String.init)
        let home = try runner.home.path
        #expect(lines.first == home)
        #expect(Set(lines).isSuperset(of: ["HOME=\(home)", "A=1", "B=2", "TZ=UTC"]))
        #expect(!lines.contains { $0.hasPrefix("USER=") })
    }

    @Test func `the home folder is empty at first and gone at the end`() async throws {
        let home = try {
            let own = ProcessRunner()
            let home = try own.home.path
            #expect(try FileManager.default.contentsOfDirectory(atPath: home) == [])
            return home
        }()
        #expect(!FileManager.default.fileExists(atPath: home))
    }

    @Test func `what runs too long is killed with its children`() async throws {
        let script = "sleep 600 & echo $!; wait"
        let failure = await #expect(throws: Failure.self) {
            try await runner.run("/bin/sh", ["-c", script], timeout: .milliseconds(500))
        }
        guard case .timedOut(_, let output) = try #require(failure) else {
            Issue.record("\(String(describing: failure))")
            return
        }
        let child = try #require(Int32(output.split(separator: "\n").first ?? ""))
        let gone = try await Waiting(.seconds(30)).until { isGone(child) ? true : nil }
        #expect(gone == true)
    }

    /// Whether a process has ended. One that nobody has asked about yet still has its number.
    private func isGone(_ process: pid_t) -> Bool {
        guard kill(process, 0) == 0 else { return true }
        let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        return status?.contains(") Z ") ?? true
    }

    @Test func `a signal ends a program and shows in its outcome`() async throws {
        let process = try runner.start("/bin/sh", ["-c", "echo ready; while :; do sleep 1; done"])
        try await process.said("ready")
        #expect(process.isRunning)
        process.send(signal: SIGTERM)
        #expect(try await process.outcome().exit == .signal(SIGTERM))
    }

    @Test func `waiting for words that never come fails as soon as the program ends`() async throws {
        let process = try runner.start("/bin/sh", ["-c", "echo no"])
        let failure = await #expect(throws: Failure.self) { try await process.said("yes") }
        #expect(failure?.description.contains("never said \"yes\". It said:\nno") == true)
    }

    @Test func `a program that is not there is an error`() async throws {
        await #expect(throws: Failure.notBuilt("/nowhere/a")) { try await runner.run("/nowhere/a") }
        #expect(try await runner.run("nowhere-a").exit == .code(127))
    }

    @Test func `programs are found beside the test bundle`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Products.folder.path)
        #expect(names.contains { $0.hasSuffix(".xctest") })
        #expect(throws: Failure.notBuilt("/nowhere/porchlight")) {
            try Products.path(of: "porchlight", in: URL(filePath: "/nowhere"))
        }
    }
}
