import Foundation
import Glibc

/// How a process ended.
enum Exit: Equatable {
    case code(Int32)
    case signal(Int32)
}

/// A started process. It is killed, children included, when the test lets go of it.
final class RunningProcess {
    let id: pid_t
    let command: String
    private(set) var exit: Exit?

    init(_ spawn: Spawn) throws {
        command = spawn.command.joined(separator: " ")
        id = try spawn.start()
    }

    deinit {
        guard exit == nil else { return }
        kill(-id, SIGKILL)
        var status: Int32 = 0
        waitpid(id, &status, 0)
    }

    /// Sends a signal to the process alone, as `kill` does.
    func send(signal: Int32) {
        guard poll() == nil else { return }
        kill(id, signal)
    }

    /// How it ended, if it has.
    func poll() -> Exit? {
        var status: Int32 = 0
        if exit == nil, waitpid(id, &status, WNOHANG) == id {
            let signal = status & 0x7f
            exit = signal == 0 ? .code((status >> 8) & 0xff) : .signal(signal)
        }
        return exit
    }

    /// Waits for its end. What is past its time is killed with its children, and the test fails.
    ///
    /// - Parameter said: What it has said so far, for the message.
    func wait(_ timeout: Duration, said: () -> String) async throws -> Exit {
        if let exit = try await Waiting(timeout).until({ poll() }) { return exit }
        kill(-id, SIGKILL)
        _ = try await Waiting(.seconds(10)).until { poll() }
        throw Failure.timedOut(command: command, output: said())
    }
}

/// Looking again and again until something is there: neither the end of a process nor a line in a file
/// can be awaited.
struct Waiting {
    private let deadline: ContinuousClock.Instant

    init(_ timeout: Duration) {
        deadline = .now.advanced(by: timeout)
    }

    /// Lets a program run for a while that nobody can see into, before it is killed.
    static func pause(_ duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }

    /// What the closure finds, or `nil` when the time is up.
    func until<Found>(_ look: () throws -> Found?) async throws -> Found? {
        while true {
            if let found = try look() { return found }
            if ContinuousClock.now >= deadline { return nil }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
