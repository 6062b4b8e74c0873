import SyncModel

/// Something that claims to be the merge.
struct MergeUnderTest {
    var normal: ([LiveChange]) -> RecordState = { Fixture.state($0) }
    var join: (RecordState, RecordState) -> RecordState = { merge($0, $1) }
    var add: (RecordState, LiveChange) -> RecordState = { state, change in
        var copy = state
        copy.merge(change)
        return copy
    }
}

/// Holds a merge against the law on every subset of a history.
struct LawCheck {
    let subject: MergeUnderTest
    /// How often a merge was asked for.
    private(set) var merges = 0

    init(_ subject: MergeUnderTest = MergeUnderTest()) { self.subject = subject }

    /// What is wrong, or `nil`.
    ///
    /// With live(T) known for every subset T, `merge(live(A), live(B)) = live(A ∪ B)` for all A and B
    /// contains that merge is commutative, associative and idempotent on every state there is; and
    /// `live(live(A) + one change) = live(A ∪ one change)`, for all A and changes, contains by induction
    /// that dropping the dead early changes nothing, whatever follows in whatever order.
    mutating func violation(in history: History) -> String? {
        violation(in: history, changes: history.changes())
    }

    mutating func violation(in history: History, changes: [LiveChange]) -> String? {
        let subsets = 0...history.everything
        var states: [RecordState] = []
        for subset in subsets {
            let state = subject.normal(History.members(subset).map { changes[$0] })
            let expected = History.members(history.live(in: subset)).map { changes[$0] }
            if state.live != expected.sorted(by: { $0.dot < $1.dot }) {
                return "live(\(History.members(subset))) is \(state.live.map(\.dot))"
            }
            for (register, name) in [(1, "a"), (2, "b")] {
                let maximal = History.members(history.maximal(in: subset, register: register))
                if Set(state.siblings(of: name).map(\.change.dot)) != Set(maximal.map { changes[$0].dot }) {
                    return "siblings of \(name) in \(History.members(subset)) are not \(maximal)"
                }
            }
            states.append(state)
        }
        return pairs(states, subsets) ?? additions(states, changes, subsets)
    }

    /// States that are equal are tried once, and what is expected of them is compared by their live masks.
    private mutating func pairs(_ states: [RecordState], _ subsets: ClosedRange<Int>) -> String? {
        var representative: [Int] = []
        for subset in subsets {
            representative.append(
                representative.indices.first { representative[$0] == $0 && states[$0] == states[subset] }
                    ?? subset)
        }
        var results: [Int: Int] = [:]
        for a in subsets {
            for b in subsets {
                let key = representative[a] << 8 | representative[b]
                let expected = representative[a | b]
                if let found = results[key] {
                    if found != expected { return "merge depends on more than its states at \(a), \(b)" }
                    continue
                }
                merges += 1
                results[key] = expected
                if subject.join(states[a], states[b]) != states[expected] {
                    return "merge(live(\(History.members(a))), live(\(History.members(b)))) differs"
                }
            }
        }
        return nil
    }

    private mutating func additions(
        _ states: [RecordState], _ changes: [LiveChange], _ subsets: ClosedRange<Int>
    ) -> String? {
        for a in subsets {
            for index in changes.indices {
                merges += 1
                if subject.add(states[a], changes[index]) != states[a | 1 << index] {
                    return "adding #\(index) to live(\(History.members(a))) differs"
                }
            }
        }
        return nil
    }
}
