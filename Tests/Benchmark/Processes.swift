import Foundation
import Glibc
import Synchronization

/// What a finished process used.
struct Usage {
    let status: Int32
    let milliseconds: Double
    let peakBytes: Int
    let output: String
}

/// Runs a command to its end; its standard output is read, its errors go to ours.
func run(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws -> Usage {
    var pipe: [Int32] = [0, 0]
    guard Glibc.pipe(&pipe) == 0 else { throw Trouble("no pipe") }
    for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, pipe[1], 1)
    let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    var settings: [UnsafeMutablePointer<CChar>?] = all.map { strdup("\($0)=\($1)") } + [nil]
    defer { (words + settings).forEach { free($0) } }
    var child: pid_t = 0
    let clock = ContinuousClock()
    let start = clock.now
    guard posix_spawn(&child, path, &actions, nil, &words, &settings) == 0 else {
        throw Trouble("cannot start \(path)")
    }
    close(pipe[1])
    let peak = PeakMemory(of: child)
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = read(pipe[0], &buffer, buffer.count)
        guard count > 0 else { break }
        output += buffer.prefix(count)
    }
    close(pipe[0])
    var status: Int32 = 0
    let peakBytes = peak.bytes
    waitpid(child, &status, 0)
    let spent = (clock.now - start).components
    return Usage(
        status: (status >> 8) & 0xff,
        milliseconds: Double(spent.seconds) * 1000 + Double(spent.attoseconds) / 1e15,
        peakBytes: peakBytes, output: String(decoding: output, as: UTF8.self))
}

/// Runs a command that has to succeed.
@discardableResult
func succeed(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws -> Usage {
    let usage = try run(path, arguments, environment: environment)
    guard usage.status == 0 else {
        throw Trouble("\(path) \(arguments.first ?? "") ended with \(usage.status)")
    }
    return usage
}

/// A server that runs until it is stopped.
final class ServerProcess {
    private let process = Process()
    let url: String

    init(_ bench: Workbench, data: String) throws {
        let ready = data + "/url"
        process.executableURL = URL(filePath: bench.tool("porchlightd"))
        process.arguments = [
            "serve", "--data", data, "--plain-http", "--port", "0", "--ready-file", ready,
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        var found: String?
        for _ in 0..<3000 where found == nil {
            found = (try? String(contentsOfFile: ready, encoding: .utf8))?
                .trimmingCharacters(in: .whitespacesAndNewlines)
            if found == nil { usleep(10_000) }
        }
        guard let found else { throw Trouble("the server does not start") }
        url = found
    }

    /// The most memory it ever held, bytes.
    var peakBytes: Int { highWater(of: process.processIdentifier) ?? 0 }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}

/// The most memory that a process ever held, looked at every few milliseconds until it is asked for.
///
/// Not `ru_maxrss`: Linux counts into it what the parent held when it started the child, and this program holds more
/// than the one it measures.
private final class PeakMemory: Sendable {
    private let seen = Mutex((bytes: 0, isOver: false))
    private let process: pid_t

    init(of process: pid_t) {
        self.process = process
        Thread.detachNewThread { [self] in
            while look() { usleep(2_000) }
        }
    }

    /// What was seen; no more is looked at after it.
    var bytes: Int {
        _ = look()
        return seen.withLock {
            $0.isOver = true
            return $0.bytes
        }
    }

    /// Whether to look again: until somebody asked. A process that has ended has no memory any more.
    private func look() -> Bool {
        let now = highWater(of: process)
        return seen.withLock {
            $0.bytes = max($0.bytes, now ?? 0)
            return !$0.isOver && now != nil
        }
    }
}

/// The most that a running process ever held, bytes.
private func highWater(of process: pid_t) -> Int? {
    let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first).flatMap { Int($0) }.map { $0 * 1024 }
}
