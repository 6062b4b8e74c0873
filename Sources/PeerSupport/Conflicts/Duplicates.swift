public import SyncModel

/// Finds records of participants that may be one person's.
public enum Duplicates {
    /// What a participant is compared by.
    public struct Candidate: Hashable, Sendable {
        /// Their record.
        public let id: RecordID
        /// Their code.
        public let code: String
        /// Their site.
        public let site: String
        /// Their names, in lower case and without what is not a letter.
        public let name: String
        /// The year they were born.
        public let birthYear: Int?
        /// Who gave them their code: records that one laptop made one after the other are no doubles.
        public let maker: Incarnation?

        /// Reads a record as shown; `nil` if it is no participant's.
        public init?(_ view: RecordView, _ state: RecordState) {
            guard let person = Participant(view), !person.isDeleted else { return nil }
            id = view.id
            code = person.code
            site = person.site
            name = Folding.name(person.fullName)
            birthYear = person.birthYear
            maker = state.siblings(of: "identity").first?.change.dot.incarnation
        }
    }

    /// The pairs that may be one person, each once, the smaller id first.
    ///
    /// Two fit when they have one code; or when they are of one site, made on different laptops, their names differ
    /// in at most one letter and their years of birth do not speak against it.
    public static func pairs(_ candidates: [Candidate]) -> [(RecordID, RecordID)] {
        var found: Set<Pair> = []
        for group in Dictionary(grouping: candidates, by: \.code).values where group.count > 1 {
            add(group, to: &found) { _, _ in true }
        }
        for group in Dictionary(grouping: candidates, by: \.site).values {
            // One letter more, less or other leaves the length within one; sorting keeps the walk short.
            add(group, to: &found, fit)
        }
        return found.sorted().map { ($0.first, $0.second) }
    }

    private struct Pair: Hashable, Comparable {
        let first: RecordID
        let second: RecordID

        static func < (a: Pair, b: Pair) -> Bool { (a.first, a.second) < (b.first, b.second) }
    }

    private static func add(
        _ group: [Candidate], to found: inout Set<Pair>, _ fit: (Candidate, Candidate) -> Bool
    ) {
        for (place, a) in group.enumerated() {
            for b in group[(place + 1)...] where fit(a, b) {
                found.insert(Pair(first: min(a.id, b.id), second: max(a.id, b.id)))
            }
        }
    }

    private static func fit(_ a: Candidate, _ b: Candidate) -> Bool {
        guard a.maker == nil || a.maker != b.maker, !a.name.isEmpty else { return false }
        if let first = a.birthYear, let second = b.birthYear, first != second { return false }
        return areNear(a.name, b.name)
    }

    /// Whether two texts differ in at most one letter: one more, one less, or another.
    static func areNear(_ a: String, _ b: String) -> Bool {
        if a == b { return true }
        let a = Array(a.unicodeScalars)
        let b = Array(b.unicodeScalars)
        guard abs(a.count - b.count) <= 1, max(a.count, b.count) > 3 else { return false }
        let start = zip(a, b).prefix { $0 == $1 }.count
        let left = a.count - start
        let right = b.count - start
        let end = zip(a.reversed(), b.reversed()).prefix { $0 == $1 }.count
        return max(left, right) - min(end, min(left, right)) <= 1
    }
}
