import PeerSupport
import SyncModel

extension Page {
    /// Says who will have a notice of a decision. Nothing, when it is nobody's but the decider's.
    mutating func told(_ staff: [String]) {
        guard !staff.isEmpty else { return }
        line("\(staff.joined(separator: ", ")) will be told at their next sync", .faint)
    }

    /// How a decision is taken back.
    mutating func wayBack(_ back: WayBack) {
        for line in back.lines { self.line("Take it back: \(line)", .faint) }
    }
}

/// The command lines that take back what was decided.
struct WayBack {
    let lines: [String]

    /// Of decisions about values, codes and times, and that two are not one person.
    init(undoing decisions: [RecordID]) {
        lines = decisions.map { "porchlight resolve --undo \($0.short) --reason \"…\"" }
    }

    /// Of a merge.
    init(unmerging old: RecordID) {
        lines = ["porchlight participant unmerge \(old.short) --reason \"…\""]
    }

    /// Of a merge that was taken back.
    init(merging old: RecordID, into kept: RecordID) {
        lines = ["porchlight participant merge \(old.short) --into \(kept.short) --reason \"…\""]
    }
}

extension JSON {
    /// Staff codes of those who will have a notice of a decision.
    static func told(_ staff: [String]) -> JSON { .list(staff.map { .text($0) }) }
}
