import Hummingbird
import SyncModel
import SyncStore
import Synchronization
import SyncWire

extension Routes {
    /// `GET /health`: whether this server can serve, for whatever watches it.
    func health() async throws -> Response {
        guard !held.isStopping else {
            return Answer.make(
                .serviceUnavailable, type: ExchangeFormat.jsonMediaType,
                bytes: Array(#"{"status":"stopping"}"#.utf8))
        }
        // Asking for the figures reads the database, so a server that lost its disk does not say ok.
        _ = try await storeFigures()
        return Answer.make(type: ExchangeFormat.jsonMediaType, bytes: Array(#"{"status":"ok"}"#.utf8))
    }

    /// `GET /metrics`: the figures, for Prometheus.
    func metrics() async throws -> Response {
        let page = Exposition.page(
            counts: counters.snapshot, held: held.count, store: try await storeFigures())
        return Answer.make(type: Exposition.contentType, bytes: Array(page.utf8))
    }

    /// The store's figures, at most ``Limits/figuresSeconds`` old: counting costs more than asking.
    private func storeFigures() async throws -> StoreFigures {
        let now = world.elapsed()
        let known = figures.withLock { $0 }
        if let known, now - known.at < Limits.figuresSeconds * 1_000_000 { return known.figures }
        let fresh = try await reads.run { try $0.figures() }
        figures.withLock { $0 = (fresh, now) }
        return fresh
    }
}
