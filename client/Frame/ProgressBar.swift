import SyncReplica
import Synchronization

/// A line on the terminal that says how far a sync has come. Short syncs leave it blank.
final class ProgressBar: Sendable {
    /// Records and changes below which nothing is drawn: they are there before anybody could read it.
    static let worthDrawing = 2_000

    private let screen: Screen
    private let isDrawn = Mutex(false)

    init(on screen: Screen) { self.screen = screen }

    /// Draws how far it has come.
    func show(_ progress: SyncProgress) {
        let done = progress.sent + progress.received
        let all = done + progress.toSend + progress.remaining
        guard let line = Self.line(done: done, of: all, width: screen.width) else { return }
        isDrawn.withLock { $0 = true }
        screen.err("\r" + line + "\u{1b}[K")
    }

    /// Takes the line away.
    func clear() {
        let wasDrawn = isDrawn.withLock { drawn in
            defer { drawn = false }
            return drawn
        }
        if wasDrawn { screen.err("\r\u{1b}[K") }
    }

    /// `[#########...........] 45 %  45000 of 100000`; `nil` when it is not worth a line.
    static func line(done: Int, of all: Int, width: Int) -> String? {
        guard all >= worthDrawing else { return nil }
        let cells = min(max(width - 40, 10), 40)
        let filled = cells * done / all
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: cells - filled)
        return "[\(bar)] \(100 * done / all) %  \(done) of \(all)"
    }
}
