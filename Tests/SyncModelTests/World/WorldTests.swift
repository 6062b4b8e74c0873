import Testing

/// Schedules from seeds: eight families of faults, each in ten chunks of 30 seeds, 2,400 in all.
@Suite struct `Large histories` {
    static let chunk: UInt64 = 30

    struct Chunk: CustomTestStringConvertible {
        let faults: Faults
        let first: UInt64
        var testDescription: String { "\(faults) from seed \(first)" }
        static let all = Faults.families.flatMap { faults in
            (0..<10).map { Chunk(faults: faults, first: $0 * chunk) }
        }
    }

    @Test(arguments: Chunk.all)
    func `agree with true causality`(given: Chunk) {
        for seed in given.first..<given.first + Self.chunk {
            var world = World(seed: seed, faults: given.faults)
            guard let violation = world.run() else { continue }
            var again = World(seed: seed, faults: given.faults, tracing: true)
            _ = again.run()
            let lines = again.trace?.lines ?? []
            Issue.record("seed \(seed) of \(given.faults): \(violation)\n\(lines.joined(separator: "\n"))")
            return
        }
    }

    /// A generator that no longer makes what a family is for would find nothing and pass.
    @Test func `contain what their families name`() {
        var sum = Tally()
        for seed in 0..<UInt64(20) {
            var world = World(seed: seed, faults: Faults.families[Faults.families.count - 1])
            _ = world.run()
            let one = world.tally
            sum.writes += one.writes
            sum.deletes += one.deletes
            sum.moves += one.moves
            sum.subscriptions += one.subscriptions
            sum.bundles += one.bundles
            sum.restores += one.restores
            sum.clones += one.clones
            sum.leaves += one.leaves
            sum.conflicts += one.conflicts
            sum.contested += one.contested
        }
        let seen = Comment(rawValue: "\(sum)")
        #expect(Chunk.all.count * Int(Self.chunk) == 2_400)
        #expect(sum.writes > 400 && sum.deletes > 40 && sum.conflicts > 40 && sum.contested > 5, seen)
        #expect(sum.moves > 40 && sum.subscriptions > 40 && sum.leaves > 5, seen)
        #expect(sum.bundles > 5 && sum.restores > 10 && sum.clones > 10, seen)
    }

    @Test func `are the same for the same seed`() {
        let faults = Faults.families[Faults.families.count - 1]
        var first = World(seed: 5, faults: faults, tracing: true)
        var second = World(seed: 5, faults: faults, tracing: true)
        #expect(first.run() == second.run())
        #expect(first.trace?.lines == second.trace?.lines)
        #expect(first.trace?.lines.isEmpty == false)
    }

    /// Each check can fail: a mistake in the toy world or the merge is found by the check that is there
    /// for it.
    @Test(arguments: Mistake.allCases)
    func `notice a mistake`(mistake: Mistake) {
        var failed: Set<Check> = []
        for seed in 0..<UInt64(100) {
            for faults in Faults.families.reversed() {
                var world = World(seed: seed, faults: faults, mistake: mistake)
                _ = world.run()
                failed.formUnion(world.failed)
                if failed.contains(mistake.noticedBy) { return }
            }
        }
        Issue.record("\(mistake) is not noticed by \(mistake.noticedBy), only by \(failed)")
    }

    @Test func `are checked by nothing that cannot fail`() {
        #expect(Set(Mistake.allCases.map(\.noticedBy)) == Set(Check.allCases))
    }
}
