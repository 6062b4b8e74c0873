import SyncModel

/// How states are joined: by the merge under test, unless a mistake was asked for.
struct Rules {
    let mistake: Mistake?

    func join(_ state: RecordState, _ changes: [LiveChange]) -> RecordState {
        let joined: RecordState
        if changes.count == 1 {
            var copy = state
            copy.merge(changes[0])
            joined = copy
        } else {
            joined = merge(state, Fixture.state(changes))
        }
        switch mistake {
        case .dropsByNumberOfAnother:
            return keeping(joined) { change, all in
                !all.contains { other in
                    other.dot != change.dot && shares(other, change)
                        && other.context.entries.contains { $0.n >= change.dot.n }
                }
            }
        case .keepsLastWriterOnly:
            return keeping(joined) { change, _ in
                change.writes.contains { joined.siblings(of: $0.register).first?.change.dot == change.dot }
            }
        case .clockBeatsCausality:
            let late = state.live.filter { old in
                changes.contains { new in
                    shares(old, new) && new.covers(old)
                        && (new.effective?.microseconds ?? .max) < (old.effective?.microseconds ?? .max)
                }
            }
            return late.isEmpty ? joined : state
        case .timeForgotten:
            return Fixture.state(
                joined.live.map { change in
                    var timeless = change
                    timeless.effective = EffectiveTime(microseconds: 0)
                    return timeless
                })
        case .deletionForgotten:
            return keeping(joined) { change, _ in
                change.effective == nil || change.values(of: deletedRegister) == nil
            }
        default:
            return joined
        }
    }

    private func shares(_ a: LiveChange, _ b: LiveChange) -> Bool {
        a.writes.contains { b.values(of: $0.register) != nil }
    }

    private func keeping(
        _ state: RecordState, _ condition: (LiveChange, [LiveChange]) -> Bool
    ) -> RecordState {
        Fixture.state(state.live.filter { condition($0, state.live) })
    }
}
