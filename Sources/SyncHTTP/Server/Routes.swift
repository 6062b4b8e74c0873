import Hummingbird
import Logging
import SyncModel
import SyncStore
import Synchronization

/// The server's paths, and what they share.
///
/// Each path has a file of its own that extends this type.
final class Routes: Sendable {
    /// Runs what brings changes, one exchange after the other.
    let writes: StoreQueue
    /// Runs what as a rule only reads, while somebody else's changes are being taken.
    let reads: StoreQueue
    /// Runs verifications: each reads all that a device may hold, and nobody shall wait for it.
    let comparisons: StoreQueue
    let world: World
    let log: Logger
    let counters = Counters()
    let held: HeldExchanges
    let wrongCodes = Mutex(WrongCodes())
    let figures = Mutex<(figures: StoreFigures, at: Int64)?>(nil)

    init(store: Store, world: World, log: Logger) {
        writes = StoreQueue(store, label: "porchlight.writes")
        reads = StoreQueue(store, label: "porchlight.reads")
        comparisons = StoreQueue(store, label: "porchlight.comparisons")
        self.world = world
        self.log = log
        held = HeldExchanges(pause: world.pause)
    }

    /// Which path leads where.
    func router() -> Router<RequestPlace> {
        let router = Router(context: RequestPlace.self)
        router.add(middleware: ErrorAnswers(counters: counters, log: log))
        router.post("/v1/exchange") { request, _ in try await self.exchange(request) }
        router.post("/v1/verify") { request, _ in try await self.verify(request) }
        router.post("/v1/quarantine") { request, _ in try await self.quarantine(request) }
        router.post("/v1/enrol") { request, place in try await self.enrol(request, from: place.address) }
        router.get("/v1/history/:record") { request, place in
            try await self.history(request, record: place.parameters.get("record"))
        }
        router.get("/v1/origins") { request, _ in try await self.origins(request) }
        router.get("/health") { _, _ in try await self.health() }
        router.get("/metrics") { _, _ in try await self.metrics() }
        return router
    }
}
