import Glibc

/// Where results and complaints are written, and what that place can show.
struct Screen: Sendable {
    /// Writes a result.
    var out: @Sendable (String) -> Void
    /// Writes what is not the result: errors, questions, progress.
    var err: @Sendable (String) -> Void
    /// Reads one line of an answer; `nil` at the end of the input.
    var answer: @Sendable () -> String?
    /// Reads one key as it is pressed; `nil` at the end of the input.
    var key: @Sendable () -> Character?
    /// Forgets the keys that were pressed before now: they answer nothing that is shown from here on.
    var forgetKeys: @Sendable () -> Void = {}
    /// Whether somebody sits there who reads questions and types answers.
    var isInteractive: Bool
    /// Whether progress may be drawn.
    var showsProgress: Bool
    /// Whether colour may be used.
    var isColoured: Bool
    /// Columns.
    var width: Int

    /// The standard streams of this process.
    static func standard() -> Screen {
        let isTerminal = isatty(1) == 1
        return Screen(
            out: { write($0, to: 1) }, err: { write($0, to: 2) }, answer: { readLine() },
            key: { readKey() }, forgetKeys: { tcflush(0, TCIFLUSH) },
            isInteractive: isatty(0) == 1 && isatty(2) == 1,
            showsProgress: isatty(2) == 1,
            isColoured: isTerminal, width: isTerminal ? columns() : 80)
    }

    /// A key without the return key: the terminal hands it over at once, and is put back as it was. Where the input
    /// is no terminal it is the first letter of a line.
    private static func readKey() -> Character? {
        var before = termios()
        guard tcgetattr(0, &before) == 0 else { return readLine()?.first }
        var raw = before
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        tcsetattr(0, TCSADRAIN, &raw)
        defer { tcsetattr(0, TCSADRAIN, &before) }
        var octet: UInt8 = 0
        while true {
            let count = read(0, &octet, 1)
            if count < 0, errno == EINTR { continue }
            return count == 1 ? Character(Unicode.Scalar(octet)) : nil
        }
    }

    private static func columns() -> Int {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return min(max(Int(size.ws_col), 40), 200)
    }

    private static func write(_ text: String, to file: Int32) {
        var text = text
        text.withUTF8 { buffer in
            var rest = UnsafeRawBufferPointer(buffer)[...]
            while !rest.isEmpty {
                let count = Glibc.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0 {
                    guard errno == EINTR else { return }
                } else {
                    rest = rest.dropFirst(count)
                }
            }
        }
    }
}
