import ServiceLifecycle
import SyncModel
import Synchronization

/// Holds exchanges that have nothing to say, each in a suspended task: no thread, no transaction, no
/// connection to the store.
final class HeldExchanges: Sendable {
    /// Why a wait is over.
    enum Wake: Sendable {
        /// Something the exchange is to hear of was committed.
        case touched
        /// The client asked for no more time than this.
        case timeUp
        /// The server is stopping.
        case stopping
    }

    private struct State {
        var listeners = Listeners()
        var alarms: [Listeners.Ticket: AsyncStream<Wake>.Continuation] = [:]
        var isStopping = false
    }

    private let state = Mutex(State())
    private let pause: @Sendable (_ microseconds: Int64) async throws -> Void

    init(pause: @escaping @Sendable (_ microseconds: Int64) async throws -> Void) {
        self.pause = pause
    }

    /// How many are held.
    var count: Int { state.withLock { $0.listeners.waiting } }

    /// Whether the server is stopping.
    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Opens a place, before the store is asked.
    func open() -> Listeners.Ticket {
        state.withLock { $0.listeners.open() }
    }

    /// Closes a place.
    func close(_ ticket: Listeners.Ticket) {
        state.withLock { $0.listeners.close(ticket) }
    }

    /// Wakes everybody who listens to one of these keys.
    func touch(_ keys: Set<ScopeKey>) {
        let alarms = state.withLock { state in
            state.listeners.touch(keys).compactMap { state.alarms[$0] }
        }
        for alarm in alarms { alarm.yield(.touched) }
    }

    /// Wakes everybody, and holds nobody any more.
    func stop() {
        let alarms = state.withLock { state in
            state.isStopping = true
            return Array(state.alarms.values)
        }
        for alarm in alarms { alarm.yield(.stopping) }
    }

    /// Waits until one of `keys` is touched or the time is up.
    func wait(_ ticket: Listeners.Ticket, keys: [ScopeKey], microseconds: Int64) async -> Wake {
        let (alarms, alarm) = AsyncStream.makeStream(of: Wake.self, bufferingPolicy: .bufferingOldest(1))
        let already: Wake? = state.withLock { state in
            if state.isStopping { return .stopping }
            if state.listeners.listen(ticket, to: keys) { return .touched }
            state.alarms[ticket] = alarm
            return nil
        }
        if let already { return already }
        defer {
            state.withLock { state in
                state.alarms[ticket] = nil
                state.listeners.ask(ticket)
            }
        }
        return await withGracefulShutdownHandler {
            await firstAlarm(of: alarms, ringing: alarm, after: microseconds)
        } onGracefulShutdown: {
            self.stop()
        }
    }

    private func firstAlarm(
        of alarms: AsyncStream<Wake>, ringing alarm: AsyncStream<Wake>.Continuation, after time: Int64
    ) async -> Wake {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [pause] in
                try? await pause(time)
                alarm.yield(.timeUp)
            }
            defer { group.cancelAll() }
            for await wake in alarms { return wake }
            // The stream ends without an alarm only when this task was cancelled.
            return .stopping
        }
    }
}
