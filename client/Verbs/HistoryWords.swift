import PeerSupport
import SyncModel
import SyncReplica

/// What each change of a record says, in words.
struct HistoryWords {
    let view: RecordView
    let values: HistoryValues
    let desk: Desk

    /// One change: `phone 555 0100 → 555 0199`.
    func words(_ entry: HistoryEntry, _ teller: inout ChangeTeller) throws -> String {
        var parts: [String] = []
        for write in entry.writes {
            if write.values.isEmpty {
                parts.append("\(Wording.field(write.register)) was redacted")
            } else if view.table.name == "decision", write.register == "values" {
                parts += try decided(&teller)
            } else {
                parts += try values.words(write, in: entry, view.table, desk.time) { try teller.label($0) }
            }
        }
        return parts.isEmpty ? "nothing new: wrote once more what stood there" : parts.joined(separator: ", ")
    }

    /// The values of a decision, which are kept for programs.
    private func decided(_ teller: inout ChangeTeller) throws -> [String] {
        guard let decision = Decision(view) else { return [] }
        let replica = try desk.replica()
        let table = try replica.view(decision.subject)?.table.name ?? ""
        let about = [decision.subject, decision.other].compactMap { $0 }
        let words = try DecidedWords(
            decision, in: table, OpenConflicts.chains(in: replica, about: about), &teller)
        return [("before", words.before), ("after", words.after)].filter { !$0.1.isEmpty }
            .map { "\($0.0): \($0.1)" }
    }
}
