import SyncModel
import SyncReplica

/// Edits of one record that were made apart: neither had read the other. Where they wrote different fields that is no
/// conflict, and the history says it all the same.
extension HistoryValues {
    /// Whose changes a change neither had read nor was read by, sorted, each once. What was refused is no part of the
    /// record and counts for nothing here.
    func authors(apartFrom entry: HistoryEntry) -> [String] {
        guard Self.counts(entry) else { return [] }
        let apart = entries.filter { other in
            other.dot != entry.dot && Self.counts(other) && !other.context.contains(entry.dot)
                && !entry.context.contains(other.dot)
        }
        return Set(apart.map(\.author)).sorted()
    }

    /// What became of a change, with the same behind it: `stands, apart from PS09`. Of a value that stands in a
    /// conflict that is clear already.
    func apart(_ entry: HistoryEntry, _ state: String) -> String {
        let authors = authors(apartFrom: entry)
        guard !authors.isEmpty, !state.hasPrefix("shown"), !state.hasPrefix("kept beside") else {
            return state
        }
        return "\(state), apart from \(authors.joined(separator: " and "))"
    }

    private static func counts(_ entry: HistoryEntry) -> Bool {
        switch entry.outcome {
        case .quarantined, .released, .withdrawn, .withdrawing: false
        case nil, .waiting, .applied, .conflict, .taken: true
        }
    }
}
