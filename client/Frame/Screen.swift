import Glibc

/// Where results and complaints are written, and what that place can show.
struct Screen: Sendable {
    /// Writes a result.
    var out: @Sendable (String) -> Void
    /// Writes what is not the result: errors, questions, progress.
    var err: @Sendable (String) -> Void
    /// Reads one line of an answer; `nil` at the end of the input.
    var answer: @Sendable () -> String?
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
            isInteractive: isatty(0) == 1 && isatty(2) == 1, showsProgress: isatty(2) == 1,
            isColoured: isTerminal, width: isTerminal ? columns() : 80)
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
