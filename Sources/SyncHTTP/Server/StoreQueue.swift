import Dispatch
import SyncStore

/// Runs the store's blocking calls, one after the other, on a thread of its own: they must not block the
/// few threads on which all of the server's tasks run.
actor StoreQueue {
    private let store: Store
    private let executor: QueueExecutor

    init(_ store: Store, label: String) {
        self.store = store
        self.executor = QueueExecutor(label: label)
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Runs `body` on the queue's thread.
    func run<Result: Sendable>(_ body: @Sendable (Store) throws -> Result) throws -> Result {
        try body(store)
    }
}

private final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedSerialExecutor()
        queue.async { job.runSynchronously(on: executor) }
    }
}
