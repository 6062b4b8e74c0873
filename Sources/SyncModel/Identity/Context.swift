/// A version vector: for each incarnation, how many of its changes were read.
///
/// "Read" is per record. An entry (i, n) says: of incarnation i, every change of *this record* numbered n
/// or below was known to the writer. Entries are kept sorted by incarnation and never hold a zero, so
/// equal contexts have equal bytes.
public struct Context: Hashable, Sendable {
    /// One incarnation's share.
    public struct Entry: Hashable, Sendable {
        /// Whose changes.
        public let incarnation: Incarnation
        /// Up to which number.
        public var n: UInt64

        /// Makes an entry.
        public init(_ incarnation: Incarnation, _ n: UInt64) {
            self.incarnation = incarnation
            self.n = n
        }
    }

    /// The entries, sorted by incarnation, none zero, none twice.
    public private(set) var entries: [Entry]

    /// Nothing read.
    public init() { entries = [] }

    /// Takes entries in any order; of several for one incarnation the greatest counts, zeros are dropped.
    public init(_ entries: some Sequence<Entry>) {
        self.entries = []
        for entry in entries { include(Dot(entry.incarnation, entry.n)) }
    }

    /// How many changes of that incarnation were read; 0 for none.
    public subscript(incarnation: Incarnation) -> UInt64 {
        let place = position(of: incarnation)
        guard place < entries.count, entries[place].incarnation == incarnation else { return 0 }
        return entries[place].n
    }

    /// Whether nothing was read.
    public var isEmpty: Bool { entries.isEmpty }

    /// Whether the writer had read that change.
    public func contains(_ dot: Dot) -> Bool { self[dot.incarnation] >= dot.n }

    /// Adds a change, and with it every earlier one of its incarnation.
    public mutating func include(_ dot: Dot) {
        guard dot.n > 0 else { return }
        let place = position(of: dot.incarnation)
        if place < entries.count, entries[place].incarnation == dot.incarnation {
            entries[place].n = max(entries[place].n, dot.n)
        } else {
            entries.insert(Entry(dot.incarnation, dot.n), at: place)
        }
    }

    /// Adds all that another context had read.
    public mutating func formUnion(_ other: Context) {
        for entry in other.entries { include(Dot(entry.incarnation, entry.n)) }
    }

    /// The same context, with one incarnation's share cut down to at most `n`.
    public func clipped(_ incarnation: Incarnation, to n: UInt64) -> Context {
        var copy = self
        copy.entries = entries.compactMap { entry in
            guard entry.incarnation == incarnation else { return entry }
            return n == 0 ? nil : Entry(incarnation, min(entry.n, n))
        }
        return copy
    }

    private func position(of incarnation: Incarnation) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].incarnation < incarnation {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
