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
        /// The name's letters: every two of a site are compared.
        private let letters: [Unicode.Scalar]

        /// Reads a record as shown; `nil` if it is no participant's.
        public init?(_ view: RecordView) {
            guard let person = Participant(view), !person.isDeleted else { return nil }
            id = view.id
            code = person.code
            site = person.site
            name = Folding.name(person.fullName)
            letters = Array(name.unicodeScalars)
            birthYear = person.birthYear
        }

        /// Whether the two are called nearly alike, and their years of birth do not speak against it.
        fileprivate func resembles(_ other: Candidate) -> Bool {
            guard !letters.isEmpty else { return false }
            if let birthYear, let second = other.birthYear, birthYear != second { return false }
            return Duplicates.areNear(letters, other.letters)
        }
    }

    /// The pairs that may be one person, each once, the smaller id first.
    ///
    /// Two fit when they have one code; or when they are of one site, made on different laptops, their names differ
    /// in at most one letter and their years of birth do not speak against it.
    ///
    /// - Parameter maker: who gave a participant their code: records that one laptop made one after the other are no
    ///   doubles. It is asked only of those who resemble another, and once.
    public static func pairs(
        _ candidates: [Candidate], maker: (RecordID) throws -> Incarnation?
    ) rethrows -> [(RecordID, RecordID)] {
        var found: Set<Pair> = []
        for group in Dictionary(grouping: candidates, by: \.code).values where group.count > 1 {
            add(group, to: &found) { _, _ in true }
        }
        var makers: [RecordID: Incarnation?] = [:]
        func made(_ record: RecordID) throws -> Incarnation? {
            if let known = makers[record] { return known }
            let asked = try maker(record)
            makers[record] = .some(asked)
            return asked
        }
        for group in Dictionary(grouping: candidates, by: \.site).values {
            try add(group, to: &found) { a, b in
                guard a.resembles(b) else { return false }
                let first = try made(a.id)
                return try first == nil || first != made(b.id)
            }
        }
        return found.sorted().map { ($0.first, $0.second) }
    }

    private struct Pair: Hashable, Comparable {
        let first: RecordID
        let second: RecordID

        static func < (a: Pair, b: Pair) -> Bool { (a.first, a.second) < (b.first, b.second) }
    }

    private static func add(
        _ group: [Candidate], to found: inout Set<Pair>, _ fit: (Candidate, Candidate) throws -> Bool
    ) rethrows {
        for (place, a) in group.enumerated() {
            for b in group[(place + 1)...] where try fit(a, b) {
                found.insert(Pair(first: min(a.id, b.id), second: max(a.id, b.id)))
            }
        }
    }

    /// Whether two texts differ in at most one letter: one more, one less, or another.
    static func areNear(_ a: String, _ b: String) -> Bool {
        areNear(Array(a.unicodeScalars), Array(b.unicodeScalars))
    }

    private static func areNear(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Bool {
        if a == b { return true }
        let shorter = min(a.count, b.count)
        let longer = max(a.count, b.count)
        guard longer - shorter <= 1, longer > 3 else { return false }
        var start = 0
        while start < shorter, a[start] == b[start] { start += 1 }
        var end = 0
        while end < shorter - start, a[a.count - 1 - end] == b[b.count - 1 - end] { end += 1 }
        return longer - start - end <= 1
    }
}
