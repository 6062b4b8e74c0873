public import SyncModel

/// Finds people who stand on one session's list several times: two who did not know of each other put them on it.
public enum TwiceOnList {
    /// The attendance of each of them, a list for each, sorted by the first of it. Within a list the oldest comes first, and
    /// that alone counts, until the others are void.
    ///
    /// - Parameters:
    ///   - rows: attendance at whichever sessions, each record once. What is void or deleted stands on no list.
    ///   - people: which records are one person's: who was put on the list under two codes came once.
    public static func groups(_ rows: [Attendance], _ people: Redirects) -> [[Attendance]] {
        several(rows.filter(\.counts), people)
    }

    private static func several(_ rows: [Attendance], _ people: Redirects) -> [[Attendance]] {
        Dictionary(grouping: rows) { row in
            Place(session: row.session, person: people.root(of: row.participant))
        }
        // Ids begin with the moment in which they were made.
        .values.map { $0.sorted { $0.id < $1.id } }.filter { $0.count > 1 }
        .sorted { $0[0].id < $1[0].id }
    }

    /// Those of whom people may have kept different answers apart: they have several at one session, and not all of them
    /// count. Sorted as ``groups(_:_:)`` is.
    ///
    /// - Parameters:
    ///   - rows: attendance at whichever sessions, each record once, with what is void.
    ///   - people: which records are one person's.
    public static func doubtful(_ rows: [Attendance], _ people: Redirects) -> [[Attendance]] {
        several(rows.filter { !$0.isDeleted }, people).filter { $0.contains { !$0.counts } }
    }

    /// Of somebody's answers at one session those of which people who did not know of each other each kept another one, and
    /// voided it for the other, as long as that waits for a decision; otherwise none. They come in the order of the rows.
    ///
    /// - Parameters:
    ///   - rows: one person's at one session.
    ///   - chains: the decisions about them.
    ///   - marks: everything that stands in the void mark of one of them.
    public static func keptApart(
        _ rows: [Attendance], _ chains: DecisionChains, marks: (RecordID) -> [[Value]]
    ) -> [Attendance] {
        let kept = chains.keptApart(rows.map(\.id), marks: marks)
        let found = rows.filter { kept.contains($0.id) }
        let isOpen = found.contains { row in
            row.conflicts.contains("void")
                || chains.about(row.id).contains { $0.register == "void" && chains.isOpen($0) }
        }
        return isOpen ? found : []
    }

    /// What counts of some attendance: of somebody who stands on one session's list several times only the oldest of what is
    /// neither void nor deleted. In the order in which it comes.
    ///
    /// - Parameters:
    ///   - rows: attendance at whichever sessions, each record once, and of each session all of a person's.
    ///   - people: which records are one person's; none where the attendance was led to their persons before.
    public static func once(_ rows: [Attendance], _ people: Redirects = Redirects([])) -> [Attendance] {
        let surplus = Set(groups(rows, people).flatMap { $0.dropFirst() }.map(\.id))
        return surplus.isEmpty ? rows : rows.filter { !surplus.contains($0.id) }
    }

    private struct Place: Hashable {
        let session: RecordID
        let person: RecordID
    }
}
