/// Which of some changes another of them had read, worked out for all of them at once.
///
/// Asking each change about each other one takes the square of their number, which a laptop that never reads could
/// make a thousand. Here only the greatest number that anybody's context holds for an incarnation is needed, and,
/// because no change covers itself, the greatest that anybody else's does.
struct Coverage {
    /// Above this many changes it pays; below, comparing each with each is quicker.
    static let worthwhile = 8

    private struct Greatest {
        var n: UInt64
        var owner: Dot
        /// The greatest of all the others.
        var other: UInt64
    }

    private var greatest: [Incarnation: Greatest] = [:]
    /// The only one, should there be no other.
    private let only: Dot?
    private let isEmpty: Bool

    /// - Parameter changes: each dot once.
    init(_ changes: [LiveChange]) {
        isEmpty = changes.isEmpty
        only = changes.count == 1 ? changes[0].dot : nil
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
        // Every context holds the number zero, which no honest change has.
        guard dot.n > 0 else { return !isEmpty && only != dot }
        guard let known = greatest[dot.incarnation] else { return false }
        return (known.owner == dot ? known.other : known.n) >= dot.n
    }
}
