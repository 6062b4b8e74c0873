import Glibc

/// A pseudo-terminal: the far end looks to a program like a person's terminal, this end is the test's.
final class Terminal {
    private let descriptor: Int32
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430
    /// The device that the program opens.
    let path: String

    init(columns: UInt16, rows: UInt16) throws {
        descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Failure.system("/dev/ptmx", errno) }
        var isLocked: Int32 = 0
        var number: UInt32 = 0
        // What unlockpt() and ptsname() do; Swift's view of glibc has neither.
        guard ioctl(descriptor, Self.setLock, &isLocked) == 0,
            ioctl(descriptor, Self.getNumber, &number) == 0
        else {
            let code = errno
            close(descriptor)
            throw Failure.system("opening a terminal", code)
        }
        path = "/dev/pts/\(number)"
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
    }

    deinit {
        close(descriptor)
    }

    /// What the program has written since the last call; empty when that is nothing.
    func read() -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return all }
            all += buffer.prefix(count)
        }
    }

    /// Types.
    func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Failure.system("typing", errno) }
            rest = rest.dropFirst(count)
        }
    }
}

/// A conversation with a program at a terminal.
final class TerminalSession {
    private let process: RunningProcess
    private let terminal: Terminal
    private var bytes: [UInt8] = []
    /// Up to where the conversation has been answered.
    private var answered = 0

    init(process: RunningProcess, terminal: Terminal) {
        self.process = process
        self.terminal = terminal
    }

    /// All that stood on the terminal, what was typed included, with its control characters.
    var transcript: String {
        bytes += terminal.read()
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Waits until a text appears after the last one that was waited for.
    func expect(_ text: String, timeout: Duration = .seconds(60)) async throws {
        let wanted = Array(text.utf8)
        let end = try await Waiting(timeout).until { () -> Int? in
            let ended = process.poll() != nil
            bytes += terminal.read()
            return bytes[answered...].firstRange(of: wanted)?.upperBound ?? (ended ? -1 : nil)
        }
        guard let end, end >= 0 else {
            throw Failure.neverSaid(text, command: process.command, output: transcript)
        }
        answered = end
    }

    /// Types a line and the return key.
    func type(_ line: String) throws {
        try terminal.write(Array("\(line)\r".utf8))
    }

    /// Presses one key, without the return key.
    func press(_ key: Character) throws {
        try terminal.write(Array(String(key).utf8))
    }

    /// Holds the control key down, as in `press(control: "c")`.
    func press(control key: Character) throws {
        guard let code = key.asciiValue else { return }
        try terminal.write([code & 0x1f])
    }

    /// Waits for the program's end. The outcome's output is the whole transcript.
    func outcome(_ timeout: Duration = .seconds(60)) async throws -> Outcome {
        // Reading while waiting: a program blocks when nobody takes what it writes to its terminal.
        _ = try await Waiting(timeout).until { () -> Exit? in
            bytes += terminal.read()
            return process.poll()
        }
        let exit = try await process.wait(.zero) { transcript }
        return Outcome(exit: exit, output: transcript, errors: "")
    }
}
