import PeerSupport
import SyncModel

/// What a person, or a program, is told of a failure, and how the command then ends.
enum Failure {
    /// Writes the error and returns the exit code.
    ///
    /// - Parameter onlyLooks: Whether the verb changes nothing anyway, so that nothing could have been recorded.
    static func tell(
        _ error: any Error, json: Bool, onlyLooks: Bool = false, on screen: Screen
    ) -> Int32 {
        var error = advised(plain(error))
        if onlyLooks { error.means = looked(error) }
        if json {
            let object = object(
                code: error.code.rawValue, what: error.what, means: error.means, advice: error.advice)
            screen.err(object.text + "\n")
        } else {
            screen.err(page(error).text(coloured: screen.isColoured))
        }
        return error.code.exitCode
    }

    /// What a failure means to somebody who only looks. SQLite needs a little room on the disk to read as well.
    private static func looked(_ error: SyncError) -> String {
        switch (error.code, error.means) {
        case (.diskFull, _):
            "this command only looks, and could not even do that: nothing was shown and nothing was changed; all "
                + "that was recorded before is safe, sent or not"
        case (_, "nothing was recorded"): "this command only looks, and nothing was changed"
        default: error.means
        }
    }

    /// Any error as one that a person may meet. What nobody foresaw is a defect of ours: its kind is named, and
    /// nothing that it holds, because that may be somebody's data.
    static func plain(_ error: any Error) -> SyncError {
        switch error {
        case let error as SyncError: error
        case let error as CalendarError: error.syncError
        case let error as SchemaError:
            SyncError(.badValue, PeerSupportDomain().words(of: error), means: "nothing was recorded")
        case let error as Refusal:
            SyncError(
                .notPermitted, error.reason, means: "nothing was recorded",
                advice: "ask somebody whose role allows it")
        case is CancellationError:
            SyncError(
                .cutShort, "it was stopped before it was done",
                means: "nothing is lost: your changes are kept on this laptop", advice: "do it again")
        default:
            SyncError(
                .internalFault, "Porchlight failed inside (\(type(of: error)))",
                means: "what was recorded before is safe",
                advice: "run `porchlight doctor`, and tell your administrator what it says")
        }
    }

    /// With something to try. Nothing is advised to somebody who has just answered no.
    private static func advised(_ error: SyncError) -> SyncError {
        guard error.advice.isEmpty else { return error }
        var error = error
        switch error.code {
        case .badValue: error.advice = "correct it and enter it again"
        case .notPermitted: error.advice = "ask somebody whose role allows it"
        default: break
        }
        return error
    }

    /// The documented shape of an error.
    static func object(code: String, what: String, means: String, advice: String) -> JSON {
        [
            "error": [
                "code": .text(code), "what": .text(what), "means": .text(means), "try": .text(advice),
            ]
        ]
    }

    private static func page(_ error: SyncError) -> Page {
        var page = Page()
        page.line("error: \(error.what)", .bad)
        if !error.means.isEmpty { page.line("       \(error.means)") }
        if !error.advice.isEmpty { page.line("try:   \(error.advice)") }
        return page
    }
}
