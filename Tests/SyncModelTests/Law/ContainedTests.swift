import SyncModel
import Testing

/// Whether a state has a change already, held against what a set of writes says about it.
@Suite struct `A change that would alter nothing` {
    /// Every history of up to three writes, every subset of it as a state, every one of its changes.
    @Test func `is contained, and no other is`() {
        var cases = (contained: 0, others: 0)
        for history in (1...3).flatMap(History.all(count:)) {
            let changes = history.changes()
            for subset in 1...history.everything {
                let state = Fixture.state(History.members(subset).map { changes[$0] })
                for (index, change) in changes.enumerated() {
                    let isSame = history.live(in: subset) == history.live(in: subset | 1 << index)
                    #expect(state.contains(change) == isSame, "\(index) and \(subset) in \(history)")
                    if isSame { cases.contained += 1 } else { cases.others += 1 }
                }
            }
        }
        #expect(cases.contained > 5_000 && cases.others > 1_000)
    }

    @Test func `is not one with other words, another reading or an earlier time under the same dot`() {
        let change = Fixture.change(1, 2, ["a": 1], read: [1: 1], at: 50)
        let state = Fixture.state([change, Fixture.change(2, 1, ["b": 2], read: [:], at: 60)])
        #expect(state.contains(change))
        #expect(!state.contains(Fixture.change(1, 2, ["a": 7], read: [1: 1], at: 50)))
        #expect(!state.contains(Fixture.change(1, 2, ["a": 1], read: [:], at: 50)))
        #expect(!state.contains(Fixture.change(1, 2, ["a": 1], read: [1: 1], at: 49)))
        // Judged anew it may have come later; the smaller time stands.
        #expect(state.contains(Fixture.change(1, 2, ["a": 1], read: [1: 1], at: 51)))
        #expect(!RecordState(table: state.table).contains(change))
    }

    /// Contexts are transitive where nobody forges one. A forged one may be dead and kill all the same.
    @Test func `is not a dead one that would close what nobody replaced`() {
        let state = Fixture.state([
            Fixture.change(1, 1, ["a": 1], read: [:], at: 1),
            Fixture.change(2, 2, ["a": 2], read: [2: 1], at: 2),
        ])
        #expect(state.contains(Fixture.change(2, 1, ["a": 3], read: [:], at: 1)))
        #expect(!state.contains(Fixture.change(2, 1, ["a": 3], read: [1: 1], at: 1)))
    }
}
