import ArgumentParser
import Foundation
import SyncModel

/// How a verb ends that could not do its work: what, what it means, what to try, and an exit code.
enum Failure {
    /// Writes the error and ends the process.
    static func end(with error: any Error) -> Never {
        guard let error = plain(error) else {
            // A question for help, or wrong usage: the parser has its own words for them, and 64.
            Porchlightd.exit(withError: error)
        }
        let text = CommandLine.arguments.contains("--json") ? json(error) : lines(error)
        FileHandle.standardError.write(Data(text.utf8))
        Foundation.exit(error.code.exitCode)
    }

    /// The error for people.
    static func lines(_ error: SyncError) -> String {
        var text = "error: \(error.what)\n"
        if !error.means.isEmpty { text += "       \(error.means)\n" }
        if !error.advice.isEmpty { text += "try:   \(error.advice)\n" }
        return text
    }

    /// The error for programs: one line.
    static func json(_ error: SyncError) -> String {
        let body = ErrorLine(
            code: error.code.rawValue, what: error.what, means: error.means, try: error.advice)
        return (try? Output.json(["error": body])) ?? "{\"error\":{\"code\":\"\(error.code.rawValue)\"}}\n"
    }

    private static func plain(_ error: any Error) -> SyncError? {
        switch error {
        case let error as SyncError: error
        case is ExitCode, is CleanExit, is ValidationError: nil
        default:
            // The parser's own errors are not public types; what it has no message for is not its own.
            Porchlightd.exitCode(for: error) == .validationFailure
                || Porchlightd.exitCode(for: error) == .success
                ? nil
                : SyncError(
                    .internalFault, "something failed that should not: \(type(of: error))",
                    means: "The database is as it was before.",
                    advice: "again; if it stays so, report it with this line")
        }
    }
}

private struct ErrorLine: Encodable {
    let code: String
    let what: String
    let means: String
    let `try`: String
}
