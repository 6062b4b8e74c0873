/// Which of some changes another of them had read, worked out for all of them at once.
///
/// Asking each change about each other one takes the square of their number, which a laptop that never reads could
/// make a thousand. Of many, only the greatest number that anybody's context holds for an incarnation is needed, and,
/// because no change covers itself, the greatest that anybody else's does. A few are asked one by one, which is quicker.
struct Coverage {
    /// Above this many changes it pays to work it out.
    static let few = 8

    private struct Greatest {
        var n: UInt64
        var owner: Dot
        /// The greatest of all the others.
        var other: UInt64
    }

    /// The changes, where they are few; `nil` where it was worked out.
    private let changes: [LiveChange]?
    private var greatest: [Incarnation: Greatest] = [:]

    /// - Parameter changes: each dot once.
    init(_ changes: [LiveChange]) {
        guard changes.count > Self.few else {
            self.changes = changes
            return
        }
        self.changes = nil
        for change in changes {
            for entry in change.context.entries {
                guard let known = greatest[entry.incarnation] else {
                    greatest[entry.incarnation] = Greatest(n: entry.n, owner: change.dot, other: 0)
                    continue
                }
                greatest[entry.incarnation] =
                    entry.n > known.n
                    ? Greatest(n: entry.n, owner: change.dot, other: known.n)
                    : Greatest(n: known.n, owner: known.owner, other: max(known.other, entry.n))
            }
        }
    }

    /// Whether another of the changes covers this one.
    func covers(_ dot: Dot) -> Bool {
        if let changes { return changes.contains { $0.dot != dot && $0.context.contains(dot) } }
        // Every context holds the number zero, which no honest change has.
        guard dot.n > 0 else { return true }
        guard let known = greatest[dot.incarnation] else { return false }
        return (known.owner == dot ? known.other : known.n) >= dot.n
    }
}
