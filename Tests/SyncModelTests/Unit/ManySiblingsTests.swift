import SyncModel
import Testing

/// Of many changes it is worked out for all at once which another covers. Held against the law as it is written,
/// each change against each other.
@Suite struct `A record of many unsettled changes` {
    /// Forged ones among them: contexts that name what is not there, their own number, or one another.
    private func changes(_ dice: inout SeededGenerator) -> [LiveChange] {
        var changes: [LiveChange] = []
        for who in UInt64(1)...UInt64(1 + dice.below(9)) {
            for n in 0..<UInt64(1 + dice.below(5)) where n > 0 || dice.chance(5) {
                var read: [UInt64: UInt64] = [:]
                for other in UInt64(1)...9 where dice.chance(12) { read[other] = UInt64(dice.below(5)) }
                if dice.chance(5) { read[who] = n }
                var writes: [String: Int64] = [:]
                for register in ["a", "b", deletedRegister] where dice.chance(50) {
                    writes[register] = Int64(dice.below(2))
                }
                changes.append(
                    Fixture.change(
                        who, n, writes, read: read, at: dice.chance(90) ? Int64(dice.below(9)) : nil))
            }
        }
        return changes
    }

    private func isCovered(_ change: LiveChange, in register: String, among all: [LiveChange]) -> Bool {
        all.contains {
            $0.dot != change.dot && $0.values(of: register) != nil && $0.context.contains(change.dot)
        }
    }

    @Test func `keeps those, and shows those, that the law names`() {
        var dice = SeededGenerator(seed: 20)
        var (large, dead) = (0, 0)
        for _ in 0..<400 {
            let all = changes(&dice)
            let state = Fixture.state(all)
            let due =
                all.count == 1
                ? all
                : all.filter { change in
                    change.writes.contains { !isCovered(change, in: $0.register, among: all) }
                }
            #expect(Set(state.live.map(\.dot)) == Set(due.map(\.dot)))
            if all.count > 8 { (large, dead) = (large + 1, dead + all.count - due.count) }
            for register in ["a", "b", deletedRegister] {
                let writers = state.live.filter { $0.values(of: register) != nil }
                #expect(
                    Set(state.siblings(of: register).map(\.change.dot))
                        == Set(
                            writers.filter {
                                !isCovered($0, in: register, among: writers) || state.live.count == 1
                            }.map(\.dot)))
            }
            let words = state.siblings(of: deletedRegister)
            let deletions = words.filter { $0.values == [.integer(1)] }
            let isContested = state.live.contains { change in
                change.values(of: deletedRegister) != [.integer(1)]
                    && !deletions.contains { $0.change.context.contains(change.dot) }
            }
            let isDeleted = words.first?.values == [.integer(1)]
            #expect(state.deletion == (isDeleted ? (isContested ? .contested : .deleted) : .none))
        }
        #expect(large > 200 && dead > 1000)
    }
}
