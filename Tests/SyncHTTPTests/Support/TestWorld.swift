import SyncHTTP
import Synchronization

/// A world that stands still until a test moves it.
final class TestWorld: Sendable {
    private struct State {
        var microseconds: Int64 = 1_800_000_000_000_000
        var pauses: [Int: (until: Int64, over: AsyncStream<Void>.Continuation)] = [:]
        var nextPause = 0
        var dice: UInt64
    }

    private let state: Mutex<State>

    init(seed: UInt64) {
        state = Mutex(State(dice: seed))
    }

    /// The time.
    var now: Int64 { state.withLock { $0.microseconds } }

    /// Lets time pass.
    func advance(seconds: Int64) {
        let over = state.withLock { state in
            state.microseconds += seconds * 1_000_000
            return state.pauses.values.filter { [now = state.microseconds] in $0.until <= now }.map(\.over)
        }
        for pause in over { pause.finish() }
    }

    /// The world as the server wants it.
    var world: World {
        World(
            now: { self.now }, elapsed: { self.now }, pause: { try await self.pause($0) },
            random: { self.roll() })
    }

    private func pause(_ microseconds: Int64) async throws {
        let (stream, over) = AsyncStream.makeStream(of: Void.self)
        let number = state.withLock { state in
            state.nextPause += 1
            state.pauses[state.nextPause] = (state.microseconds + microseconds, over)
            return state.nextPause
        }
        defer { state.withLock { $0.pauses[number] = nil } }
        for await _ in stream {}
        try Task.checkCancellation()
    }

    /// SplitMix64, so that codes and tokens are the same in every run.
    private func roll() -> UInt64 {
        state.withLock { state in
            state.dice &+= 0x9e37_79b9_7f4a_7c15
            var z = state.dice
            z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
            return z ^ z >> 31
        }
    }
}

/// The world's dice, for calls that want a generator.
struct Dice: RandomNumberGenerator {
    let world: World

    func next() -> UInt64 { world.random() }
}
