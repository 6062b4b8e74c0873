import PeerSupport
import SyncModel
import Testing

@testable import porchlight

@Suite struct FailureTests {
    private struct Unforeseen: Error { let name = "Maria Lopez" }

    @Test func `says what, what it means, and what to try`() throws {
        let desk = try TestDesk()
        let error = SyncError(.offline, "no network", means: "nothing is lost", advice: "sync later")
        #expect(Failure.tell(error, json: false, on: desk.screen) == 75)
        #expect(desk.err.text == "error: no network\n       nothing is lost\ntry:   sync later\n")
        #expect(desk.out.text.isEmpty)
    }

    @Test func `says it to programs with the stable code`() throws {
        let desk = try TestDesk()
        let error = SyncError(.badCode, "the code is wrong", advice: "ask for a new one")
        #expect(Failure.tell(error, json: true, on: desk.screen) == 77)
        #expect(
            desk.err.text
                == #"{"error":{"code":"bad_code","what":"the code is wrong","means":"","try":"ask for a new one"}}"#
                + "\n")
    }

    @Test func `names the kind of what nobody foresaw, and nothing in it`() throws {
        let desk = try TestDesk()
        #expect(Failure.tell(Unforeseen(), json: false, on: desk.screen) == 70)
        #expect(desk.err.text.contains("Unforeseen"))
        #expect(!desk.err.text.contains("Maria"))
    }

    @Test func `knows the errors of the domain`() {
        #expect(Failure.plain(CalendarError.noSuchDate("2026-02-30")).code == .badValue)
        #expect(
            Failure.plain(Refusal(code: "permission", reason: "peers set no goals")).code == .notPermitted)
        #expect(Failure.plain(SchemaError.unknownTable("x")).code == .badValue)
        #expect(Failure.plain(CancellationError()).code.exitCode == 75)
    }

    struct Usage: CustomTestStringConvertible {
        let arguments: [String]
        var testDescription: String { arguments.joined(separator: " ") }
    }

    @Test(arguments: [
        Usage(arguments: ["sync", "--watch", "--once"]),
        Usage(arguments: ["history"]), Usage(arguments: ["status", "--frob"]),
        Usage(arguments: ["enroll", "--server", "https://sync.example.org"]),
    ])
    func `wrong usage ends with 64 and touches nothing`(_ usage: Usage) throws {
        let desk = try TestDesk()
        #expect(Command.run(usage.arguments, in: desk.world, on: desk.screen) == 64)
        #expect(desk.err.text.contains("Usage: porchlight"))
        #expect(desk.out.text.isEmpty)
        #expect(desk.server.asked == 0)
    }

    @Test func `wrong usage is JSON when JSON was asked for`() throws {
        let desk = try TestDesk()
        #expect(Command.run(["status", "--frob", "--json"], in: desk.world, on: desk.screen) == 64)
        #expect(desk.err.text.hasPrefix(#"{"error":{"code":"usage","what":""#))
    }

    @Test(arguments: [["--help"], ["help", "sync"], ["sync", "--help"], [], ["--version"]])
    func `help goes to the standard output and is no failure`(_ arguments: [String]) throws {
        let desk = try TestDesk()
        #expect(Command.run(arguments, in: desk.world, on: desk.screen) == 0)
        #expect(!desk.out.text.isEmpty)
        #expect(desk.err.text.isEmpty)
    }

    @Test func `completions can be had for the usual shells`() throws {
        for shell in ["bash", "zsh", "fish"] {
            let desk = try TestDesk()
            let code = Command.run(["--generate-completion-script", shell], in: desk.world, on: desk.screen)
            #expect(code == 0)
            #expect(desk.out.text.contains("outbox"))
        }
    }
}
