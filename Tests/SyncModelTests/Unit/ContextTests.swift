import SyncModel
import Testing

@Suite struct `A context` {
    /// Held against a plain dictionary through random operations.
    @Test(arguments: UInt64(0)..<20)
    func `behaves as a dictionary of the greatest numbers`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var context = Context()
        var model: [UInt64: UInt64] = [:]
        for _ in 0..<60 {
            let (who, n) = (UInt64(random.below(6)), random.chance(5) ? UInt64.max : UInt64(random.below(9)))
            switch random.below(3) {
            case 0:
                context.include(Fixture.dot(who, n))
                model[who] = max(model[who] ?? 0, n)
            case 1:
                let other: [UInt64: UInt64] = [who: n, (who + 1) % 6: n / 2]
                context.formUnion(Fixture.context(other))
                model.merge(other) { max($0, $1) }
            default:
                context = context.clipped(Fixture.incarnation(who), to: n)
                if let old = model[who] { model[who] = min(old, n) }
            }
            model = model.filter { $0.value > 0 }
            #expect(context == Fixture.context(model))
            #expect(context.isEmpty == model.isEmpty)
            #expect(context.entries.count == model.count)
            #expect(
                zip(context.entries, context.entries.dropFirst()).allSatisfy {
                    $0.incarnation < $1.incarnation
                })
            for who in UInt64(0)..<6 {
                #expect(context[Fixture.incarnation(who)] == model[who] ?? 0)
                for n in [UInt64(1), 4, 8, .max] {
                    #expect(context.contains(Fixture.dot(who, n)) == (n <= model[who] ?? 0))
                }
            }
        }
    }

    @Test func `takes entries in any order, the greatest of several, and no zero`() {
        let entries = [(3, 1), (1, 5), (2, 0), (1, 2), (3, 4)].map {
            Context.Entry(Fixture.incarnation($0), $1)
        }
        let context = Context(entries)
        #expect(context == Context(entries.reversed()))
        #expect(context == Fixture.context([1: 5, 3: 4]))
    }

    @Test func `clipped to nothing loses the entry`() {
        #expect(Fixture.context([1: 5]).clipped(Fixture.incarnation(1), to: 0).isEmpty)
    }
}
