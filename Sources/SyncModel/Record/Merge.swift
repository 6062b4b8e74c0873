// The law of the merge.
//
//     live(S)     = { w ∈ S : some register g that w writes has no other c ∈ S that writes g and covers w }
//     merge(A, B) = live(A ∪ B)
//
// where c covers w when c's context holds w's incarnation at w's number or more.
//
//     merge(A, B)           = merge(B, A)                  commutative
//     merge(A, merge(B, C)) = merge(merge(A, B), C)        associative
//     merge(A, A)           = A                            idempotent
//     live(live(A) ∪ B)     = live(A ∪ B)                  dropping the dead early changes nothing
//
// The last line is why a state may be sent instead of a history. It holds because contexts are
// transitive: whoever read c had read all that c had read. So whatever a dropped change would have
// covered, the change that covered it covers too, in that register.
//
//          A ────────────► A ∪ B
//          │                 │          both ways round the square end in the same state
//        live              live
//          ▼                 ▼
//        live(A) ─► ∪B ─► live(A ∪ B)
//
// One dot means one change. Should the same dot arrive with two effective times (a server judged it,
// was restored, and judged it again), the smaller stands, so that the union stays a function of its
// two sides in either order.

/// Joins two states of one record. See the law at the top of this file.
public func merge(_ a: RecordState, _ b: RecordState) -> RecordState {
    if a.live.isEmpty { return b }
    if b.live.isEmpty || a.live == b.live { return a }
    return RecordState(table: a.table, live: a.live + b.live)
}

extension RecordState {
    /// Adds one change.
    public mutating func merge(_ change: LiveChange) {
        if live.isEmpty {
            live = [change]
        } else {
            live = RecordState.normalised(live + [change])
        }
    }

    /// Whether merging the change would alter nothing: it is here, with the same content and no earlier time, or it was
    /// read and replaced by changes that are here.
    public func contains(_ change: LiveChange) -> Bool {
        var merged = self
        merged.merge(change)
        guard merged == self else { return false }
        guard var held = live.first(where: { $0.dot == change.dot }) else { return !live.isEmpty }
        held.effective = change.effective
        return held == change
    }

    /// Sorted by dot, each dot once, the dead dropped.
    static func normalised(_ changes: [LiveChange]) -> [LiveChange] {
        guard changes.count > 1 else { return changes }
        var union: [LiveChange] = []
        union.reserveCapacity(changes.count)
        for change in changes.sorted(by: { $0.dot < $1.dot }) {
            if let last = union.last, last.dot == change.dot {
                union[union.count - 1].effective = earlier(last.effective, change.effective)
            } else {
                union.append(change)
            }
        }
        guard union.count > Coverage.few else { return union.filter { isLive($0, among: union) } }
        var writers: [String: [LiveChange]] = [:]
        for change in union {
            for write in change.writes { writers[write.register, default: []].append(change) }
        }
        let coverage = writers.mapValues(Coverage.init)
        return union.filter { change in
            change.writes.contains { coverage[$0.register]?.covers(change.dot) == false }
        }
    }

    private static func isLive(_ change: LiveChange, among all: [LiveChange]) -> Bool {
        change.writes.contains { write in
            !all.contains { other in
                other.dot != change.dot && other.covers(change)
                    && other.writes.contains { $0.register == write.register }
            }
        }
    }

    /// A time that was given beats none, and of two the smaller stands.
    private static func earlier(_ a: EffectiveTime?, _ b: EffectiveTime?) -> EffectiveTime? {
        guard let a else { return b }
        guard let b else { return a }
        return min(a, b)
    }
}
