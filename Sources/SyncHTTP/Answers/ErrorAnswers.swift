import Hummingbird
import Logging
import SyncModel

/// Surrounds every request: counts it, and gives every failure, whatever threw it, the same form.
struct ErrorAnswers: RouterMiddleware {
    let counters: Counters
    let log: Logger

    @concurrent func handle(
        _ request: Request, context: RequestPlace,
        next: @concurrent (Request, RequestPlace) async throws -> Response
    ) async throws -> Response {
        counters.count { $0.running += 1 }
        defer { counters.count { $0.running -= 1 } }
        do {
            return try await next(request, context)
        } catch {
            let refused = Self.refusal(for: error)
            counters.count { $0.refused[refused.error.code.rawValue, default: 0] += 1 }
            note(refused, because: error, path: context.endpointPath)
            return Answer.make(refused, on: context.channel)
        }
    }

    /// Hummingbird's own errors are about the path, or about the body it was never asked to decode.
    static func refusal(for error: any Error) -> RefusedRequest {
        guard let error = error as? any HTTPResponseError else { return RefusedRequest(error) }
        return error.status == .notFound ? .unknownPath : RefusedRequest(error)
    }

    /// What the client is not told, the log is: the kind of the failure, never what it was about.
    private func note(_ refused: RefusedRequest, because error: any Error, path: String?) {
        var metadata: Logger.Metadata = [
            "path": "\(path ?? "unknown")", "status": "\(refused.status.code)",
            "code": "\(refused.error.code.rawValue)",
        ]
        guard refused.status.code >= 500 else {
            log.info("refused", metadata: metadata)
            return
        }
        metadata["cause"] = "\((error as? SyncError)?.code.rawValue ?? String(describing: type(of: error)))"
        log.error("failed", metadata: metadata)
    }
}
