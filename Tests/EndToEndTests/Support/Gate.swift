import Synchronization

/// Lets in a few at a time. Tests run all at once, and each agency is several programs: without this a small machine
/// would run dozens, each of them too slow for those that wait for it.
final class Gate: Sendable {
    static let agencies = Gate(places: 4)

    private struct Queue {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let queue: Mutex<Queue>

    init(places: Int) {
        queue = Mutex(Queue(free: places))
    }

    /// A place inside, given back when nobody holds it any more.
    final class Place: Sendable {
        private let gate: Gate

        fileprivate init(_ gate: Gate) {
            self.gate = gate
        }

        deinit {
            gate.leave()
        }
    }

    /// Waits for a place.
    func enter() async -> Place {
        await withCheckedContinuation { continuation in
            let isFree = queue.withLock { queue in
                guard queue.free > 0 else {
                    queue.waiting.append(continuation)
                    return false
                }
                queue.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
        return Place(self)
    }

    private func leave() {
        let next = queue.withLock { queue -> CheckedContinuation<Void, Never>? in
            guard queue.waiting.isEmpty else { return queue.waiting.removeFirst() }
            queue.free += 1
            return nil
        }
        next?.resume()
    }
}
