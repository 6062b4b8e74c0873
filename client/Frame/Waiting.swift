import Dispatch
import Glibc
import Synchronization

/// Where the program, which otherwise does one thing after the other, waits for the network.
enum Waiting {
    /// Does what may take long, and returns when it is done. Ctrl-C and SIGTERM cancel it, so that it ends in
    /// its own way; a second one ends the program at once.
    static func on<Outcome: Sendable>(
        _ work: @escaping @Sendable () async throws -> Outcome
    ) throws -> Outcome {
        let end = End<Outcome>()
        let task = Task(executorPreference: Worker.shared) {
            do { end.come(.success(try await work())) } catch { end.come(.failure(error)) }
        }
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if task.isCancelled { _exit(128 + number) }
                task.cancel()
            }
            source.resume()
            return source
        }
        defer {
            for source in sources { source.cancel() }
            for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
        }
        return try end.wait()
    }

    /// The threads that work. They are not those of Swift's pool, which may all be waiting here.
    private final class Worker: TaskExecutor {
        static let shared = Worker()
        private let queue = DispatchQueue(label: "porchlight.waiting", attributes: .concurrent)

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            let executor = asUnownedTaskExecutor()
            queue.async { job.runSynchronously(on: executor) }
        }
    }

    /// Where the thread that waits and the task that works meet.
    private final class End<Outcome: Sendable>: Sendable {
        private let result = Mutex<Result<Outcome, any Error>?>(nil)
        private let arrived = DispatchSemaphore(value: 0)

        func come(_ outcome: Result<Outcome, any Error>) {
            result.withLock { $0 = outcome }
            arrived.signal()
        }

        func wait() throws -> Outcome {
            arrived.wait()
            guard let outcome = result.withLock({ $0 }) else { throw CancellationError() }
            return try outcome.get()
        }
    }
}
