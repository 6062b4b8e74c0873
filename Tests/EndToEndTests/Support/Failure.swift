import Glibc

/// Why a process could not be run to its end. Its text carries what the process said until then.
enum Failure: Error, Equatable, CustomStringConvertible {
    /// A call to the system failed.
    case system(String, Int32)
    /// No such program is built.
    case notBuilt(String)
    /// It was still running when its time was up, and was killed.
    case timedOut(command: String, output: String)
    /// It ended, or its time was up, before it said what was waited for.
    case neverSaid(String, command: String, output: String)

    var description: String {
        switch self {
        case .system(let call, let code): "\(call): \(String(cString: strerror(code)))"
        case .notBuilt(let path): "\(path) is not built: swift build"
        case .timedOut(let command, let output): "\(command) did not end in time. It said:\n\(output)"
        case .neverSaid(let text, let command, let output):
            "\(command) never said \"\(text)\". It said:\n\(output)"
        }
    }
}
