/// All that the server asks of the world besides its store and its socket.
///
/// The command hands in the real clocks, pause and dice; a test hands in its own.
public struct World: Sendable {
    /// The wall clock, microseconds since 1970.
    public var now: @Sendable () -> Int64
    /// A clock that never goes back, microseconds since any moment; for durations only.
    public var elapsed: @Sendable () -> Int64
    /// Returns after so many microseconds, or throws when its task is cancelled.
    public var pause: @Sendable (_ microseconds: Int64) async throws -> Void
    /// 64 bits that nobody can guess: codes and tokens are made of them.
    public var random: @Sendable () -> UInt64

    /// Makes a world.
    public init(
        now: @escaping @Sendable () -> Int64, elapsed: @escaping @Sendable () -> Int64,
        pause: @escaping @Sendable (_ microseconds: Int64) async throws -> Void,
        random: @escaping @Sendable () -> UInt64
    ) {
        self.now = now
        self.elapsed = elapsed
        self.pause = pause
        self.random = random
    }

    /// The dice in the form the standard library wants.
    var generator: some RandomNumberGenerator { Dice(roll: random) }
}

private struct Dice: RandomNumberGenerator {
    let roll: @Sendable () -> UInt64

    func next() -> UInt64 { roll() }
}
